"""Live checks of spiders: does the portal answer, do its lists give links, do its articles have their fields?"""

from __future__ import annotations

from newscrawl.crawl.checks.live import check_sites
from newscrawl.crawl.checks.result import DEAD, GREEN, LOOK, Point, SiteCheck

__all__ = ["DEAD", "GREEN", "LOOK", "Point", "SiteCheck", "check_sites"]
