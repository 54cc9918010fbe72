"""Write fold.txt: each traditional character that OpenCC's t2s changes, and the simplified one.

Usage: python -m newscrawl.dedup.data.make_fold
"""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

#: CJK ideographs, extension A, compatibility ideographs, extensions B to F.
RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBF0))


def main() -> None:
    """Ask OpenCC for each ideograph by itself and write those that change, one pair a line."""
    converter = OpenCC("t2s")
    pairs = []
    for first, end in RANGES:
        for code in range(first, end):
            character = chr(code)
            simplified = converter.convert(character)
            if simplified != character and len(simplified) == 1:
                pairs.append(character + simplified)
    target = Path(__file__).with_name("fold.txt")
    target.write_text("\n".join(pairs) + "\n", "utf-8")


if __name__ == "__main__":
    main()
