"""A week of simulated time: every due run once, none overlapping, one alert and one all-clear for each fault."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newscrawl.crawl.due import DueOutcome, take_site
from newscrawl.crawl.monitoring.alerts import after_run
from newscrawl.crawl.run.records import new_run
from newscrawl.crawl.schedule.expression import Schedule, read_schedule
from newscrawl.store import open_store
from tests.operate.support import TIMEOUT, Receiver, Station, run_receiver, run_station

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from newscrawl.items import RunRecord
    from newscrawl.store import Store

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
WEEK = timedelta(days=7)

# -- real processes, a tick every six hours, at times two at once, the machine off for a day and a half

#: Site -> (schedule, due runs in the week); a site that never ran is due at the first tick.
SITES = {
    "quick": ("6h", 22),
    "half": ("12h", 12),
    "daily": ("1d", 7),
    "morning": ("30 6 * * *", 7),
    "weekdays": ("0 20 * * 1-5", 5),
    "third": ("8h", 17),
    "twice": ("30 6,18 * * *", 12),
    "weekend": ("0 9 * * 6,0", 3),
    "alternate": ("2d", 4),
    "night": ("15 2 * * *", 7),
    "slow": ("3d", 3),
    "resting": ("never", 0),
}
OFF = range(9, 15)
#: Every so many ticks a second process starts with the first.
TWO_AT_ONCE = 4
#: Site, tick at which a fault begins and ends, path, fault, the verdict it gives.
FAULTS = [
    ("quick", 2, 6, "*", {"kind": "reset"}, "unreachable"),
    ("quick", 18, 20, "*", {"kind": "status", "status": 500}, "unreachable"),
    ("half", 4, 17, "/baoliao/", {"kind": "empty"}, "no items"),
    ("daily", 16, 22, "*", {"kind": "status", "status": 503}, "unreachable"),
    ("twice", 6, 17, "*", {"kind": "reset"}, "unreachable"),
    ("third", 19, 24, "/baoliao/", {"kind": "empty"}, "no items"),
]


def switch_faults(station: Station, tick: int) -> None:
    """Begin and end the faults of a tick."""
    for site, begin, end, path, fault, _ in FAULTS:
        if tick == begin:
            station.portals[site].fault(path, **fault)  # type: ignore[arg-type]
        elif tick == end:
            station.portals[site].clear_faults()


def test_a_week_of_real_processes(tmp_path: Path) -> None:
    schedules = {name: schedule for name, (schedule, _) in SITES.items()}
    with run_receiver() as receiver, run_station(tmp_path, schedules, articles=24) as station:
        station.configure(
            f'[alerts]\nheartbeat = "{receiver.url}/beat"\n[alerts.webhooks.d]\nurl = "{receiver.url}/hook"'
        )
        ticked = [number for number in range(28) if number not in OFF]
        outputs, processes = {}, len(ticked)
        for number in ticked:
            switch_faults(station, number)
            now = START + number * timedelta(hours=6)
            second = station.start(now) if number % TWO_AT_ONCE == 0 else None
            outputs[now] = station.tick(now)
            if second is not None:
                printed, _ = second.communicate(timeout=TIMEOUT)
                outputs[now] = (outputs[now][0] or second.returncode, outputs[now][1] + printed)
                processes += 1
        store = station.store()
        runs = store.runs(limit=None)
        store.close()
        check_runs(runs, outputs)
        assert station.log().count("Traceback") == 0
        assert receiver.paths().count("/beat") == processes
        check_messages(receiver, [(site, verdict) for site, *_, verdict in FAULTS])


def check_runs(runs: list[RunRecord], outputs: dict[datetime, tuple[int, str]]) -> None:
    """Every due run once, and a tick is silent and 0 exactly where nothing failed."""
    counted = Counter(run.site for run in runs)
    assert {name: counted[name] for name in SITES} == {name: number for name, (_, number) in SITES.items()}
    assert len({(run.site, run.started) for run in runs}) == len(runs)
    bad = {run.started for run in runs if run.verdict != "ok"}
    assert bad
    for now, (code, printed) in outputs.items():
        assert bool(code) == bool(printed) == (now in bad), (now, code, printed)


def check_messages(receiver: Receiver, faults: list[tuple[str, str]]) -> None:
    """Each fault has one alert and, after it, one all-clear; nothing else was sent."""
    told = [(message["site"], message["event"], message["verdict"]) for message in receiver.messages()]
    for site in {site for site, _ in faults}:
        own = [entry[1:] for entry in told if entry[0] == site]
        expected = [(("alert", verdict), ("all-clear", "ok")) for name, verdict in faults if name == site]
        assert own == [message for pair in expected for message in pair]
    assert len(told) == 2 * len(faults)


# -- every tick of the week, twelve sites, without the crawls themselves

FINE = {
    "north": "1h", "south": "1h", "east": "2h", "west": "3h", "hill": "6h", "lake": "12h", "river": "1d", "gate": "2d",
    "bridge": "10 */2 * * *", "tower": "15 */4 * * *", "field": "30 6 * * *", "coast": "0 20 * * 1-5",
}  # fmt: skip
#: Site -> hours of the week in which its runs fail, with which verdict.
TROUBLE = {
    "north": (10, 30, "unreachable"),
    "hill": (20, 60, "no items"),
    "river": (30, 90, "spider errors"),
    "bridge": (100, 103, "unreachable"),
    "coast": (40, 90, "degraded"),
}
#: Hours in which the machine is off.
ASLEEP = (70, 83)
#: Site -> minutes that a run of it takes; all others are done before the next tick.
LONG = {"south": 25, "east": 300}
TICK = timedelta(minutes=5)
#: Seconds: longer than the longest run, so that none has to be renewed.
LEASE = 8 * 3600.0


class Week:
    """Sites taken by ticks as `crawl --due` takes them; a run ends when its time is over."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.monkeypatch = store, monkeypatch
        self.schedules = {name: schedule for name, text in FINE.items() if (schedule := read_schedule(text, name))}
        self.under_way: dict[str, tuple[datetime, RunRecord, str]] = {}
        self.slots: list[tuple[str, datetime]] = []

    def tick(self, number: int) -> None:
        """End what is over, take what is due."""
        now = START + number * TICK
        self.monkeypatch.setenv("NEWSCRAWL_NOW", now.isoformat())
        for site, (until, run, owner) in list(self.under_way.items()):
            if now >= until:
                self.end(site, run, owner, (now - START) / timedelta(hours=1))
        for site, schedule in self.schedules.items():
            if take_site(self.store, site, schedule, f"{site}-{number}", LEASE, DueOutcome()):
                assert site not in self.under_way, "two runs of one site overlap"
                self.slots.append((site, self.store.site_state(site)["schedule"]["due"]))
                run = new_run(site, "due")
                self.under_way[site] = (now + timedelta(minutes=LONG.get(site, 4)), run, f"{site}-{number}")

    def end(self, site: str, run: RunRecord, owner: str, hour: float) -> None:
        """Give a run its verdict, as the report of a crawl does."""
        begin, end, verdict = TROUBLE.get(site, (0, 0, ""))
        run.verdict, run.exit_code = (verdict, 10) if begin <= hour < end else ("ok", 0)
        after_run(self.store, run, "finished")
        self.store.release_lease(site, owner)
        del self.under_way[site]


