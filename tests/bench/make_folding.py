"""Write folding.txt: traditional Han characters and the simplified ones they are matched as (from OpenCC's t2s table).

Run as `python -m tests.bench.make_folding` after an update of OpenCC. Search indexes notice the new table and are built
again.
"""

from __future__ import annotations

from pathlib import Path

import opencc

import newscrawl.text

#: CJK Unified Ideographs, Extension A, and Extensions B to H.
HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))


def pairs() -> dict[str, str]:
    """Return every Han character that simplifies to another one, followed to where it no longer changes."""
    convert = opencc.OpenCC("t2s").convert
    table = {chr(code): convert(chr(code)) for start, stop in HAN for code in range(start, stop)}
    table = {before: after for before, after in table.items() if before != after}
    for before in table:
        while table[before] in table:
            table[before] = table[table[before]]
    return table


if __name__ == "__main__":
    lines = [f"{before} {after}" for before, after in sorted(pairs().items())]
    target = Path(newscrawl.text.__file__).with_name("data") / "folding.txt"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
