"""The words of the command line: every subcommand, its options, an example each. Imports nothing slow."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from newscrawl import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

STORE_HELP = "mongodb://HOST/DATABASE or sqlite:///FILE (default: NEWSCRAWL_STORE, MONGO_URI, else one SQLite file)"


def number(least: int, most: int = 1_000_000) -> Callable[[str], int]:
    """Return what reads a whole number between two bounds from the command line."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most:,}")
        return value

    return read


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of the command are."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where it is explained; exit with 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


class Subcommands:
    """Adds subcommands that share -v, --store and the way help texts look."""

    def __init__(self, actions: argparse._SubParsersAction[OneLineParser]) -> None:
        self.actions = actions

    def add(self, name: str, run: str, summary: str, example: str, *, store: bool = True) -> argparse.ArgumentParser:
        """Add a subcommand: `run` is MODULE:FUNCTION, `example` one or more command lines for its help."""
        parser = self.actions.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("-v", "--verbose", action="store_true", help="log what happens; errors with a traceback")
        if store:
            parser.add_argument("--store", metavar="URI", default=None, help=STORE_HELP)
        parser.set_defaults(run=run, command=name)
        return parser


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = OneLineParser(
        prog="newscrawl",
        description="Crawl, restore, date, credit and deduplicate Chinese regional news.",
        epilog="`newscrawl COMMAND --help` shows an example of each.",
    )
    parser.add_argument("--version", action="version", version=f"newscrawl {__version__}")
    actions = parser.add_subparsers(metavar="COMMAND", required=True)
    add = Subcommands(actions)
    groups: tuple[Callable[[Subcommands], None], ...] = (_crawling, _portals, _asking, _corpus, _serving, _keeping)
    for group in groups:
        group(add)
    return parser


def _crawling(sub: Subcommands) -> None:
    demo = sub.add(
        "demo",
        "newscrawl.cli.demo:demo",
        "crawl the bundled portal on this machine and show what comes of it",
        "newscrawl demo",
    )
    demo.add_argument("--json", action="store_true", help="print the result for a machine")
    crawl = sub.add(
        "crawl",
        "newscrawl.cli.crawl:crawl",
        "crawl portals and store their articles",
        "newscrawl crawl xjnnet\n  newscrawl crawl --all --since 2026-01-01\n  newscrawl crawl --due\n"
        "  newscrawl crawl --due --cluster tcp://scheduler:8786\n"
        "  newscrawl crawl xjnnet --backfill --from 2025-01-01 --to 2025-06-30 --max-requests 5000",
    )
    crawl.add_argument("sites", nargs="*", metavar="SITE", help="names as `newscrawl sites` lists them")
    crawl.add_argument("--all", action="store_true", help="every site")
    crawl.add_argument(
        "--due", action="store_true", help="what is due by its schedule and not running; silent unless a site fails"
    )
    crawl.add_argument(
        "--cluster", metavar="tcp://HOST:PORT", default="", help="on the workers of a Dask scheduler, a site at a time"
    )
    crawl.add_argument(
        "--since", "--from", metavar="DATE", default="", help="only articles from this day on (YYYY-MM-DD)"
    )
    crawl.add_argument("--until", "--to", metavar="DATE", default="", help="only articles up to this day")
    crawl.add_argument(
        "--backfill", action="store_true", help="walk archive pages back to --from, taking up earlier walks"
    )
    crawl.add_argument("--max-requests", metavar="N", type=number(0), default=0, help="ask for at most so many pages")
    crawl.add_argument("--max-articles", metavar="N", type=number(0), default=0, help="fetch at most so many articles")
    crawl.add_argument("--full", action="store_true", help="walk list pages to their end, also where nothing is new")
    crawl.add_argument("--json", action="store_true", help="print the run records for a machine")
    schedule = sub.add(
        "schedule",
        "newscrawl.cli.schedule:schedule",
        "print the crontab entry that keeps all sites crawled, or put it into the crontab",
        "newscrawl schedule\n  newscrawl schedule --install\n  newscrawl schedule --list",
    )
    action = schedule.add_mutually_exclusive_group()
    action.add_argument("--install", action="store_true", help="write it into your crontab; all else there stays")
    action.add_argument("--remove", action="store_true", help="take it out of your crontab; all else there stays")
    action.add_argument("--list", action="store_true", help="show every site's schedule and when it is due next")
    schedule.add_argument("--json", action="store_true", help="with --list: print for a machine")
    runs = sub.add("runs", "newscrawl.cli.runs:runs", "show the newest runs", "newscrawl runs xjnnet -n 5")
    runs.add_argument("site", nargs="?", metavar="SITE", help="only this site's")
    runs.add_argument("-n", "--limit", type=number(1), default=20, metavar="N", help="how many (default 20)")
    runs.add_argument("--json", action="store_true", help="print for a machine")
    health = sub.add(
        "health", "newscrawl.cli.runs:health", "show how the sites do, by their own history", "newscrawl health"
    )
    health.add_argument("sites", nargs="*", metavar="SITE", help="only these (default: all)")
    health.add_argument("--json", action="store_true", help="print for a machine")


