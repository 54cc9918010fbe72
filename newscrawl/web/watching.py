"""Sites and runs: how each site does, by what its runs recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from newscrawl.store.records import run_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.responses import Response

    from newscrawl.items import RunRecord
    from newscrawl.web.corpus import Corpus
    from newscrawl.web.visit import Visit

Light = Literal["green", "yellow", "red", "grey"]

#: Runs a site's lines are drawn from, and sites shown.
HISTORY, MOST_SITES = 30, 1000
RUNS_SHOWN, MOST_RUNS = 50, 500
COVERED = ("title", "body", "published", "reporters", "source")
#: A sparkline: its width and height, with room for the stroke.
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96.0, 22.0, 2.0


@dataclass(slots=True)
class Spark:
    """Coverage of one field over the runs: points of a line, oldest first, and the newest share."""

    field: str
    points: str
    last_x: float
    last_y: float
    share: float


@dataclass(slots=True)
class SiteView:
    """A site: its light by the last finished run, failures in a row, articles stored, runs newest first."""

    name: str
    articles: int
    light: Light = "grey"
    verdict: str = ""
    reasons: list[str] = field(default_factory=list)
    failures: int = 0
    last: datetime | None = None
    last_ok: datetime | None = None
    runs: list[RunRecord] = field(default_factory=list)
    sparks: list[Spark] = field(default_factory=list)


def light_of(verdict: str) -> Light:
    """Return the colour of a run's verdict."""
    if verdict == "ok":
        return "green"
    if verdict == "degraded":
        return "yellow"
    return "grey" if verdict in ("", "running") else "red"


def look_at(name: str, articles: int, runs: Sequence[RunRecord]) -> SiteView:
    """Return how a site does by its runs, newest first."""
    view = SiteView(name, articles, runs=list(runs))
    done = [run for run in runs if run.verdict != "running"]
    if not done:
        return view
    view.light, view.verdict, view.reasons = light_of(done[0].verdict), done[0].verdict, done[0].reasons
    view.last = done[0].started
    view.last_ok = next((run.started for run in done if run.verdict == "ok"), None)
    view.failures = next((place for place, run in enumerate(done) if run.verdict == "ok"), len(done))
    telling = [run for run in reversed(done) if run.coverage]
    names = [*COVERED, *sorted({name for run in telling for name in run.coverage} - set(COVERED))]
    view.sparks = [
        spark(name, [run.coverage[name] for run in telling if name in run.coverage])
        for name in names
        if any(name in run.coverage for run in telling)
    ]
    return view


def spark(name: str, shares: Sequence[float]) -> Spark:
    """Return the line of a field's coverage (shares from 0 to 1, oldest first; one at least)."""
    width, height = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE
    step = width / max(1, len(shares) - 1)
    heights = [SPARK_EDGE + height * (1 - min(1.0, max(0.0, share))) for share in shares]
    places = [(SPARK_EDGE + step * place, y) for place, y in enumerate(heights)]
    if len(places) == 1:
        places = [(SPARK_EDGE, heights[0]), (SPARK_EDGE + width, heights[0])]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return Spark(name, points, round(places[-1][0], 1), round(places[-1][1], 1), shares[-1])


def all_sites(corpus: Corpus) -> list[SiteView]:
    """Return every site that has articles, a state or a profile; those that do worst first."""
    store = corpus.store
    counts = {name: number for name, number in store.count_by("site") if name}
    names = sorted({*counts, *store.sites(), *(run.site for run in store.runs(limit=MOST_RUNS))} - {""})[:MOST_SITES]
    views = [look_at(name, counts.get(name, 0), store.runs(name, limit=HISTORY)) for name in names]
    order = {"red": 0, "yellow": 1, "green": 2, "grey": 3}
    return sorted(views, key=lambda view: (order[view.light], view.name))


def sites_page(visit: Visit) -> Response:
    """Show the sites: health, coverage, last runs."""
    return visit.page("sites.html", sites=all_sites(visit.corpus))


def runs_page(visit: Visit) -> Response:
    """Show the newest runs, of one site or of all."""
    site = visit.value("site")
    limit = visit.number("limit", default=RUNS_SHOWN, least=1, most=MOST_RUNS)
    runs = visit.corpus.store.runs(site, limit=limit)
    return visit.page("runs.html", runs=runs, site=site, light_of=light_of, covered=COVERED)


def sites_api(visit: Visit) -> Response:
    """Answer with the sites."""
    return visit.json([site_record(view) for view in all_sites(visit.corpus)])


def site_record(view: SiteView) -> dict[str, Any]:
    """Return a site as plain values; coverage is that of its runs, newest first."""
    return {
        "site": view.name,
        "articles": view.articles,
        "light": view.light,
        "verdict": view.verdict,
        "reasons": view.reasons,
        "failures": view.failures,
        "last_run": view.last,
        "last_ok": view.last_ok,
        "coverage": [{"run": run.id, "started": run.started, **run.coverage} for run in view.runs if run.coverage],
    }


def runs_api(visit: Visit) -> Response:
    """Answer with the newest runs."""
    limit = visit.number("limit", default=RUNS_SHOWN, least=1, most=MOST_RUNS)
    return visit.json([run_record(run) for run in visit.corpus.store.runs(visit.value("site"), limit=limit)])
