"""Which articles a run takes: from which day, to which day, how many, and how far it walks list pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from newscrawl.errors import WrongUseError
from newscrawl.text.dates_url import date_in_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from scrapy.settings import BaseSettings

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class Selection:
    """The bounds of one run. Days are YYYY-MM-DD, "" for no bound; numbers are 0 for no bound."""

    since: str = ""
    until: str = ""
    max_articles: int = 0
    max_list_pages: int = 0
    max_requests: int = 0
    full: bool = False
    taken: int = 0
    asked: int = 0

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the bounds from the settings. Raises WrongUseError for a day that is none."""
        return cls(
            since=read_day(settings.get("NEWSCRAWL_SINCE") or ""),
            until=read_day(settings.get("NEWSCRAWL_UNTIL") or ""),
            max_articles=settings.getint("NEWSCRAWL_MAX_ARTICLES"),
            max_list_pages=settings.getint("NEWSCRAWL_MAX_LIST_PAGES"),
            max_requests=settings.getint("NEWSCRAWL_MAX_REQUESTS"),
            full=settings.getbool("NEWSCRAWL_FULL"),
        )

    def wants(self, url: str, listed_date: str) -> bool:
        """Tell whether an article lies between the days, as far as the list page or its URL say when it is from."""
        if not (self.since or self.until):
            return True
        day = _known_day(url, listed_date)
        return not day or ((not self.since or day >= self.since) and (not self.until or day <= self.until))

    def walks_on(self, number: int, listed_dates: Sequence[str]) -> bool:
        """Tell whether to go on behind list page `number`, whose articles have these dates ("" = none beside it).

        Lists are in the order of time: a page that is older than the first day throughout ends the walk.
        """
        if self.max_list_pages and number >= self.max_list_pages:
            return False
        days = [found[0] for text in listed_dates if (found := _DAY.match(text))]
        return not (self.since and days and max(days) < self.since)

    def ask_one(self) -> bool:
        """Tell whether the bound on requests admits one more, and count it; what is not asked for stays queued."""
        if self.max_requests and self.asked >= self.max_requests:
            return False
        self.asked += 1
        return True

    def take_one(self) -> bool:
        """Tell whether the bounds on articles and on requests admit one more, and count it."""
        if (self.max_articles and self.taken >= self.max_articles) or not self.ask_one():
            return False
        self.taken += 1
        return True


def _known_day(url: str, listed_date: str) -> str:
    found = _DAY.match(listed_date)
    if found:
        return found[0]
    in_url = date_in_url(url)
    return in_url.day.isoformat() if in_url is not None and not in_url.month_only else ""


def read_day(text: str) -> str:
    """Return a day as YYYY-MM-DD, "" for none. Raises WrongUseError for what is no day."""
    if not text:
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise WrongUseError(f"{text!r} is no day; write it as 2026-09-23") from None
