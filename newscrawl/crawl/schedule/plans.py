"""Where every site stands: its schedule, the due time that was taken last, and what is to be run now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl import clock
from newscrawl.crawl.schedule.expression import read_schedule
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.crawl.schedule.config import Config
    from newscrawl.crawl.schedule.expression import Schedule
    from newscrawl.spiders._base import NewsSpider
    from newscrawl.store import Store

#: A due run that died without a word is made up for so often; then it is told, and the next due time decides.
ATTEMPTS = 2
#: A due time that lies further ahead than this was taken by a clock that was wrong; it does not count.
CLOCK_ERROR = timedelta(minutes=10)


@dataclass(slots=True, frozen=True)
class Plan:
    """One site's schedule and where it stands. last: the due time taken last; next: the one that comes."""

    site: str
    text: str
    schedule: Schedule | None
    last: datetime | None = None
    next: datetime | None = None


def read_schedules(
    sites: Mapping[str, type[NewsSpider]], config: Config, problems: list[str]
) -> dict[str, Schedule | None]:
    """Return every site's schedule, None where it is off; what is wrong with one is added to `problems`."""
    problems += [
        f"{config.path}: [sites.{name}] stands for no site; `newscrawl sites` lists them"
        for name in config.sites
        if name not in sites
    ]
    found: dict[str, Schedule | None] = {}
    for name, spider in sites.items():
        own = config.site(name)
        try:
            text = spider.schedule if own.schedule is None else own.schedule
            found[name] = read_schedule(text, name, jitter=config.jitter) if own.enabled else None
        except WrongUseError as error:
            problems.append(str(error))
            found[name] = None
    return found


def plans(sites: Mapping[str, type[NewsSpider]], config: Config, store: Store, problems: list[str]) -> list[Plan]:
    """Return how all sites stand, for people."""
    now, found = clock.now(), []
    for name, schedule in read_schedules(sites, config, problems).items():
        own = config.site(name)
        text = schedule.text if schedule else ("disabled" if not own.enabled else "never")
        taken = store.site_state(name).get("schedule", {})
        coming = None
        if schedule is not None:
            coming = schedule.next_due(now) if due_at(schedule, taken, now) is None else now
        found.append(Plan(name, text, schedule, taken.get("due"), coming))
    return found


def due_at(schedule: Schedule, taken: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return the due time that is to be run now, None where there is none.

    taken: what the site's state holds of the last one: due, attempts, finished. Of several due times that passed (the
    machine was off, a crawl was long) only the newest is run; a site that never ran is due at once.
    """
    newest = schedule.last_due(now)
    last = taken.get("due")
    if last is None or last > now + CLOCK_ERROR or newest > last:
        return newest
    return last if died(taken) and taken["attempts"] < ATTEMPTS else None


def died(taken: Mapping[str, Any]) -> bool:
    """Tell whether a due run was begun and not ended, of a site that nobody holds."""
    return bool(taken) and not taken.get("finished")
