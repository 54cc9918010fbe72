"""WARC → page → chain → dedup → store, in processes or on a Dask cluster."""

from __future__ import annotations

from newscrawl.replay.compare import CompareSink
from newscrawl.replay.lessons import LessonBook
from newscrawl.replay.rules import SiteRule
from newscrawl.replay.run import Options, Progress, Report, default_workers, replay
from newscrawl.replay.sink import Sink, StoreSink
from newscrawl.replay.source import ReplayError, find_files

__all__ = [
    "CompareSink",
    "LessonBook",
    "Options",
    "Progress",
    "ReplayError",
    "Report",
    "Sink",
    "SiteRule",
    "StoreSink",
    "default_workers",
    "find_files",
    "replay",
]
