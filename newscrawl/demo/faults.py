"""Faults that can be switched on per path while the portal runs: what they are, and which of them a request meets."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.demo.http import Request

FaultKind = Literal[
    # how the answer goes out
    "slow",  # `delay` seconds before the first byte
    "trickle",  # slow loris: `size` body bytes (default 1) every `delay` seconds (default 1)
    "cut",  # connection cut after `size` body bytes (default: half)
    "reset",  # connection aborted without a byte
    "hang",  # never answered
    "chunked",  # Transfer-Encoding: chunked instead of a length, `size` bytes a chunk (default 1000)
    "no-validators",  # neither ETag nor Last-Modified
    # errors and redirects
    "status",  # `status` (default 500), with Retry-After `retry_after`, an error page as body
    "redirect",  # to `location`
    "redirect-loop",  # for ever, each time to a new query
    "redirect-chain",  # `hops` (default 5) redirects, then the page
    "redirect-home",  # to the home page, as portals do with articles they took down
    "redirect-private",  # to the loopback or private address `location` (see PRIVATE_TARGETS; default: all in turn)
    # the article itself
    "changed",  # one paragraph more (`text`) and a later Last-Modified
    "vanished",  # 404, and off the lists, feeds and sitemaps
    "emptied",  # the page without its body
    "endless",  # list pages that never end: page N repeats known links, or with text="fresh" invents new ones
    # the bytes of the page
    "charset-wrong",  # correct bytes under a wrong declaration: GB18030 declared as UTF-8, UTF-8 as gb2312
    "charset-broken",  # damaged bytes among good ones
    "bomb",  # small on the wire, `size` bytes (default 300 MB) after decompression
    "empty",  # 200 and no byte
    "non-html",  # a PDF under the address of the page
    "huge",  # a page of `size` bytes (default 5 MB)
    # pages that need a browser or a second request
    "js-only",  # the content is put in by script
    "js-cookie",  # a script sets a cookie and reloads; text="computed" needs a script engine
    "meta-refresh",  # an HTML refresh to the page
]

#: Redirect targets that a crawler has to refuse: loopback, private, link-local in several spellings. {port} is filled.
PRIVATE_TARGETS = (
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "file:///etc/hostname",
    "ftp://127.0.0.1/",
)


class FaultError(ValueError):
    """A fault is described wrongly; the message says what is known."""


@dataclass(slots=True)
class Fault:
    """One fault.

    pattern: shell glob for the path ("/baoliao/*"). after: the first so many matching requests are spared. times: so
    many are hit then, 0 for all that come. The other fields are parameters of the kinds, see `FaultKind`; `delay` in
    seconds, `size` in bytes. seen: how many requests matched so far (counted by the table).
    """

    pattern: str
    kind: FaultKind
    status: int = 500
    retry_after: str = ""
    delay: float = 1.0
    size: int = 0
    hops: int = 5
    location: str = ""
    text: str = ""
    after: int = 0
    times: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        """Refuse an unknown kind."""
        if self.kind not in get_args(FaultKind):
            raise FaultError(f"unknown fault {self.kind!r}; known are: {', '.join(get_args(FaultKind))}")

    def matches(self, target: str) -> bool:
        """Whether the fault is meant for this target."""
        return fnmatchcase(target.partition("?")[0], self.pattern)


class FaultTable:
    """The faults that are switched on. Thread-safe: tests switch them while the server's thread answers."""

    def __init__(self) -> None:
        """Start without faults."""
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()

    def __bool__(self) -> bool:
        """Whether any fault is on."""
        return bool(self._faults)

    def __iter__(self) -> Any:
        """The faults in the order they were switched on."""
        return iter(self._faults)

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        with self._lock:
            self._faults = (*self._faults, fault)

    def clear(self, pattern: str = "") -> None:
        """Switch off the faults of exactly this pattern, or all."""
        with self._lock:
            self._faults = tuple(fault for fault in self._faults if pattern and fault.pattern != pattern)

    def meet(self, request: Request) -> list[Fault]:
        """Return the faults this request meets, and count it for them."""
        if not self._faults:
            return []
        met: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                if not fault.matches(request.target):
                    continue
                fault.seen += 1
                number = fault.seen - fault.after
                if number > 0 and (not fault.times or number <= fault.times):
                    met.append(fault)
        return met

    def changes(self, paths: Iterable[str]) -> dict[str, str]:
        """The paths whose article is to be a changed one, with the sentence it gained ("" = the standing one)."""
        changed = [fault for fault in self._faults if fault.kind == "changed"]
        found = ((path, next((fault for fault in changed if fault.matches(path)), None)) for path in paths)
        return {path: fault.text for path, fault in found if fault is not None} if changed else {}

    def vanished(self, paths: Iterable[str]) -> set[str]:
        """The paths that are to be off the portal."""
        gone = [fault for fault in self._faults if fault.kind == "vanished"]
        return {path for path in paths if any(fault.matches(path) for fault in gone)} if gone else set()


def fault_from_dict(row: dict[str, Any]) -> Fault:
    """Make a fault of plain values, as the control endpoint and a faults file give them. Raises FaultError."""
    known = {slot.name for slot in fields(Fault)} - {"seen"}
    unknown = sorted(set(row) - known)
    if unknown:
        raise FaultError(f"unknown field {unknown[0]!r} of a fault; known are: {', '.join(sorted(known))}")
    if not isinstance(row.get("pattern"), str) or "kind" not in row:
        raise FaultError("a fault needs a pattern and a kind")
    for slot in fields(Fault):
        value, usual = row.get(slot.name, slot.default), slot.default
        numbers = (int, float) if isinstance(usual, float) else (int,)
        if isinstance(usual, int | float) and (isinstance(value, bool) or not isinstance(value, numbers)):
            raise FaultError(f"{slot.name} of a fault has to be a number, not {value!r}")
        if isinstance(usual, str) and not isinstance(value, str):
            raise FaultError(f"{slot.name} of a fault has to be a text, not {value!r}")
    return Fault(**row)


def fault_to_dict(fault: Fault) -> dict[str, Any]:
    """The fault as plain values."""
    return asdict(fault)


def read_faults(text: str) -> list[Fault]:
    """Read a faults file: a JSON list of objects with the fields of `Fault`. Raises FaultError."""
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise FaultError(f"the faults are no JSON: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FaultError("the faults have to be a JSON list of objects")
    return [fault_from_dict(row) for row in rows]
