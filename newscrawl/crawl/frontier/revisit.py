"""When to look at a stored article again: soon while it is young, seldom later, more often where a site corrects.

The pause grows with the age of the article (news is corrected within hours or not at all), between ten minutes and two
weeks, times a factor that each site earns: it halves where many looks find a change, and doubles where hardly any do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=14)
#: An article older than this is not looked at again.
RETIREMENT = timedelta(days=60)
#: The pause at factor 1, as a share of the article's age.
SHARE_OF_AGE = 0.5
FACTORS = (0.25, 8.0)
#: The factor is judged anew after so many looks.
LOOKS = 40
OFTEN, SELDOM = 0.10, 0.02
#: A page that seems gone is believed when it is still so after this pause, which reaches into another day.
CONFIRM_AFTER = timedelta(hours=24)


@dataclass(slots=True)
class RevisitRate:
    """What a site's articles taught so far: its factor, and the looks and changes since the factor was last judged."""

    factor: float = 1.0
    looks: int = 0
    changes: int = 0

    def learn(self, *, changed: bool) -> None:
        """Take in one look; judge the factor anew after LOOKS of them."""
        self.looks += 1
        self.changes += changed
        if self.looks < LOOKS:
            return
        share = self.changes / self.looks
        if share >= OFTEN:
            self.factor = max(FACTORS[0], self.factor / 2)
        elif share <= SELDOM:
            self.factor = min(FACTORS[1], self.factor * 2)
        self.looks = self.changes = 0


def next_look(published: datetime | None, first_seen: datetime, now: datetime, factor: float) -> datetime | None:
    """Return when to look at an article again, None for never more.

    published: when it was published, None where unknown (then it is as old as the corpus knows it); factor: the site's.
    """
    born = min(published or first_seen, first_seen)
    age = max(now - born, timedelta(0))
    if age > RETIREMENT:
        return None
    return now + min(max(age * SHARE_OF_AGE * factor, SHORTEST), LONGEST)