def _portals(sub: Subcommands) -> None:
    sites = sub.add(
        "sites",
        "newscrawl.cli.sites:sites",
        "list the portals: region, schedule, last run, health, coverage",
        "newscrawl sites\n  newscrawl sites --markdown README.md",
    )
    sites.add_argument("--json", action="store_true", help="print for a machine")
    sites.add_argument(
        "--markdown", nargs="?", const="-", default="", metavar="FILE", help="the table for a README, printed or put in"
    )
    new = sub.add(
        "new",
        "newscrawl.cli.new:new",
        "look at a few pages of a portal and write its spider file and fixtures",
        "newscrawl new https://www.example.cn/\n  newscrawl new https://www.example.cn/ --dry-run\n"
        "  newscrawl new https://www.example.cn/ --into ~/portals",
        store=False,
    )
    new.add_argument("url", metavar="URL", help="the portal's homepage")
    new.add_argument("--name", metavar="SITE", default="", help="name of the site (default: from its domain)")
    new.add_argument(
        "--into", metavar="DIR", default="", help="a folder of your own for the spider (default: NEWSCRAWL_SITES, here)"
    )
    new.add_argument("--dry-run", action="store_true", help="print the spider file, write nothing")
    new.add_argument("--force", action="store_true", help="replace a spider and fixtures that are there")
    new.add_argument("--json", action="store_true", help="print what was found for a machine")
    check = sub.add(
        "check",
        "newscrawl.cli.check:check",
        "check spiders on their live portals: lists, articles, drift; stores nothing",
        "newscrawl check xjnnet\n  newscrawl check --all\n  newscrawl check xjnnet --propose",
        store=False,
    )
    check.add_argument("sites", nargs="*", metavar="SITE", help="names as `newscrawl sites` lists them")
    check.add_argument("--all", action="store_true", help="every site, side by side")
    check.add_argument(
        "--propose", action="store_true", help="print a layout and a rule learned from today's pages, ready to paste"
    )
    check.add_argument("--json", action="store_true", help="print for a machine")
    fixture = sub.add(
        "fixture",
        "newscrawl.cli.fixture:fixture",
        "look after a site's fixtures: saved pages and what its spider has to make of them",
        "newscrawl fixture show xjnnet\n  newscrawl fixture confirm xjnnet article\n"
        "  newscrawl fixture update xjnnet article\n"
        "  newscrawl fixture add xjnnet list --url https://xjnnet.com/baoliao/\n"
        "  newscrawl fixture add xjnnet old --url https://xjnnet.com/baoliao/2026-09-23/81691.html --file saved.html",
        store=False,
    )
    fixture.add_argument("action", choices=("show", "confirm", "update", "add"), help="what to do")
    fixture.add_argument("site", metavar="SITE", help="name as `newscrawl sites` lists it")
    fixture.add_argument(
        "case", metavar="CASE", nargs="?", default="", help="one fixture (default: all; add: its name)"
    )
    fixture.add_argument("--by", metavar="NAME", default="", help="confirm: who looked at it (default: you)")
    fixture.add_argument("--yes", action="store_true", help="update: write without asking; the difference is shown")
    fixture.add_argument("--fresh", action="store_true", help="update: expect the usual fields, not only those so far")
    fixture.add_argument("--url", metavar="URL", default="", help="add: the address of the page")
    fixture.add_argument("--file", metavar="FILE", default="", help="add: the page as it was saved (default: fetch it)")
    fixture.add_argument(
        "--part", action="append", default=[], metavar="URL=FILE", help="add: a further page of the article"
    )
    fixture.add_argument("--content-type", metavar="TYPE", default="", help="add: header of the response")
    fixture.add_argument("--at", metavar="TIME", default="", help="add: when it was fetched (default: now)")
    fixture.add_argument("--listed-date", metavar="TEXT", default="", help="add: the date that the list page showed")
    fixture.add_argument(
        "--role", choices=("article", "list", "home", "index"), default="", help="add: if the address does not tell it"
    )
    fixture.add_argument("--force", action="store_true", help="add: replace a case of that name")
    fixture.add_argument("--json", action="store_true", help="show: print for a machine")


