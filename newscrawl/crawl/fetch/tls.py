"""Certificates are checked, for every host, unless a site or a setting names the host as one that is not.

Small portals let their certificates run out. That is reported as what it is; whoever wants such a site all the same
names its host in `unverified_hosts` of the spider, or in NEWSCRAWL_UNVERIFIED_HOSTS (a browser checks all the same).
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

#: So deep is looked into the causes of an error.
_DEPTH = 8


@implementer(IPolicyForHTTPS)
class CertificatePolicy:
    """Twisted's policy of HTTPS connections: `lenient` for the hosts that are named, `strict` for all others.

    What opens connections to a host is kept: a new one would read all root certificates for every connection (7 CPU-ms
    and 0.9 MB).
    """

    def __init__(self, strict: Any, lenient: Any, unverified: frozenset[str]) -> None:
        self.strict = strict
        self.lenient = lenient
        self.unverified = unverified
        self._creators: dict[tuple[bytes, int], Any] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  Twisted's name
        """Return what opens a connection to a host."""
        key = (hostname.lower(), port)
        if key not in self._creators:
            policy = self.lenient if key[0].decode("ascii", "replace") in self.unverified else self.strict
            self._creators[key] = policy.creatorForNetloc(hostname, port)
        return self._creators[key]


def certificate_policy(crawler: Crawler, strict: Any) -> Any:
    """Return the policy of a crawl: `strict`, but for the hosts that the settings or the spider name."""
    of_spider = getattr(crawler.spidercls, "unverified_hosts", ())
    named = [*crawler.settings.getlist("NEWSCRAWL_UNVERIFIED_HOSTS"), *of_spider]
    return CertificatePolicy(strict, type(strict)(verify_certificates=False), frozenset(map(str.lower, named)))


def tls_problem(error: BaseException) -> str:
    """Say what is wrong with the encryption of a connection, "" where an error is about something else."""
    waiting: list[object] = [error]
    for _ in range(_DEPTH):
        if not waiting:
            return ""
        found = waiting.pop(0)
        if isinstance(found, VerificationError):
            return "TLS: the certificate is not for this host"
        if isinstance(found, SSL.Error | ssl.SSLError):
            return f"TLS: {_words(found)}"
        value = getattr(found, "value", None)  # a Failure
        causes = [value, getattr(found, "__cause__", None), getattr(found, "__context__", None)]
        reasons = getattr(found, "reasons", None)
        waiting += [cause for cause in causes if isinstance(cause, BaseException)]
        waiting += list(reasons) if isinstance(reasons, list | tuple) else []
    return ""


def _words(error: BaseException) -> str:
    """Return the reason that OpenSSL gives: its errors are lists of (library, function, reason)."""
    first = error.args[0] if error.args else ""
    if isinstance(first, list | tuple):
        found = [str(entry[-1]) for entry in first if isinstance(entry, tuple) and entry and entry[-1]]
        text = ", ".join(dict.fromkeys(found))
    else:
        text = " ".join(str(error.args[-1]).split()) if error.args else ""
    return text[:200] or "the connection could not be encrypted"
