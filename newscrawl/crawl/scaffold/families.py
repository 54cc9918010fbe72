"""Which content management system a portal runs, and which spider class of ours knows it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.utils.misc import walk_modules

from newscrawl.page.marks import family_of
from newscrawl.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from newscrawl.crawl.scaffold.finding import Sample
    from newscrawl.spiders._base import NewsSpider

WORDS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "words.json").read_text("utf-8"))
_MARKS: dict[str, list[str]] = {name: family["page"] for name, family in WORDS["families"].items()}
_GENERATOR = re.compile(
    r"""<meta[^>]{0,80}name=["']?generator["']?[^>]{0,40}content=["']([^"'>]{2,60})""", re.IGNORECASE
)
#: Share of the looked-at pages that have to bear a family's marks.
ENOUGH = 0.5
#: Weight of a mark that only the system itself leaves: its comments, paths, generator, the form of its addresses.
STRONG = 2
#: What the names of families of e-papers have in them (they are walked otherwise), and that of JSON APIs.
PAPER, JSON = "paper", "JSON API"
#: A rule without so many digits or more in it is believed only where marks name its system.
LEAST_DIGITS = 3


@dataclass(slots=True, frozen=True)
class Family:
    """A family spider: its class, module and name of its system."""

    cms: str
    spider: type[NewsSpider]

    @property
    def module(self) -> str:
        """The module that a site file imports it from."""
        return self.spider.__module__


def recognise(samples: Collection[Sample]) -> str:
    """Return the name of the system that most pages bear marks of, "" where they bear none."""
    votes: Counter[str] = Counter()
    bearing: Counter[str] = Counter()
    for sample in samples:
        text = sample.fetched.body.decode("latin-1")
        found = {name: STRONG for name, marks in _MARKS.items() if any(_bytes(mark) in text for mark in marks)}
        if generator := _GENERATOR.search(text):
            found[generator[1].split()[0]] = STRONG
        if by_address := family_of("", sample.fetched.url):
            found[by_address] = found.get(by_address, 0) + STRONG
        if sample.page.family:  # names of boxes: the weakest, since styles are copied
            found[sample.page.family] = found.get(sample.page.family, 0) + 1
        votes.update(found)
        bearing.update(found.keys())
    likely = [name for name, _ in votes.most_common() if bearing[name] >= ENOUGH * len(samples)]
    return likely[0] if likely else ""


def _bytes(mark: str) -> str:
    """Return a mark as it stands in bytes read as Latin-1."""
    return mark.encode("utf-8").decode("latin-1")


def family_classes(modules: Iterable[str]) -> list[Family]:
    """Return the family spiders: classes in modules that begin with "_" and name their system, no portal."""
    found = []
    for module in (entry for name in modules for entry in walk_modules(name)):
        if not module.__name__.rpartition(".")[2].startswith("_"):
            continue
        for value in vars(module).values():
            if not isinstance(value, type) or value.__module__ != module.__name__:
                continue
            if getattr(value, "cms", "") and not getattr(value, "name", ""):
                found.append(Family(str(getattr(value, "cms", "")), value))
    return found


def choose_class(
    families: Collection[Family], cms: str, articles: Collection[str], others: Collection[str]
) -> Family | None:
    """Return the family spider whose rule meets all articles of a portal and nothing else; None where none fits.

    cms: the system that the pages' marks name; a family of that name comes first, and without such marks only one whose
    rule names a date or more is believed.
    """
    for family in sorted(families, key=lambda entry: (_key(entry.cms) != _key(cms), not _same(entry.cms, cms))):
        rule = family.spider.article_url
        if not rule or PAPER in family.cms or (cms and not _same(family.cms, cms)):
            continue
        if not cms and rule.count(r"\d") < LEAST_DIGITS:
            continue
        if all(re.search(rule, path) for path in articles) and not any(re.search(rule, path) for path in others):
            return family
    return None


def _same(ours: str, theirs: str) -> bool:
    """Tell whether two names mean one system: TRS and TRS WCM."""
    first, second = _key(ours), _key(theirs)
    return bool(first and second) and (first.startswith(second) or second.startswith(first))


def _key(name: str) -> str:
    return re.sub(r"\W|portal", "", name.lower())


def json_family(families: Collection[Family]) -> Family | None:
    """Return the family of portals whose lists a JSON API gives, None where there is none."""
    return next((family for family in families if family.cms == JSON), None)


def region_of(text: str) -> str:
    """Return the province that a portal's title or description names, "" where it names none or several."""
    found = {name for name in WORDS["regions"] if name in text}
    return found.pop() if len(found) == 1 else ""


def covered_by(host: str, spiders: Iterable[type[NewsSpider]]) -> str:
    """Return the name of the spider that a host belongs to already, "" for none."""
    return next((str(spider.name) for spider in spiders if host_of(f"https://{host}/") in spider.domains), "")
