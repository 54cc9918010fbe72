"""What is known of a response beside itself: when it came, and where it lies in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import clock

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.items import ArchivePointer

#: Request.meta key of the ArchivePointer of its response.
POINTER = "newscrawl_archive"
#: Request.meta key of what the server sent (`rendering.Served`), where the response holds what a browser made of it.
SERVED = "newscrawl_served"
#: Request.meta key of the moment of its response, which is the WARC-Date of its record.
MOMENT = "newscrawl_moment"


def served_body(request: Request) -> bytes:
    """Return what the server sent for a page that a browser showed; empty where the browser did not tell."""
    found: bytes = getattr(request.meta.get(SERVED), "body", b"")
    return found


def pointer_of(response: Response) -> ArchivePointer | None:
    """Return where a response lies in the archive, None where nothing is archived."""
    found: ArchivePointer | None = response.meta.get(POINTER)
    return found


def moment_of(response: Response) -> datetime:
    """Return when a response came, as its archive record says; the present moment where nothing is archived.

    A replay of the archive must find the moment that the article was stored with.
    """
    found: datetime | None = response.request.meta.get(MOMENT) if response.request is not None else None
    return found or clock.now()
