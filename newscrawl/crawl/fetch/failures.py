"""What an error of a request means: a page that is not there, a request that was refused; and why, in a few words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.crawl.fetch.tls import tls_problem

if TYPE_CHECKING:
    from collections import Counter

    from scrapy import Request
    from twisted.python.failure import Failure

#: How Twisted wraps what happened to a connection: [<twisted.python.failure.Failure MODULE.CLASS: words>].
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: ([^<>]*)>\]?")
#: Answers that say that there is no such page (any more).
ABSENT = (404, 410)
_ADDRESS = re.compile(r"https?://\S+|<[^>]*>")
_LONGEST_KIND = 120


class RobotsUnknownError(IgnoreRequest):
    """The robots.txt of a host could not be had: nothing of the host is fetched in this run; a later one may."""


def failed_request(failure: Failure) -> tuple[Request, BaseException]:
    """Return the request that an errback is about, and what happened to it."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    error = failure.value
    return request, error if error is not None else RuntimeError("unknown error")


def status_of(error: BaseException) -> int:
    """Return the HTTP status of a failed request, 0 where there was no answer."""
    return int(error.response.status) if isinstance(error, HttpError) else 0


def is_absence(error: BaseException) -> bool:
    """Tell whether an error says that the page does not exist."""
    return status_of(error) in ABSENT


def is_refusal(error: BaseException) -> bool:
    """Tell whether a request was refused on our side for good (robots.txt, network guard, offsite)."""
    return isinstance(error, IgnoreRequest) and not isinstance(error, HttpError | RobotsUnknownError)


def reason_of(error: BaseException) -> str:
    """Say in a few words what went wrong with a request."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    encryption = tls_problem(error)
    if encryption:
        return encryption
    text = _FAILURE.sub(r"\1", " ".join(str(error).split()))
    if isinstance(error, IgnoreRequest) and text:
        return text[:300]
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def kind_of(reason: str) -> str:
    """Return a reason without the addresses in it, so that equal ones can be counted."""
    return " ".join(_ADDRESS.sub("…", reason).split())[:_LONGEST_KIND]


def most_common(reasons: Counter[str]) -> str:
    """Say which reason was the most frequent, and how many there were of it; "" of none."""
    for reason, count in reasons.most_common(1):
        return reason if count == reasons.total() else f"{count} times {reason}"
    return ""
