"""`newscrawl serve`: the corpus in a browser."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from argparse import Namespace

_NEEDED = ("starlette", "jinja2", "uvicorn")


class NotInstalledError(NewscrawlError):
    """What the pages need is not installed; the message says what to type."""


def serve(options: Namespace) -> int:
    """Serve the corpus browser until Ctrl-C."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        line = f"{sys.executable} -m pip install -r deploy/requirements-serve.txt"
        raise NotInstalledError(f"{', '.join(missing)} missing; type: {line}")
    from newscrawl.web import Corpus, access_for
    from newscrawl.web.server import bind, make_server, url_of

    token = options.token or os.environ.get("NEWSCRAWL_TOKEN", "")
    access = access_for(options.host, token, options.name)
    listening = bind(options.host, options.port)
    corpus = Corpus.open(options.store, options.archive)
    try:
        print(f"newscrawl is at {url_of(listening)}{'?token=…' if token else ''} (Ctrl-C stops it)")
        sys.stdout.flush()
        make_server(corpus, access).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down and raises it anew
    finally:
        corpus.close()
        listening.close()
    return 0
