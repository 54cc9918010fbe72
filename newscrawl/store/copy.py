"""Copy everything from one store into another, of whatever kind. Stopped and started again, it goes on."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newscrawl.store.interface import Store

_BATCH = 200
_Entry = TypeVar("_Entry")


def copy(source: Store, target: Store, *, progress: Callable[[int], None] | None = None) -> dict[str, int]:
    """Copy articles with their revisions and tombstones, URL states, runs, site states and profiles; no leases.

    Articles are merged with those of the target; of all else the source's state is taken. Copying twice changes
    nothing. `progress` hears how many entries are done. Returns how many of each kind there are. Raises StoreError.
    """
    counts = dict.fromkeys(("articles", "urls", "runs", "sites", "profiles"), 0)

    def done(kind: str, number: int) -> None:
        counts[kind] += number
        if progress is not None:
            progress(sum(counts.values()))

    for batch in _batches(source.dump_articles()):
        target.load_articles(batch)
        done("articles", len(batch))
    for states in _batches(source.url_states()):
        known = target.get_urls([state.url for state in states])
        target.settle_urls([state for state in states if known.get(state.url) != state])
        done("urls", len(states))
    for run in reversed(source.runs(limit=None)):
        target.put_run(run)
        done("runs", 1)
    for site in source.sites():
        if state := source.site_state(site):
            target.put_site_state(site, state)
        done("sites", 1)
        for version in source.profile_versions(site):
            profile = source.get_profile(site, version)
            if profile is not None:
                target.put_profile(site, version, profile)
            done("profiles", 1)
    return counts


def _batches(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    waiting = iter(entries)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
