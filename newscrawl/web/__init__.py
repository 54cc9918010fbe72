"""The corpus browser: store, search index and archive in web pages, with a JSON API beside them.

Pages are written on the server and hold no scripts; nothing is asked of any other host. It only reads: the one thing it
writes is the search index, which is a copy of what the store holds.
"""

from __future__ import annotations

from newscrawl.web.corpus import Corpus
from newscrawl.web.guard import Access, AccessError, access_for

__all__ = ["Access", "AccessError", "Corpus", "access_for"]
