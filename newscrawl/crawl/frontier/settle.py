"""What becomes of a URL whose request failed: refused, tried again later, or believed to be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.crawl.fetch.failures import is_absence, is_refusal, reason_of, status_of

if TYPE_CHECKING:
    from newscrawl.crawl.frontier.frontier import Frontier
    from newscrawl.items import UrlState


async def settle_list(frontier: Frontier, url: str, error: BaseException) -> None:
    """Leave a list page that failed to the next run, unless there is none such or it is forbidden."""
    if is_absence(error) or is_refusal(error):
        await frontier.refuse_url(url, reason_of(error), status_of(error))


async def settle_article(frontier: Frontier, state: UrlState, error: BaseException) -> None:
    """Settle an article whose page failed."""
    reason, status = reason_of(error), status_of(error)
    if is_absence(error):
        await frontier.missing(state.url, reason, status)
    elif is_refusal(error):
        await frontier.refuse_url(state.url, reason, 0, unseen=True)
    else:
        await frontier.failed(state.url, reason, status)
