"""An archive on shared storage: any address that fsspec knows, `s3://bucket/archive`, `gs://…`, `hdfs://…`, `sftp://…`.

Such storage takes whole files: nothing can be appended, and nothing is safe before a file is complete. So segments are
written on this machine first, as in a local archive, and go over when they are closed: full, a day old, or at the end
of their run. A segment leaves this machine only when the storage has all of it. What a crash or an outage leaves behind
goes over at the end of the next run on this machine; until then it is read where it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from newscrawl.archive.write import DEFAULT_MAX_BYTES, WarcWriter
from newscrawl.errors import NewscrawlError, WrongUseError
from newscrawl.places import data_dir

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from concurrent.futures import Future

logger = logging.getLogger(__name__)

SUFFIX = ".warc.gz"
_NEEDED = "needs fsspec: pip install 'newscrawl[shared]', and the driver of the storage (s3fs, gcsfs, adlfs, …)"


class StorageError(NewscrawlError):
    """Shared storage cannot be used; the message says which and why, in one line."""


def is_shared(where: str | Path) -> bool:
    """Tell whether an archive is on shared storage: its address has a scheme."""
    return "://" in str(where)


def default_archive() -> str:
    """Return where the archive is: NEWSCRAWL_ARCHIVE (a folder, or an address of shared storage), else in the data."""
    return os.environ.get("NEWSCRAWL_ARCHIVE") or str(data_dir() / "archive")


def archive_path(where: str | Path) -> Path:
    """Return the path of an archive, of a folder or of a file in one; what is on shared storage behaves like a path.

    Raises StorageError where a library is missing, WrongUseError for a scheme that nobody knows.
    """
    if not is_shared(where):
        return Path(where)
    try:
        from fsspec import available_protocols
        from upath import UPath
    except ImportError:
        raise StorageError(f"{where} {_NEEDED}") from None
    if str(where).partition("://")[0] not in available_protocols():
        raise WrongUseError(f"{where} is no address of a storage that fsspec knows; write it as s3://bucket/folder")
    try:
        path = UPath(str(where), use_listings_cache=False)  # other machines write there too
        _ = path.fs  # loads the driver
    except ImportError as error:
        raise StorageError(f"{where} {_NEEDED} ({error})") from None
    except ValueError as error:
        raise WrongUseError(f"{where} is no address of a storage: {' '.join(str(error).split())}") from None
    return cast("Path", path)


def staging_dir() -> Path:
    """Return the folder of segments that are written, or wait to go over."""
    return data_dir() / "archive-staging"


def locate(root: Path, name: str) -> Path:
    """Return where a file of an archive is: in it, or still on this machine."""
    path = root / name
    if is_shared(root) and not path.exists() and (staged := staging_dir() / name).exists():
        return staged
    return path


class SharedWarcWriter(WarcWriter):
    """A `WarcWriter` whose closed segments go over to shared storage, in a thread of its own."""

    def __init__(self, root: Path, prefix: str, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        super().__init__(staging_dir(), prefix, max_bytes=max_bytes)
        self.place = root
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._sent: list[Future[None]] = []

    def _begun(self, file: io.BufferedWriter) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)  # held until it is closed: `send_all` leaves it alone

    def _closed(self, name: str) -> None:
        self._sent.append(self._sender.submit(send, self.root, name, self.place))

    def close(self) -> None:
        """Close the segment and return when everything of this machine went over, as far as the storage takes it."""
        super().close()
        self._sender.shutdown(wait=True)
        for future in self._sent:
            if (error := future.exception()) is not None:
                logger.warning("the archive's storage %s did not take a segment: %s", self.place, error)
        send_all(self.place)


def send_all(storage: Path) -> None:
    """Let everything go over that this machine still has and nobody writes. Never raises for what the storage says."""
    root = staging_dir()
    for path in sorted(root.rglob(f"*{SUFFIX}")):
        try:
            send(root, path.relative_to(root).as_posix(), storage)
        except Exception as error:  # noqa: BLE001  drivers raise what they like
            left = sum(1 for _ in root.rglob(f"*{SUFFIX}"))
            reason = " ".join(str(error).split())[:300]
            logger.warning("%d segments wait in %s: %s does not take them: %s", left, root, storage, reason)
            return
    for day in sorted(root.glob("*/"))[:-1]:  # a run may just begin a file in the newest
        with contextlib.suppress(OSError):
            day.rmdir()


def send(root: Path, name: str, storage: Path) -> None:
    """Let one segment go over, and take it off this machine; nothing is done for one that is written or sent now."""
    path = root / name
    with _held(path) as held:
        if not held:
            return
        target: Any = storage / name
        size = path.stat().st_size
        target.parent.mkdir(parents=True, exist_ok=True)
        put_file(path, target)
        if target.stat().st_size != size:
            raise StorageError(f"{target} has {target.stat().st_size} bytes and not {size}")
        path.unlink()


def put_file(path: Path, target: Any) -> None:
    """Store a file whole. Object stores show it when it is complete; on others it gets its name then."""
    if target.protocol in ("file", "local", "sftp", "smb", "hdfs"):
        part = f"{target.path}.part"
        target.fs.put_file(str(path), part)
        target.fs.mv(part, target.path)
    else:
        target.fs.put_file(str(path), target.path)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold a segment; False where another process, or another writer here, has it, or it is gone or only begun."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield path.exists() and path.stat().st_size > 0  # its writer takes hold of it before the first byte
