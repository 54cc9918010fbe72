"""What every store can do. Two backends (sqlite.py, mongo.py) pass one contract test suite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newscrawl.items import Article, ArticleStatus, Revision, RunRecord, UrlState, UrlStateName
    from newscrawl.store.versions import StoredArticle

#: What `put` did with one article: "new" (first version), "changed" (a new newest version), "unchanged" (readers see
#: what they saw before), "stale" (an older version; the newest stays), "forgotten" (was taken out for good).
Outcome = Literal["new", "changed", "unchanged", "stale", "forgotten"]

#: By what `count_by` can group.
Grouping = Literal["site", "section", "source", "status", "published_day", "reporter", "story_id"]

#: URL states in which there is work to do at once, unless `next_at` says later; the others wait for their `next_at`.
PENDING: tuple[UrlStateName, ...] = ("queued", "fetched", "failed")


class StoreError(NewscrawlError):
    """The store cannot do what was asked; the message says what, where and what to do, in one line."""


class StoreAddressError(StoreError, WrongUseError):
    """The store's address (URI) cannot be read; the message says how one is written."""


class StoreUnavailableError(StoreError):
    """The store cannot be reached or written at the moment (server down, disk full); trying again may help."""


@dataclass(slots=True, frozen=True)
class ArticleFilter:
    """Which articles; empty fields do not restrict. Days are YYYY-MM-DD in the portal's zone, both ends included."""

    site: str = ""
    section: str = ""
    reporter: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    status: ArticleStatus | Literal[""] = ""
    story_id: str = ""


#: No restriction.
EVERYTHING = ArticleFilter()


@dataclass(slots=True)
class StoreStatus:
    """What `newscrawl db status` shows; the URI without its password, the size in bytes."""

    uri: str
    backend: str
    schema_version: int
    counts: dict[str, int] = field(default_factory=dict)
    bytes: int | None = None


