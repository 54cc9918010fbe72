"""A new portal in one command: look at a few pages, find the rules, write the spider file and its fixtures."""

from __future__ import annotations

from newscrawl.crawl.scaffold.finding import Finding, Link, NothingFoundError
from newscrawl.crawl.scaffold.investigate import investigate
from newscrawl.crawl.scaffold.write import Scaffold, scaffold, write_scaffold

__all__ = ["Finding", "Link", "NothingFoundError", "Scaffold", "investigate", "scaffold", "write_scaffold"]
