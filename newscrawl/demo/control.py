"""Steering a portal from another process: an endpoint on the same port behind a random token, and its client.

GET    .../log      requests so far            DELETE .../log      forget them
GET    .../faults   faults that are on         DELETE .../faults   switch off (?pattern= only that one)
POST   .../faults   switch on (JSON object or list)
GET    .../expected truth about the articles   POST   .../release  show articles held back (?count=)
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from newscrawl.demo.faults import FaultError, fault_to_dict, read_faults
from newscrawl.demo.http import Resource
from newscrawl.items import as_utc

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.demo import http
    from newscrawl.demo.portal import Portal

CONTROL_PATH = "/.control/"


class Control:
    """The portal's side of the endpoint."""

    def __init__(self, portal: Portal) -> None:
        """Make a token for this portal."""
        self.portal = portal
        self.token = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The address of the endpoint, with its token and a slash at the end."""
        return f"{self.portal.url.rstrip('/')}{CONTROL_PATH}{self.token}/"

    def answer(self, request: http.Request) -> Resource:
        """Carry out a request; 404 for a wrong token or an unknown command, 400 for bad input."""
        token, _, command = request.path.removeprefix(CONTROL_PATH).partition("/")
        if not secrets.compare_digest(token.encode("latin-1", "replace"), self.token.encode()):
            return Resource(b"", "text/plain", 404)
        try:
            value = self._carry_out(request, command)
        except (FaultError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        return _json({"error": "unknown command"}, 404) if value is None else _json(value)

    def _carry_out(self, request: http.Request, command: str) -> Any:
        """Do what a command says and return its result; None for an unknown one."""
        portal = self.portal
        match request.method, command:
            case "GET", "log":
                return [entry.to_dict() for entry in portal.log]
            case "DELETE", "log":
                portal.clear_log()
                return {}
            case "GET", "faults":
                return [fault_to_dict(fault) for fault in portal.faults]
            case "POST", "faults":
                text = request.body.decode("utf-8")
                for fault in read_faults(text if text.lstrip().startswith("[") else f"[{text}]"):
                    portal.add_fault(fault)
                return {}
            case "DELETE", "faults":
                portal.clear_faults(request.query.get("pattern", ""))
                return {}
            case "GET", "expected":
                return {path: asdict(truth) for path, truth in portal.expected().items()}
            case "POST", "until":
                text = request.query.get("time", "")
                portal.show_until(as_utc(text))
                return {}
            case "POST", "release":
                return portal.release(int(request.query.get("count", "0")))
            case _:
                return None


def _json(value: Any, status: int = 200) -> Resource:
    """A JSON answer; times as ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Resource(text.encode("utf-8", "surrogatepass"), "application/json", status)


class ControlClient:
    """The other side: steer a portal that runs as a process, by the control address it printed."""

    def __init__(self, url: str) -> None:
        """Keep the address; proxies of the environment are not used."""
        self.url = url
        self._opener = build_opener(ProxyHandler({}))

    def _call(self, method: str, command: str, body: Any = None, **query: Any) -> Any:
        """Send one command. Raises urllib.error.HTTPError where it is refused."""
        address = f"{self.url}{command}" + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        with self._opener.open(Request(address, data, method=method), timeout=30) as reply:  # noqa: S310 - loopback
            return json.loads(reply.read())

    def fault(self, pattern: str, kind: str, **options: Any) -> None:
        """Switch a fault on; options as the fields of `Fault`."""
        self._call("POST", "faults", {"pattern": pattern, "kind": kind, **options})

    def clear_faults(self, pattern: str = "") -> None:
        """Switch off the faults of exactly this pattern, or all."""
        self._call("DELETE", "faults", **({"pattern": pattern} if pattern else {}))

    def log(self) -> list[dict[str, Any]]:
        """The requests so far: dicts with the fields of `LogEntry`."""
        return list(self._call("GET", "log"))

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self._call("DELETE", "log")

    def expected(self) -> dict[str, dict[str, Any]]:
        """The truth by path: dicts with the fields of `ExpectedArticle`, times as ISO 8601."""
        return dict(self._call("GET", "expected"))

    def show_until(self, moment: datetime | None) -> None:
        """Show only what was published up to a moment (aware); None shows all again."""
        self._call("POST", "until", **({"time": moment.isoformat()} if moment else {}))

    def release(self, count: int = 0) -> list[str]:
        """Show so many of the articles held back (0 = all); returns their paths."""
        return list(self._call("POST", "release", count=count))
