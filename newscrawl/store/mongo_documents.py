"""Articles as MongoDB documents: every field of the article beside `head`, what the store itself keeps of it."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import bson
from bson.raw_bson import RawBSONDocument

from newscrawl.store.interface import StoreError
from newscrawl.store.mongo_base import CODEC
from newscrawl.store.records import clean, write_json
from newscrawl.store.timeline import Key, Version
from newscrawl.store.versions import Head, complete, head_document, read_head

if TYPE_CHECKING:
    from newscrawl.store.mongo_base import Document

#: A document of more bytes than this is kept with its texts packed; MongoDB takes 16 MiB.
LARGE = 12_000_000
#: The texts that are packed then.
_TEXTS = ("body", "body_raw", "removed", "restoration", "images", "attachments", "byline_raw", "notes")
#: Head fields that stand among the fields of the article already.
_SHARED = ("first_seen", "canonical", "aliases")
#: Fields of documents that are none of the article.
_OWN = frozenset({"_id", "article", "version", "head", "stamp", "packed"})
#: Fields from which a head is rebuilt, without any text.
META = dict.fromkeys(
    [
        *("head", "stamp", "updated_at", "first_seen", "canonical_url", "canonical_version", "url_aliases"),
        *("forgotten", "moved_to"),
    ],
    1,
)


def head_of(document: Document) -> Head:
    """Rebuild a head from a document, or from its `META` fields."""
    shared = {
        "first_seen": document["first_seen"],
        "canonical": [document["canonical_url"], document["canonical_version"]],
        "aliases": document["url_aliases"],
        "updated_at": document["updated_at"],
    }
    head = read_head(document["_id"], {**document["head"], **shared})
    head.stamp = document["stamp"]
    return head


def _kept(head: Head) -> Document:
    return {name: value for name, value in head_document(head).items() if name not in _SHARED}


def patch(head: Head, stamp: str) -> Document:
    """Return the fields of a document that belong to the article as a whole."""
    fields = complete({}, head)
    del fields["id"]
    return {**fields, "head": _kept(head), "stamp": stamp}


def head_bson(record: Document, head: Head, stamp: str) -> RawBSONDocument:
    """Return the document of the newest version, encoded."""
    fields = complete(record, head)
    del fields["id"]
    return encode({"_id": head.id, **fields, "head": _kept(head), "stamp": stamp})


def revision_bson(identity: str, key: Key, record: Document) -> RawBSONDocument:
    """Return the document of a superseded version, encoded."""
    fields = {**record, "fetched_at": key[0]}
    del fields["id"]
    return encode({"_id": revision_id(identity, key), "article": identity, "version": key[1], **fields})


def revision_id(identity: str, key: Key) -> str:
    """Return the `_id` of a superseded version: article, milliseconds of its fetching, version."""
    return f"{identity}:{int(key[0].timestamp() * 1000):015d}:{key[1]}"


def encode(document: Document) -> RawBSONDocument:
    """Encode a document once, for its size and for sending. Lone surrogates become U+FFFD.

    Raises StoreError for an article that is too large even when packed.
    """
    data = _encode(document)
    if len(data) > LARGE:
        texts = {name: document[name] for name in _TEXTS if name in document}
        packed = zlib.compress(write_json(texts).encode())
        rest = {name: value for name, value in document.items() if name not in texts}
        data = _encode({**rest, "packed": packed})
        if len(data) > LARGE:
            raise StoreError(f"Article {document['_id']} is too large for MongoDB ({len(data)} bytes packed).")
    return RawBSONDocument(data, CODEC_RAW)


CODEC_RAW = CODEC.with_options(document_class=RawBSONDocument)


def _encode(document: Document) -> bytes:
    try:
        return bson.encode(document)
    except UnicodeEncodeError:
        return bson.encode(clean(document))


def record_of(document: Document) -> Document:
    """Return the record of an article, of a head's or of a superseded version's document."""
    if "packed" in document:
        document.update(json.loads(zlib.decompress(document["packed"])))
    record = {name: value for name, value in document.items() if name not in _OWN}
    record["id"] = document.get("article", document["_id"])
    return record


def version_of(document: Document) -> Version:
    """Return the newest version that a head document holds."""
    head = head_of(document)
    newest = head.spans[-1]
    return Version(head.id, newest.version, newest.first, record_of(document))
