"""Article, the one object that passes between the rooms, and the small records beside it (stdlib only)."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

#: Raised by one when the meaning of a stored field changes; `newscrawl db init` migrates.
SCHEMA_VERSION = 1

ArticleStatus = Literal["live", "changed", "gone"]


@dataclass(slots=True)
class Candidate:
    """A raw string that a page offers for a field, and where on the page it stood.

    field: "date", "modified", "credit", "source", "author" or "title".
    origin: "line" (the visible meta line), "jsonld", "meta:NAME", "time" (a <time> element), "url", "list" (the list
    page that led here), "head" or "tail" (of the body).
    """

    field: str
    text: str
    origin: str


@dataclass(slots=True)
class Image:
    """An image of the article: absolute address and its caption, empty where the page has none."""

    url: str
    caption: str = ""


@dataclass(slots=True)
class Removed:
    """A piece of text that was taken out of the body, with the rule that did it."""

    rule: str
    text: str


class Edit(NamedTuple):
    """One change that restoration made: at `offset` of the text before, `before` became `after` by `rule`.

    A named tuple, not a dataclass: a damaged page has tens of thousands of them.
    """

    offset: int
    before: str
    after: str
    rule: str


@dataclass(slots=True)
class RestorationRecord:
    """What restoration found and did; verdict as in `newscrawl.text.restore`, confidence 0 to 1."""

    verdict: str = "clean"
    confidence: float = 1.0
    edits: list[Edit] = field(default_factory=list)


@dataclass(slots=True)
class ArchivePointer:
    """Where the response lies: WARC file (relative to the archive's root) and byte offset of its record."""

    file: str
    offset: int


@dataclass(slots=True)
class ExtractorRecord:
    """How the page was read: the name of the layout or "generic", and the version of the rules."""

    layout: str = "generic"
    version: str = ""


@dataclass(slots=True)
class Article:
    """One article. Empty fields mean that the page does not say; nothing is invented.

    The fields down to `candidates` come from the page as raw strings; the chain fills the others. Times are aware UTC;
    `published_day` is the day in the portal's own zone.
    """

    url: str
    canonical_url: str = ""
    id: str = ""
    canonical_version: int = 0
    url_aliases: list[str] = field(default_factory=list)
    site: str = ""
    page_kind: str = "article"
    run_id: str = ""
    section: str = ""
    title: str = ""
    subtitle: str = ""
    body: str = ""
    body_raw: str = ""
    published_raw: str = ""
    byline_raw: str = ""
    images: list[Image] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    language: str = ""
    candidates: list[Candidate] = field(default_factory=list)

    published: datetime | None = None
    published_day: str = ""
    published_precision: str = ""
    published_method: str = ""
    modified: datetime | None = None
    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    interns: list[str] = field(default_factory=list)
    source: str = ""
    agency: str = ""
    dateline_place: str = ""
    script: str = ""
    restoration: RestorationRecord = field(default_factory=RestorationRecord)
    removed: list[Removed] = field(default_factory=list)

    story_id: str = ""
    duplicate_of: str = ""
    duplicate_kind: str = ""
    similarity: float = 0.0

    revision: int = 1
    status: ArticleStatus = "live"
    content_hash: str = ""
    fetched_at: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    updated_at: datetime | None = None
    archive: ArchivePointer | None = None
    extractor: ExtractorRecord = field(default_factory=ExtractorRecord)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Revision:
    """One version of an article that was seen at `fetched_at`; `number` counts from 1 in the order of fetching."""

    article_id: str
    number: int
    fetched_at: datetime
    content_hash: str
    article: Article


UrlStateName = Literal["queued", "fetched", "stored", "failed", "gone", "refused"]


@dataclass(slots=True)
class UrlState:
    """What the crawl knows of one URL. `url` is canonical and is the key; `fetch_url` is what is asked for."""

    url: str
    fetch_url: str
    site: str
    kind: str = "article"
    state: UrlStateName = "queued"
    reason: str = ""
    priority: int = 0
    tries: int = 0
    next_at: datetime | None = None
    found_at: datetime | None = None
    found_on: str = ""
    listed_date: str = ""
    fetched_at: datetime | None = None
    last_status: int = 0
    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    article_id: str = ""


@dataclass(slots=True)
class RunRecord:
    """One run of one spider, written while it goes (heartbeat) and at its end (verdict)."""

    id: str
    site: str
    started: datetime
    trigger: str = "cli"
    host: str = ""
    pid: int = 0
    heartbeat: datetime | None = None
    finished: datetime | None = None
    verdict: str = "running"
    exit_code: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


def article_id(canonical_url: str) -> str:
    """Return the id of the article at a canonical URL: 40 hex digits of its SHA-1."""
    return hashlib.sha1(canonical_url.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


#: Fields that only live between the page and the chain; a replay finds them again on the archived page.
TRANSIENT = frozenset({"candidates"})

_RECORDS: dict[str, type[Any]] = {
    "restoration": RestorationRecord,
    "archive": ArchivePointer,
    "extractor": ExtractorRecord,
}
_RECORD_LISTS: dict[str, type[Any]] = {"images": Image, "removed": Removed}
_TIMES = ("published", "modified", "fetched_at", "first_seen", "last_seen", "updated_at")


def to_record(article: Article) -> dict[str, Any]:
    """Turn an article into a dict of plain values (str, numbers, lists, dicts, aware datetimes) for a store."""
    record: dict[str, Any] = {}
    for slot in dataclasses.fields(article):
        if slot.name in TRANSIENT:
            continue
        value = getattr(article, slot.name)
        if slot.name == "restoration":
            record[slot.name] = {
                "verdict": value.verdict,
                "confidence": value.confidence,
                "edits": [list(edit) for edit in value.edits],
            }
        elif slot.name in _RECORDS:
            record[slot.name] = dataclasses.asdict(value) if value is not None else None
        elif slot.name in _RECORD_LISTS:
            record[slot.name] = [dataclasses.asdict(entry) for entry in value]
        elif isinstance(value, list):
            record[slot.name] = list(value)
        else:
            record[slot.name] = value
    return record


def from_record(record: dict[str, Any]) -> Article:
    """Rebuild an article from `to_record`; unknown keys are left out, times may also be ISO 8601 strings."""
    values: dict[str, Any] = {}
    for slot in dataclasses.fields(Article):
        if slot.name not in record:
            continue
        value = record[slot.name]
        if slot.name == "restoration" and value is not None:
            edits = [Edit(*edit) for edit in value.get("edits", ())]
            value = RestorationRecord(value.get("verdict", "clean"), value.get("confidence", 1.0), edits)
        elif slot.name in _RECORDS and value is not None:
            value = _RECORDS[slot.name](**value)
        elif slot.name in _RECORD_LISTS:
            value = [_RECORD_LISTS[slot.name](**entry) for entry in value]
        elif slot.name in _TIMES:
            value = as_utc(value)
        values[slot.name] = value
    return Article(**values)


def as_utc(value: datetime | str | None) -> datetime | None:
    """Return a time as aware UTC; ISO 8601 strings are read, a naive time is taken as UTC, None stays None."""
    if value is None or value == "":
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
