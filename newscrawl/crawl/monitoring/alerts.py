"""Tell people when a site's verdict changes: once when it fails, once when it is well again."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl import clock
from newscrawl.crawl.monitoring.alerts_send import Message, ping, send
from newscrawl.crawl.monitoring.verdict import OK
from newscrawl.crawl.schedule.config import load_config
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from newscrawl.crawl.schedule.config import Config, Webhook
    from newscrawl.items import RunRecord
    from newscrawl.store import Store

logger = logging.getLogger(__name__)

#: Runs of these triggers concern nobody but the person at the keyboard.
SILENT_TRIGGERS = frozenset({"demo"})
#: Finish reasons that are no fault of the site: a signal ended the run, or another run took the site over while this
#: machine slept. The due run is not over with them: it is made up for, or belongs to the other run.
STOPPED = frozenset({"shutdown", "lease_lost"})
#: Site whose state holds what concerns all sites.
ALL_SITES = ""
_HOUR = timedelta(hours=1)
#: The count of alerts is guarded by a lease of this name; one that is not to be had in time is done without.
_LEASE, _LEASE_SECONDS, _LEASE_TRIES = "alerts", 30.0, 40


def after_run(store: Store, run: RunRecord, reason: str) -> None:
    """Note that a site's due run is over, and tell who wants to hear of its verdict. Never raises.

    Called while the run still holds its site's lease. reason: Scrapy's finish reason.
    """
    try:
        _settle(store, run, reason)
        if run.trigger not in SILENT_TRIGGERS and reason not in STOPPED:
            announce(store, run, load_config())
    except NewscrawlError as error:
        logger.error("%s: nobody could be told of the run: %s", run.site, error)  # noqa: TRY400  one line is enough
    except Exception:
        logger.exception("%s: nobody could be told of the run", run.site)


def _settle(store: Store, run: RunRecord, reason: str) -> None:
    if run.trigger != "due" or reason == "lease_lost":
        return
    state = store.site_state(run.site)
    taken = state.get("schedule", {})
    if reason in STOPPED and not taken:
        return
    if reason in STOPPED:  # told to end, which it did in good order: it has not died, and is no attempt that failed
        taken = {**taken, "attempts": max(0, taken.get("attempts", 1) - 1)}
    else:
        taken = {**taken, "finished": True}
    store.put_site_state(run.site, {**state, "schedule": taken})


def announce(store: Store, run: RunRecord, config: Config) -> None:
    """Send what a finished run's verdict calls for to every webhook of its site, and ping the site's heartbeat.

    What was told is kept for every webhook in the site's state: a verdict is compared with what people were told last,
    so that a message held back or lost is made up for by the next run. Raises StoreError.
    """
    if heartbeat := config.site(run.site).heartbeat:
        ping(heartbeat, failed=run.exit_code != OK, text="; ".join(run.reasons))
    webhooks = config.webhooks_of(run.site)
    if not webhooks:
        return
    told: dict[str, Any] = dict(store.site_state(run.site).get("alerts", {}))
    before = dict(told)
    for webhook in webhooks:
        known = told.get(webhook.name, {})
        if (message := _message(run, known, config)) and _tell(store, webhook, message, config):
            told[webhook.name] = _told(run, known, message)
    if told != before:
        store.put_site_state(run.site, {**store.site_state(run.site), "alerts": told})


def _message(run: RunRecord, known: dict[str, Any], config: Config) -> Message | None:
    """Return what is to be told after a run, None where there is nothing new or it is too early."""
    previous = known.get("verdict", "ok")
    if run.verdict == previous:
        return None
    if run.verdict == "ok":
        return Message("all-clear", run, previous, since=known.get("since"))
    alerted = known.get("alerted")
    if isinstance(alerted, datetime) and timedelta(0) <= clock.now() - alerted < config.every:
        return None
    return Message("alert", run, previous)


def _told(run: RunRecord, known: dict[str, Any], message: Message) -> dict[str, Any]:
    now = clock.now()
    if message.event == "all-clear":
        return {**known, "verdict": run.verdict, "since": now}
    since = known["since"] if known.get("verdict", "ok") != "ok" else now
    return {"verdict": run.verdict, "since": since, "alerted": now}


def _tell(store: Store, webhook: Webhook, message: Message, config: Config) -> bool:
    """Send one message; False where it was held back or did not arrive."""
    if message.event == "alert":
        place = _take_place(store, webhook.name, message.run.id, config.hourly)
        if place <= 0:
            logger.warning("%s: alert held back, %d have gone out within an hour", message.run.site, config.hourly)
            return False
        if place == 1:
            message.note = "More alerts are held back for up to an hour; `newscrawl health` shows all sites."
    return send(webhook, message)


def _take_place(store: Store, webhook: str, owner: str, hourly: int) -> int:
    """Count an alert and return how many places there were before it; 0 where none was left."""
    held = _hold(store, owner)
    try:
        now = clock.now()
        state = store.site_state(ALL_SITES)
        sent = {name: [at for at in times if now - _HOUR < at <= now] for name, times in state.get("sent", {}).items()}
        own = sent.setdefault(webhook, [])
        places = hourly - len(own)
        if places > 0:
            own.append(now)
            store.put_site_state(ALL_SITES, {**state, "sent": sent})
        return places
    finally:
        if held:
            store.release_lease(_LEASE, owner)


def _hold(store: Store, owner: str) -> bool:
    for _ in range(_LEASE_TRIES):
        if store.acquire_lease(_LEASE, owner, seconds=_LEASE_SECONDS, now=clock.now()):
            return True
        time.sleep(0.05)
    return False


def beat(problems: list[str]) -> None:
    """Ping the heartbeat of the whole installation. Never raises; a wrong file is told elsewhere."""
    try:
        address = load_config().heartbeat
    except WrongUseError:
        return
    if address:
        ping(address, failed=bool(problems), text="\n".join(problems))
