"""What restoration returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import Edit

Verdict = Literal["clean", "mirror-pinyin", "mirror-script", "traditional", "unsure"]


class Restoration(NamedTuple):
    """The restored text, what was found, how sure that is (0 to 1), and every change in the order of the text."""

    text: str
    verdict: Verdict = "clean"
    confidence: float = 1.0
    edits: Sequence[Edit] = ()

    def original(self) -> str:
        """Return the text as it was before restoration, rebuilt from the restored text and the edits."""
        pieces: list[str] = []
        before = after = 0
        for edit in self.edits:
            untouched = edit.offset - before
            pieces += (self.text[after : after + untouched], edit.before)
            before = edit.offset + len(edit.before)
            after += untouched + len(edit.after)
        pieces.append(self.text[after:])
        return "".join(pieces)
