"""What is read of a credit line while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.text.bylines.words import FIELDS


@dataclass(slots=True)
class Group:
    """Names that stand together, and the field their role word gave them ("" where no role word stood)."""

    role: str
    people: list[str]
    end: int
    firm: bool = True


@dataclass(slots=True)
class Credits:
    """People by field (each name once, in order), the media, place and day; `unread` counts characters left over."""

    people: dict[str, dict[str, None]] = field(default_factory=lambda: {name: {} for name in FIELDS})
    source: str | None = None
    agency: str | None = None
    place: str | None = None
    date: str | None = None
    medium_seen: bool = False
    unread: int = 0

    def add(self, role: str, people: list[str]) -> None:
        """Add names to a field; fields that do not exist are passed over."""
        known = self.people.get(role)
        if known is not None:
            known.update(dict.fromkeys(people))
