"""newscrawl: a crawler and ingestion framework for Chinese regional news portals."""

from __future__ import annotations

__version__ = "0.1.0"
