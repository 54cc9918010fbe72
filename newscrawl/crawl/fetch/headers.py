"""Small rules about requests and responses: validators, charsets, what an error means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.crawl.fetch.tls import tls_problem

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http.headers import Headers
    from twisted.python.failure import Failure

    from newscrawl.items import UrlState

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
#: How Twisted wraps what happened to a connection: [<twisted.python.failure.Failure MODULE.CLASS: words>].
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: ([^<>]*)>\]?")
#: Answers that say that there is no such page (any more).
ABSENT = (404, 410)


def conditional_headers(state: UrlState) -> dict[str, str]:
    """Return the headers that ask for a stored article only if it changed (RFC 9110, 13.1)."""
    if not state.article_id:
        return {}
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def validators(headers: Headers) -> dict[str, str]:
    """Return the validators of a response: etag and last_modified, "" where the server gives none."""
    names = {"etag": b"ETag", "last_modified": b"Last-Modified"}
    return {key: (headers.get(name) or b"").decode("latin-1")[:300] for key, name in names.items()}


def declared_charset(content_type: bytes | None) -> str | None:
    """Return the charset that a Content-Type header declares."""
    found = _CHARSET.search(content_type or b"")
    return found[1].decode("ascii") if found else None


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
