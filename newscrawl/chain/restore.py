"""Restore the text of an article that a mirror damaged: one verdict for the whole page, edits kept."""

from __future__ import annotations

from newscrawl.items import Article, RestorationRecord
from newscrawl.text.restore import restore_parts, script_of

_FIELDS = ("body", "title", "subtitle", "section", "byline_raw")


def restore_text(article: Article) -> None:
    """Restore title, subtitle, section, body, byline, captions and candidates in place; the first step of the chain.

    All are judged together. `body_raw` keeps the body as the page had it, `restoration` the verdict and the edits of
    the body, `script` becomes "hans", "hant" or "" (no Chinese). Addresses are never changed.
    """
    if not article.body_raw:
        article.body_raw = article.body
    parts = [getattr(article, name) for name in _FIELDS]
    parts += [candidate.text for candidate in article.candidates]
    parts += [image.caption for image in article.images]
    restored = restore_parts(parts)
    verdict = restored[0].verdict
    article.restoration = RestorationRecord(verdict, restored[0].confidence, list(restored[0].edits))
    article.script = script_of(restored[0].text or restored[1].text, verdict)
    if not verdict.startswith("mirror"):
        return
    texts = [one.text for one in restored]
    for name, text in zip(_FIELDS, texts, strict=False):
        setattr(article, name, text)
    rest = iter(texts[len(_FIELDS) :])
    for candidate in article.candidates:
        candidate.text = next(rest)
    for image in article.images:
        image.caption = next(rest)
