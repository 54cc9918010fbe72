"""What the pages show: a store, its search index (kept up to date in the background), and the archive's folder."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.archive import archive_path, default_archive
from newscrawl.errors import NewscrawlError
from newscrawl.search import IndexUnusableError, open_index
from newscrawl.store import open_store
from newscrawl.web.overview import Overviews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.search import SearchIndex
    from newscrawl.store import Store

logger = logging.getLogger(__name__)

#: Seconds between two looks for news in the store.
SYNC_EVERY = 60.0
#: Seconds after which a query is broken off, and steps of SQLite between two looks at the clock.
LONGEST_QUERY, STEPS = 20.0, 20_000


class TooSlowError(NewscrawlError):
    """A search took too long and was broken off."""


class _StoppedError(Exception):
    """The server is shutting down."""


@dataclass(slots=True)
class SyncState:
    """How far the index is: `reading` counts articles of a sync under way, `problem` says why the last one failed."""

    done: bool = False
    reading: int = 0
    problem: str = ""


@dataclass
class Corpus:
    """A store with its index and archive. Thread-safe, as both are."""

    store: Store
    index: SearchIndex
    archive: Path
    state: SyncState = field(default_factory=SyncState)
    overviews: Overviews = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        """Make the memory of overviews."""
        self.overviews = Overviews(self.index)

    @classmethod
    def open(cls, uri: str | None = None, archive: str = "") -> Corpus:
        """Open the store at a URI (None: what the environment names) and its index. Raises what they raise."""
        store = open_store(uri)
        return cls(store, open_index(store), archive_path(archive or default_archive()))

    def start(self, every: float = SYNC_EVERY) -> None:
        """Bring the index up to the store in a thread of its own, now and again `every` so many seconds."""
        self._thread = threading.Thread(target=self._keep, args=(every,), name="sync", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop syncing, after the step that is under way, and close index and store."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        self.index.close()
        self.store.close()

    def sync(self) -> None:
        """Bring the index up to the store once; a problem is noted in `state` and logged."""
        try:
            self.index.sync(progress=self._note)
            self.state.problem = ""
            self.state.done = True
        except NewscrawlError as error:
            self.state.problem = str(error)
            logger.warning("the search index could not be synced: %s", error)
        finally:
            self.state.reading = 0

    def _note(self, count: int) -> None:
        self.state.reading = count
        if self._stop.is_set():
            raise _StoppedError

    def _keep(self, every: float) -> None:
        while not self._stop.is_set():
            try:
                self.sync()
            except _StoppedError:
                return
            except Exception:
                logger.exception("the search index could not be synced")
                self.state.problem = "the search index could not be synced; the log says why"
            self._stop.wait(every)

    @contextmanager
    def limited(self, seconds: float = LONGEST_QUERY) -> Iterator[None]:
        """Break off what this thread asks the index when it takes too long. Raises TooSlowError."""
        connection = self.index.connection
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        try:
            yield
        except (IndexUnusableError, sqlite3.OperationalError) as error:
            if time.monotonic() > end:
                message = f"the search took longer than {LONGEST_QUERY:.0f} seconds; ask for something rarer"
                raise TooSlowError(message) from error
            raise
        finally:
            connection.set_progress_handler(None, 0)
