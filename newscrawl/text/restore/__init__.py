"""Restore text that a scraper mirror damaged: `restore(text)` gives it back as its portal wrote it.

Detection comes first. Healthy text, simplified or traditional, with or without genuine pinyin glosses, comes back
as it was; so does anything that could be either (verdict "unsure").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.text.restore.characters import ANNOTATED, HANZI, characters
from newscrawl.text.restore.result import Restoration, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Restoration", "Verdict", "restore", "restore_parts", "script_of"]


def restore(text: str) -> Restoration:
    """Restore a text damaged by a mirror; any str is accepted, and undamaged text is returned unchanged.

    Returns a Restoration: text; verdict "clean", "mirror-pinyin", "mirror-script", "traditional" or "unsure" (text
    changed only for the two mirror verdicts); confidence 0 to 1; edits with offsets into the text given.
    """
    return restore_parts((text,))[0]


def restore_parts(parts: Sequence[str]) -> list[Restoration]:
    """Restore the parts of one page (title, body, ...) under one verdict, since a title alone shows too little.

    Returns a Restoration for each part, in their order; all have the verdict and confidence of the whole.
    """
    text = parts[0] if len(parts) == 1 else "\n".join(parts)
    if text.isascii() or (characters().traditional_one.search(text) is None and ANNOTATED.search(text) is None):
        return [Restoration(part) for part in parts]
    from newscrawl.text.restore.verdict import diagnose

    diagnosis = diagnose(text)
    if not diagnosis.verdict.startswith("mirror"):
        return [Restoration(part, diagnosis.verdict, diagnosis.confidence) for part in parts]
    from newscrawl.text.restore.mend import damage_of, mend

    damage = damage_of(text, diagnosis)
    found = diagnosis.reading.found if diagnosis.reading and len(parts) == 1 else None
    mended = [mend(part, damage, found) for part in parts]
    return [Restoration(text, diagnosis.verdict, diagnosis.confidence, edits) for text, edits in mended]


def script_of(text: str, verdict: Verdict) -> str:
    """Return "hans" or "hant", the script of a text that was restored with this verdict; "" without Chinese in it."""
    if HANZI.search(text) is None:
        return ""
    if verdict == "unsure":
        from newscrawl.text.restore.script import traditional_share

        traditional, hanzi = traditional_share(text)
        return "hant" if traditional > 0.12 * hanzi else "hans"
    return "hant" if verdict == "traditional" else "hans"
