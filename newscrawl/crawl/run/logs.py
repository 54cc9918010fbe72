"""What a crawl logs of articles: their address and what happened, never the whole text."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from newscrawl.crawl.gate import StoreLostError
from newscrawl.places import data_dir

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from scrapy.settings import Settings
    from twisted.python.failure import Failure


class BriefLogFormatter(LogFormatter):
    """Scrapy's log lines with the address of an article in the place of all its fields."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:  # noqa: ARG002
        """Log an article that went all the way."""
        return {"level": logging.DEBUG, "msg": "stored %(url)s", "args": {"url": item.url}}

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,  # noqa: ARG002  the base class has it
        spider: Spider,  # noqa: ARG002  the base class has it
    ) -> LogFormatterResult:
        """Log an article that a pipeline refused."""
        return {"level": logging.INFO, "msg": "refused %(url)s: %(why)s", "args": {"url": item.url, "why": exception}}

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,  # noqa: ARG002  the base class has it
        spider: Spider,  # noqa: ARG002  the base class has it
    ) -> LogFormatterResult:
        """Log an article that failed in a pipeline."""
        return {"level": logging.ERROR, "msg": "failed %(url)s: %(why)s", "args": {"url": item.url, "why": exception}}


class WithoutLostStore(logging.Filter):
    """Keeps out what every waiting article and page would say of a store that was given up; the gate has said it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be logged."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, StoreLostError)


def say_lost_store_once() -> None:
    """Put the filter before Scrapy's messages about items and callbacks, once."""
    scraper = logging.getLogger("scrapy.core.scraper")
    if not any(isinstance(known, WithoutLostStore) for known in scraper.filters):
        scraper.addFilter(WithoutLostStore())


def use_log_file(settings: Settings) -> None:
    """Let runs that nobody watches log to the file NEWSCRAWL_LOG ("-": stderr), else to log/crawl.log of the data."""
    log = os.environ.get("NEWSCRAWL_LOG", "") or str(data_dir() / "log" / "crawl.log")
    if log != "-":
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        settings.set("LOG_FILE", log, priority="cmdline")
