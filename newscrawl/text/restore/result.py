"""What restoration returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.items import Edit

Verdict = Literal["clean", "mirror-pinyin", "mirror-script", "traditional", "unsure"]


class Edits(Sequence["Edit"]):
    """Edits that are written down when somebody first looks at them: who only wants the text does not wait for them."""

    __slots__ = ("_known", "_write")

    def __init__(self, write: Callable[[], list[Edit]]) -> None:
        """Take the function that writes them down."""
        self._write = write
        self._known: list[Edit] | None = None

    def _all(self) -> list[Edit]:
        if self._known is None:
            self._known = self._write()
        return self._known

    @overload
    def __getitem__(self, place: int) -> Edit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Edit]: ...
    def __getitem__(self, place: int | slice) -> Edit | Sequence[Edit]:
        """Return one edit, or some of them."""
        return self._all()[place]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence holds the same edits."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Return the hash of the edits as a tuple."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Show the edits as a list."""
        return repr(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as a tuple."""
        return tuple, (tuple(self),)


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