def _asking(sub: Subcommands) -> None:
    search = sub.add(
        "search",
        "newscrawl.cli.query:search",
        "find articles; every substring of two or more Chinese characters is found",
        "newscrawl search '党建 site:xjnnet since:2023-01-01'\n  newscrawl search '\"述职评议\" -天气' --json",
    )
    search.add_argument("query", nargs="+", help='words, "a phrase", AND OR NOT -word, site: section: reporter: …')
    search.add_argument("-n", "--limit", type=number(1), default=10, metavar="N", help="how many hits (default 10)")
    search.add_argument("--page", type=number(1), default=1, metavar="K", help="which page of hits (default 1)")
    search.add_argument("--json", action="store_true", help="print for a machine")
    search.add_argument("--sort", choices=("rank", "date", "oldest"), default=None, help="order of the hits")
    search.add_argument("--stories", action="store_true", help="one hit a story instead of every copy")
    show = sub.add(
        "show",
        "newscrawl.cli.query:show",
        "show one article: its text, credits, and what was taken out",
        "newscrawl show 3f2a91\n  newscrawl show https://xjnnet.com/baoliao/2026-09-23/81691.html",
    )
    show.add_argument("article", metavar="ID|URL", help="an id, the first digits of one, or an address")
    show.add_argument("--revisions", action="store_true", help="its versions, each with what changed")
    show.add_argument(
        "--story", action="store_true", help="its story: who published when, who copied whom, what changed"
    )
    show.add_argument("--json", action="store_true", help="print for a machine")


def _corpus(sub: Subcommands) -> None:
    kwic = sub.add(
        "kwic",
        "newscrawl.cli.corpus:kwic",
        "show every place of a word in its context (concordance)",
        "newscrawl kwic 高质量发展 --sort right -n 50",
    )
    kwic.add_argument("query", nargs="+", help="as for search")
    kwic.add_argument("-n", "--limit", type=number(1), default=40, metavar="N", help="how many lines (default 40)")
    kwic.add_argument(
        "--width", type=number(1, 200), default=16, metavar="N", help="characters of context (default 16)"
    )
    kwic.add_argument("--sort", choices=("date", "left", "right", "none"), default="date", help="order of the lines")
    stats = sub.add(
        "stats",
        "newscrawl.cli.corpus:stats",
        "count articles by site, month, source …; a word over time; n-grams; collocations",
        "newscrawl stats 湿地 --over month\n  newscrawl stats site:xjnnet --by reporter\n"
        "  newscrawl stats 湿地 --near 5",
    )
    stats.add_argument("query", nargs="*", help="as for search (default: everything)")
    stats.add_argument("--by", action="append", metavar="FIELD", help="count articles by site, section, reporter, …")
    stats.add_argument("--over", choices=("day", "month", "year"), help="a word's frequency per million characters")
    stats.add_argument("--ngrams", type=number(1, 8), metavar="N", default=0, help="the most frequent N-grams")
    stats.add_argument("--near", type=number(1), metavar="N", default=0, help="what stands within N words of the query")
    stats.add_argument("-n", "--limit", type=number(1), default=20, metavar="N", help="how many rows (default 20)")
    for parser in (kwic, stats):
        parser.add_argument("--stories", action="store_true", help="one article a story instead of every copy")
        parser.add_argument("--json", action="store_true", help="print for a machine")
    export = sub.add(
        "export",
        "newscrawl.cli.corpus:export",
        "write articles into a file for other tools",
        "newscrawl export corpus.jsonl.gz --site xjnnet\n  newscrawl export hits.csv 湿地 since:2026-01-01\n\n"
        "formats, by the name of the file or --format:\n"
        "  jsonl     everything, one article a line; restores into a store (.jsonl, .jsonl.gz, .jsonl.zst)\n"
        "  csv       a table for spreadsheets (.csv, .csv.gz)\n"
        "  parquet   a typed table for pandas, Polars, DuckDB, R; needs pyarrow (.parquet)\n"
        "  text      a folder with one text file an article and metadata.csv, for AntConc and the like\n"
        "  vertical  one token a line, for Sketch Engine and CWB (.vert)\n"
        "  warc      the archived responses of the articles (.warc.gz)\n"
        "  jsonld    schema.org NewsArticle objects (.jsonld)",
    )
    export.add_argument("target", metavar="FILE", help="where to; appears when it is complete")
    export.add_argument("query", nargs="*", help="only what this finds, as for search (default: everything)")
    export.add_argument("--format", default="", metavar="NAME", help="if the name of the file does not tell it")
    export.add_argument("--site", default="", metavar="SITE", help="only this site's")
    export.add_argument("--since", default="", metavar="DATE", help="only from this day on")
    export.add_argument("--until", default="", metavar="DATE", help="only up to this day")
    export.add_argument("--revisions", action="store_true", help="jsonl: the older versions too")
    export.add_argument("--unit", choices=("words", "characters"), default="words", help="vertical: what a token is")
    export.add_argument(
        "--archive", metavar="DIR", default="", help="warc: where the files lie (default: data/archive)"
    )


