"""One request as the handlers see it: checked parameters, a language, and a way to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from newscrawl.web.corpus import Corpus
    from newscrawl.web.render import Templates

LANGUAGES = ("en", "zh")
#: Longer values than any field can need are refused.
LONGEST_VALUE = 2000
#: What every page takes.
COMMON = frozenset({"lang"})


class ParameterError(WrongUseError):
    """A parameter of the address cannot be used; the message says which and why."""


class NotFoundError(NewscrawlError):
    """There is nothing at the address."""


@dataclass(slots=True)
class Visit:
    """A request: the corpus, names in the path, parameters (text, each once), the language, the page's address."""

    corpus: Corpus
    path: dict[str, str]
    values: dict[str, str]
    language: str
    address: str
    templates: Templates
    switches_language: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return a parameter's text without white space around it, "" where it was not given."""
        return self.values.get(name, "").strip()

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return a parameter that is a whole number. Raises ParameterError for what is none, or out of range."""
        text = self.value(name)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and len(text) <= 9 and least <= int(text) <= most):
            raise ParameterError(f"{name} is a whole number from {least} to {most}")
        return int(text)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return a parameter that is one of a few words, the first by default. Raises ParameterError for others."""
        text = self.value(name) or choices[0]
        if text not in choices:
            raise ParameterError(f"{name} is one of {', '.join(filter(None, choices))}")
        return text

    def flag(self, name: str) -> bool:
        """Return a parameter that is 1 or 0 (not given)."""
        return self.choice(name, ("0", "1")) == "1"

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Answer with a page."""
        html = self.templates.render(template, self, **context)
        response = Response(html, status, media_type="text/html")
        if self.switches_language:
            response.set_cookie("newscrawl_language", self.language, max_age=365 * 86400, samesite="lax")
        return response

    def json(self, value: object, status: int = 200) -> Response:
        """Answer with JSON; times as ISO 8601."""
        text = json.dumps(value, ensure_ascii=False, default=_plain)
        return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def read_values(pairs: Sequence[tuple[str, str]], allowed: Collection[str]) -> dict[str, str]:
    """Return parameters as text by name.

    Raises ParameterError for names that the page does not know (name[$ne] among them), for a name given twice, for
    control characters and for endless values.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        if name not in allowed and name not in COMMON:
            known = ", ".join(sorted(allowed)) or "none"
            raise ParameterError(f'no parameter "{name[:40]}" here; known are: {known}')
        if name in values:
            raise ParameterError(f"{name} is given twice")
        if len(value) > LONGEST_VALUE:
            raise ParameterError(f"{name} is longer than {LONGEST_VALUE} characters")
        if any(character < " " and character not in "\t\r\n" for character in value):
            raise ParameterError(f"{name} holds control characters")
        values[name] = value
    return values


def choose_language(asked: str, cookie: str, accepted: str) -> str:
    """Return the language of a page: ?lang=, else the cookie, else the browser's first known one, else English."""
    if asked:
        if asked not in LANGUAGES:
            raise ParameterError(f"lang is one of {', '.join(LANGUAGES)}")
        return asked
    if cookie in LANGUAGES:
        return cookie
    best, language = 0.0, "en"
    for entry in accepted[:400].split(","):
        tag, _, quality = entry.strip().partition(";")
        name = tag.partition("-")[0].lower()
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name in LANGUAGES and weight > best:
            best, language = weight, name
    return language


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the texts of the interface: key -> language -> text."""
    table: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "words.json").read_text("utf-8"))
    return {key: dict(zip(LANGUAGES, texts, strict=True)) for key, texts in table.items()}


def say(language: str, key: str, **values: object) -> str:
    """Return a text of the interface in a language, with its {places} filled in."""
    text = words()[key][language]
    return text.format(**values) if values else text
