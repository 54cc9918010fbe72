"""From an address to files: name the site, send a scout, write one spider file and its fixtures, all or nothing."""

from __future__ import annotations

import keyword
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.crawl.fixtures import Case, Part, expectation, run_case, write_case
from newscrawl.crawl.fixtures.cases import fixtures_beside
from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.scaffold.families import covered_by
from newscrawl.crawl.scaffold.finding import Finding, NothingFoundError
from newscrawl.crawl.scaffold.investigate import investigate
from newscrawl.crawl.scaffold.spiderfile import spider_text
from newscrawl.crawl.scout import send_scouts
from newscrawl.crawl.sites import all_sites
from newscrawl.errors import NewscrawlError, WrongUseError
from newscrawl.places import own_sites
from newscrawl.replay.rules import registrable_domain
from newscrawl.text.urls import canonicalize, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from scrapy.settings import Settings

    from newscrawl.crawl.scaffold.finding import Sample
    from newscrawl.spiders._base import NewsSpider

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
#: Articles that become fixtures.
FIXTURES = 3


class AlreadyThereError(NewscrawlError):
    """The portal has a spider, or the file is there; the message says which."""


@dataclass(slots=True)
class Scaffold:
    """What was written: the spider file and the folders of the fixtures."""

    spider: Path
    cases: list[Path] = field(default_factory=list)


def site_name(url: str) -> str:
    """Return the name for a portal: the label of its registered domain (www.xjnnet.net → xjnnet).

    Raises WrongUseError for what is no http address, or where no name follows from it.
    """
    host = host_of(canonicalize(url))  # without www.
    if not host or not url.startswith(("http://", "https://")):
        raise WrongUseError(f"{url!r} is no address of a portal; write it as https://www.example.cn/")
    label = re.sub(r"\W", "_", registrable_domain(host).split(".")[0].lower())
    if not _NAME.fullmatch(label) or keyword.iskeyword(label):
        raise WrongUseError(f"no name follows from {host}; give one with --name")
    return label


def scaffold(
    urls: Mapping[str, str],
    settings: Settings,
    *,
    force: bool = False,
    tell: Callable[[int], None] | None = None,
) -> dict[str, Finding | BaseException]:
    """Investigate portals, name → homepage; returns what was found, or the error, by name.

    force: also those that have a spider. tell: is called with the number of pages looked at. Raises WrongUseError for
    a name that cannot be one, AlreadyThereError for a portal that has a spider already.
    """
    known = all_sites(settings)
    bases = settings.getdict("NEWSCRAWL_SITE_BASE")
    jobs = {}
    for name, url in urls.items():
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            raise WrongUseError(f"{name!r} is no name for a site: small letters, digits and _, a letter first")
        host = host_of(canonicalize(url))
        owner = covered_by(host, known.values())
        if not force and (owner or name in known):
            raise AlreadyThereError(f"{owner or name} is there already and covers {host}; --force writes it anew")
        addresses = Addresses(name, (host,), str(bases.get(name, "")).rstrip("/"))
        modules = settings.getlist("SPIDER_MODULES")
        homepage = url if urlsplit(url).path else f"{url}/"
        jobs[name] = (addresses, partial(investigate, addresses=addresses, homepage=homepage, modules=modules))
    return send_scouts(jobs, settings, tell=tell)


def spiders_folder(into: str) -> Path:
    """Return where the spider file goes: `into`, the folder of NEWSCRAWL_SITES, or the checkout's spiders."""
    if into:
        return Path(into)
    own = own_sites()
    if own is not None:
        return own
    package = Path(__file__).parents[2]
    if not (package.parent / "tests" / "sites").is_dir():
        raise WrongUseError(
            "newscrawl is installed, and its own folder is no place for spiders: name one with --into DIR "
            "and set NEWSCRAWL_SITES to it"
        )
    return package / "spiders"


def check_target(name: str, folder: Path, *, force: bool) -> tuple[Path, Path]:
    """Return the spider file and the folder of fixtures of a site; AlreadyThereError where one stands there."""
    path, fixtures = folder / f"{name}.py", fixtures_beside(folder) / name
    for target in (path, fixtures):
        if target.exists() and not force:
            raise AlreadyThereError(f"{target} is there already; --force replaces it")
    return path, fixtures


def write_scaffold(finding: Finding, folder: Path, *, force: bool = False) -> Scaffold:
    """Write the spider file and its fixtures (unconfirmed); nothing is left behind where that fails.

    Raises AlreadyThereError where a file or a fixture is there and `force` is not set.
    """
    path, fixtures = check_target(finding.name, folder, force=force)
    text = spider_text(finding)
    spider = _load(compile(text, str(path), "exec"), finding.name)
    done = Scaffold(path)
    draft = folder / f".{finding.name}.py.new"
    old = _put_aside(fixtures) if force else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, "utf-8")
        for case in cases(finding, fixtures):
            case.expected = expectation(run_case(spider, case).values)
            write_case(case)
            done.cases.append(case.folder)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        shutil.rmtree(fixtures, ignore_errors=True)
        if old is not None:
            old.rename(fixtures)
        with suppress(OSError):
            fixtures.parent.rmdir()  # where it is empty
        raise
    if old is not None:
        shutil.rmtree(old)
    return done


def _put_aside(folder: Path) -> Path | None:
    if not folder.exists():
        return None
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    return folder.rename(aside)


def _load(code: CodeType, name: str) -> type[NewsSpider]:
    """Return the spider class of a file that is not written yet."""
    from scrapy import Spider

    space: dict[str, object] = {"__name__": f"newscrawl.spiders.{name}"}
    exec(code, space)  # noqa: S102  our own text, in which pages are string literals
    for value in space.values():
        if isinstance(value, type) and issubclass(value, Spider) and getattr(value, "name", "") == name:
            return value  # type: ignore[return-value]
    raise NothingFoundError(f"the spider file of {name} has no spider in it")


def cases(finding: Finding, fixtures: Path) -> list[Case]:
    """Return the fixtures of what was looked at: articles of different days, a list page, the homepage's own role."""
    found = []
    for number, sample in enumerate(finding.articles[:FIXTURES], 1):
        found.append(_case(finding, fixtures, f"article-{number}", sample))
    if finding.lists and not finding.apis:
        found.append(_case(finding, fixtures, "list", finding.lists[0]))
    for name, fetched in finding.answers.items():
        ending = "json" if fetched.body.lstrip()[:1] in (b"{", b"[") else "xml"
        part = Part(fetched.url, fetched.body, fetched.headers, ending)
        moment = fetched.moment.replace(microsecond=0)
        found.append(Case(finding.name, name, fixtures / name, fetched.url, [part], moment, role="index"))
    return found


def _case(finding: Finding, fixtures: Path, name: str, sample: Sample) -> Case:
    fetched = sample.fetched
    part = Part(fetched.url, fetched.body, fetched.headers)
    return Case(
        site=finding.name,
        name=name,
        folder=fixtures / name,
        url=fetched.url,
        parts=[part],
        fetched_at=fetched.moment.replace(microsecond=0),
        listed_date=sample.listed_date,
    )
