"""`newscrawl replay`."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from newscrawl.cli.console import console, plain, print_json, printable, table
from newscrawl.cli.lookup import open_deduplicator
from newscrawl.clock import CHINA
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from newscrawl.page import Link
    from newscrawl.replay import CompareSink, Options, Progress, Report, SiteRule
    from newscrawl.store import Store

#: Reasons for which a page was left out, as the table shows them; the other counts are shown as they are called.
_MOST_SHOWN = 10


def replay(options: Namespace) -> int:
    """Read archive files again and store what comes of them; 1 where a file could not be read or a page failed."""
    from newscrawl.archive import archive_path, default_archive
    from newscrawl.archive.shared import is_shared, staging_dir
    from newscrawl.replay import CompareSink, LessonBook, StoreSink, find_files
    from newscrawl.replay import replay as run_replay
    from newscrawl.store import open_store

    archive = archive_path(options.archive or default_archive()).resolve()
    if bool(options.files) == options.all:
        raise WrongUseError("name WARC files or folders, or --all for everything that was crawled")
    if options.diff and not options.dry_run:
        raise WrongUseError("--diff goes with --dry-run")
    rules = site_rules(options.mirror)
    check_sites(options.site, rules)
    staged = [staging_dir()] if is_shared(archive) and any(staging_dir().glob("*/*")) else []
    paths = find_files(options.files or [archive, *staged])
    store = open_store(options.store)
    store.init()
    learned = open_store(options.profiles) if options.profiles else store
    how = replay_options(options, archive, store)
    how.lessons = LessonBook(learned)
    comparison = None
    if options.dry_run:
        show_diff = None if options.json or not options.diff else lambda text: print(printable(text))
        comparison = CompareSink(store, show_diff)
    sink = comparison or StoreSink(store, open_deduplicator(store))
    try:
        with ProgressBar(enabled=sys.stderr.isatty() and not options.verbose) as bar:
            report = run_replay(paths, rules, sink, how, show=bar.show)
    finally:
        store.close()
        learned.close()
    show_report(report, comparison, as_json=options.json)
    return int(bool(report.troubles.files or report.counts["failed"]))


def replay_options(options: Namespace, archive: Path, store: Store) -> Options:
    """Return how to replay."""
    from newscrawl.places import data_dir
    from newscrawl.replay import Options, default_workers

    name = hashlib.sha1(store.uri.encode(), usedforsecurity=False).hexdigest()[:12]
    return Options(
        archive=archive,
        journal=None if options.dry_run else data_dir() / "replay" / f"{name}.db",
        workers=options.workers or default_workers(),
        cluster=options.cluster,
        sites=tuple(options.site),
        since=_since(options.since),
        fresh=options.fresh,
        read_offer=read_links,
    )


def site_rules(mirrors: list[str]) -> list[SiteRule]:
    """Return what a replay has to know of every portal. Raises WrongUseError for a mirror that is none."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import all_sites, find_sites
    from newscrawl.replay import SiteRule

    settings = project_settings()
    bases = {}
    for mirror in mirrors:
        site, _, base = mirror.partition("=")
        if not base.startswith(("http://", "https://")):
            raise WrongUseError(f"{mirror!r} is no mirror; write it as SITE=http://HOST:PORT")
        find_sites([site], settings)
        bases[site] = base.rstrip("/")
    return [
        SiteRule(
            name=name,
            domains=spider.domains,
            article_url=spider.article_url,
            section_url=spider.section_url,
            layouts=tuple(spider.layouts),
            encoding=spider.encoding,
            base=bases.get(name, ""),
        )
        for name, spider in all_sites(settings).items()
    ]


def check_sites(names: list[str], rules: list[SiteRule]) -> None:
    """Raise WrongUseError for a name that is neither a portal nor a domain."""
    known = {rule.name for rule in rules}
    for name in names:
        if name not in known and "." not in name:
            raise WrongUseError(f"no site is called {name!r} (`newscrawl sites` lists them; or name a domain)")


