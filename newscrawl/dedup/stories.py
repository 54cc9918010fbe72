"""Stories: puts articles into stories, elects the canonical one, and lets people join and split stories."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from newscrawl.dedup.catalogue import Catalogue, Member, site_key
from newscrawl.dedup.exact import SHORT_BODY, content_hash
from newscrawl.dedup.fingerprint import Fingerprint, fingerprint
from newscrawl.dedup.log import Entry, MemoryLog, StoryLog, read_batch, write_batch
from newscrawl.dedup.parameters import PARAMETERS
from newscrawl.dedup.snapshot import load_snapshot, save_snapshot
from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.dedup.index import Candidate
    from newscrawl.items import Article

#: One link for Store.set_story: {id, story_id, duplicate_of, duplicate_kind, similarity}.
Link = dict[str, Any]

#: How often another process may be faster before we give up; one of them gets on with every try.
_TRIES = 1000
_CONFLICT = f"Other processes wrote to the story log {_TRIES} times in a row: try again later."
#: Articles in one write to the log.
BATCH = 200
#: Articles that must be new before a cache is written.
_WORTH_SAVING = 500
#: Short texts that say the same more than this many seconds apart are two pieces of news (weather, flash news).
_SHORT_NEWS = 3 * 86400
#: "Original headline", "copied from", "source:".
_COPY_MARK = re.compile(r"原标题|原標題|转自|轉自|转载自|轉載自|(?:来源|來源|稿源)\s*[:：]")
#: "This paper (site, station) reports".
_OWN_DATELINE = re.compile(r"\s*[(（]?本(?:报|報|网|網|台|臺|刊)(?:讯|訊|消息|综合|記者|记者)")
_MIRRORED = {"excerpt": "expanded", "expanded": "excerpt"}


class StoryConflictError(NewscrawlError):
    """Other processes were faster a thousand times in a row."""


@dataclass(slots=True, frozen=True)
class _Prepared:
    article: Article
    text: Fingerprint
    digest: int


class Deduplicator:
    """Puts articles into stories, in one order that all processes with the same log share. Thread-safe."""

    def __init__(
        self,
        log: StoryLog | None = None,
        *,
        names: Mapping[str, Iterable[str]] | None = None,
        cache: Path | None = None,
    ) -> None:
        """Read nothing yet.

        log: where the decisions live (`newscrawl.store.fingerprints.open_story_log`); None keeps them in memory.
        names: the names under which each site credits itself, to tell its own articles from reprints.
        cache: a local file that spares later processes to read the whole log (see `close`); None for none.
        """
        self._log = MemoryLog() if log is None else log
        self._names = {site: frozenset(own) for site, own in (names or {}).items()}
        self._number = 0
        self._checksum = 0
        self._fresh = 0
        self._cache = cache
        self._started = cache is None
        self._lock = threading.RLock()
        self.catalogue = Catalogue()

    def admit(self, article: Article) -> list[Link]:
        """Fill story_id, duplicate_of, duplicate_kind and similarity of an article (with id, title and body).

        kind: exact (the same text), near, excerpt (part of the known text), expanded (contains it), derived
        (shares much with it), revision (near, of the same site), manual. Both kind and similarity are measured
        against the text that stands for the story. An article that is admitted again keeps its place. Returns the
        links of other articles that changed, for `Store.set_story`: write them after the articles that were
        admitted before. Raises what the log raises, and StoryConflictError.
        """
        return self.admit_many([article])

    def admit_many(self, articles: Sequence[Article], *, texts: Sequence[Fingerprint] | None = None) -> list[Link]:
        """Do as `admit` for a batch; each 200 articles are one write to the log.

        texts: the fingerprints of the bodies, where they were made elsewhere.
        """
        if len(articles) > BATCH:
            parts = [slice(start, start + BATCH) for start in range(0, len(articles), BATCH)]
            return [
                link for part in parts for link in self.admit_many(articles[part], texts=texts[part] if texts else None)
            ]
        # Fingerprints are most of the work; they are made outside the lock and the race.
        prepared = _prepare(articles, texts)
        with self._lock:
            for _ in range(_TRIES):
                self._catch_up()
                changed = self._decide_all(prepared)
                if changed is not None:
                    return self._fill(articles, changed)
        raise StoryConflictError(_CONFLICT)

    def join(self, article_id: str, other_id: str) -> list[Link]:
        """Make the stories of two articles one, by hand. Returns the links of all its articles; KeyError if unknown."""

        def decide() -> list[Entry]:
            story, other = self._story_of(article_id), self._story_of(other_id)
            return [Entry("join", other_id, story, other, "manual")] if story != other else []

        with self._lock:
            self._write(decide)
            return self._links(self._story_of(article_id))

    def split(self, articles: Sequence[Article]) -> list[Link]:
        """Take articles out of their story, by hand, into one of their own; the first is its founder.

        Returns the links of the articles of all stories that this changes. Raises KeyError for an unknown article.
        """
        prepared = _prepare(articles, None)
        changed: dict[int, None] = {}

        def decide() -> list[Entry]:
            new = self.catalogue.stories
            changed.clear()
            changed.update(dict.fromkeys(self._story_of(article.id) for article in articles))
            changed[new] = None
            founder = prepared[0].text.to_bytes() if prepared else b""
            return [self._entry(each, new, "", 1.0, b"" if number else founder) for number, each in enumerate(prepared)]

        with self._lock:
            self._write(decide)
            return [link for story in changed if articles for link in self._links(story)]

    def story(self, article_id: str) -> list[Member]:
        """Return the members of an article's story, the canonical one first, the others by claim; [] if unknown."""
        with self._lock:
            self._catch_up()
            member = self.catalogue.member(article_id)
            return sorted(self.catalogue.members(member.story), key=lambda other: other.claim) if member else []

    def unknown(self, ids: Iterable[str]) -> set[str]:
        """Return those of some articles that are in no story yet. Raises what the log raises."""
        with self._lock:
            self._catch_up()
            return {one for one in ids if self.catalogue.member(one) is None}

    def close(self) -> None:
        """Write the cache, where enough is new since it was read to be worth it. Raises OSError."""
        with self._lock:
            if self._cache is not None and self._fresh > max(_WORTH_SAVING, len(self.catalogue) // 20):
                save_snapshot(self._cache, self.catalogue, self._number, self._checksum)
                self._fresh = 0

    def _catch_up(self) -> None:
        """Apply what others have decided; the last batch that we know is read again, to see that it is the same log."""
        if not self._started:
            self._started = True
            self._number, self._checksum = self._from_cache() or (0, 0)
        while True:
            batches = self._log.read(max(self._number - 1, 0))
            if self._number:
                if not batches or (batches[0][0], crc32(batches[0][1])) != (self._number, self._checksum):
                    # The log was made anew, or the cache is of another log: begin at the beginning.
                    self.catalogue, self._number, self._checksum, self._fresh = Catalogue(), 0, 0, 0
                    continue
                del batches[0]
            if not batches:
                return
            for number, batch in batches:
                entries = read_batch(batch)
                for entry in entries:
                    self.catalogue.apply(entry)
                self._took(number, batch, len(entries))

    def _took(self, number: int, batch: bytes, entries: int) -> None:
        self._number, self._checksum = number, crc32(batch)
        self._fresh += entries

    def _from_cache(self) -> tuple[int, int] | None:
        snapshot = load_snapshot(self._cache) if self._cache else None
        if snapshot is None:
            return None
        self.catalogue, number, checksum = snapshot
        return number, checksum

    def _write(self, decide: Callable[[], list[Entry]]) -> None:
        """Log what `decide` says, which is asked anew whenever another process was faster."""
        for _ in range(_TRIES):
            self._catch_up()
            entries = decide()
            if not entries or self._log.append(self._number + 1, write_batch(entries)):
                self._catch_up()
                return
        raise StoryConflictError(_CONFLICT)

    def _decide_all(self, prepared: Sequence[_Prepared]) -> set[int] | None:
        """Decide on a batch and log it; return the stories with changed links, None if the race was lost."""
        entries: list[Entry] = []
        changed: set[int] = set()
        self.catalogue.mark(len(prepared))
        try:
            for each in prepared:
                known = self.catalogue.member(each.article.id)
                if known is not None:
                    # It may come again because the process that admitted it died: what it changed is told again.
                    if self._canonical(known.story) == known.id:
                        changed.add(self.catalogue.story(known.story))
                    continue
                entry = self._decide(each)
                before = self._canonical(entry.story)
                self.catalogue.apply(entry)
                entries.append(entry)
                if before and before != self._canonical(entry.story):
                    changed.add(entry.story)
            batch = write_batch(entries)
            won = not entries or self._log.append(self._number + 1, batch)
        except BaseException:
            self.catalogue.take_back()
            raise
        if not won:
            self.catalogue.take_back()
            return None
        if entries:
            self._took(self._number + 1, batch, len(entries))
        self.catalogue.keep()
        return changed

    def _decide(self, each: _Prepared) -> Entry:
        for same in self.catalogue.with_digest(each.digest):
            if not self._other_day(each, same):
                return self._entry(each, self.catalogue.story(same.story), "exact", 1.0)
        for candidate in self.catalogue.index.match(each.text):
            story = self.catalogue.story(candidate.story)
            canonical = self.catalogue.canonical(story)
            if canonical is None or self._other_day(each, canonical):
                continue
            kind = _kind(candidate)
            if kind == "near" and canonical.site and canonical.site == site_key(each.article.site):
                kind = "revision"
            whole = self.catalogue.index.extends(each.text, candidate)
            text = each.text.to_bytes() if whole and story == candidate.story else b""
            return self._entry(each, story, kind, candidate.similarity, text)
        return self._entry(each, self.catalogue.stories, "", 0.0, each.text.to_bytes())

    def _other_day(self, each: _Prepared, member: Member) -> bool:
        published = _seconds(each.article.published)
        short = each.text.length < SHORT_BODY and published and member.published
        return bool(short) and abs(published - member.published) > _SHORT_NEWS

    def _entry(self, each: _Prepared, story: int, kind: str, similarity: float, text: bytes = b"") -> Entry:
        article = each.article
        times = (_seconds(article.published), _seconds(article.fetched_at))
        evidence = (kind, round(similarity, 4), self._rank(article))
        return Entry("add", article.id, story, 0, *evidence, *times, each.digest, article.site, text)

    def _rank(self, article: Article) -> int:
        """Return 0 for an article that is its portal's own, 2 for one that carries copy marks, else 1."""
        own = self._names.get(article.site)
        if article.source and own is not None:
            return 0 if article.source in own else 2
        if _COPY_MARK.search(article.byline_raw) or _COPY_MARK.search(article.body):
            return 2
        return 0 if _OWN_DATELINE.match(article.body) and not article.source else 1

    def _canonical(self, story: int) -> str:
        """Return the id of a story's canonical article, "" for a story that is only being founded."""
        member = self.catalogue.canonical(story) if story < self.catalogue.stories else None
        return member.id if member else ""

    def _story_of(self, article_id: str) -> int:
        member = self.catalogue.member(article_id)
        if member is None:
            raise KeyError(article_id)
        return self.catalogue.story(member.story)

    def _fill(self, articles: Sequence[Article], changed: set[int]) -> list[Link]:
        for article in articles:
            member = self.catalogue.member(article.id)
            if member is not None:
                link = self._link(member)
                article.story_id, article.duplicate_of = link["story_id"], link["duplicate_of"]
                article.duplicate_kind, article.similarity = link["duplicate_kind"], link["similarity"]
        admitted = {article.id for article in articles}
        return [link for story in sorted(changed) for link in self._links(story) if link["id"] not in admitted]

    def _links(self, story: int) -> list[Link]:
        return [self._link(member) for member in self.catalogue.members(story)]

    def _link(self, member: Member) -> Link:
        canonical = self.catalogue.canonical(member.story) or member
        link: Link = {"id": member.id, "story_id": self.catalogue.name(member.story)}
        if canonical.id == member.id:
            return link | {"duplicate_of": "", "duplicate_kind": "", "similarity": 0.0}
        # The founder was compared with nobody; it relates to the canonical article as that was found to relate to it.
        kind, similarity = member.kind, member.similarity
        if not kind:
            kind, similarity = _MIRRORED.get(canonical.kind, canonical.kind) or "manual", canonical.similarity
        return link | {"duplicate_of": canonical.id, "duplicate_kind": kind, "similarity": similarity}


def _kind(candidate: Candidate) -> str:
    inside, around = candidate.inside >= PARAMETERS.copy, candidate.around >= PARAMETERS.copy
    if inside:
        return "near" if around else "excerpt"
    return "expanded" if around else "derived"


def _prepare(articles: Sequence[Article], texts: Sequence[Fingerprint] | None) -> list[_Prepared]:
    texts = texts or [fingerprint(article.body) for article in articles]
    return [_Prepared(article, text, _digest(article, text)) for article, text in zip(articles, texts, strict=True)]


def _digest(article: Article, text: Fingerprint) -> int:
    """Return 60 bits of the content hash. Where little but a notice is left of the body, the title must be the same."""
    if text.length < SHORT_BODY:
        digest = content_hash(f"{article.title}\n{article.body}", "")
    else:
        digest = article.content_hash or content_hash(article.title, article.body)
    try:
        return int(digest[:15], 16)
    except ValueError:
        return 0


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
