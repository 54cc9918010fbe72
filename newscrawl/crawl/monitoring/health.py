"""How a site does: its last runs held against its own history."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import RunRecord

#: So many earlier runs are the history; a run with fewer articles than FEW says nothing about coverage.
HISTORY = 10
FEW = 5
#: A field's coverage that falls by so much below the site's median is an alarm.
FALL = 0.3
#: A share of refused pages above the first, where the median was below the second, is an alarm.
REFUSED_MUCH, REFUSED_LITTLE = 0.5, 0.2
#: So many articles, all of them copies, are an alarm.
ALL_COPIES = 10
#: Coverage of a site's own layouts, and how an article says that none matched: the generic way read it.
LAYOUT, GENERIC = "layout", "generic"
#: Share of articles that the layouts have to match.
MATCHED = 0.5

Light = Literal["green", "yellow", "red", "grey"]


@dataclass(slots=True)
class Health:
    """A site's state in one word and its reasons. failures: runs in a row that were not ok, the newest first."""

    site: str
    light: Light
    reasons: list[str] = field(default_factory=list)
    failures: int = 0
    last: RunRecord | None = None
    last_ok: RunRecord | None = None


def changes_for_the_worse(run: RunRecord, history: Sequence[RunRecord]) -> list[str]:
    """Say what got worse in a run compared with the site's earlier runs; empty where nothing did."""
    reasons = []
    items = run.counts.get("items", 0)
    earlier = [old for old in history if old.id != run.id and old.trigger != "demo" and old.finished]
    telling = [old for old in earlier if old.counts.get("items", 0) >= FEW][:HISTORY]
    if items >= FEW and telling:
        for name, share in run.coverage.items():
            if name == LAYOUT:  # judged by itself, below: a run is not well because all earlier ones were as bad
                continue
            usual = median(old.coverage.get(name, 0.0) for old in telling)
            if usual - share >= FALL:
                reasons.append(f"only {share:.0%} of the articles have a {name}, usually {usual:.0%}")
    if items >= FEW and run.coverage.get(LAYOUT, 1.0) < MATCHED:
        matched = f"{run.coverage[LAYOUT]:.0%}"
        hint = f"`newscrawl check {run.site} --propose` prints a new layout"
        reasons.append(f"the layouts match {matched} of the articles, the rest is read the generic way: {hint}")
    refused = _refused_share(run)
    usual_refused = [_refused_share(old) for old in earlier if _tried(old) >= FEW][:HISTORY]
    if _tried(run) >= FEW and refused > REFUSED_MUCH and usual_refused and median(usual_refused) < REFUSED_LITTLE:
        reasons.append(f"{refused:.0%} of the pages are no articles, usually {median(usual_refused):.0%}")
    if items >= ALL_COPIES and run.counts.get("duplicates", 0) >= items:
        reasons.append(f"all {items} articles are copies")
    return reasons


def _tried(run: RunRecord) -> int:
    counts = run.counts
    return counts.get("items", 0) + counts.get("dropped", 0) + counts.get("refused", 0)


def _refused_share(run: RunRecord) -> float:
    forbidden = run.counts.get("robots_forbidden", 0)
    refused = max(run.counts.get("refused", 0) + run.counts.get("dropped", 0) - forbidden, 0)
    tried = max(_tried(run) - forbidden, 0)
    return refused / tried if tried else 0.0


def health_of(site: str, runs: Sequence[RunRecord]) -> Health:
    """Judge a site by its runs, newest first."""
    done = [run for run in runs if run.finished or run.verdict != "running"]
    if not done:
        return Health(site, "grey", ["never ran"])
    last = done[0]
    last_ok = next((run for run in done if run.verdict == "ok"), None)
    failures = next((number for number, run in enumerate(done) if run.verdict == "ok"), len(done))
    if last.verdict == "ok":
        light: Light = "green"
    elif last.verdict == "degraded":
        light = "yellow"
    else:
        light = "red"
    return Health(site, light, list(last.reasons), failures, last, last_ok)
