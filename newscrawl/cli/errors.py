"""Which errors are messages to the user, and which of them are about how the command was called."""

from __future__ import annotations

import sys

from newscrawl.store.interface import StoreError


class UsageError(Exception):
    """The command was called with something that cannot be meant; the message says what to write instead."""


def _loaded(module: str, name: str) -> tuple[type[Exception], ...]:
    """Return an exception class of a module that is loaded; one that is not cannot have raised it."""
    found = getattr(sys.modules.get(module), name, None)
    return (found,) if found else ()


FORESEEN: tuple[type[BaseException], ...] = (
    UsageError,
    StoreError,
    OSError,
    *_loaded("newscrawl.crawl.sites", "UnknownSiteError"),
    *_loaded("newscrawl.search", "QueryError"),
)
WRONG_USE: tuple[type[BaseException], ...] = (
    UsageError,
    *_loaded("newscrawl.store.interface", "StoreAddressError"),
    *_loaded("newscrawl.crawl.sites", "UnknownSiteError"),
    *_loaded("newscrawl.search", "QueryError"),
)
