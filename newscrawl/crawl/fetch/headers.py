"""Headers of requests and responses: validators of conditional requests, the declared charset."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http.headers import Headers

    from newscrawl.items import UrlState

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


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