def _serving(sub: Subcommands) -> None:
    serve = sub.add(
        "serve",
        "newscrawl.cli.serve:serve",
        "look at the corpus in a browser; pages and a JSON API, for reading only",
        "newscrawl serve\n  NEWSCRAWL_TOKEN=… newscrawl serve --host 0.0.0.0 --name corpus.example.org",
    )
    serve.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="default 127.0.0.1; others need a token")
    serve.add_argument(
        "--port", metavar="N", type=number(0, 65535), default=8077, help="default 8077; 0 takes a free one"
    )
    serve.add_argument("--token", default="", help="what visitors have to know (better: NEWSCRAWL_TOKEN)")
    serve.add_argument(
        "--name", metavar="NAME", action="append", default=[], help="a further name of this server (behind a proxy)"
    )
    serve.add_argument("--archive", metavar="DIR", default="", help="where the WARC files lie (default: data/archive)")


def _keeping(sub: Subcommands) -> None:
    replay = sub.add(
        "replay",
        "newscrawl.cli.replay:replay",
        "read archived pages again and store what today's rules make of them",
        "newscrawl replay --all\n  newscrawl replay --all --dry-run --diff\n  newscrawl replay CC-NEWS-1.warc.gz",
    )
    replay.add_argument("files", nargs="*", metavar="FILE|DIR", help="WARC or ARC files, newscrawl's own or foreign")
    replay.add_argument("--all", action="store_true", help="everything that was crawled")
    replay.add_argument("--site", action="append", default=[], metavar="SITE", help="only this site or domain")
    replay.add_argument("--since", metavar="DATE", default="", help="only what was fetched from this day on")
    replay.add_argument(
        "--workers", type=number(1, 1000), default=None, metavar="N", help="processes (default: one a core)"
    )
    replay.add_argument("--cluster", metavar="tcp://HOST:PORT", default="", help="a Dask scheduler in their place")
    replay.add_argument("--dry-run", action="store_true", help="write nothing, show what would change")
    replay.add_argument("--diff", action="store_true", help="with --dry-run: every change in full")
    replay.add_argument("--fresh", action="store_true", help="begin anew where an earlier replay was cut off")
    replay.add_argument("--archive", metavar="DIR", default="", help="newscrawl's own archive (default: data/archive)")
    replay.add_argument(
        "--profiles", metavar="URI", default="", help="store with what sites had taught the crawls (default: --store)"
    )
    replay.add_argument(
        "--mirror", action="append", default=[], metavar="SITE=URL", help="an address that stood in for a portal"
    )
    replay.add_argument("--json", action="store_true", help="print the result for a machine")
    forget = sub.add(
        "forget",
        "newscrawl.cli.runs:forget",
        "take one article out of store, search index and archive, for good",
        "newscrawl forget https://xjnnet.com/baoliao/2026-09-23/81691.html",
    )
    forget.add_argument("article", metavar="ID|URL", help="an id, the first digits of one, or an address")
    forget.add_argument("--archive", metavar="DIR", default="", help="where the WARC files lie (default: data/archive)")
    forget.add_argument("--json", action="store_true", help="print for a machine")
    dedup = sub.add(
        "dedup",
        "newscrawl.cli.stories:dedup",
        "put articles into stories, decide stories anew, join or split them by hand",
        "newscrawl dedup update\n  newscrawl dedup rebuild --processes 2\n  newscrawl dedup join 3f2a91 77b0c4\n"
        "  newscrawl dedup split 77b0c4",
    )
    dedup.add_argument("action", choices=("update", "rebuild", "join", "split"), help="what to do")
    dedup.add_argument("articles", nargs="*", metavar="ID", help="join, split: the articles, by id or address")
    dedup.add_argument(
        "--processes", type=number(1, 1000), default=1, metavar="N", help="rebuild: processes that fingerprint"
    )
    db = sub.add(
        "db",
        "newscrawl.cli.database:db",
        "look after the store",
        "newscrawl db status\n  newscrawl db init --shard --store mongodb://mongos/newscrawl\n"
        "  newscrawl db copy sqlite:///data/newscrawl.db mongodb://127.0.0.1/newscrawl",
    )
    db.add_argument("action", choices=("status", "init", "copy", "rekey", "restore"), help="what to do")
    db.add_argument("--shard", action="store_true", help="init: spread the collections over a MongoDB cluster's shards")
    db.add_argument("targets", nargs="*", metavar="URI", help="copy: from where, to where; restore: JSONL files")
    db.add_argument("--json", action="store_true", help="print for a machine")
