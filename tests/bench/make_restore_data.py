"""Make the data tables of text restoration from clean simplified text.

    python -m tests.bench.make_restore_data --text near-duplicates.jsonl.gz --damage mirror_damage_table.json

Needs `pypinyin` (only here, never at run time) for the most frequent reading of each character. Writes into
`newscrawl/text/data`: `restore_characters.json` (which characters are traditional forms, the commonest characters,
the characters that the damaging table leaves simplified, words that tell such a table from a writer),
`restore_readings.tsv` (reading, characters that are read so) and `restore_ngrams.bin` (character n-gram counts, hashed
and quantised; see `newscrawl.text.restore.language`).
Texts of families whose number divides by ten are kept out, so that a benchmark can measure on them.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import math
import re
import struct
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opencc

from newscrawl.text.restore.language import (
    LEVELS,
    MAGIC,
    SENTINEL,
    gram_key,
    normalise,
    slot_and_mark,
    unseen_weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HELD_OUT_EVERY = 10
#: Characters whose simplified form no writer of traditional Chinese uses in the words of news, and pairs excepted:
#: readings across the border of two words, foreign names, and words that are written both ways.
TELLING = frozenset("游愿于系干制后范么并筑里云斗余征御辟舍涌松面郁志致杰胡淀丑")
NOT_TELLING = re.compile(
    "联系|只制|定制|绘制|制片|余任|余家|余件|余次|余份|里达|里巴|里兰|里米|马里|罗里|云转|干杰|杰强|杰克|杰指|"
    "淀区|标志|长胡|桶后|于原|于乐|于加|于促|将于|面向|村干|收于"
)
LEAST_TELLING = 25
#: 于 before a figure and 并 behind a comma, as `newscrawl.text.restore.script` looks for them.
TELLING_BESIDE_OTHERS = "于0，并"
LOAD = 0.8
MOST_GRAMS = 895_000
LEAST_WORD = 8


def clean_texts(path: Path) -> Iterator[str]:
    """Yield the training texts: originals and unrelated neighbours of the families that are not held out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] in {"base", "neg"} and row["fam"] % HELD_OUT_EVERY:
                yield row["text"]


def is_mostly_simplified(text: str, traditional: frozenset[str]) -> bool:
    """Tell whether less than one character in fifty is a traditional form."""
    return 50 * sum(character in traditional for character in text) < len(text)


def traditional_characters() -> str:
    """Return the characters of GBK that a Taiwan-to-mainland table changes, less the two that it gets wrong."""
    converter = opencc.OpenCC("tw2s")
    hanzi = [chr(code) for code in range(0x3400, 0xA000)]
    changed = [character for character in hanzi if converter.convert(character) != character]
    return "".join(character for character in changed if character != "么")


