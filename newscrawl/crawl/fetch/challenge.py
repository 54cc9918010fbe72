"""Cookie challenges: pages that set a cookie by script and load themselves again.

A cookie that stands in the script in so many words is read and sent along; one that has to be computed needs a browser.
"""

from __future__ import annotations

import re

_COOKIE = re.compile(rb"document\.cookie\s*=\s*([\"'])([\w.-]{1,64})=([^\"';]{0,400})(;[^\"']{0,200})?\1\s*[;\n}<]")
_RELOAD = re.compile(rb"location\s*\.\s*(?:reload|replace|assign|href)|location\s*=")
#: Challenges are small; the search looks no further.
LONGEST = 64 * 1024


def plain_cookies(html: bytes) -> dict[str, str]:
    """Return the cookies that a challenge page spells out, empty where it has none or does not load itself again."""
    page = html[:LONGEST]
    if not _RELOAD.search(page):
        return {}
    found = {match[2].decode("latin-1"): match[3].decode("latin-1") for match in _COOKIE.finditer(page)}
    return {name: value for name, value in found.items() if value}
