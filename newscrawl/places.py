"""Where newscrawl keeps its files."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir() -> Path:
    """Return the folder of store, archive, search index and spool: NEWSCRAWL_DATA, else `data` where one stands."""
    return Path(os.environ.get("NEWSCRAWL_DATA") or "data")
