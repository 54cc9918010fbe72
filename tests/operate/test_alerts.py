"""Alerts: one when a site fails, one when it is well again; what each webhook expects; secrets stay secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newscrawl.crawl.monitoring import alerts_send
from newscrawl.crawl.monitoring.alerts import after_run, announce
from newscrawl.crawl.monitoring.alerts_send import Message, ping, request_of, send
from newscrawl.crawl.schedule.config import Config, SiteConfig, Webhook
from newscrawl.items import RunRecord
from tests.operate.support import Receiver, run_receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.store import Store

START = datetime(2026, 9, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(alerts_send, "PAUSE", 0.0)
    with run_receiver() as running:
        yield running


class Desk:
    """Runs of sites that end one after another, on a clock that the test moves."""

    def __init__(self, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.config, self.monkeypatch = store, config, monkeypatch
        self.now = START

    def run(self, verdict: str, *, site: str = "alpha", after: timedelta = timedelta(minutes=5)) -> None:
        self.now += after
        self.monkeypatch.setenv("NEWSCRAWL_NOW", self.now.isoformat())
        announce(self.store, ended(verdict, site, self.now), self.config)


def ended(verdict: str, site: str = "alpha", now: datetime = START) -> RunRecord:
    codes = {"ok": 0, "degraded": 0, "unreachable": 12, "no items": 10}
    reasons = [] if verdict == "ok" else [f"because it is {verdict}"]
    return RunRecord(
        f"{site}-{now:%H%M%S}",
        site,
        now,
        "due",
        finished=now,
        verdict=verdict,
        exit_code=codes[verdict],
        reasons=reasons,
    )


def hooks(receiver: Receiver, **more: Any) -> Config:
    return Config(webhooks=(Webhook("desk", "json", f"{receiver.url}/hook"),), **more)


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ("ok ok ok", []),
        ("unreachable unreachable unreachable ok ok", ["unreachable", "ok"]),
        ("degraded degraded ok", ["degraded", "ok"]),
        ("ok unreachable ok unreachable ok unreachable ok", ["unreachable", "ok"]),
        ("unreachable degraded unreachable ok", ["unreachable", "ok"]),
    ],
)
def test_one_alert_and_one_all_clear(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, verdicts: str, told: list[str]
) -> None:
    desk = Desk(store, hooks(receiver), monkeypatch)
    for verdict in verdicts.split():
        desk.run(verdict)
    assert [message["verdict"] for message in receiver.messages()] == told
    assert [message["event"] for message in receiver.messages()] == ["alert", "all-clear"][: len(told)]


def test_another_verdict_is_told_once_the_hour_is_over(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(store, hooks(receiver), monkeypatch)
    desk.run("unreachable")
    desk.run("no items", after=timedelta(minutes=30))
    desk.run("no items", after=timedelta(minutes=31))
    desk.run("ok", after=timedelta(days=3))
    found = receiver.messages()
    assert [message["verdict"] for message in found] == ["unreachable", "no items", "ok"]
    assert found[1]["previous"] == "unreachable"
    assert "since 2026-09-23 12:05" in found[2]["text"], "the fault began with the first of the two"


def test_a_message_that_was_lost_is_made_up_for(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(store, hooks(receiver), monkeypatch)
    receiver.status = 500
    desk.run("unreachable")
    assert len(receiver.received) == alerts_send.TRIES
    receiver.status, receiver.received = 200, []
    desk.run("unreachable")
    desk.run("unreachable")
    assert len(receiver.received) == 1


def test_many_sites_at_once_do_not_flood(store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(store, hooks(receiver, hourly=3), monkeypatch)
    for number in range(10):
        desk.run("unreachable", site=f"site{number}", after=timedelta(seconds=1))
    assert [message["site"] for message in receiver.messages()] == ["site0", "site1", "site2"]
    assert "held back" in receiver.messages()[-1]["text"]
    for number in range(10):
        desk.run("ok" if number < 5 else "unreachable", site=f"site{number}", after=timedelta(minutes=8))
    told = [(message["site"], message["event"]) for message in receiver.messages()][3:]
    assert told == [(f"site{n}", "all-clear") for n in range(3)] + [(f"site{n}", "alert") for n in (7, 8, 9)]


def test_each_webhook_and_heartbeat_hears_of_its_own_sites(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhooks = (Webhook("a", "json", f"{receiver.url}/a"), Webhook("b", "json", f"{receiver.url}/b"))
    sites = {
        "alpha": SiteConfig(alerts=("b",), heartbeat=f"{receiver.url}/ping/alpha?rid=1"),
        "beta": SiteConfig(alerts=False),
    }
    desk = Desk(store, Config(webhooks=webhooks, sites=sites), monkeypatch)
    for site in ("alpha", "beta", "gamma"):
        desk.run("unreachable", site=site)
    desk.run("ok")
    assert receiver.paths() == ["/ping/alpha/fail", "/b", "/a", "/b", "/ping/alpha", "/b"]


def test_no_trouble_of_alerts_reaches_the_run(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "newscrawl.toml"
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(path))
    path.write_text("[broken")
    after_run(store, ended("unreachable"), "finished")
    path.write_text('[alerts.webhooks.desk]\nurl = "http://127.0.0.1:1/geheim"\n')
    monkeypatch.setattr(alerts_send, "PAUSE", 0.0)
    after_run(store, ended("unreachable"), "finished")
    assert store.site_state("alpha")["schedule"] == {"finished": True}
    assert "newscrawl.toml" in caplog.text
    assert "not delivered" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("reason", ["shutdown", "lease_lost"])
def test_a_run_that_was_stopped_is_no_fault_and_not_over(
    store: Store, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    path = tmp_path / "newscrawl.toml"
    path.write_text(f'[alerts.webhooks.desk]\nurl = "{receiver.url}/hook"\n')
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(path))
    after_run(store, ended("unreachable"), reason)
    assert store.site_state("alpha") == {}
    taken = {"due": START, "attempts": 2, "finished": False}
    store.put_site_state("alpha", {"schedule": taken})
    after_run(store, ended("unreachable"), reason)
    counted = {"shutdown": 1, "lease_lost": 2}[reason]
    assert store.site_state("alpha") == {"schedule": {**taken, "attempts": counted}}, "told to end, it has not died"
    assert receiver.received == []


MOMENT = 1790136000.5


def signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_text_messages_of_dingtalk_and_wecom(kind: Any) -> None:
    url, body = request_of(
        Webhook("w", kind, "https://a.example/send?key=k"), Message("alert", ended("unreachable"), "ok"), MOMENT
    )
    assert url == "https://a.example/send?key=k"
    assert body["msgtype"] == "text"
    assert body["text"]["content"].startswith("newscrawl: alpha: unreachable\nbecause")


def test_signatures_of_dingtalk_and_feishu() -> None:
    message = Message("all-clear", ended("ok"), "unreachable")
    url, _ = request_of(Webhook("w", "dingtalk", "https://a.example/send?access_token=t", "SEC1"), message, MOMENT)
    query = parse_qs(urlsplit(url).query)
    assert query["timestamp"] == ["1790136000500"]
    assert query["sign"] == [signed("SEC1", "1790136000500\nSEC1")]
    _, body = request_of(Webhook("w", "feishu", "https://a.example/hook/t", "SEC2"), message, MOMENT)
    assert body["timestamp"] == "1790136000"
    assert body["sign"] == signed("1790136000\nSEC2", "")
    assert body["content"]["text"] == "newscrawl: alpha is ok again (was unreachable)"


def test_text_from_pages_cannot_call_people_or_break_lines() -> None:
    run = ended("unreachable")
    run.errors = ['<at user_id="all"></at>\x1b[31m\r\nall is well' + "长" * 5000]
    text = Message("alert", run, "ok").text()
    assert "<at" not in text
    assert "\x1b" not in text
    assert text.count("\n") == 3
    assert len(text) < 1000


@pytest.mark.parametrize(
    ("status", "answer", "headers", "why"),
    [
        (200, b'{"errcode":310000,"errmsg":"keywords not in content"}', {}, "310000"),
        (200, b'{"code":19024,"msg":"Key Words Not Found"}', {}, "19024"),
        (200, b"<html>", {}, "no JSON"),
        (404, b"", {}, "answered 404"),
        (302, b"", {"Location": "/elsewhere"}, "answered 302"),
    ],
)
def test_refusals_are_found_and_redirects_are_not_followed(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, status: int, answer: bytes, headers: dict[str, str], why: str
) -> None:
    receiver.status, receiver.answer, receiver.headers = status, answer, headers
    webhook = Webhook("w", "dingtalk", f"{receiver.url}/send?access_token=geheim", "SECgeheim")
    with caplog.at_level(logging.DEBUG):
        assert not send(webhook, Message("alert", ended("unreachable"), "ok"))
    assert why in caplog.text
    assert "geheim" not in caplog.text
    assert receiver.paths() == ["/send"], "what waiting does not mend is not tried again"


def test_a_heartbeat_carries_what_is_wrong(receiver: Receiver) -> None:
    assert ping(f"{receiver.url}/uuid/", failed=True, text="甲: unreachable")
    assert receiver.received == [("/uuid/fail", "甲: unreachable".encode())]
