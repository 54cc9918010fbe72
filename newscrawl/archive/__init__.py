"""The archive: every fetched response as a WARC 1.1 record (ISO 28500:2017), written once and read again for replay."""

from __future__ import annotations

from newscrawl.archive.read import ArchivedResponse, read_file, read_record
from newscrawl.archive.shared import archive_path, default_archive
from newscrawl.archive.write import Exchange, WarcWriter

__all__ = ["ArchivedResponse", "Exchange", "WarcWriter", "archive_path", "default_archive", "read_file", "read_record"]
