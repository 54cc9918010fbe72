"""What of a run travels to every worker: the submitter's settings, and a digest of the operator's file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl.archive.shared import is_shared
from newscrawl.crawl.schedule.config import load_config
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from scrapy.settings import Settings

#: Settings that are a machine's own; all others are the submitter's on every worker.
PLACES = ("NEWSCRAWL_SPOOL", "NEWSCRAWL_ARCHIVE", "NEWSCRAWL_STORIES_CACHE", "NEWSCRAWL_PROGRESS", "LOG_FILE")


def travelling(settings: Settings, uri: str) -> dict[str, Any]:
    """Return the settings that a run has on every worker: all but a machine's own places. uri: the store's address."""
    project = SETTINGS_PRIORITIES["project"]
    values = settings.copy_to_dict()
    mine = {
        name: value
        for name, value in values.items()
        if (settings.getpriority(name) or 0) >= project and (name not in PLACES or is_shared(str(value)))
    }
    try:
        json.dumps(mine)
    except TypeError as error:
        raise NewscrawlError(f"a setting cannot be sent to workers: {error}") from None
    return {**mine, "NEWSCRAWL_STORE": uri}


def config_digest() -> str:
    """Return a digest of the operator's file as this machine reads it, "" where it cannot be read."""
    try:
        values = repr(sorted((name, repr(value)) for name, value in _fields(load_config())))
    except WrongUseError:
        return ""
    return hashlib.sha256(values.encode("utf-8", "surrogatepass")).hexdigest()


def _fields(config: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(config, name)) for name in config.__slots__ if name != "path"]
