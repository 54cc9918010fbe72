"""Templates: everything that goes into a page is escaped, unless it came from a template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

from newscrawl import __version__
from newscrawl.clock import CHINA
from newscrawl.web.visit import LANGUAGES, say, words

if TYPE_CHECKING:
    from datetime import datetime

    from jinja2.runtime import Context

    from newscrawl.items import Article
    from newscrawl.web.visit import Visit

_FOLDER = Path(__file__).parent
_TIME_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "hour": "%Y-%m-%d %H:00", "second": "%Y-%m-%d %H:%M:%S"}


class Templates:
    """The page templates, read once."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(moment=moment, count=count, share=share, weblink=weblink)
        self.environment.globals.update(t=_translate, term=_term, published=published, version=__version__)

    def render(self, template: str, visit: Visit, **context: Any) -> str:
        """Return a page."""
        other = next(language for language in LANGUAGES if language != visit.language)
        text = self.environment.get_template(template).render(
            visit=visit,
            language=visit.language,
            html_language={"zh": "zh-Hans", "en": "en"}[visit.language],
            other_language=other,
            switch=address(visit.address, {**visit.values, "lang": other}),
            state=visit.corpus.state,
            **context,
        )
        return text.encode("utf-8", "replace").decode()


@pass_context
def _translate(context: Context, key: str, **values: object) -> str:
    return say(context["language"], key, **values)


@pass_context
def _term(context: Context, group: str, value: str) -> str:
    """Return the word for a value of a field (a verdict, a kind of copy); the value itself where there is none."""
    texts = words().get(f"{group}:{value}")
    return texts[context["language"]] if texts else value


def address(path: str, values: dict[str, str]) -> str:
    """Return a local address with parameters; empty ones are left out."""
    query = urlencode({name: value for name, value in values.items() if value}, errors="replace")
    return f"{path}?{query}" if query else path


def moment(value: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """Return a time in China's zone, "" for none."""
    return value.astimezone(CHINA).strftime(form) if value is not None else ""


def published(article: Article) -> str:
    """Return when an article was published, no finer than its page says."""
    if article.published is None:
        return article.published_day
    return moment(article.published, _TIME_FORMATS.get(article.published_precision, "%Y-%m-%d %H:%M"))


def count(value: float) -> str:
    """Return a number with separators."""
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def share(value: float) -> str:
    """Return a share as per cent."""
    return f"{value:.0%}"


def weblink(url: str) -> str:
    """Return an address that may stand in a link: http or https alone, "" for any other (javascript:, data:)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and "\\" not in url else ""
