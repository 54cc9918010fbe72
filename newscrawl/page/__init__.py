"""HTML to Article: layouts, generic body, metadata, links, feeds, charset."""

from __future__ import annotations

from newscrawl.page.parts import join_parts
from newscrawl.page.profile import SiteProfile
from newscrawl.page.read import read_page
from newscrawl.page.types import Layout, Link, Page, PageKind

__all__ = ["Layout", "Link", "Page", "PageKind", "SiteProfile", "join_parts", "read_page"]
