"""What many small sites in one process cost: memory and CPU time of one crawl of 100 sites beside one of a single site.

usage: python -m tests.bench.bench_sites [--sites 100] [--articles 5] [--json FILE]

Every site is a spider module of its own in a folder of its own (SPIDER_MODULES), all of them on one demo portal, all
started at once, as `newscrawl crawl --all` does. The portal runs in a process of its own and does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.demo import portal_process
from tests.bench.bench_crawl import cpu_of

TARGET_MB = 300
MODULE = """
from newscrawl.spiders.xjnnet import XjnnetSpider

class Site(XjnnetSpider):
    name = "{name}"
    domains = ("{name}.example",)
    homepage = "https://{name}.example/"
    sections = ("https://{name}.example/baoliao/",)
"""
CHILD = """
import json, sys
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.run.runner import run_sites
settings = json.loads(sys.argv[1])
outcome = run_sites(settings.pop("SITES"), project_settings(**settings))
articles = sum(run.counts.get("new", 0) for run in outcome.runs)
print(f"{len(outcome.runs)} sites, {articles} articles, exit code {outcome.exit_code}", flush=True)
sys.exit(outcome.exit_code)
"""


def crawl(home: Path, url: str, sites: int) -> tuple[float, float]:
    """Crawl so many sites in one process; returns its CPU seconds and its greatest memory in MB."""
    home.mkdir()
    package = home / f"spiders_{sites}"
    package.mkdir()
    (package / "__init__.py").touch()
    names = [f"site{number:03d}" for number in range(sites)]
    for name in names:
        (package / f"{name}.py").write_text(MODULE.format(name=name))
    host = urlsplit(url)
    settings = {
        "SITES": names,
        "SPIDER_MODULES": [package.name],
        "NEWSCRAWL_SITE_BASE": dict.fromkeys(names, url),
        "NEWSCRAWL_OPEN_LOOPBACK": [host.netloc],
        "DOWNLOAD_SLOTS": {host.hostname: {"delay": 0.05, "concurrency": 1}},
        "AUTOTHROTTLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
    mine = {"NEWSCRAWL_DATA": str(home), "PYTHONPATH": f"{Path.cwd()}{os.pathsep}{home}"}
    figures = cpu_of([sys.executable, "-c", CHILD, json.dumps(settings)], {**kept, **mine}, home)
    print((home / "bench.log").read_text("utf-8").strip().splitlines()[-1])
    return figures


def main() -> None:
    """Print the figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--articles", type=int, default=5)
    parser.add_argument("--data", help="not used")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    with portal_process("--articles", str(options.articles)) as portal, tempfile.TemporaryDirectory() as name:
        for sites in (1, options.sites):
            seconds, megabytes = crawl(Path(name) / str(sites), portal.url, sites)
            figures[f"{sites} sites"] = {"cpu_seconds": seconds, "megabytes": megabytes}
            target = f"  target < {TARGET_MB} MB" if sites > 1 else ""
            print(f"{sites:4} sites: {megabytes:6.0f} MB  {seconds:6.1f} CPU-s{target}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    sys.exit(int(figures[f"{options.sites} sites"]["megabytes"] >= TARGET_MB))


if __name__ == "__main__":
    main()
