"""The one clock. Everything that needs to know what time it is asks here."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone

#: China has had one civil time zone and no summer time since 1991; news portals print it without naming it.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, aware, in UTC.

    NEWSCRAWL_NOW in the environment (an ISO 8601 instant) puts the clock there; it is for tests and fixtures only.
    """
    frozen = os.environ.get("NEWSCRAWL_NOW")
    if frozen:
        moment = datetime.fromisoformat(frozen)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
    return datetime.now(UTC)
