"""What a run amounts to: one verdict, one exit code, and the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OK, NO_ITEMS, SPIDER_ERRORS, UNREACHABLE, ITEM_ERRORS, CLOSED_EARLY, LOCKED, USAGE = 0, 10, 11, 12, 13, 14, 75, 2

#: Of several sites the worst counts, in this order.
WORST_FIRST = (LOCKED, UNREACHABLE, SPIDER_ERRORS, ITEM_ERRORS, CLOSED_EARLY, NO_ITEMS, OK)


#: Fewer article pages than this that give no article say nothing about the site; where its lists still show articles
#: that are stored, fewer than MANY: a handful of logins and empty pages is what is left when all else has been taken.
FEW, MANY = 3, 8


@dataclass(slots=True)
class Verdict:
    """The outcome of a run: a word for people, the exit code, the reasons."""

    word: str
    code: int
    reasons: list[str] = field(default_factory=list)


def judge(counts: Mapping[str, int], finish_reason: str, *, failures: str = "") -> Verdict:
    """Judge a run by its counts (the keys of RunRecord.counts) and by Scrapy's finish reason.

    failures: why pages could not be had, in words. An unchanged site (its list pages were read and offered nothing
    new, its articles answered that they are the same) is ok.
    """
    read, failed = counts.get("lists_read", 0), counts.get("lists_failed", 0)
    stored = sum(counts.get(outcome, 0) for outcome in ("new", "changed", "unchanged", "stale", "forgotten"))
    stored += counts.get("not_modified", 0)
    forbidden = counts.get("robots_forbidden", 0)  # among the refused, though never asked for
    tried = stored + sum(counts.get(key, 0) for key in ("refused", "dropped", "articles_failed")) - forbidden
    known = counts.get("known", 0)
    why = f": {failures}" if failures else ""
    found: list[tuple[int, str, str]] = []
    if finish_reason == "site_down":
        found.append((UNREACHABLE, "unreachable", "the site stopped answering" + why))
    elif finish_reason != "finished":
        found.append((CLOSED_EARLY, "closed early", f"closed before the end: {finish_reason}"))
    elif not read and not stored:
        found.append((UNREACHABLE, "unreachable", f"no list page could be read ({failed} failed)" + why))
    elif not counts.get("list_links", 0) and not stored:
        found.append((NO_ITEMS, "no items", f"{read} list pages read, none links to an article"))
    elif not stored and not known and forbidden >= FEW and tried <= 0:
        found.append((NO_ITEMS, "no items", f"robots.txt forbids all {forbidden} articles that were found"))
    elif not stored and tried >= (MANY if known >= FEW else FEW):
        found.append((NO_ITEMS, "no items", f"{tried} article pages tried, none gave an article"))
    if counts.get("spider_errors"):
        found.append((SPIDER_ERRORS, "spider errors", f"{counts['spider_errors']} errors in the spider's own code"))
    if counts.get("item_errors"):
        found.append((ITEM_ERRORS, "item errors", f"{counts['item_errors']} articles failed in a pipeline"))
    if not found:
        return Verdict("ok", OK)
    code = worst(entry[0] for entry in found)
    word = next(entry[1] for entry in found if entry[0] == code)
    return Verdict(word, code, [entry[2] for entry in found])


def worst(codes: Iterable[int]) -> int:
    """Return the exit code that counts among those of several sites; 0 of none."""
    return min(codes, key=WORST_FIRST.index, default=OK)