def count(texts: Iterable[str]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count characters, pairs and triples of the normalised texts, whose lines are joined, with sentinels around.

    A line that stood in an earlier text does not count again, lest a portal's standing phrases weigh like language.
    """
    ones: Counter[str] = Counter()
    twos: Counter[str] = Counter()
    threes: Counter[str] = Counter()
    known: set[str] = set()
    for text in texts:
        lines = [line for line in normalise(text).split("\n") if line not in known]
        known.update(lines)
        joined = SENTINEL * 2 + "".join(lines) + SENTINEL
        ones.update(joined[1:])
        twos.update(map("".join, pairwise(joined)))
        threes.update(map("".join, zip(joined, joined[1:], joined[2:], strict=False)))
    return ones, twos, threes


def add_words(ones: Counter[str], twos: Counter[str], threes: Counter[str], traditional: frozenset[str]) -> None:
    """Raise the counts to what jieba's dictionary (MIT licence) says of its words, for words the texts lack."""
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise SystemExit("jieba is not installed")
    dictionary = Path(found.origin).parent / "dict.txt"
    own: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    total = 0
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        number = int(frequency)
        total += number * len(word)
        if len(word) < 2 or not all("\u4e00" <= sign <= "\u9fff" and sign not in traditional for sign in word):
            continue
        for size, counts in enumerate(own, 1):
            for start in range(len(word) - size + 1):
                counts[word[start : start + size]] += number
    scale = sum(ones.values()) / total
    for counts, known in zip(own, (ones, twos, threes), strict=True):
        for gram, number in counts.items():
            if number >= LEAST_WORD:
                known[gram] = max(known[gram], math.ceil(number * scale))


def chosen(ones: Counter[str], twos: Counter[str], threes: Counter[str], most: int) -> dict[str, int]:
    """Return the pairs and triples whose loss would cost the model most, in log probability of the training text."""
    total = sum(ones.values())
    costs: list[tuple[float, str]] = []
    for gram, number in twos.items():
        weight = unseen_weight(ones[gram[0]])
        context = ones[gram[0]] + weight
        without = weight * ones[gram[1]] / total / context
        costs.append((number * math.log((number / context + without) / without), gram))
    for gram, number in threes.items():
        if number < 2:
            continue
        weight = unseen_weight(twos[gram[:2]])
        context = twos[gram[:2]] + weight
        without = weight * twos[gram[1:]] / ones[gram[1]] / context
        costs.append((number * math.log((number / context + without) / without), gram))
    costs.sort(reverse=True)
    return {gram: twos[gram] or threes[gram] for _, gram in costs[:most]}


def telling_words(ones: Counter[str], twos: Counter[str]) -> str:
    """Return the common pairs of characters that a writer of traditional Chinese has in another form, in a row.

    One of the two characters is of TELLING, the pair belongs together, and conversion by words changes it.
    """
    total = sum(ones.values())
    common = [pair for pair, number in twos.most_common() if number >= LEAST_TELLING and not NOT_TELLING.match(pair)]
    common = [pair for pair in common if TELLING.intersection(pair) and re.fullmatch("[\u4e00-\u9fff]+", pair)]
    bound = [pair for pair in common if twos[pair] * total > 7.4 * ones[pair[0]] * ones[pair[1]]]
    turned = opencc.OpenCC("s2tw").convert("\n".join(bound)).split("\n")
    return TELLING_BESIDE_OTHERS + "".join(
        pair
        for pair, other in zip(bound, turned, strict=True)
        if any(old in TELLING and old != new for old, new in zip(pair, other, strict=True))
    )


def pack(ones: Counter[str], grams: dict[str, int]) -> bytes:
    """Pack the counts: header, single characters as JSON, then an open-addressed hash table in two arrays.

    The first holds a 16-bit fingerprint a slot (0: empty), the second a 4-bit level of LEVELS a slot.
    """
    slots = int(len(grams) / LOAD) // 2 * 2
    marks = [0] * slots
    levels = bytearray(slots // 2)
    vocabulary = dict(sorted(ones.items()))
    numbers = {character: number for number, character in enumerate(vocabulary)}
    for gram, number in sorted(grams.items(), key=lambda item: (-item[1], item[0])):
        slot, mark = slot_and_mark(gram_key([numbers[character] for character in gram]), slots)
        while marks[slot]:
            slot = (slot + 1) % slots
        marks[slot] = mark
        level = min(range(len(LEVELS)), key=lambda i: abs(math.log(number / LEVELS[i])))
        levels[slot >> 1] |= level << 4 * (slot & 1)
    words = json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")).encode()
    header = MAGIC + slots.to_bytes(4, "little") + len(words).to_bytes(4, "little")
    return header + words + struct.pack(f"<{slots}H", *marks) + bytes(levels)


def readings(characters: Iterable[str], damage: dict[str, Any]) -> str:
    """Return the table of readings: one line a reading, the damage's own frozen readings before the common ones."""
    from pypinyin import Style, pinyin

    frozen = damage["annotation_reading"]
    groups: dict[str, list[str]] = {}
    for character in characters:
        reading = frozen.get(character) or pinyin(character, style=Style.TONE, heteronym=False)[0][0]
        if reading != character:
            groups.setdefault(reading, []).append(character)
    return "".join(f"{reading}\t{''.join(group)}\n" for reading, group in sorted(groups.items()))


def main() -> None:
    """Read the command line and write the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True, help="near-duplicates.jsonl.gz")
    parser.add_argument("--damage", type=Path, required=True, help="mirror_damage_table.json")
    parser.add_argument("--out", type=Path, default=Path("newscrawl/text/data"))
    options = parser.parse_args()
    damage = json.loads(options.damage.read_text(encoding="utf-8"))
    traditional = traditional_characters()
    forms = frozenset(traditional)
    texts = [text for text in clean_texts(options.text) if is_mostly_simplified(text, forms)]
    ones, twos, threes = count(texts)
    telling = telling_words(ones, twos)
    add_words(ones, twos, threes, forms)
    hanzi = [character for character, _ in ones.most_common() if "\u4e00" <= character <= "\u9fff"]
    tables = {
        "traditional": traditional,
        "common": "".join(hanzi[:1500]),
        "retained": damage["retained_simplified"],
        "telling": telling,
    }
    options.out.mkdir(exist_ok=True)
    text = json.dumps(tables, ensure_ascii=False, indent=0)
    (options.out / "restore_characters.json").write_text(text + "\n", encoding="utf-8")
    wanted = dict.fromkeys(hanzi[:4000]) | dict.fromkeys(c for c in traditional if c.encode("gbk", "ignore"))
    (options.out / "restore_readings.tsv").write_text(readings(wanted, damage), encoding="utf-8")
    packed = pack(ones, chosen(ones, twos, threes, MOST_GRAMS))
    (options.out / "restore_ngrams.bin").write_bytes(packed)


if __name__ == "__main__":
    main()
