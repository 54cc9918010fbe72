"""Records as the stores keep them: times in whole milliseconds, text that can be encoded, JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, TypeVar

from newscrawl.items import TRANSIENT, Article, RunRecord, UrlState, as_utc
from newscrawl.store.interface import StoreError

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_ARTICLE_TIMES = ("published", "modified", "fetched_at", "first_seen", "last_seen", "updated_at")
_URL_TIMES = ("next_at", "found_at", "fetched_at")
_RUN_TIMES = ("started", "heartbeat", "finished")
_Record = TypeVar("_Record")
_FIELDS = tuple(slot.name for slot in dataclasses.fields(Article) if slot.name not in TRANSIENT)
_VALUES = attrgetter(*_FIELDS)
_LISTS = (
    *("url_aliases", "attachments", "reporters", "correspondents", "photographers", "editors", "interns", "notes"),
)


def article_record(article: Article) -> dict[str, Any]:
    """Turn an article into a dict of plain values, as `newscrawl.items.to_record` does, at a fraction of its cost."""
    record: dict[str, Any] = dict(zip(_FIELDS, _VALUES(article), strict=True))
    for name in _LISTS:
        record[name] = list(record[name])
    record["images"] = [{"url": image.url, "caption": image.caption} for image in article.images]
    record["removed"] = [{"rule": removed.rule, "text": removed.text} for removed in article.removed]
    found = article.restoration
    edits = [list(edit) for edit in found.edits]
    record["restoration"] = {"verdict": found.verdict, "confidence": found.confidence, "edits": edits}
    archive, extractor = article.archive, article.extractor
    record["archive"] = {"file": archive.file, "offset": archive.offset} if archive is not None else None
    record["extractor"] = {"layout": extractor.layout, "version": extractor.version} if extractor is not None else None
    return record


def milliseconds(moment: datetime) -> datetime:
    """Return a time as aware UTC, cut to whole milliseconds: the precision that both stores have."""
    if moment.tzinfo is not UTC:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    part = moment.microsecond % 1000
    return moment.replace(microsecond=moment.microsecond - part) if part else moment


def to_milliseconds(record: dict[str, Any], names: tuple[str, ...] = _ARTICLE_TIMES) -> None:
    """Cut the times of a record, in place."""
    for name in names:
        if record[name] is not None:
            record[name] = milliseconds(record[name])


def clean(value: Any) -> Any:
    """Return a copy of a record in which lone surrogates, which no store can encode, are U+FFFD."""
    if isinstance(value, str):
        return _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {clean(key): clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    return value


def write_time(moment: datetime | None) -> str:
    """Write a time so that text sorts as time does: 2026-01-02T03:04:05.678Z, "" for none."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def read_moment(value: datetime | str) -> datetime:
    """Return a stored time as aware UTC. Raises ValueError for an empty one."""
    moment = as_utc(value)
    if moment is None:
        raise ValueError("a time is missing")
    return moment


def _write_special(value: Any) -> Any:
    if isinstance(value, datetime):
        return write_time(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_write_special
).encode


def write_json(record: Any) -> str:
    """Write a record as JSON, times as of `write_time`; lone surrogates become U+FFFD."""
    text = _encode(record)
    return text if text.isascii() else _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _write_tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$date": write_time(milliseconds(value))}
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def write_document(document: dict[str, Any]) -> str:
    """Write a free dict (a site's state, a profile) as JSON that gives its times back as times.

    Raises StoreError for what JSON cannot hold.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_write_tagged)
    except (TypeError, ValueError) as error:
        raise StoreError(f"A site's state or profile must hold JSON values and times only: {error}.") from None
    return _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _read_tagged(value: dict[str, Any]) -> Any:
    return as_utc(value["$date"]) if value.keys() == {"$date"} else value


def read_document(text: str) -> dict[str, Any]:
    """Read what `write_document` wrote."""
    document: dict[str, Any] = json.loads(text, object_hook=_read_tagged)
    return document


def url_record(state: UrlState) -> dict[str, Any]:
    """Turn a URL state into a dict of plain values."""
    return _plain(state, _URL_TIMES)


def run_record(run: RunRecord) -> dict[str, Any]:
    """Turn a run record into a dict of plain values."""
    record = _plain(run, _RUN_TIMES)
    for name in ("counts", "coverage", "errors", "reasons", "versions"):
        record[name] = record[name].copy()
    return record


def _plain(item: UrlState | RunRecord, times: tuple[str, ...]) -> dict[str, Any]:
    record = {name: getattr(item, name) for name in item.__slots__}
    to_milliseconds(record, times)
    for value in record.values():
        if isinstance(value, str) and not value.isascii() and _LONE_SURROGATES.search(value):
            cleaned: dict[str, Any] = clean(record)
            return cleaned
    return record


def read_url(record: dict[str, Any]) -> UrlState:
    """Rebuild a URL state; unknown keys are left out, times may be text."""
    return _build(UrlState, record, _URL_TIMES)


def read_run(record: dict[str, Any]) -> RunRecord:
    """Rebuild a run record; unknown keys are left out, times may be text."""
    return _build(RunRecord, record, _RUN_TIMES)


def _build(kind: type[_Record], record: dict[str, Any], times: tuple[str, ...]) -> _Record:
    names = {slot.name for slot in dataclasses.fields(kind)}  # type: ignore[arg-type]
    values = {name: value for name, value in record.items() if name in names}
    for name in times:
        values[name] = as_utc(values.get(name))
    return kind(**values)


def text(value: object, what: str) -> str:
    """Return a parameter that must be text, so that nothing else ever becomes part of a query.

    Raises StoreError for anything but str.
    """
    if not isinstance(value, str):
        raise StoreError(f"{what} must be text, not {type(value).__name__}.")
    return value if value.isascii() else _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)


def texts(values: object, what: str) -> list[str]:
    """Return parameters that must be text, each once, in their order. Raises StoreError for anything else."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise StoreError(f"{what} must be a list of texts.")
    return list(dict.fromkeys(text(value, what) for value in values))
