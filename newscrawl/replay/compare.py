"""What a replay would change: each new reading beside the one that the store has of the same fetch. Writes nothing."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.items import article_id
from newscrawl.store.versions import VISIBLE, WHOLE, prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newscrawl.dedup.fingerprint import Fingerprint
    from newscrawl.items import Article
    from newscrawl.store import Store

#: Fields that are not compared: those that belong to the article as a whole, and where the page lies.
LEFT_OUT = WHOLE | {"archive", "content_hash"}
BATCH = 100
#: Characters of a value that an example shows.
SHOWN = 120
#: Lines around a change in a unified diff.
CONTEXT = 1


@dataclass(slots=True)
class FieldChange:
    """How many articles a field changes in, and the first of them: URL, value before, value after (shortened)."""

    articles: int = 0
    url: str = ""
    before: str = ""
    after: str = ""


class CompareSink:
    """A sink that compares. `on_diff` is given unified diffs of each changed article, as one text."""

    def __init__(self, store: Store, on_diff: Callable[[str], None] | None = None) -> None:
        self.store = store
        self.on_diff = on_diff
        self.counts: Counter[str] = Counter()
        self.fields: dict[str, FieldChange] = {}
        self.lost: list[tuple[str, str]] = []  # URL and reason of stored articles that are none any more
        self._articles: list[Article] = []
        self._refused: dict[str, tuple[str, str]] = {}

    def article(self, article: Article, text: Fingerprint) -> None:  # noqa: ARG002  see Sink
        """See `Sink.article`."""
        self._articles.append(article)
        if len(self._articles) >= BATCH:
            self.flush()

    def seen(self, article_id: str, at: datetime) -> None:
        """See `Sink.seen`."""

    def refused(self, url: str, canonical: str, at: datetime, reason: str) -> None:
        """See `Sink.refused`."""
        self._refused[f"{article_id(canonical)} {at.isoformat(timespec='milliseconds')}"] = (url, reason)
        if len(self._refused) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """See `Sink.flush`."""
        articles, self._articles = self._articles, []
        stored = self.store.get_many([article.id for article in articles])
        for article in articles:
            head = stored.get(article.id)
            if head is None:
                self.counts["would be new"] += 1
            else:
                self._compare(article, head)
        refused, self._refused = self._refused, {}
        stored = self.store.get_many([key.partition(" ")[0] for key in refused])
        for key, (url, reason) in refused.items():
            identity, _, moment = key.partition(" ")
            found = stored.get(identity)
            fetched = found.fetched_at if found is not None else None
            if fetched is not None and fetched.isoformat(timespec="milliseconds") == moment:
                self.counts["would no longer be articles"] += 1
                self.lost.append((url, reason))

    def close(self) -> None:
        """See `Sink.close`."""
        self.flush()

    def _compare(self, article: Article, head: Article) -> None:
        new = prepare(article).record
        known, same_fetch = self._known(head, new["fetched_at"])
        if known is None:
            self.counts["would be another version"] += 1
            return
        old = prepare(known).record
        # the same version seen again at another time: what readers do not see may differ from fetch to fetch
        names = [name for name in new if name not in LEFT_OUT] if same_fetch else VISIBLE
        changed = [name for name in names if old[name] != new[name]]
        self.counts["would change" if changed else "would stay the same"] += 1
        for name in changed:
            change = self.fields.setdefault(name, FieldChange())
            change.articles += 1
            if not change.url:
                change.url = article.canonical_url
                change.before, change.after = _differing(_text(old[name]), _text(new[name]))
        if changed and self.on_diff is not None:
            self.on_diff(unified_diff(article, old, new, changed))

    def _known(self, head: Article, moment: datetime) -> tuple[Article | None, bool]:
        """Return the stored version of a moment, and whether it was read from that very fetch."""
        if head.fetched_at == moment:
            return head, True
        for revision in self.store.revisions(head.id):
            version = revision.article
            if revision.fetched_at <= moment <= (version.last_seen or revision.fetched_at):
                return version, revision.fetched_at == moment
        return None, False


def unified_diff(article: Article, old: dict[str, Any], new: dict[str, Any], changed: list[str]) -> str:
    """Return unified diffs of the fields that changed, one after the other."""
    lines: list[str] = []
    for name in changed:
        before, after = _text(old[name]).split("\n"), _text(new[name]).split("\n")
        label = f"{article.id[:12]} {name}"
        lines += difflib.unified_diff(before, after, f"{label} (stored)", f"{label} (replayed)", n=CONTEXT, lineterm="")
    return "\n".join([f"# {article.canonical_url}", *lines])


def _text(value: Any) -> str:
    """Return a value as text; lists a line an entry."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return two texts from a little before the place where they begin to differ, shortened."""
    same = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    start = max((min(len(before), len(after)) if same is None else same) - 20, 0)
    return _shorten(before, start), _shorten(after, start)


def _shorten(text: str, start: int) -> str:
    part = " ".join(text[start : start + SHOWN].split())
    return ("…" if start else "") + part + ("…" if start + SHOWN < len(text) else "")
