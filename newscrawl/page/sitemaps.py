"""Sitemaps: plain, news and index, XML or text, gzipped or not; usable without Scrapy.

The protocol is that of sitemaps.org: at most 50,000 addresses and 50 MiB uncompressed a file.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

from newscrawl.page.charset import decode

#: sitemaps.org allows 50 MiB uncompressed; more is refused, since a small file can become gigabytes.
MAX_BYTES = 52_428_800
MAX_ENTRIES = 50_000

_ENTRY = re.compile(r"<(url|sitemap)\b[^>]*>(.*?)(?=</\1\s*>|<\1\b|\Z)", re.DOTALL | re.IGNORECASE)
_FIELD = re.compile(r"<([\w:.-]{1,40})\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<>\]]*)", re.DOTALL)
_CHUNK = 65536


class SitemapError(ValueError):
    """A sitemap that cannot be read; the message says why in one line."""


@dataclass(slots=True, frozen=True)
class SitemapEntry:
    """One address; lastmod and published (of a news sitemap) are raw strings."""

    url: str
    lastmod: str = ""
    published: str = ""
    title: str = ""


@dataclass(slots=True)
class Sitemap:
    """A sitemap: addresses of pages, and of further sitemaps where it is an index."""

    entries: list[SitemapEntry] = field(default_factory=list)
    sitemaps: list[SitemapEntry] = field(default_factory=list)


def parse_sitemap(document: bytes | str, url: str, *, max_bytes: int = MAX_BYTES) -> Sitemap:
    """Read a sitemap or a sitemap index.

    document: the body of the response, gzipped or not; url: its address; max_bytes: bound on the decompressed size.
    Raises SitemapError where the size exceeds the bound or the compression is broken from the start. Broken XML is read
    as far as it goes.
    """
    if isinstance(document, bytes) and document[:2] == b"\x1f\x8b":
        document = decompress(document, max_bytes)
    if len(document) > max_bytes:
        raise SitemapError(f"{url}: the sitemap is larger than {max_bytes} bytes")
    text = decode(document).text
    found = Sitemap()
    if "<url" not in text and "<sitemap" not in text:
        lines = (line.strip() for line in text.splitlines()[: MAX_ENTRIES + 1])
        found.entries = [
            SitemapEntry(line) for line in lines if line.startswith(("http://", "https://")) and " " not in line
        ]
        return found
    for match in _ENTRY.finditer(text):
        fields = {name.lower(): unescape(value.strip()) for name, value in reversed(_FIELD.findall(match.group(2)))}
        try:
            address = urljoin(url, fields.get("loc", ""))
        except ValueError:
            continue
        if not fields.get("loc") or not address.startswith(("http://", "https://")):
            continue
        published = fields.get("news:publication_date", "")
        entry = SitemapEntry(address, fields.get("lastmod", ""), published, fields.get("news:title", ""))
        (found.entries if match.group(1).lower() == "url" else found.sitemaps).append(entry)
        if len(found.entries) + len(found.sitemaps) >= MAX_ENTRIES:
            break
    return found


def decompress(data: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """Unpack gzip data, at most max_bytes of it.

    Raises SitemapError where it would become more, or is no gzip. A file that is cut off gives what there is.
    """
    machine = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    size = 0
    rest = data
    try:
        while rest and not machine.eof:
            piece = machine.decompress(rest, min(_CHUNK * 16, max_bytes + 1 - size))
            rest = machine.unconsumed_tail
            size += len(piece)
            pieces.append(piece)
            if size > max_bytes:
                raise SitemapError(f"the sitemap unpacks to more than {max_bytes} bytes")
            if not piece and not rest:
                break
    except zlib.error as error:
        if not size:
            raise SitemapError(f"the sitemap is no valid gzip: {error}") from error
    return b"".join(pieces)
