"""When a site is due: an interval or a cron expression, shifted by a small stable time of its own."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from newscrawl.clock import CHINA
from newscrawl.errors import WrongUseError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
#: Words that stand for "never by itself".
NEVER = frozenset({"", "never", "off", "manual"})
#: Cron times of different sites are spread over so much behind the time that is written.
DEFAULT_JITTER = timedelta(minutes=10)
SHORTEST = timedelta(minutes=1)
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True, frozen=True)
class Schedule:
    """When one site is due. Exactly one of interval and cron is set; shift moves all its times by the same amount."""

    text: str
    shift: timedelta
    interval: timedelta | None = None
    cron: str = ""

    def last_due(self, now: datetime) -> datetime:
        """Return the newest due time that is not after `now`, in UTC."""
        if self.interval is not None:
            behind = (now.timestamp() - self.shift.total_seconds()) % self.interval.total_seconds()
            return (now - timedelta(seconds=behind)).astimezone(UTC)
        minute = (now - self.shift).astimezone(CHINA).replace(second=0, microsecond=0)
        return (next(CronSim(self.cron, minute + _MINUTE, reverse=True)) + self.shift).astimezone(UTC)

    def next_due(self, now: datetime) -> datetime:
        """Return the first due time after `now`, in UTC."""
        if self.interval is not None:
            return self.last_due(now) + self.interval
        minute = (now - self.shift).astimezone(CHINA).replace(second=0, microsecond=0)
        return (next(CronSim(self.cron, minute)) + self.shift).astimezone(UTC)


def read_schedule(text: str, site: str, *, jitter: timedelta = DEFAULT_JITTER) -> Schedule | None:
    """Read a schedule: "30m", "1h", "1d", a cron expression of five fields or a name as @daily; None for "never".

    Cron times are those of the portals' zone (Asia/Shanghai) and are spread over `jitter`; those of an interval are
    spread over the whole interval. The spread is a site's own and never changes. Raises WrongUseError.
    """
    words = " ".join(str(text).split()).lower()
    if words in NEVER:
        return None
    share = int.from_bytes(hashlib.sha1(site.encode(), usedforsecurity=False).digest()[:4], "big") / 2**32
    if _DURATION.fullmatch(words):
        interval = read_duration(words)
        if interval < SHORTEST:
            raise WrongUseError(f"{site}: the schedule {text!r} is shorter than a minute")
        return Schedule(words, timedelta(seconds=int(interval.total_seconds() * share)), interval=interval)
    cron = _NAMED.get(words, words)
    shift = timedelta(seconds=int(jitter.total_seconds() * share))
    if why := _fault(cron):
        hint = 'write an interval ("30m", "1h", "1d"), a cron expression of five fields, or "never"'
        raise WrongUseError(f"{site}: {text!r} is no schedule ({why}): {hint}")
    return Schedule(words, shift, cron=cron)


def _fault(cron: str) -> str:
    """Say what is wrong with a cron expression, "" for nothing."""
    if len(cron.split()) != 5:  # cronsim knows a sixth one, seconds
        return "it needs five fields"
    try:
        for backwards in (False, True):
            next(CronSim(cron, datetime(2024, 1, 1, tzinfo=CHINA), reverse=backwards))
    except CronSimError as error:
        return " ".join(str(error).split())
    except StopIteration:
        return "no such day ever comes"
    return ""


def read_duration(text: object) -> timedelta:
    """Read a duration: a number and s, m, h, d or w ("90s", "30m", "6h"); "0" is none. Raises WrongUseError."""
    words = str(text).strip().lower()
    if words in ("0", "0.0"):
        return timedelta(0)
    match = _DURATION.fullmatch(words)
    if match is None:
        raise WrongUseError(f'{text!r} is no duration: write a number and a unit, as "90s", "30m", "6h", "1d"')
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
