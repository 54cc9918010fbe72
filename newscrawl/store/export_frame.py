"""Articles as a pandas table, for notebooks. Needs pandas."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newscrawl.store.export_lines import COLUMNS, ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Article

_TIMES = ("published", "first_seen", "last_seen", "fetched_at")


def to_pandas(articles: Iterable[Article]) -> Any:
    """Return a DataFrame of articles: the columns of the CSV export and the body, times as UTC timestamps.

    Lists stay lists. `to_pandas(open_store().articles(ArticleFilter(site=…, since=…)))`, or of what
    `SearchIndex.articles` finds. Raises ExportError where pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError:
        raise ExportError("to_pandas needs pandas: pip install pandas") from None
    columns = (*COLUMNS, "body")
    frame = pandas.DataFrame([[getattr(article, name) for name in columns] for article in articles], columns=columns)
    for name in _TIMES:
        frame[name] = pandas.to_datetime(frame[name], utc=True)
    return frame
