"""What a Dask worker does for one site: its crawl in a process of its own, and the answer that comes of it.

A reactor cannot be started twice, and a worker lives long: so every crawl is a process (`cluster.process`). The worker
holds the other end of its standard input for as long as it lives. Whatever ends the worker closes it, and the crawl
ends itself, in good order, giving its lease back. Imports nothing slow: workers may never need Scrapy themselves.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import newscrawl


@dataclass(slots=True, frozen=True)
class Job:
    """A site to crawl. Its repr, which workers log, holds no secrets.

    owner: who holds the site's lease and hands it over to the crawl. settings: Scrapy settings of the run; among them
    the store's address. environment: variables that belong to it. config: digest of the operator's file.
    """

    site: str
    owner: str
    settings: dict[str, Any] = field(repr=False)
    environment: dict[str, str] = field(repr=False)
    config: str = field(default="", repr=False)


@dataclass(slots=True, frozen=True)
class Answer:
    """What came of a job.

    kind: "ran" (`run` is its record, as JSON text), "held" (somebody else holds the lease: `reason` says who),
    "failed" (the crawl could not begin: `reason` says why), "died" (its process is gone without a word).
    owner: who the crawl's lease was held by. host: the machine. note: what the operator should hear of in any case.
    """

    kind: Literal["ran", "held", "failed", "died"]
    site: str
    owner: str
    host: str
    run: str = ""
    reason: str = ""
    note: str = ""


def crawl_site(job: Job) -> Answer:
    """Run one site's crawl in a process of its own and wait for its end."""
    owner = f"{job.site}-{secrets.token_hex(8)}"
    words = {"site": job.site, "from": job.owner, "owner": owner, "settings": job.settings, "config": job.config}
    try:
        output, code = _run(json.dumps(words).encode() + b"\n", _environment(job))
    except OSError as error:
        return Answer("failed", job.site, owner, platform.node(), reason=f"no process could be started: {error}")
    return _answer(job, owner, output, code)


def _run(words: bytes, environment: dict[str, str]) -> tuple[bytes, int]:
    """Return what the process wrote and how it ended. Raises OSError where it does not start."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "newscrawl.crawl.cluster.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdin is not None  # noqa: S101 - asked for with PIPE
        assert child.stdout is not None  # noqa: S101 - asked for with PIPE
        try:
            child.stdin.write(words)
            child.stdin.flush()
        except BrokenPipeError:
            pass  # it ended at once: what it wrote, or did not write, says the rest
        output = child.stdout.read()  # until it ends; its input stays open
        return output, child.wait()


def _environment(job: Job) -> dict[str, str]:
    package = str(Path(newscrawl.__file__).parent.parent)
    path = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **job.environment, "PYTHONPATH": os.pathsep.join(path)}


def _answer(job: Job, owner: str, output: bytes, code: int) -> Answer:
    host = platform.node()
    try:
        return Answer(site=job.site, owner=owner, host=host, **json.loads(output))
    except (ValueError, TypeError):  # nothing, or only the beginning of an answer
        how = f"by signal {-code}" if code < 0 else f"with {code}"
        reason = f"the crawl's process ended without a word, {how} (killed, out of memory?)"
        return Answer("died", job.site, owner, host, reason=reason)
