"""The versions of an article: what counts as a change, which version is the newest, how versions merge.

Both stores use these pure functions; the timeline beneath them is in timeline.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, get_args

from newscrawl import clock
from newscrawl.items import Article, Revision, article_id, as_utc, from_record
from newscrawl.store.interface import Grouping, Outcome, StoreError
from newscrawl.store.records import article_record, clean, read_moment, text, to_milliseconds
from newscrawl.store.timeline import Plan, Span, Version, join, plan, sightings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

#: Two readings of a page are one version when these are equal: what a reader sees of the article. Not among them:
#: `modified` and the addresses of images (portals make them anew with every answer), the section (an article stands
#: in several), and everything that tells how it was read. Of images the captions count, of attachments the paths.
VISIBLE = (
    "title",
    "subtitle",
    "body",
    "published_day",
    "reporters",
    "correspondents",
    "photographers",
    "editors",
    "interns",
    "source",
    "agency",
    "dateline_place",
)

_FIELDS, _ITEMS = "\x1e", "\x1f"
#: Fields that belong to the article as a whole, not to one version of it.
STORY = ("story_id", "duplicate_of", "duplicate_kind", "similarity")


#: Fields that are the article's, the run's or the store's, not those of one reading of the page.
WHOLE = frozenset(
    [
        *STORY,
        *("id", "canonical_url", "canonical_version", "url_aliases", "revision", "status", "run_id"),
        *("fetched_at", "first_seen", "last_seen", "updated_at"),
    ]
)
#: A portal that puts a session into every address must not let a record grow without end.
MOST_ALIASES = 50


@dataclass(slots=True)
class Head:
    """What a store knows of an article beside the versions themselves.

    canonical: URL and the version of the canonicalisation. addresses: other URLs by which `find` knows the article.
    mark: a status that was set, and the moment it was found. stamp: names the last write (MongoDB compares it).
    """

    id: str
    spans: list[Span] = field(default_factory=list)
    first_seen: datetime | None = None
    canonical: tuple[str, int] = ("", 0)
    aliases: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    story: dict[str, Any] = field(default_factory=dict)
    mark: tuple[str, datetime] | None = None
    updated_at: datetime | None = None
    stamp: str = ""

    @property
    def status(self) -> str:
        """The status that was set, if the article was not seen since; else "changed" or "live" by its versions."""
        if self.mark is not None and self.mark[1] >= self.spans[-1].last:
            return self.mark[0]
        return "changed" if len(self.spans) > 1 else "live"


@dataclass(slots=True)
class StoredArticle:
    """All that one store holds of one article, for another store: head and versions, or where it went.

    versions: records by (fetched_at, version), the newest among them. forgotten: when it was taken out;
    moved_to: the id it has now.
    """

    id: str
    head: Head | None = None
    versions: list[Version] = field(default_factory=list)
    forgotten: datetime | None = None
    moved_to: str = ""


def visible_hash(record: dict[str, Any]) -> str:
    """Return 16 hex digits that are equal for two records that readers cannot tell apart (see `VISIBLE`).

    Raises UnicodeEncodeError for text with lone surrogates.
    """
    texts = [value if isinstance(value, str) else _ITEMS.join(value) for value in map(record.__getitem__, VISIBLE)]
    published = record["published"]
    texts.append(published.isoformat() if published is not None else "")
    texts.append(_ITEMS.join([image["caption"] for image in record["images"] if image["caption"]]))
    texts.append(_ITEMS.join([address.partition("?")[0] for address in record["attachments"]]))
    return hashlib.sha1(_FIELDS.join(texts).encode(), usedforsecurity=False).hexdigest()[:16]


def identity_of(article: Article) -> str:
    """Return the id under which an article is stored: its own, else that of its URL.

    Raises StoreError for an article without id and URL.
    """
    canonical = article.canonical_url or article.url
    identity = article.id or (article_id(canonical) if canonical else "")
    if not isinstance(identity, str) or not identity:
        raise StoreError("An article without URL and id cannot be stored: set url or canonical_url.")
    return text(identity, "An article id")


def prepare(article: Article) -> Version:
    """Make an article ready to be stored: an id, times in milliseconds, text that can be encoded.

    Without `fetched_at` the present moment stands in. Raises StoreError for an article without id and URL.
    """
    record = article_record(article)
    record["id"] = identity_of(article)
    record["fetched_at"] = record["fetched_at"] or clock.now()
    to_milliseconds(record)
    try:
        version = visible_hash(record)
    except UnicodeEncodeError:
        record = clean(record)
        version = visible_hash(record)
    return Version(record["id"], version, record["fetched_at"], record)


def observe(head: Head, new: Version, *, replace: bool = False) -> Outcome:
    """Enter a version into a head (changed in place; one without spans is that of a new article)."""
    before = head.spans
    record = new.record
    content_hash = record["content_hash"]
    known = sightings_of(before)
    if replace:
        known = [sighting for sighting in known if sighting[0] != new.fetched_at]
    known.append((new.fetched_at, content_hash, new.version))
    last_seen = record["last_seen"]
    if last_seen is not None and last_seen > new.fetched_at:
        known.append((last_seen, content_hash, new.version))
    head.spans = join(known)
    if record["status"] == "gone":
        set_mark(head, "gone", last_seen or new.fetched_at)
    _add_addresses(head, record)
    head.first_seen = min(filter(None, (head.first_seen, record["first_seen"], head.spans[0].first)))
    outcome = _outcome(before, head.spans[-1], new)
    if outcome in {"new", "changed"} and (record["story_id"] or record["duplicate_of"]):
        head.story = {name: record[name] for name in STORY}
    return outcome


def _outcome(before: Sequence[Span], newest: Span, new: Version) -> Outcome:
    if not before:
        return "new"
    if newest.version != before[-1].version:
        return "changed"
    return "unchanged" if new.version == newest.version and new.fetched_at >= newest.first else "stale"


def _add_addresses(head: Head, record: dict[str, Any]) -> None:
    """Enter the URLs of a version; the canonical URL of the latest canonicalisation stays, others become aliases."""
    here = (record["canonical_url"] or record["url"], record["canonical_version"])
    older = [*record["url_aliases"]]
    if not head.canonical[0]:
        head.canonical = here
    elif here[0] != head.canonical[0]:
        older.append(min(here, head.canonical, key=itemgetter(1))[0])
        head.canonical = max(head.canonical, here, key=itemgetter(1))
    elif here[1] > head.canonical[1]:
        head.canonical = here
    add_aliases(head, older, record["url"])


def add_aliases(head: Head, aliases: Iterable[str], *urls: str) -> None:
    """Enter aliases (readers see them) and other URLs by which the article can be found; a few dozen at most."""
    for url in aliases:
        if url != head.canonical[0] and url not in head.aliases and len(head.aliases) < MOST_ALIASES:
            head.aliases.append(url)
    own = head.canonical[0] if article_id(head.canonical[0]) == head.id else ""
    for url in (head.canonical[0], *head.aliases, *urls):
        if url and url != own and url not in head.addresses and len(head.addresses) < 2 * MOST_ALIASES:
            head.addresses.append(url)


def set_mark(head: Head, status: str, at: datetime) -> None:
    """Enter a status found at `at`; the later finding wins."""
    if head.mark is None or (at, status) >= (head.mark[1], head.mark[0]):
        head.mark = (status, at)


def see(head: Head, at: datetime) -> None:
    """Enter that the newest version still stood at `at`."""
    newest = head.spans[-1]
    if at > newest.last:
        head.spans[-1] = newest._replace(last=at)


def revise(record: dict[str, Any], head: Head, number: int) -> dict[str, Any]:
    """Return the record of the version of span `number` (from 1) with its own times and its number."""
    span = head.spans[number - 1]
    whole = complete(record, head)
    whole.update(fetched_at=span.first, last_seen=span.last, revision=number)
    return whole


def list_revisions(stored: StoredArticle) -> list[Revision]:
    """Return the versions of an article in the order of fetching."""
    head = stored.head
    if head is None:
        return []
    exact = {(version.fetched_at, version.version): version.record for version in stored.versions}
    alike = {version.version: version.record for version in stored.versions}
    found = []
    for number, span in enumerate(head.spans, start=1):
        record = exact.get((span.first, span.version)) or alike[span.version]
        article = from_record(revise(record, head, number))
        found.append(Revision(head.id, number, span.first, span.content_hash, article))
    return found


def grouping(by: str) -> str:
    """Return a name to group by. Raises StoreError for any other."""
    if by not in get_args(Grouping):
        raise StoreError(f"Articles can be counted by {', '.join(get_args(Grouping))}; not by {by!r}.")
    return by


def story_links(links: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return story fields by article id. Raises StoreError for keys that are no story fields."""
    by_id: dict[str, dict[str, Any]] = {}
    for link in links:
        fields = {name: value for name, value in link.items() if name != "id"}
        if unknown := fields.keys() - set(STORY):
            raise StoreError(f"No story fields: {', '.join(sorted(unknown))}.")
        for name, value in fields.items():
            fields[name] = float(value) if name == "similarity" else text(value, name)
        by_id.setdefault(text(link.get("id"), "An article id"), {}).update(fields)
    return by_id