def ran(schedule: Schedule, ticks: list[datetime]) -> int:
    """Return how many runs a short site has: ticks before which a due time passed, the first tick included."""
    return sum(
        1 for before, now in zip([None, *ticks], ticks, strict=False) if not before or schedule.last_due(now) > before
    )


def test_every_tick_of_a_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    asleep = range(*(int(hour * 12) for hour in ASLEEP))
    numbers = [number for number in range(int(WEEK / TICK)) if number not in asleep]
    with run_receiver() as receiver:
        config = tmp_path / "newscrawl.toml"
        config.write_text(f'[alerts.webhooks.desk]\nurl = "{receiver.url}/hook"\n')
        monkeypatch.setenv("NEWSCRAWL_CONFIG", str(config))
        week = Week(store, monkeypatch)
        for number in numbers:
            week.tick(number)
        check_messages(receiver, [(site, verdict) for site, (_, _, verdict) in TROUBLE.items()])
    store.close()
    assert len(set(week.slots)) == len(week.slots), "a due time was run twice"
    counted = Counter(site for site, _ in week.slots)
    ticks = [START + number * TICK for number in numbers]
    for name, schedule in week.schedules.items():
        if name != "east":  # its runs are longer than its interval
            assert counted[name] == ran(schedule, ticks), name
    assert 155 / 5 - 2 <= counted["east"] <= 168 / 5 + 1, "a run that is under way swallows the due times meanwhile"
