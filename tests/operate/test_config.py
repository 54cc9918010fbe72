"""The operator's file: what it says, and that what is wrong in it is told by name and without secrets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newscrawl.crawl.schedule.config import Config, load_config
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
[schedule]
deadline = "2h"
jitter = "5m"

[alerts]
heartbeat = "https://ping.example/uuid"
every = "30m"

[alerts.webhooks.desk]
kind = "dingtalk"
url = "env:TEST_HOOK_URL"
secret = "env:TEST_HOOK_SECRET"

[alerts.webhooks.machine]
url = "http://127.0.0.1:9/hook"

[sites.alpha]
schedule = "0 6 * * *"
deadline = "0"
alerts = ["machine"]

[sites.beta]
enabled = false
alerts = false
"""


def test_everything_that_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_HOOK_URL", "https://oapi.example/robot/send?access_token=geheim")
    monkeypatch.setenv("TEST_HOOK_SECRET", "SECgeheim")
    path = tmp_path / "newscrawl.toml"
    path.write_text(FULL, "utf-8")
    config = load_config(path)
    assert config.deadline_of("alpha") == timedelta(0)
    assert config.deadline_of("gamma") == timedelta(hours=2)
    assert [webhook.name for webhook in config.webhooks_of("alpha")] == ["machine"]
    assert config.webhooks_of("beta") == ()
    assert [webhook.secret for webhook in config.webhooks_of("gamma")] == ["SECgeheim", ""]
    assert not config.site("beta").enabled


def test_without_a_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCRAWL_DATA", str(tmp_path / "data"))
    assert load_config() == Config()
    (tmp_path / "newscrawl.toml").write_text("[schedule]\ndeadline = '1h'\n")
    assert load_config().deadline == timedelta(hours=1), "it stands beside the data folder"
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(tmp_path / "nowhere.toml"))
    with pytest.raises(WrongUseError, match=r"nowhere\.toml"):
        load_config()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sites = 1", "sites"),
        ("[site.alpha]", "'site'"),
        ("[sites.alpha]\nscedule = '1h'", "'scedule'"),
        ("[sites.alpha]\nenabled = 'no'", "enabled"),
        ("[sites.alpha]\nschedule = 5", "schedule"),
        ("[sites.alpha]\ndeadline = 'long'", "deadline"),
        ("[sites.alpha]\nalerts = ['desk']", "alerts"),
        ("[alerts]\nhourly = 0", "hourly"),
        ("[alerts]\nheartbeat = 'file:///etc/geheim'", "heartbeat"),
        ("[alerts.webhooks.desk]\nurl = 'ftp://geheim.example/'", "url"),
        ("[alerts.webhooks.desk]\nurl = 'http:///geheim'", "url"),
        ("[alerts.webhooks.desk]\nurl = 'https://a.example:99999/geheim'", "url"),
        ("[alerts.webhooks.desk]\nurl = 'https://a.example/geheim\\r\\nX: y'", "url"),
        ("[alerts.webhooks.desk]\nkind = 'slack'\nurl = 'https://geheim.example/'", "kind"),
        ("[alerts.webhooks.desk]\nkind = 'json'", "url"),
        ("[alerts.webhooks.desk]\nurl = 'env:TEST_NOT_SET'", "TEST_NOT_SET"),
        ("[alerts.webhooks.'a.b']\nurl = 'https://geheim.example/'", "a.b"),
        ("[schedule\n", "line 1"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "newscrawl.toml"
    path.write_text(text)
    with pytest.raises(WrongUseError) as caught:
        load_config(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert named in message.removeprefix(str(path))
    assert "\n" not in message
    assert "geheim" not in message.removeprefix(str(path))
