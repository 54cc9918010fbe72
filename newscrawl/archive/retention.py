"""How long archived responses are kept."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.archive.shared import is_shared

if TYPE_CHECKING:
    from pathlib import Path


def prune(root: Path, days: int, now: datetime) -> list[str]:
    """Delete the day folders of an archive that are older than `days`; 0 keeps everything. Returns their names.

    Folders that are not named as a day (YYYYMMDD) are left alone. Raises OSError.
    """
    if days <= 0 or not root.is_dir():
        return []
    oldest = (now - timedelta(days=days)).strftime("%Y%m%d")
    gone = []
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and len(folder.name) == len(oldest) and folder.name.isdigit() and folder.name < oldest:
            if is_shared(folder):
                remote: Any = folder
                remote.fs.rm(remote.path, recursive=True)
            else:
                shutil.rmtree(folder)
            gone.append(folder.name)
    return gone