class Store(Protocol):
    """A synchronous, thread-safe store. Every write is idempotent: done twice, it is as if done once.

    All methods raise StoreError, and StoreUnavailableError where waiting and trying again is the answer. Times are kept
    to the millisecond. `uri` is complete, with its password: show `status().uri` instead. A store is not shared over
    fork: every process opens its own.
    """

    uri: str

    def init(self) -> None:
        """Make tables and indexes; safe to repeat. Writing does this by itself on first use."""

    def close(self) -> None:
        """Let go of files and connections."""

    def status(self) -> StoreStatus:
        """Count what is stored."""

    # articles: one head per id, every version kept as a revision

    def put(self, articles: Sequence[Article], *, replace: bool = False) -> list[Outcome]:
        """Store versions of articles, in any order, from any number of processes; one outcome for each.

        The head is the version with the greatest (fetched_at, content_hash). A version that readers cannot tell from
        the one before it (`newscrawl.store.versions.VISIBLE`) only moves last_seen. `replace` is for reading an
        archived page again with better rules: the version of the same fetched_at gives way to the new reading.
        """

    def get(self, article_id: str) -> Article | None:
        """Return the newest version of an article, None where there is none."""

    def get_many(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Return the newest versions by id; what is not stored is left out."""

    def find(self, id_prefix_or_url: str) -> list[Article]:
        """Return the articles of an id, of the beginning of an id (4 hex digits or more), or of a URL (any alias)."""

    def articles(
        self,
        where: ArticleFilter = EVERYTHING,
        *,
        newest_first: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Article]:
        """Go through articles in the order (published_day, published, id); undated ones are the oldest."""

    def count(self, where: ArticleFilter = EVERYTHING) -> int:
        """Count articles."""

    def count_by(
        self, by: Grouping, where: ArticleFilter = EVERYTHING, *, limit: int | None = None
    ) -> list[tuple[str, int]]:
        """Count articles by a field, most first; "" counts those without. An article counts once per reporter."""

    def revisions(self, article_id: str) -> list[Revision]:
        """Return all versions of an article in the order of fetching, the newest last."""

    def changed_since(self, watermark: datetime | None, after_id: str = "") -> Iterator[Article]:
        """Go through articles in the order (updated_at, id) from behind (watermark, after_id).

        What was yielded last is the next watermark: nothing that is written later ever sorts before it. Writers may go
        on; writes still under way come with the next call.
        """

    def mark_seen(self, article_ids: Sequence[str], at: datetime) -> None:
        """Note that the newest version still stood at `at` (a 304 answer, an unchanged page)."""

    def set_status(self, article_id: str, status: ArticleStatus, at: datetime) -> None:
        """Note a status found at `at`; it holds until the article is seen again later than that."""

    def set_story(self, links: Sequence[dict[str, Any]]) -> None:
        """Set story fields: dicts of "id" and any of story_id, duplicate_of, duplicate_kind, similarity."""

    def with_content_hash(self, content_hash: str) -> list[str]:
        """Return the ids of articles whose newest version has this content hash, sorted."""

    def forget(self, article_id: str, at: datetime) -> bool:
        """Take an article out with all its versions, for good; False where there was nothing (it stays barred)."""

    def forgotten_since(self, watermark: datetime | None) -> Iterator[tuple[str, datetime]]:
        """Yield (id, moment) of articles taken out or moved to another id, oldest first; the last is the watermark."""

    def rekey(self, old_id: str, *, canonical_url: str, canonical_version: int) -> str:
        """Move an article to the id of its new canonical URL, with revisions, references and URL states.

        Where the new id is taken, the versions are merged. Returns the new id. Safe to repeat after a crash.
        """

    def dump_articles(self, after_id: str = "") -> Iterator[StoredArticle]:
        """Go through everything stored of articles in the order of id, revisions and tombstones too (`copy`)."""

    def load_articles(self, stored: Sequence[StoredArticle]) -> None:
        """Merge what `dump_articles` of another store gave into this one."""

    # URL states: the crawl's memory

    def add_urls(self, states: Sequence[UrlState]) -> int:
        """Add URLs not known yet; known ones stay as they are. Returns how many were new."""

    def get_urls(self, urls: Sequence[str]) -> dict[str, UrlState]:
        """Return the states of these canonical URLs, as far as they are known."""

    def settle_urls(self, states: Sequence[UrlState]) -> None:
        """Write states as they are now."""

    def due_urls(
        self, site: str, now: datetime, *, states: Sequence[UrlStateName] = PENDING, limit: int = 1000
    ) -> list[UrlState]:
        """Return what is due: next_at reached, or none set and the state pending; by priority (high first), age."""

    def url_counts(self, site: str) -> dict[str, int]:
        """Count a site's URLs by state ("" = of all sites)."""

    def url_states(self, site: str = "", after_url: str = "") -> Iterator[UrlState]:
        """Go through URL states in the order of URL."""

    def rekey_urls(self, moves: Sequence[tuple[str, str]]) -> None:
        """Give URL states a new canonical URL (old, new); where the new one is known already, it stays."""

    # leases: one holder a name; a lease that was not renewed in time may be taken over

    def acquire_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Take a lease that is free, run out or held by the same owner; False where another one holds it."""

    def renew_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Prolong one's own lease; False where it was taken over or given up."""

    def hand_over_lease(self, name: str, owner: str, to: str, *, seconds: float, now: datetime) -> bool:
        """Give one's own lease to another owner, with nothing between the two; False where it is not one's own."""

    def release_lease(self, name: str, owner: str) -> None:
        """Give up one's own lease; another one's stays."""

    def leases(self, now: datetime) -> dict[str, str]:
        """Return the owners of the leases held at the moment, by name."""

    # runs, per-site state, learned profiles

    def put_run(self, run: RunRecord) -> None:
        """Write a run record as it is now."""

    def runs(self, site: str = "", *, limit: int | None = 20) -> list[RunRecord]:
        """Return run records, the latest start first."""

    def sites(self) -> list[str]:
        """Return the names of the sites that have a state or a profile, sorted."""

    def site_state(self, site: str) -> dict[str, Any]:
        """Return a site's state, {} where there is none."""

    def put_site_state(self, site: str, state: dict[str, Any]) -> None:
        """Write a site's state: JSON values and aware datetimes."""

    def put_profile(self, site: str, version: str, profile: dict[str, Any]) -> None:
        """Write a version of what was learned of a site: JSON values and aware datetimes."""

    def get_profile(self, site: str, version: str = "") -> dict[str, Any] | None:
        """Return a version of a site's profile ("" = the one that came last), None where there is none."""

    def profile_versions(self, site: str) -> list[str]:
        """Return the versions of a site's profile in the order in which they came."""
