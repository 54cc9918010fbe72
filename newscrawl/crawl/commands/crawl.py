"""`scrapy crawl SITE`: Scrapy's command with the leases, verdicts and exit codes of `newscrawl crawl`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY
from newscrawl.crawl.run.runner import run_sites
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace


class Command(crawl.Command):
    """Run one spider; the exit code says what came of it."""

    def run(self, args: list[str], opts: Namespace) -> None:
        """Run the named spider."""
        if len(args) != 1:
            raise UsageError("name one site: scrapy crawl SITE")
        if self.settings is None:
            raise UsageError("run it inside the project's folder")
        try:
            outcome = run_sites(args, self.settings, opts.spargs)
        except WrongUseError as error:
            raise UsageError(str(error), print_help=False) from None
        except NewscrawlError as error:
            sys.stderr.write(f"scrapy crawl: {error}\n")
            self.exitcode = CLOSED_EARLY
            return
        for site, holder in outcome.locked.items():
            sys.stderr.write(f"scrapy crawl: {site} is being crawled by {holder}; nothing was done\n")
        self.exitcode = outcome.exit_code
