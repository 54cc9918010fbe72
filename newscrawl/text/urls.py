"""URL canonicalisation: one address for all the ways in which portals spell the address of one page.

The canonical address is an identifier (article ids are its SHA-1), not what is asked for: fetch the address
as it was found. The rule table is data/url_rules.json; a change of it, or of this module, that moves any
existing address must raise CANONICAL_VERSION, so that `newscrawl db rekey` can migrate stored ids.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Version of the canonical form; stored with every article as `canonical_version`.
CANONICAL_VERSION = 1

_RULES: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "url_rules.json").read_text("utf-8"))
_HOST_PREFIXES = frozenset(_RULES["host_prefixes"])
_PUBLIC_SUFFIXES = frozenset(_RULES["public_suffixes"])
_DROP = frozenset(_RULES["drop"])
_DROP_PREFIXES = tuple(_RULES["drop_prefixes"])
_DROP_WHEN = {name: re.compile(pattern, re.ASCII) for name, pattern in _RULES["drop_when"].items()}
_BARE_DROP = re.compile(_RULES["bare_drop"], re.ASCII)
_KEEP_ONLY = {place: frozenset(names) for place, names in _RULES["keep_only"].items()}
_INDEX_PAGE = re.compile(
    rf"(?:{'|'.join(_RULES['index_stems'])})\.(?:{'|'.join(_RULES['index_extensions'])})",
    re.ASCII | re.IGNORECASE,
)

_SESSION_PARAMETER = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*", re.ASCII | re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?::\d{1,5})?(?=/|$)", re.ASCII)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^!-~]|[\"<>\\^`{|}%]", re.ASCII)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SLASHES = re.compile(r"/{2,}")
#: Whitespace and control characters that browsers take out of an address, or off its ends.
_INVISIBLE = re.compile(r"[\t\r\n]")
_ENDS = "".join(map(chr, range(0x21))) + "\u3000\u00a0\ufeff\u200b"

# Article page parts. The stem must be an article's id, so that index_2.html and t20260115_85.html stay what
# they are.
_TRS_PART = re.compile(r"(?P<stem>.*/t\d{8}_\d{3,})_(?P<part>\d{1,2})(?P<end>\.s?html?)", re.ASCII)
_PEOPLE_PART = re.compile(r"(?P<stem>.*/c\d+-\d{4,})-(?P<part>\d{1,2})(?P<end>\.s?html?)", re.ASCII)
_ID_PART = re.compile(
    r"(?P<stem>.*/(?:(?:content|article|detail|c)_)?\d{3,})_(?P<part>\d{1,2})(?P<end>\.s?html?)", re.ASCII
)
_DATE_STEM = re.compile(r".*/(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?", re.ASCII)


def canonicalize(url: str, *, aliases: Mapping[str, str] | None = None) -> str:
    """Return the canonical form of an address: the same for all its spellings, and its own canonical form.

    url: an address, absolute, scheme-relative ("//host/…") or without scheme ("host.cn/…").
    aliases: host to canonical host, for portals with two domains ({"xjnnet.com": "xjnnet.net"}); hosts are
    compared without www., m., wap.

    The form: https; host in lower case (IDN as punycode) without www./m./wap./3g./mobile.; no user, default
    port, session parameter, index page name or tracking parameter; query sorted; escapes normal; a fragment
    only where it is a hash route ("#/…", "#!…"). Page parts stay apart (see `article_part`). Never raises:
    what is no http address is returned without its outer whitespace.
    """
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", url.strip(_ENDS)))
    parsed = _split(text)
    if parsed is None:
        return text
    host, port, path, query, fragment = parsed
    host = _canonical_host(host, aliases or {})
    path = _canonical_path(path)
    query = _canonical_query(query, _KEEP_ONLY.get("/".join([host, *path.split("/", 2)[1:2]])))
    return f"https://{host}{port}{path}{'?' + query if query else ''}{_canonical_fragment(fragment)}"


def host_of(url: str) -> str:
    """Return the host that is fetched from: lower case, IDN as punycode, no port; "" where there is none."""
    parsed = _split(_SURROGATE.sub("\ufffd", _INVISIBLE.sub("", url.strip(_ENDS))))
    return parsed[0] if parsed else ""


def article_part(url: str) -> tuple[str, int]:
    """Return the address of the article that a page belongs to, and the number of the page (1 = the first).

    81691_2.html is part 2 of 81691.html; TRS counts the second part as t20260115_8581781_1.html;
    people.com.cn writes c1001-40123456-2.html. List pages (index_2.html), ids with an underscore
    (t20260115_85.html, content_52078.html) and dates (20260115_2.html) are addresses of their own. An address
    that is no part is returned as it is, with 1.
    """
    before_query = re.split(r"[?#]", url, maxsplit=1)[0]
    rest = url[len(before_query) :]
    if rest or len(before_query) > 2048:
        return url, 1
    match = _TRS_PART.fullmatch(before_query)
    if match:
        return match["stem"] + match["end"], int(match["part"]) + 1
    match = _PEOPLE_PART.fullmatch(before_query) or _ID_PART.fullmatch(before_query)
    if match and int(match["part"]) >= 2 and not _DATE_STEM.fullmatch(match["stem"]):
        return match["stem"] + match["end"], int(match["part"])
    return url, 1


def _split(text: str) -> tuple[str, str, str, str, str] | None:
    """Return host, ":port" or "", path, query and fragment of an http address; None for anything else."""
    if text.startswith("//"):
        text = "https:" + text
    elif _BARE_ADDRESS.match(text):
        text = "https://" + text
    if not text[:8].lower().replace("\\", "/").startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(safe_url_string(text.replace("\\", "/", 3) if "\\" in text[:8] else text))
        port_number = parts.port
    except ValueError:  # a broken IPv6 address, an impossible port, characters that fold into "/"
        return None
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host or not host.isascii() or any(character in host for character in ' "<>\\^`{|}'):
        return None
    if ":" in host:
        host = f"[{host}]"
    port = "" if port_number in (None, 80, 443) else f":{port_number}"
    return host, port, parts.path, parts.query, parts.fragment


def _canonical_host(host: str, aliases: Mapping[str, str]) -> str:
    host = _without_prefixes(host)
    if not aliases:
        return host
    targets = {_without_prefixes(old.lower()): _without_prefixes(new.lower()) for old, new in aliases.items()}
    seen = [host]
    while (host := targets.get(host, host)) not in seen:
        seen.append(host)
    # Aliases that run in a circle name one site: any member stands for all, as long as it is always the same
    # one.
    return min(seen[seen.index(host) :])


@lru_cache(maxsize=4096)
def _without_prefixes(host: str) -> str:
    """Take www., m., wap. and the like off a host, but never the name itself: m.cn and www.gov.cn stay."""
    while True:
        prefix, _, rest = host.partition(".")
        if prefix not in _HOST_PREFIXES or "." not in rest or rest in _PUBLIC_SUFFIXES:
            return host
        host = rest


def _canonical_path(path: str) -> str:
    path = _SLASHES.sub("/", _SESSION_PARAMETER.sub("", _normal_escapes(path)))
    segments: list[str] = []
    pieces = path.split("/")[1:] or [""]
    for number, segment in enumerate(pieces):
        last = number == len(pieces) - 1
        if segment == "..":
            del segments[-1:]
        elif segment != "." and not (last and _INDEX_PAGE.fullmatch(segment)):
            segments.append(segment)
            continue
        if last:
            segments.append("")
    return _SLASHES.sub("/", "/" + "/".join(segments))


def _canonical_query(query: str, keep_only: frozenset[str] | None = None) -> str:
    if not query:
        return ""
    pairs = set()
    for pair in query.replace("&amp;", "&").replace("+", "%20").split("&"):
        name, equals, value = _normal_escapes(pair).partition("=")
        if name or value:
            if _is_tracking(name.lower(), value, bare=not equals) or (keep_only and name not in keep_only):
                continue
            pairs.add((name, equals, value))
    return "&".join(name + equals + value for name, equals, value in sorted(pairs))


def _is_tracking(name: str, value: str, *, bare: bool) -> bool:
    if bare and _BARE_DROP.fullmatch(name):
        return True
    if name in _DROP or name.startswith(_DROP_PREFIXES):
        return True
    pattern = _DROP_WHEN.get(name)
    return pattern is not None and not bare and pattern.fullmatch(value) is not None


def _canonical_fragment(fragment: str) -> str:
    """Return "#…" for a hash route (a page of a script-built site), "" for a mere place on the page."""
    if not fragment.startswith(("/", "!")):
        return ""
    route, _, query = _normal_escapes(fragment).partition("?")
    if not route.strip("/!"):
        return ""
    query = _canonical_query(query)
    return f"#{route}{'?' + query if query else ''}"


def _normal_escapes(text: str) -> str:
    """Write escapes in one way: unreserved characters plain, all others as %XX, a stray % as %25."""
    return _ESCAPE.sub(_normal_escape, text)


def _normal_escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return quote(match[0], safe="")
    byte = unquote_to_bytes(match[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else match[0].upper()
