"""Which URLs belong to one portal: its hosts and those below them, and the rules for its articles and lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.text.urls import canonicalize, host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A rule that begins so is matched with the host before the path: r"^//sports\.portal\.example/\d+\.html$".
WITH_HOST = "^//"


def canonical_of(url: str, domains: Sequence[str]) -> str:
    """Return the canonical URL, with a portal's domains taken for one, in which hosts below them stay apart.

    domains: without "www."; the first stands for the others (news.second.example becomes news.first.example).
    """
    aliases = dict.fromkeys(domains, domains[0]) if domains else {}
    if len(aliases) > 1:
        host = host_of(url)
        below = next((domain for domain in domains[1:] if host.endswith(f".{domain}")), "")
        if below:
            aliases[host] = host.removesuffix(below) + domains[0]
    return canonicalize(url, aliases=aliases)


def owns_host(host: str, domains: Sequence[str]) -> bool:
    """Tell whether a host is one of the domains, or below one."""
    return host in domains or any(host.endswith(f".{domain}") for domain in domains)


def meets_rule(canonical: str, rule: str, domains: Sequence[str]) -> bool:
    """Tell whether a canonical URL of the portal meets a rule.

    rule: a regular expression that is searched in path and query, with the host before them where it begins with
    "^//"; "" is met by nothing.
    """
    if not rule or not owns_host(host_of(canonical), domains):
        return False
    parts = urlsplit(canonical)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return re.search(rule, f"//{parts.netloc}{target}" if rule.startswith(WITH_HOST) else target) is not None


def hosts_above(host: str) -> Iterator[str]:
    """Yield a host and what it lies below: a.b.cn, b.cn."""
    while "." in host:
        yield host
        host = host.partition(".")[2]
