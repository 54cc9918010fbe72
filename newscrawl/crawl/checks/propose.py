"""Proposals for a spider file, learned from the pages of a check, ready to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.clock import CHINA
from newscrawl.crawl.scaffold.spiderfile import layout_lines
from newscrawl.page.learn import LEAST_PAGES, SamplePage, learn_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.crawl.checks.result import SiteCheck
    from newscrawl.page import Layout


def propose(check: SiteCheck, known: Sequence[Layout] = ()) -> list[str]:
    """Return lines for the spider file: a layout that today's articles share, an article rule for what is missed.

    known: the layouts that the file has; they stay behind the new one, for pages of their time. Empty where nothing is
    to be proposed.
    """
    pages = [SamplePage(page.body, page.url, page.charset) for page in (sample.fetched for sample in check.samples)]
    day = clock.now().astimezone(CHINA).date()
    lines = []
    layout = learn_layout(pages, name=f"{day:%Y-%m}", since=day) if len(pages) >= LEAST_PAGES else None
    if layout is not None and all(layout.body != old.body for old in known):
        check.proposed_layout = layout
        lines += layout_lines(layout)
        if known:
            lines.append(f"# in front of {', '.join(old.name for old in known)}, which still reads older pages")
    if check.proposed_rule:
        lines.append(f'article_url = r"{check.proposed_rule}"')
    return lines
