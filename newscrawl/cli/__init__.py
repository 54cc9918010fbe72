"""The `newscrawl` command: one function a subcommand, thin; what they do lives in the other rooms."""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback
from typing import TYPE_CHECKING

from newscrawl.cli.parser import build_parser
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY, USAGE
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A store, a file or a page could not be used; of a crawl this is 14 (closed early).
FAILED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Errors are one line on standard error, a traceback with -v."""
    _prepare_streams()
    parser = build_parser()
    words = list(sys.argv[1:] if argv is None else argv)
    if not words:
        parser.print_help(sys.stderr)
        return USAGE
    options = parser.parse_args(words)
    module, _, function = str(options.run).partition(":")
    try:
        code: int = getattr(importlib.import_module(module), function)(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `newscrawl … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  whatever it was, the user gets one line and an exit code
        if options.verbose:
            traceback.print_exc()
        print(f"newscrawl {options.command}: {one_line(error)}", file=sys.stderr)
        return _exit_code(error, options.command)
    return code


def _prepare_streams() -> None:
    """Let nothing that is printed fail: a character that the terminal's encoding lacks is shown by its number."""
    if sys.stdout is None:  # closed by the caller: `newscrawl … >&-`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def one_line(error: BaseException) -> str:
    """Return an error's message as one line; an error nobody foresaw is named, with the way to its traceback."""
    text = " ".join(str(error).split())
    if isinstance(error, NewscrawlError | OSError):
        return text
    return f"{type(error).__name__}: {text or 'no message'} (add -v for the traceback)"


def _exit_code(error: BaseException, command: str) -> int:
    if isinstance(error, WrongUseError):
        return USAGE
    return CLOSED_EARLY if command in ("crawl", "demo") else FAILED
