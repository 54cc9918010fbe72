"""The network guard: a crawl reaches public addresses over http(s), and nothing else.

Pages decide where links and redirects point; a guard at the URL and one at the name resolution keep them from
reaching the machine itself, its network, or a cloud's metadata address.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


def is_public(address: str) -> bool:
    """Tell whether an IP address (text) is globally reachable; IPv4 inside IPv6 is judged as IPv4."""
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def literal_address(host: str) -> str | None:
    """Return the address that a host name spells without any DNS (127.1, 0x7f.1, 2130706433, [::1]), else None."""
    try:
        return str(ipaddress.ip_address(host.strip("[]").split("%", 1)[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host[-1:].isalnum() and host[:1].isdigit() else None
    except OSError:
        return None


def refusal(url: str, opened: Iterable[str] = ()) -> str | None:
    """Say why a URL must not be fetched, or None. `opened` names host:port pairs on loopback that are allowed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "not a URL"
    if parts.scheme not in ("http", "https"):
        return f"scheme {parts.scheme or 'none'} is not allowed"
    if not host:
        return "no host"
    if f"{host}:{port or (443 if parts.scheme == 'https' else 80)}" in opened:
        return None
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return f"{host} is not a public host"
    address = literal_address(name)
    if address is not None and not is_public(address):
        return f"{host} is not a public address"
    return None


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, but a name that leads to an address that is not global does not resolve."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, opened: frozenset[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.opened = opened

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build it as Scrapy does, with the loopback hosts that the settings open."""
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        opened = frozenset(pair.rsplit(":", 1)[0] for pair in settings.getlist("NEWSCRAWL_OPEN_LOOPBACK"))
        return cls(reactor, size, settings.getfloat("DNS_TIMEOUT"), opened)

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802  Twisted's name
        """Resolve a name; fails with DNSLookupError where the address is not public."""
        answer: Deferred[str] = super().getHostByName(name, timeout)
        return answer.addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name in self.opened or is_public(address):
            return address
        raise DNSLookupError(f"{name} leads to {address}, which is not a public address")
