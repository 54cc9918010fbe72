"""Who may look: Host header, token, and the headers that keep a browser from doing what it should not."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No scripts at all, nothing from elsewhere; frames only of our own.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
COOKIE = "newscrawl_token"
SHORTEST_TOKEN = 12
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class AccessError(WrongUseError):
    """The address cannot be served as it was asked for; the message says what to write instead."""


@dataclass(slots=True, frozen=True)
class Access:
    """Under which names the pages are served, whether under any IP address, and the token ("" = none needed)."""

    names: frozenset[str]
    any_address: bool = False
    token: str = ""

    def allows_host(self, header: str) -> bool:
        """Tell whether a Host header names this server: another name may be an attacker's (DNS rebinding)."""
        name = host_name(header)
        if name in self.names:
            return True
        return self.any_address and _address(name) is not None

    def holds(self, given: str) -> bool:
        """Compare a token that was given, in constant time."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def cookie(self) -> str:
        """Return the value of the cookie that stands for the token."""
        return hashlib.sha256(f"newscrawl cookie {self.token}".encode()).hexdigest()


def access_for(host: str, token: str = "", names: Sequence[str] = ()) -> Access:
    """Return who may look at a server bound to `host`; other addresses than this machine's own need a token.

    names: further names that the server is reached by (behind a proxy, say). Raises AccessError.
    """
    if token and len(token) < SHORTEST_TOKEN:
        raise AccessError(f"the token is too short; use {SHORTEST_TOKEN} characters or more")
    if is_loopback(host):
        return Access(frozenset({"localhost", "127.0.0.1", "::1", host, *names}), token=token)
    if not token:
        raise AccessError(
            f"{host} can be reached from other machines: give a token (--token or NEWSCRAWL_TOKEN),"
            " or stay with --host 127.0.0.1"
        )
    own = {"localhost", socket.gethostname().lower(), host.lower()}
    return Access(frozenset(own | {name.lower() for name in names}), any_address=True, token=token)


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own, not to be reached from another one."""
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def host_name(header: str) -> str:
    """Return the name in a Host header, without port and brackets, in lower case; "" where it is none."""
    name = header.strip().lower()
    if name.startswith("["):
        name, closed, port = name[1:].partition("]")
        return name if closed and (not port or (port[0] == ":" and port[1:].isdecimal())) else ""
    name, _, port = name.partition(":")
    return name if not port or port.isdecimal() else ""


class Guard:
    """ASGI middleware: asks for the right Host and the token, lets only reading through, sets the headers."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        answer = self.refusal(scope)
        await (answer or self.app)(scope, receive, send_guarded)

    def refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not let through, None for one that is."""
        headers = Headers(scope=scope)
        if not self.access.allows_host(headers.get("host", "")):
            return PlainTextResponse("This server does not go by that name (Host header).\n", 400)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("These pages are only for reading.\n", 405, {"Allow": "GET, HEAD"})
        if not self.access.token:
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in query if name == "token"), "")
        if given and self.access.holds(given):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            # Not "//": a browser would read that as another host.
            path = "/" + scope["path"].lstrip("/\\")
            answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            answer.set_cookie(COOKIE, self.access.cookie(), max_age=30 * 86400, httponly=True, samesite="lax")
            return answer
        if self._is_known(headers):
            return None
        text = "A token is needed: add ?token=... to the address once, or send Authorization: Bearer ...\n"
        return PlainTextResponse(text, 401, {"WWW-Authenticate": "Bearer"})

    def _is_known(self, headers: Headers) -> bool:
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.access.holds(credentials.strip()):
            return True
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return hmac.compare_digest(cookie.encode("utf-8", "replace"), self.access.cookie().encode())
