"""The operator's file, newscrawl.toml: which sites run when, and who is told when one fails."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

from newscrawl.crawl.schedule.expression import DEFAULT_JITTER, read_duration
from newscrawl.errors import WrongUseError
from newscrawl.places import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["json", "dingtalk", "feishu", "wecom"]
KINDS: tuple[Kind, ...] = ("json", "dingtalk", "feishu", "wecom")
DEFAULT_DEADLINE = timedelta(hours=6)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(slots=True, frozen=True)
class Webhook:
    """Where alerts go. `secret` signs messages to DingTalk and Feishu;"""

    name: str
    kind: Kind
    url: str
    secret: str = field(default="", repr=False)


@dataclass(slots=True, frozen=True)
class SiteConfig:
    """What the operator says of one site; None and "" leave what the spider file or [schedule] says."""

    enabled: bool = True
    schedule: str | None = None
    deadline: timedelta | None = None
    alerts: bool | tuple[str, ...] = True
    heartbeat: str = ""


@dataclass(slots=True, frozen=True)
class Config:
    """The whole file. deadline: what a run may take; jitter: over what cron times are spread; every: least time between
    two alerts of one site; hourly: alerts an hour of all sites together, all-clears aside.
    """

    path: Path | None = None
    deadline: timedelta = DEFAULT_DEADLINE
    jitter: timedelta = DEFAULT_JITTER
    heartbeat: str = ""
    every: timedelta = timedelta(hours=1)
    hourly: int = 20
    webhooks: tuple[Webhook, ...] = ()
    sites: Mapping[str, SiteConfig] = field(default_factory=dict)

    def site(self, name: str) -> SiteConfig:
        """Return what is said of a site."""
        return self.sites.get(name, SiteConfig())

    def deadline_of(self, name: str) -> timedelta:
        """Return how long a run of a site may take; zero for no bound."""
        own = self.site(name).deadline
        return self.deadline if own is None else own

    def webhooks_of(self, name: str) -> tuple[Webhook, ...]:
        """Return where alerts of a site go."""
        chosen = self.site(name).alerts
        if isinstance(chosen, bool):
            return self.webhooks if chosen else ()
        return tuple(webhook for webhook in self.webhooks if webhook.name in chosen)


def config_path() -> Path:
    """Return where the file is looked for: NEWSCRAWL_CONFIG, else newscrawl.toml beside the data folder."""
    named = os.environ.get("NEWSCRAWL_CONFIG")
    return Path(named) if named else data_dir().absolute().parent / "newscrawl.toml"


def load_config(path: Path | None = None) -> Config:
    """Read the file; without one, everything has its default. Raises WrongUseError that names the file and the key."""
    path = path or config_path()
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if os.environ.get("NEWSCRAWL_CONFIG"):
            raise WrongUseError(f"there is no {path}, though NEWSCRAWL_CONFIG names it") from None
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUseError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
    try:
        return _read(document, path)
    except WrongUseError as error:
        raise WrongUseError(f"{path}: {error}") from None


def _read(document: dict[str, Any], path: Path) -> Config:
    _known(document, {"schedule", "alerts", "sites"}, "the file")
    schedule = _table(document, "schedule")
    _known(schedule, {"deadline", "jitter"}, "[schedule]")
    alerts = _table(document, "alerts")
    _known(alerts, {"heartbeat", "every", "hourly", "webhooks"}, "[alerts]")
    hourly = alerts.get("hourly", 20)
    if not isinstance(hourly, int) or isinstance(hourly, bool) or hourly < 1:
        raise WrongUseError("[alerts] hourly must be a whole number, 1 or more")
    webhooks = tuple(_webhook(name, alerts["webhooks"][name]) for name in _table(alerts, "webhooks"))
    names = {webhook.name for webhook in webhooks}
    sites = _table(document, "sites")
    return Config(
        path=path,
        deadline=_duration(schedule, "deadline", DEFAULT_DEADLINE, "[schedule]"),
        jitter=_duration(schedule, "jitter", DEFAULT_JITTER, "[schedule]"),
        heartbeat=_address(alerts.get("heartbeat", ""), "[alerts] heartbeat"),
        every=_duration(alerts, "every", timedelta(hours=1), "[alerts]"),
        hourly=hourly,
        webhooks=webhooks,
        sites={name: _site(name, sites[name], names) for name in sites},
    )


def _site(name: str, table: Any, webhooks: set[str]) -> SiteConfig:
    where = f"[sites.{name}]"
    if not isinstance(table, dict):
        raise WrongUseError(f"{where} must be a table")
    _known(table, {"enabled", "schedule", "deadline", "alerts", "heartbeat"}, where)
    enabled, alerts, schedule = table.get("enabled", True), table.get("alerts", True), table.get("schedule")
    if not isinstance(enabled, bool):
        raise WrongUseError(f"{where} enabled must be true or false")
    if not isinstance(schedule, str | None):
        raise WrongUseError(f'{where} schedule must be a string, as "30m" or "0 6 * * *"')
    if not isinstance(alerts, bool):
        if not isinstance(alerts, list) or not all(entry in webhooks for entry in alerts):
            raise WrongUseError(f"{where} alerts must be true, false or a list of names under [alerts.webhooks]")
        alerts = tuple(alerts)
    return SiteConfig(
        enabled=enabled,
        schedule=schedule,
        deadline=_duration(table, "deadline", None, where) if "deadline" in table else None,
        alerts=alerts,
        heartbeat=_address(table.get("heartbeat", ""), f"{where} heartbeat"),
    )


def _webhook(name: str, table: Any) -> Webhook:
    where = f"[alerts.webhooks.{name}]"
    if not isinstance(table, dict):
        raise WrongUseError(f"{where} must be a table")
    _known(table, {"kind", "url", "secret"}, where)
    if not _NAME.fullmatch(name):  # it is a key in the store
        raise WrongUseError(f"{where}: a name has letters, digits, - and _")
    kind = table.get("kind", "json")
    if kind not in KINDS:
        raise WrongUseError(f"{where} kind must be one of {', '.join(KINDS)}")
    url = _address(table.get("url", ""), f"{where} url")
    if not url:
        raise WrongUseError(f"{where} has no url")
    return Webhook(name, cast("Kind", kind), url, _secret(table.get("secret", ""), f"{where} secret"))


def _secret(value: Any, where: str) -> str:
    """Return a value, or that of the environment variable which "env:NAME" names. The message never shows it."""
    if not isinstance(value, str):
        raise WrongUseError(f"{where} must be a string")
    if not value.startswith("env:"):
        return value.strip()
    found = os.environ.get(value[4:].strip(), "").strip()
    if not found:
        raise WrongUseError(f"{where}: the environment has no {value[4:].strip()}")
    return found


def _address(value: Any, where: str) -> str:
    address = _secret(value, where)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not address.isprintable() or " " in address:
        raise WrongUseError(f"{where} must be an http:// or https:// address, or env:NAME")
    return address


def _duration(table: dict[str, Any], key: str, default: timedelta | None, where: str) -> timedelta:
    if key not in table and default is not None:
        return default
    try:
        return read_duration(table[key])
    except WrongUseError as error:
        raise WrongUseError(f"{where} {key}: {error}") from None


def _table(document: dict[str, Any], key: str) -> dict[str, Any]:
    found = document.get(key, {})
    if not isinstance(found, dict):
        raise WrongUseError(f"{key} must be a table")
    return found


def _known(table: dict[str, Any], keys: set[str], where: str) -> None:
    for key in table:
        if key not in keys:
            raise WrongUseError(f"{where} has an unknown key {key!r}; known are {', '.join(sorted(keys))}")
