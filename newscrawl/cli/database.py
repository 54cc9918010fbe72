"""`newscrawl db`."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.cli.console import console, print_json, table
from newscrawl.cli.lookup import existing_store
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace

    from newscrawl.store import Store


def db(options: Namespace) -> int:
    """Do what the action says: status, init, copy, rekey, restore."""
    if options.targets and options.action not in ("copy", "restore"):
        raise WrongUseError(f"db {options.action} takes no address after it; name a store with --store URI")
    if options.shard and options.action != "init":
        raise WrongUseError("--shard goes with db init")
    return {"status": status, "init": init, "copy": copy, "rekey": rekey, "restore": restore}[options.action](options)


def status(options: Namespace) -> int:
    """Show where the store is and how much it holds."""
    store = existing_store(options.store)
    found = store.status()
    store.close()
    if options.json:
        print_json(
            {
                "uri": found.uri,
                "backend": found.backend,
                "schema_version": found.schema_version,
                "bytes": found.bytes,
                "counts": found.counts,
            }
        )
        return 0
    rows = [("store", found.uri), ("backend", found.backend), ("schema version", str(found.schema_version))]
    if found.bytes is not None:
        rows.append(("size", f"{found.bytes / 1e6:,.1f} MB"))
    rows += [(key.replace("_", " "), f"{value:,}") for key, value in found.counts.items()]
    console().print(table("", ["what", "value"], rows))
    return 0


def init(options: Namespace) -> int:
    """Make the tables or indexes of the store; done twice, it is as if done once."""
    from newscrawl.store import open_store

    store = open_store(options.store)
    if options.shard and not store.uri.startswith("mongodb"):
        raise WrongUseError("--shard is for MongoDB; this store is one file")
    store.init()
    if options.shard:
        return _shard(store, as_json=options.json)
    uri = store.status().uri
    store.close()
    if options.json:
        print_json({"ready": uri})
    else:
        console().print(f"ready: {uri}", markup=False)
    return 0


def _shard(store: Store, *, as_json: bool) -> int:
    """Shard the collections of a cluster; of another server, print how a cluster's are sharded."""
    from newscrawl.store.mongo import MongoStore
    from newscrawl.store.mongo_sharding import shard
    from newscrawl.store.uri import redact

    assert isinstance(store, MongoStore)  # noqa: S101  by its address
    commands = shard(store)
    sharded, uri = store.is_sharded, redact(store.uri)
    store.close()
    if as_json:
        print_json({"ready": uri, "sharded": sharded, "commands": commands})
        return 0
    if sharded:
        console().print(f"ready and sharded: {uri}", markup=False)
    else:
        print(f"newscrawl db: {uri} is no mongos, nothing was sharded; on one it is done by:", file=sys.stderr)
        print("\n".join(commands))
    return 0


def copy(options: Namespace) -> int:
    """Copy everything from one store into another; may be stopped and started again."""
    from newscrawl.store import open_store
    from newscrawl.store.copy import copy as copy_store

    if len(options.targets) != 2:
        raise WrongUseError("db copy takes two stores: newscrawl db copy FROM TO")
    source, target = (open_store(uri) for uri in options.targets)
    if not any(source.status().counts.values()):
        raise WrongUseError(f"there is nothing in {source.status().uri} to copy: is that the address?")
    target.init()
    copied = copy_store(source, target)
    if options.json:
        print_json(copied)
        return 0
    rows = [(key.replace("_", " "), value) for key, value in copied.items()]
    console().print(table(f"{source.status().uri} → {target.status().uri}", ["what", "copied"], rows, right=["copied"]))
    return 0


def rekey(options: Namespace) -> int:
    """Give every article the id of its canonical URL as this version of newscrawl makes it."""
    from newscrawl.crawl.rekey import rekey_store
    from newscrawl.store import open_store

    store = open_store(options.store)
    moved, kept = rekey_store(store)
    if not options.json:
        console().print(f"{moved:,} articles have a new id, {kept:,} keep theirs")
    if moved:  # the story log knows articles by their ids
        from newscrawl.cli.stories import rebuild

        with redirect_stdout(sys.stderr if options.json else sys.stdout):
            rebuild(store, 1)
    store.close()
    if options.json:
        print_json({"moved": moved, "kept": kept})
    return 0


def restore(options: Namespace) -> int:
    """Put the articles of JSONL exports into the store; what it has already stays as it is."""
    from newscrawl.cli.console import progress
    from newscrawl.store import open_store
    from newscrawl.store.export_restore import restore as restore_export

    if not options.targets:
        raise WrongUseError("db restore takes JSONL exports: newscrawl db restore corpus.jsonl.gz")
    store = open_store(options.store)
    store.init()
    reports = {}
    for target in options.targets:
        with progress(f"restoring {target}") as update:
            report = restore_export(store, Path(target), progress=update)
        reports[target] = {"read": report.read, **report.outcomes}
        if not options.json:
            console().print(table(target, ["what", "articles"], reports[target].items(), right=["articles"]))
    store.close()
    if options.json:
        print_json(reports)
    return 0
