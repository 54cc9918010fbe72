"""What becomes of a URL whose request failed: refused, tried again later, or believed to be gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.crawl.fetch.headers import is_absence, reason_of, status_of
from newscrawl.crawl.fetch.robots import RobotsUnknownError

if TYPE_CHECKING:
    from collections import Counter

    from newscrawl.crawl.frontier.frontier import Frontier
    from newscrawl.items import UrlState

_ADDRESS = re.compile(r"https?://\S+|<[^>]*>")
_LONGEST_KIND = 120


def is_refusal(error: BaseException) -> bool:
    """Tell whether a request was refused on our side for good (robots.txt, network guard, offsite)."""
    return isinstance(error, IgnoreRequest) and not isinstance(error, HttpError | RobotsUnknownError)


async def settle_list(frontier: Frontier, url: str, error: BaseException) -> None:
    """Leave a list page that failed to the next run, unless there is none such or it is forbidden."""
    if is_absence(error) or is_refusal(error):
        await frontier.refuse_url(url, reason_of(error), status_of(error))


async def settle_article(frontier: Frontier, state: UrlState, error: BaseException) -> None:
    """Settle an article whose page failed."""
    reason, status = reason_of(error), status_of(error)
    if is_absence(error):
        await frontier.missing(state.url, reason, status)
    elif is_refusal(error):
        await frontier.refuse_url(state.url, reason, 0, unseen=True)
    else:
        await frontier.failed(state.url, reason, status)


def kind_of(reason: str) -> str:
    """Return a reason without the addresses in it, so that equal ones can be counted."""
    return " ".join(_ADDRESS.sub("…", reason).split())[:_LONGEST_KIND]


def most_common(reasons: Counter[str]) -> str:
    """Say which reason was the most frequent, and how many there were of it; "" of none."""
    for reason, count in reasons.most_common(1):
        return reason if count == reasons.total() else f"{count} times {reason}"
    return ""
