"""What was learned of a site over its pages; read at the start of a run, never needed for correctness."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class SiteProfile:
    """Placeholder record until learning is in."""

    site: str = ""
