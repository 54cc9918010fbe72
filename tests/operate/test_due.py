"""`newscrawl crawl --due`: what is due is run once, whatever happens to ticks, processes and files."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from newscrawl.crawl.due import DueOutcome, take_site
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.run.records import new_run
from newscrawl.crawl.run.runner import RunOutcome, take_leases
from newscrawl.crawl.schedule.expression import read_schedule
from newscrawl.crawl.schedule.plans import ATTEMPTS, due_at
from tests.operate.support import Station, run_receiver, run_station

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from newscrawl.items import RunRecord
    from newscrawl.store import Store

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def runs(station: Station, site: str = "") -> list[RunRecord]:
    store = station.store()
    found = store.runs(site, limit=None)
    store.close()
    return found[::-1]


def begun(station: Station, number: int) -> bool:
    """Tell whether so many runs have begun."""
    return len(runs(station)) >= number


def wait_for(condition: Callable[[], object], alive: Callable[[], object]) -> None:
    """Wait until something is so; whoever is to bring it about must stay alive meanwhile."""
    while not condition():
        assert alive() is None
        time.sleep(0.05)


# -- what is due


def test_a_due_time_is_taken_once_and_of_several_the_newest() -> None:
    schedule = read_schedule("1h", "alpha")
    assert schedule is not None
    slot = due_at(schedule, {}, START)
    assert slot == schedule.last_due(START), "a site that never ran is due at once"
    done = {"due": slot, "attempts": 1, "finished": True}
    moments = [START + number * FIVE for number in range(1, 24)]
    assert len([now for now in moments if due_at(schedule, done, now)]) == 23 - 11 + round((START - slot) / FIVE)
    later = START + timedelta(days=3)
    assert due_at(schedule, done, later) == schedule.last_due(later)


def test_a_clock_that_was_wrong_stops_no_site() -> None:
    schedule = read_schedule("1d", "alpha")
    assert schedule is not None
    assert due_at(schedule, {"due": START + timedelta(days=400), "attempts": 1, "finished": True}, START)


def test_a_run_that_dies_is_made_up_for_then_left_to_the_next_due_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = read_schedule("1d", "alpha")
    assert schedule is not None
    taken = []
    now = schedule.last_due(START)
    for number in range(8):
        monkeypatch.setenv("NEWSCRAWL_NOW", (now + number * FIVE).isoformat())
        taken.append(take_site(store, "alpha", schedule, f"owner{number}", 180, DueOutcome()))  # and dies each time
    assert taken.count(True) == ATTEMPTS
    monkeypatch.setenv("NEWSCRAWL_NOW", (now + timedelta(days=1)).isoformat())
    assert take_site(store, "alpha", schedule, "next", 180, DueOutcome())


def test_a_dead_due_run_that_a_named_run_buried_is_told_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = read_schedule("1d", "alpha")
    assert schedule is not None
    due = schedule.last_due(START)
    died = []
    for number in range(ATTEMPTS):
        monkeypatch.setenv("NEWSCRAWL_NOW", (due + number * FIVE).isoformat())
        assert take_site(store, "alpha", schedule, f"owner{number}", 180, DueOutcome())
        died.append(new_run("alpha", "due"))
        store.put_run(died[-1])
    monkeypatch.setenv("NEWSCRAWL_NOW", (due + ATTEMPTS * FIVE).isoformat())
    settings, named = project_settings(), RunOutcome()
    held = take_leases(store, ["alpha"], settings, named)
    assert [run.verdict for run in store.runs("alpha")] == ["died"] * ATTEMPTS
    named_run = new_run("alpha", "cli")
    named_run.verdict = "ok"
    store.put_run(named_run)
    store.release_lease("alpha", held["alpha"])
    monkeypatch.setenv("NEWSCRAWL_NOW", (due + (ATTEMPTS + 1) * FIVE).isoformat())
    outcome = DueOutcome()
    assert not take_site(store, "alpha", schedule, "last", 180, outcome)
    assert [run.id for run in outcome.runs] == [died[-1].id]
    assert outcome.exit_code == CLOSED_EARLY
    again = DueOutcome()
    assert not take_site(store, "alpha", schedule, "again", 180, again)
    assert not again.runs, "it is told once"


# -- real processes


def test_ticks_at_the_same_moment_share_the_work(tmp_path: Path) -> None:
    names = [f"site{number}" for number in range(4)]
    with run_station(tmp_path, dict.fromkeys(names, "6h")) as station:
        for now in (START, START + timedelta(hours=6)):
            ticks = [station.start(now) for _ in range(2)]
            printed = [tick.communicate(timeout=120)[0] for tick in ticks]
            assert [tick.returncode for tick in ticks] == [0, 0], printed
            assert printed == ["", ""]
        assert sorted(run.site for run in runs(station)) == sorted(names * 2)
        assert {run.verdict for run in runs(station)} == {"ok"}


def test_a_long_crawl_goes_on_while_later_ticks_start_others(tmp_path: Path) -> None:
    with run_station(tmp_path, {"long": "5m", "short": "5m"}) as station:
        held = station.portals["long"]
        held.fault("/baoliao/", "hang")
        first = station.start(START)
        wait_for(lambda: [entry for entry in held.log if entry.path == "/baoliao/"], first.poll)
        wait_for(lambda: [run for run in runs(station, "short") if run.finished], first.poll)
        assert station.tick(START + FIVE) == (0, "")
        assert first.poll() is None
        assert len(runs(station, "short")) == 2
        assert len(runs(station, "long")) == 1, "it is never run twice at once"
        first.kill()
        first.wait(30)


def test_a_run_ends_at_its_own_deadline_and_says_so(tmp_path: Path) -> None:
    with run_station(tmp_path, {"slow": "1d", "brisk": "1d"}, articles=12) as station:
        station.portals["slow"].fault("/baoliao/2*", "slow", delay=1.2)
        station.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0, "concurrency": 2}}
        station.write()
        station.configure('[sites.slow]\ndeadline = "1s"\n')
        code, printed = station.tick(START)
        assert code == 14
        assert printed.startswith("slow: closed early: closed before the end: closespider_timeout (run slow-")
        assert "brisk" not in printed
        assert [run.verdict for run in runs(station, "brisk")] == ["ok"]
        station.portals["slow"].clear_faults()
        station.configure("")
        assert station.tick(START + timedelta(days=1)) == (0, "")
        store = station.store()
        (slow, number), (brisk, same) = store.count_by("site")
        store.close()
        assert {slow, brisk} == {"slow", "brisk"}
        assert number == same, "what was left is taken up by the next run"


def test_sites_that_share_a_host_ask_it_one_after_the_other(tmp_path: Path) -> None:
    with run_station(tmp_path, {"alpha": "1d", "beta": "1d"}, articles=6) as station:
        portal = station.portals["alpha"]
        station.settings["NEWSCRAWL_SITE_BASE"]["beta"] = portal.url
        station.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0.1, "concurrency": 1}}
        station.write()
        assert station.tick() == (0, "")
        first, second = sorted(runs(station), key=lambda run: run.finished or START)
        assert {first.site, second.site} == {"alpha", "beta"}
        assert first.counts["new"] == second.counts["new"] > 0
        asked = [entry.path for entry in portal.log]
        assert asked[: len(asked) // 2].count("/baoliao/") == 1, "the other one waited"
        assert portal.peak_requests == 1
        store = station.store()
        assert store.leases(datetime.now(UTC)) == {}
        store.close()


def test_a_killed_process_is_noticed_and_its_run_made_up_for(tmp_path: Path) -> None:
    with run_receiver() as receiver, run_station(tmp_path, {"alpha": "1d"}) as station:
        station.configure(f'[alerts.webhooks.desk]\nurl = "{receiver.url}/hook"\n')
        portal = station.portals["alpha"]
        station.settings["NEWSCRAWL_LEASE_SECONDS"] = 180.0
        station.write()
        portal.fault("/baoliao/", "hang")
        for number in range(ATTEMPTS):
            portal.clear_log()
            tick = station.start(START + number * FIVE)
            wait_for(lambda: [entry for entry in portal.log if entry.path == "/baoliao/"], tick.poll)
            wait_for(partial(begun, station, number + 1), tick.poll)
            os.kill(tick.pid, signal.SIGKILL)
            tick.wait(30)
        portal.clear_faults()
        code, printed = station.tick(START + ATTEMPTS * FIVE)
        assert code == 14
        assert "ended without a word" in printed
        assert station.tick(START + (ATTEMPTS + 1) * FIVE) == (0, ""), "it is told once"
        assert station.tick(START + timedelta(days=1)) == (0, "")
        assert [run.verdict for run in runs(station)] == ["died", "died", "ok"]
        assert [message["verdict"] for message in receiver.messages()] == ["died", "ok"]


def test_a_tick_that_two_signals_end_leaves_its_run_to_the_next(tmp_path: Path) -> None:
    with run_receiver() as receiver, run_station(tmp_path, {"alpha": "1d"}) as station:
        station.configure(f'[alerts.webhooks.desk]\nurl = "{receiver.url}/hook"\n')
        portal = station.portals["alpha"]
        portal.fault("/baoliao/", "hang")
        for number in range(ATTEMPTS + 1):
            portal.clear_log()
            tick = station.start(START + number * FIVE)
            wait_for(lambda: [entry for entry in portal.log if entry.path == "/baoliao/"], tick.poll)
            wait_for(partial(begun, station, number + 1), tick.poll)
            tick.send_signal(signal.SIGINT)
            tick.send_signal(signal.SIGTERM)
            assert tick.wait(30) == CLOSED_EARLY, tick.communicate()[0]
        portal.clear_faults()
        assert station.tick(START + (ATTEMPTS + 1) * FIVE) == (0, ""), "it was told to end: no attempt that failed"
        assert [run.verdict for run in runs(station)] == ["closed early"] * (ATTEMPTS + 1) + ["ok"]
        assert [message["verdict"] for message in receiver.messages()] == []


def test_a_broken_file_stops_nobody_else_and_is_told(tmp_path: Path) -> None:
    with run_receiver() as receiver, run_station(tmp_path, {"alpha": "1h", "beta": "1h"}) as station:
        (tmp_path / "stationspiders" / "broken.py").write_text("import newscrawl.nowhere\n")
        station.spider("beta", "every so often")
        station.configure(f'[alerts]\nheartbeat = "{receiver.url}/beat"\n[sites.gamma]\nenabled = false\n')
        code, printed = station.tick(START)
        assert code == 2
        assert len(printed.splitlines()) == 3
        assert "newscrawl.nowhere" in printed
        assert "beta: 'every so often' is no schedule" in printed
        assert "[sites.gamma] stands for no site" in printed
        assert [run.site for run in runs(station)] == ["alpha"]
        code, listed = station.tick(START, "schedule", "--list")
        assert code == 1
        assert "newscrawl.nowhere" in listed
        station.configure("[sites.alpha\n")
        code, printed = station.tick(START + FIVE)
        assert (code, printed.count("\n")) == (2, 1)
        assert receiver.paths() == ["/beat/fail"]


def test_the_operators_file_decides(tmp_path: Path) -> None:
    with run_receiver() as receiver, run_station(tmp_path, {"alpha": "1h", "beta": "1h"}) as station:
        station.configure(
            f'[alerts]\nheartbeat = "{receiver.url}/beat"\n[alerts.webhooks.desk]\nurl = "{receiver.url}/hook"\n'
            '[sites.alpha]\nschedule = "1d"\n[sites.beta]\nenabled = false\n'
        )
        for hours in (0, 2):
            assert station.tick(START + timedelta(hours=hours)) == (0, "")
        assert [run.site for run in runs(station)] == ["alpha"]
        assert receiver.paths() == ["/beat"] * 2
        receiver.status = 404
        assert station.tick(START + timedelta(hours=3)) == (0, ""), "a heartbeat that does not arrive is in the log"
        assert "heartbeat (127.0.0.1): not delivered: answered 404" in station.log()
        assert station.tick(None, "crawl", "--due", "alpha")[0] == 2