def read_links(body: bytes, url: str, *, encoding: str | None, now: datetime) -> list[Link] | None:
    """Return the links of a feed, a sitemap or a JSON list, None for what is none of them."""
    from newscrawl.crawl.frontier.discovery import read_offer

    offer = read_offer(body, url, encoding=encoding, now=now)
    return None if offer is None else offer.links


def _since(day: str) -> datetime | None:
    if not day:
        return None
    try:
        moment = datetime.fromisoformat(day)
    except ValueError:
        raise WrongUseError(f"{day!r} is no day; write it as 2026-09-23") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)


def show_report(report: Report, comparison: CompareSink | None, *, as_json: bool) -> None:
    """Print what a replay amounts to."""
    troubles = report.troubles
    if as_json:
        value: dict[str, Any] = {
            "files": report.files,
            "resumed": report.resumed,
            "counts": dict(report.counts),
            "unreadable": troubles.files,
            "broken": [{"file": name, "offset": offset, "reason": why} for name, offset, why in troubles.broken],
            "broken_count": troubles.broken_count,
            "errors": report.errors,
        }
        if comparison is not None:
            value["fields"] = {
                name: {"articles": change.articles, "url": change.url, "before": change.before, "after": change.after}
                for name, change in comparison.fields.items()
            }
            value["no_longer_articles"] = [{"url": url, "reason": reason} for url, reason in comparison.lost]
        print_json(value)
        return
    out = console()
    if comparison is not None:
        _show_changes(comparison)
    rows = [(name, number) for name, number in report.counts.items() if number]
    title = f"{report.files:,} files" + (", taken up where an earlier replay was cut off" if report.resumed else "")
    out.print(table(title, ["what", "how many"], rows, right=["how many"]))
    for name, reason in troubles.files.items():
        print(f"newscrawl replay: {printable(name)} cannot be read: {printable(reason)}", file=sys.stderr)
    for name, offset, reason in troubles.broken[:_MOST_SHOWN]:
        print(
            f"newscrawl replay: {printable(name)}: skipped a broken record at byte {offset:,}: {reason}",
            file=sys.stderr,
        )
    if troubles.broken_count > _MOST_SHOWN:
        print(f"newscrawl replay: {troubles.broken_count:,} broken records in all", file=sys.stderr)
    for error in report.errors:
        print(f"newscrawl replay: {printable(error)}", file=sys.stderr)


def _show_changes(comparison: CompareSink) -> None:
    out = console()
    rows = [
        [name, change.articles, change.before, change.after]
        for name, change in sorted(comparison.fields.items(), key=lambda item: (-item[1].articles, item[0]))
    ]
    if rows:
        out.print(table("what would change", ["field", "articles", "before", "after"], rows, right=["articles"]))
    else:
        out.print("nothing would change in the articles that are stored")
    for url, reason in comparison.lost[:_MOST_SHOWN]:
        out.print(f"no longer an article: {plain(url)} ({plain(reason)})", markup=False)


class ProgressBar:
    """A bar on standard error with rate and time left; nothing off a terminal."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled

    def __enter__(self) -> Self:
        if self.enabled:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.fields[articles]:,} articles"),
                progress.BarColumn(),
                progress.TaskProgressColumn(),
                progress.TransferSpeedColumn(),
                progress.TextColumn("{task.fields[rate]}"),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._task = self._bar.add_task("", total=None, articles=0, rate="")
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.enabled:
            self._bar.stop()

    def show(self, done: Progress) -> None:
        """Show how far a replay is."""
        if not self.enabled:
            return
        elapsed = self._bar.tasks[0].elapsed or 0.0
        rate = f"{done.articles / elapsed:,.0f} articles/s" if elapsed > 1 else ""
        self._bar.update(
            self._task, total=done.bytes_total, completed=done.bytes_done, articles=done.articles, rate=rate
        )
