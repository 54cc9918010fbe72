"""Store addresses: which store is meant, and how it is shown."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.places import data_dir
from newscrawl.store.interface import StoreAddressError

if TYPE_CHECKING:
    from newscrawl.store.interface import Store

DEFAULT_DATABASE = "newscrawl"
_FORMS = "write mongodb://HOST/DATABASE, sqlite:///relative/file.db or sqlite:////absolute/file.db"


def open_store(uri: str | None = None) -> Store:
    """Open the store at a URI: mongodb://, mongodb+srv://, sqlite:///relative or sqlite:////absolute.

    None stands for the environment: NEWSCRAWL_STORE, else MONGO_URI (with MONGO_DATABASE), else one SQLite file,
    newscrawl.db in the data folder. Nothing is read or written before the first call on the store. Raises
    StoreAddressError for a URI that cannot be read.
    """
    uri = default_uri() if uri is None else uri
    if not isinstance(uri, str) or not uri.strip():
        raise StoreAddressError(f"The store address is empty: {_FORMS}.")
    uri = uri.strip()
    scheme = uri.partition("://")[0].lower()
    if scheme == "sqlite":
        from newscrawl.store.sqlite import SqliteStore

        return SqliteStore(uri, sqlite_path(uri))
    if scheme in {"mongodb", "mongodb+srv"}:
        from newscrawl.store.mongo import MongoStore

        return MongoStore(uri, os.environ.get("MONGO_DATABASE") or DEFAULT_DATABASE)
    raise StoreAddressError(f"{redact(uri)!r} is no store address: {_FORMS}.")


def default_uri() -> str:
    """Return the URI that the environment names: NEWSCRAWL_STORE, MONGO_URI, or the embedded default."""
    return (
        os.environ.get("NEWSCRAWL_STORE") or os.environ.get("MONGO_URI") or f"sqlite:///{data_dir() / 'newscrawl.db'}"
    )


def sqlite_path(uri: str) -> str:
    """Return the file of a sqlite:/// URI. Raises StoreAddressError where it names none."""
    rest = uri[len("sqlite://") :]
    path = rest[1:]
    if not rest.startswith("/") or not path or path.endswith("/") or "\0" in path:
        raise StoreAddressError(
            f"{uri!r} names no file: write sqlite:///relative/file.db or sqlite:////absolute/file.db."
        )
    if path == ":memory:" or "?" in path:
        raise StoreAddressError(f"{uri!r} is not supported: the SQLite store is one plain file, without options.")
    return path


def absolute(uri: str) -> str:
    """Return a URI that means the same in every working directory."""
    if not uri.startswith("sqlite:"):
        return uri
    return f"sqlite:///{Path(sqlite_path(uri)).absolute()}"


def redact(uri: str) -> str:
    """Return a URI with its password taken out, fit for the screen and for logs."""
    return re.sub(r"(://[^/@:]*:).*@", r"\1***@", uri)
