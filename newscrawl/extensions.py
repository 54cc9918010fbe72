"""Scrapy extensions: thin adapters to the rules in `newscrawl.crawl`."""

from __future__ import annotations

from newscrawl.crawl.fetch.politeness import PoliteThrottle
from newscrawl.crawl.run.report import RunReporter


class RunReport(RunReporter):
    """The record of a run, its heartbeat and its verdict."""


class Throttle(PoliteThrottle):
    """The pause between requests: what latency, robots.txt and the server's own words ask for."""
