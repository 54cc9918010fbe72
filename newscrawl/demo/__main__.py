"""`python -m newscrawl.demo`: run the portal as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from newscrawl.demo.faults import FaultError, read_faults
from newscrawl.demo.portal import Portal

EPILOG = (
    'A faults file: [{"pattern": "/baoliao/*", "kind": "status", "status": 503, "retry_after": "3", "times": 2}]; '
    "kinds and fields: newscrawl/demo/faults.py."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the portal until SIGTERM or SIGINT; the first line printed is its URL, the second that of its control."""
    parser = argparse.ArgumentParser(
        prog="python -m newscrawl.demo", description="Run the demo portal on loopback.", epilog=EPILOG
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port; 0 for any free one (default)")
    parser.add_argument("--articles", type=int, default=0, help="number of articles (default: those bundled)")
    parser.add_argument("--held-back", type=int, default=0, help="so many of the newest are not shown at first")
    parser.add_argument("--per-page", type=int, default=10, help="links on a list page (default %(default)s)")
    parser.add_argument("--crawl-delay", type=float, default=0.0, help="Crawl-delay in robots.txt, in seconds")
    parser.add_argument("--shape", default="", help="a portal shape (trs-ul, random-7, …) instead of the portal")
    parser.add_argument("--faults", type=Path, help="JSON file: a list of faults that are on from the start")
    options = parser.parse_args(arguments)
    try:
        faults = read_faults(options.faults.read_text(encoding="utf-8")) if options.faults else []
        portal = Portal(
            articles=options.articles,
            held_back=options.held_back,
            host=options.host,
            port=options.port,
            per_page=options.per_page,
            crawl_delay=options.crawl_delay,
            shape=options.shape,
        )
        for fault in faults:
            portal.add_fault(fault)
        asyncio.run(_serve(portal))
    except (OSError, FaultError, ValueError) as error:
        sys.stderr.write(f"newscrawl.demo: {error}\n")
        return 2
    return 0


async def _serve(portal: Portal) -> None:
    """Serve until a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with portal:
        sys.stdout.write(f"{portal.url}\n{portal.control.url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
