"""Which portals there are: every module in `newscrawl.spiders` is one."""

from __future__ import annotations

import difflib
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoader

from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import BaseSettings, Settings

    from newscrawl.spiders._base import NewsSpider


class UnknownSiteError(WrongUseError):
    """A site that has no spider; the message names the nearest ones."""


def all_sites(settings: BaseSettings) -> dict[str, type[NewsSpider]]:
    """Return every portal's spider class by name, in the order of names."""
    loader = SpiderLoader.from_settings(settings)
    return {name: loader.load(name) for name in sorted(loader.list())}  # type: ignore[misc]


def load_sites(settings: Settings, problems: list[str]) -> dict[str, type[NewsSpider]]:
    """Load all spiders; a file that cannot be imported is a problem, not the end of all others."""
    settings.set("SPIDER_LOADER_WARN_ONLY", value=True, priority="cmdline")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sites = all_sites(settings)
    for warning in caught:
        if issubclass(warning.category, RuntimeWarning | UserWarning):
            lines = [line.strip() for line in str(warning.message).splitlines() if line.strip()]
            problems.append(" … ".join(dict.fromkeys([*lines[-2:]]))[:500])
    return sites


def find_sites(names: list[str], settings: BaseSettings) -> dict[str, type[NewsSpider]]:
    """Return the spiders of the named sites; raises UnknownSiteError for a name that is none."""
    sites = all_sites(settings)
    for name in names:
        if name not in sites:
            near = difflib.get_close_matches(name, sites, n=3, cutoff=0.7)
            hint = f"did you mean {', '.join(near)}?" if near else "`newscrawl sites` lists them"
            raise UnknownSiteError(f"no site is called {name!r}: {hint}")
    return {name: sites[name] for name in dict.fromkeys(names)}


def site_names(settings: BaseSettings) -> dict[str, tuple[str, ...]]:
    """Return the names under which sites credit themselves, to tell their own articles from reprints."""
    return {name: (spider.title,) for name, spider in all_sites(settings).items() if spider.title}


#: What `shared_hosts` found, by spider modules and stand-ins: a process may run hundreds of sites.
_SHARED: dict[tuple[object, ...], dict[str, tuple[str, ...]]] = {}


def shared_hosts(name: str, settings: BaseSettings) -> tuple[str, ...]:
    """Return the hosts, or domains with all hosts below them, that a site shares with other sites, sorted.

    A host is asked by one run at a time, whatever the sites are called: its pause is a promise to the host.
    NEWSCRAWL_SHARED_HOSTS has the answer where somebody has looked already.
    """
    if (known := settings.get("NEWSCRAWL_SHARED_HOSTS")) is not None:
        return tuple(known)
    bases = settings.getdict("NEWSCRAWL_SITE_BASE")
    key = (*settings.getlist("SPIDER_MODULES"), *sorted(bases.items()))
    if key not in _SHARED:
        hosts = {
            site: {urlsplit(bases[site]).netloc} if site in bases else set(spider.domains)
            for site, spider in all_sites(settings).items()
        }
        _SHARED[key] = _shared(hosts)
    return _SHARED[key].get(name, ())


def lone_settings(name: str, spider: type[NewsSpider], settings: BaseSettings) -> dict[str, Any]:
    """Return settings with which a process that crawls one site need not load the files of all others."""
    return {"SPIDER_MODULES": [spider.__module__], "NEWSCRAWL_SHARED_HOSTS": list(shared_hosts(name, settings))}


def _shared(hosts: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each site what it shares: where one has the domain and another a host below it, the domain."""
    owners: dict[str, set[str]] = {}
    for site, own in hosts.items():
        for host in own:
            owners.setdefault(host, set()).add(site)
    shared: dict[str, set[str]] = {site: set() for site in hosts}
    for host, sites in owners.items():
        labels = host.split(".")
        for above in (".".join(labels[start:]) for start in range(len(labels))):
            if len(both := sites | owners.get(above, set())) > 1 and above in owners:
                for site in both:
                    shared[site].add(above)
    return {site: tuple(sorted(found)) for site, found in shared.items()}
