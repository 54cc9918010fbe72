"""The two kinds of errors that are messages to the user; every room derives its own from them."""

from __future__ import annotations


class NewscrawlError(Exception):
    """Something outside newscrawl is not as it should be; the message says what, where and what to do, in a line."""


class WrongUseError(NewscrawlError):
    """newscrawl was called with something that cannot be meant; the message says what to write instead."""