def rename(head: Head, new_id: str, url: str, version: int) -> None:
    """Give a head (changed in place) another canonical URL; the one so far becomes an alias."""
    old_url = head.canonical[0]
    head.id = new_id
    head.canonical = (url, version)
    head.aliases = [alias for alias in head.aliases if alias != url]
    add_aliases(head, [old_url])


def same_reading(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two records of one version were read alike; what belongs to the article as a whole is left out."""
    return all(other.get(name) == value for name, value in one.items() if name not in WHOLE)


def merge(head: Head, other: Head) -> None:
    """Merge what another store, or another id, knows of an article into a head (changed in place)."""
    head.spans = join(sightings_of(head.spans) + sightings_of(other.spans))
    moments = [moment for moment in (head.first_seen, other.first_seen) if moment is not None]
    head.first_seen = min(moments, default=None)
    if not head.canonical[0] or other.canonical[1] > head.canonical[1]:
        head.canonical = other.canonical
    add_aliases(head, other.aliases, *other.addresses)
    head.story = dict(head.story or other.story)
    if other.mark is not None:
        set_mark(head, *other.mark)


@dataclass(slots=True)
class Change:
    """What becomes of one article: the outcomes of its versions, the head after them, and what has to be written.

    touched: whether readers of `changed_since` must hear of it.
    """

    head: Head
    plan: Plan
    outcomes: list[Outcome]
    before: Sequence[Span]
    touched: bool


def enter(head: Head, news: Sequence[Version], *, replace: bool = False) -> Change:
    """Enter versions into a head (changed in place; one without spans is that of a new article)."""
    before, story = head.spans, head.story
    status = head.status if before else ""
    outcomes = [observe(head, new, replace=replace) for new in news]
    changed = len(before) != len(head.spans) or before[-1].version != head.spans[-1].version
    touched = changed or status != head.status or story != head.story
    return Change(head, plan(before, head.spans, news, replace=replace), outcomes, before, touched)


def head_document(head: Head) -> dict[str, Any]:
    """Return a head as a document: its fields but id, updated_at and stamp."""
    document: dict[str, Any] = {
        "spans": [list(span) for span in head.spans],
        "first_seen": head.first_seen,
        "canonical": list(head.canonical),
        "aliases": head.aliases,
        "story": head.story,
        "mark": list(head.mark) if head.mark else None,
    }
    if head.addresses:
        document["addresses"] = head.addresses
    return document


def read_head(identity: str, document: dict[str, Any]) -> Head:
    """Rebuild a head from its document; times may be text."""
    spans = [Span(read_moment(first), read_moment(last), *rest) for first, last, *rest in document["spans"]]
    mark = document.get("mark")
    return Head(
        identity,
        spans,
        first_seen=as_utc(document["first_seen"]),
        canonical=(document["canonical"][0], document["canonical"][1]),
        aliases=list(document["aliases"]),
        addresses=list(document.get("addresses", ())),
        story=dict(document["story"]),
        mark=(mark[0], read_moment(mark[1])) if mark else None,
        updated_at=as_utc(document.get("updated_at")),
    )


def complete(record: dict[str, Any], head: Head) -> dict[str, Any]:
    """Return the record of the newest version with the fields that belong to the article as a whole."""
    newest = head.spans[-1]
    whole = dict(record)
    whole.update(head.story)
    whole["id"] = head.id
    whole["canonical_url"], whole["canonical_version"] = head.canonical
    whole["fetched_at"] = newest.first
    whole["first_seen"] = head.first_seen
    whole["last_seen"] = newest.last
    whole["revision"] = len(head.spans)
    whole["status"] = head.status
    whole["url_aliases"] = list(head.aliases)
    whole["updated_at"] = head.updated_at
    return whole
