"""Measure text restoration on real and on simulated damage, and print each figure beside its target.

python -m tests.bench.bench_restore --data ../shared/data [--json FILE] [--quick]

Real: `damaged.jsonl`, `genuine_trad.jsonl`, `gloss_negatives.jsonl`, `dedup`, `pages`. Simulated: damage made by
`tests/text/damage.py` of texts that the language model was not made of (held-out families of `dedup`, all of `pages`).
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc

from newscrawl.text.restore import Restoration, restore
from newscrawl.text.restore.characters import ANNOTATION, characters, toneless
from newscrawl.text.restore.script import PROTECTED, simplify, traditional_share
from tests.bench.make_restore_data import HELD_OUT_EVERY
from tests.text.damage import Machine, convert_script, double_commas, mirror, scatter_readings

_FOLD = str.maketrans("，：；？！（）", ",:;?!()")
_WIDEN = str.maketrans(",:;?!()", "，：；？！（）")


@dataclass(slots=True)
class Figure:
    """One measured figure: its name, value, and what it must reach."""

    name: str
    value: str
    target: str = ""


def share(part: int, whole: int) -> str:
    """Return a count with its share in percent."""
    return f"{100 * part / max(1, whole):.1f} % ({part} of {whole})"


def fold(text: str) -> str:
    """Return the text with the punctuation's width taken away."""
    return text.translate(_FOLD)


def differences(got: str, truth: str) -> list[tuple[int, int, int, int]]:
    """Return the spans in which two texts differ: of the first, of the second."""
    matcher = difflib.SequenceMatcher(None, got, truth, autojunk=False)
    return [(a, b, c, d) for op, a, b, c, d in matcher.get_opcodes() if op != "equal"]


def errors(got: str, truth: str) -> int:
    """Return how many characters are wrong, missing or too many."""
    if got == truth:
        return 0
    return sum(max(b - a, d - c) for a, b, c, d in differences(got, truth))


def wrong_islands(result: Restoration, truth: str) -> tuple[int, int, int]:
    """Return how many garbled passages were restored exactly, wrongly, and with an open character."""
    spans = differences(fold(result.text), truth)
    exact = wrong = doubtful = shift = 0
    for edit in result.edits:
        start = edit.offset + shift
        end = start + len(edit.after)
        shift += len(edit.after) - len(edit.before)
        if edit.rule != "garbled":
            continue
        if "?" in edit.after:
            doubtful += 1
        elif any((a < end and b > start) or (a == b and start < a < end) for a, b, _, _ in spans):
            wrong += 1
        else:
            exact += 1
    return exact, wrong, doubtful


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines, gzipped or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def real_figures(data: Path) -> list[Figure]:
    """Measure on the real damaged passages."""
    total = wrong = seed = islands = decoded = exact = bad = doubtful = 0
    script_only: list[str] = []
    for row in rows(data / "damaged.jsonl"):
        result = restore(row["damaged"])
        truth = fold(row["clean_or_null"] or "")
        if row["notes"]["family"] == "S2T":
            script_only.append(f"{len(row['damaged'])} characters: {result.verdict}")
            continue
        if not truth:
            continue
        missed = errors(fold(result.text), truth)
        total, wrong = total + len(truth), wrong + missed
        if row["url"].startswith("seed"):
            seed = missed + (fold(result.text).count("孙步乾") != truth.count("孙步乾"))
        naive = simplify(ANNOTATION.sub(r"\1", fold(row["damaged"])), protected=PROTECTED)
        for a, b, c, d in differences(naive, truth):
            if "?" in naive[a:b] and naive[a:b].strip("?"):
                islands += 1
                decoded += truth[max(0, c - 4) : d + 4] in fold(result.text)
        found = wrong_islands(result, truth)
        exact, bad, doubtful = exact + found[0], bad + found[1], doubtful + found[2]
    made = max(1, exact + bad + doubtful)
    return [
        Figure("seed, wrong characters", str(seed), "0"),
        Figure("real pinyin mirrors, character accuracy", f"{100 * (1 - wrong / total):.3f} % of {total}", ">= 99.7 %"),
        Figure("real script-only passages (all under 300)", "; ".join(script_only), "abstain"),
        Figure("real islands decoded exactly", share(decoded, islands), ">= 90 %"),
        Figure("real islands, wrong edits", f"{share(bad, made)}, {doubtful} left open", "<= 3 %"),
    ]


def held_out_texts(data: Path) -> dict[str, list[str]]:
    """Return simplified texts that the language model was not made of, by kind, as GBK can hold them."""
    base = [row for row in rows(data / "dedup" / "near-duplicates.jsonl.gz") if row["kind"] == "base"]
    news = [row["text"] for row in base if row["fam"] % HELD_OUT_EVERY == 0]
    pages = [row["body"] for row in rows(data / "pages" / "truth.jsonl")]
    pages = [body for body in pages if len(body) > 200 and 50 * traditional_share(body)[0] < len(body)]
    canonical = {"dedup": news, "pages": pages}
    return {kind: [_canonical(text) for text in texts] for kind, texts in canonical.items()}


def _canonical(text: str) -> str:
    return text.encode("gbk", "replace").decode("gbk").replace("?", "？").translate(_WIDEN)


def simulated_figures(texts: dict[str, list[str]], limit: int) -> list[Figure]:
    """Measure on simulated full damage: one document in three with islands at punctuation, all with readings."""
    figures: list[Figure] = []
    for kind, documents in texts.items():
        total = wrong = exact = bad = doubtful = verdicts = 0
        naive_errors = 0
        for number, text in enumerate(documents[:limit]):
            generator = random.Random(number)
            machine = Machine(
                annotated=generator.choice([20, 31, 33, 45, 60, 80]),
                punctuation="kept" if number % 3 == 0 else "none",
            )
            damaged = mirror(text, machine)
            truth = fold(text)
            result = restore(damaged)
            verdicts += result.verdict == "mirror-pinyin"
            total += len(truth)
            wrong += errors(fold(result.text), truth)
            naive_errors += errors(simplify(ANNOTATION.sub(r"\1", fold(damaged))), truth)
            found = wrong_islands(result, truth)
            exact, bad, doubtful = exact + found[0], bad + found[1], doubtful + found[2]
        count = len(documents[:limit])
        figures += [
            Figure(f"simulated ({kind}), recognised", share(verdicts, count)),
            Figure(
                f"simulated ({kind}), errors per 100,000",
                f"{1e5 * wrong / total:.0f} (strip and convert: {1e5 * naive_errors / total:.0f})",
                "<= 50",
            ),
            Figure(f"simulated ({kind}), islands decoded exactly", share(exact, exact + bad + doubtful), ">= 90 %"),
            Figure(f"simulated ({kind}), islands, wrong edits", share(bad, exact + bad + doubtful), "<= 3 %"),
        ]
    return figures


def script_figures(texts: dict[str, list[str]], limit: int) -> list[Figure]:
    """Measure script-only damage of 300 characters and more, and phrase-aware conversion, which must stay."""
    figures: list[Figure] = []
    for kind, documents in texts.items():
        long = [text for text in documents if len(text) >= 300][:limit]
        for size in (300, 10_000):
            good = sum(_is_restored(text[:size]) for text in long)
            name = f"script-only ({kind}, {'first 300 characters' if size == 300 else 'whole'}), restored"
            figures.append(Figure(name, share(good, len(long)), ">= 80 %"))
        touched = 0
        for table in ("s2tw", "s2hk", "s2t", "s2twp"):
            converter = opencc.OpenCC(table)
            turned = [converter.convert(text) for text in long]
            touched += sum(restore(text).text != text for whole in turned for text in (whole, whole[:300]))
        name = f"well converted by OpenCC ({kind}), altered"
        figures.append(Figure(name, f"{touched} of {8 * len(long)}", "0"))
    return figures


def _is_restored(text: str) -> bool:
    result = restore(fold(convert_script(text)))
    return result.verdict == "mirror-script" and errors(fold(result.text), fold(text)) <= 1 + len(text) // 500


def family_figures(texts: dict[str, list[str]], limit: int) -> list[Figure]:
    """Measure the other families of damage: readings of other shapes and places, doubled commas, rarer forms."""
    readings = characters().readings
    forms = {character: reading for character, reading in readings.items() if character in characters().traditional}
    tally: dict[str, list[int]] = {}
    for number, text in enumerate([text for kind in texts.values() for text in kind[:limit]]):
        generator = random.Random(number)
        some = dict(generator.sample(sorted(forms.items()), 500))
        plain = {character: toneless(reading) for character, reading in some.items()}
        common = dict(generator.sample([(c, readings[c]) for c in sorted(characters().common) if c in readings], 60))
        mirrored, everything = convert_script(text), convert_script(text, retained=frozenset())
        damages = {
            "a space within, 經(jīng )": scatter_readings(mirrored, some, generator, 1.0, shape="{}({} )"),
            "no tones, 經(jing) ": scatter_readings(everything, plain, generator, 1.0, shape="{}({}) "),
            "a list on simplified text, 中(zhōng)": scatter_readings(text, common, generator, 1.0),
            "random places, 一(yī)行": scatter_readings(mirrored, readings, generator, 0.08),
            "random places, simplified": scatter_readings(text, readings, generator, 0.08),
            "doubled commas": double_commas(mirror(text, Machine(punctuation="none")), generator),
            "rarer forms, 方麵 隻有": everything.translate(str.maketrans("面只制", "麵隻製")),
        }
        for name, damaged in damages.items():
            result = restore(damaged)
            figures = tally.setdefault(name, [0, 0, 0, 0])
            recognised = result.verdict.startswith("mirror")
            figures[0] += 1
            figures[1] += recognised
            if recognised:
                figures[2] += len(text)
                figures[3] += errors(fold(result.text), fold(text))
    return [
        Figure(
            f"family: {name}", f"{share(good, count)} recognised, {1e5 * wrong / max(1, total):.0f} errors per 100,000"
        )
        for name, (count, good, total, wrong) in tally.items()
    ]


def windows(texts: list[str], size: int = 300) -> list[str]:
    """Return the overlapping stretches of texts, as short as a verdict is given on."""
    return [text[start : start + size] for text in texts for start in range(0, len(text) - size // 2, size // 2)]


def healthy_figures(data: Path) -> list[Figure]:
    """Measure on healthy documents, which must come back byte for byte."""
    genuine = [row["text"] for name in ("genuine_trad.jsonl", "gloss_negatives.jsonl") for row in rows(data / name)]
    base = [row["text"] for row in rows(data / "dedup" / "near-duplicates.jsonl.gz") if row["kind"] == "base"]
    pages = [row["body"] for row in rows(data / "pages" / "truth.jsonl")]
    return [
        Figure(name, f"{sum(restore(text).text != text for text in texts)} of {len(texts)}", "0")
        for name, texts in (
            ("genuine traditional or glossed, altered", genuine),
            ("clean simplified (dedup), altered", base),
            ("pages (simplified and traditional), altered", pages),
            ("stretches of 300 characters of all these pages, altered", windows(pages + genuine)),
        )
    ]


def megabytes_per_second(texts: list[str], passes: int = 5) -> float:
    """Return the speed of restoration in megabytes of UTF-8 per second of CPU time, in the best of the passes."""
    restore(texts[0])
    spent: list[float] = []
    for _ in range(passes):
        start = time.process_time()
        for text in texts:
            restore(text)
        spent.append(time.process_time() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / min(spent)


def speed_figures(texts: dict[str, list[str]]) -> list[Figure]:
    """Measure speed on clean and damaged text, and how time grows on hostile input of one and of ten parts."""
    news = texts["dedup"]
    kinds = ("kept", "none", "none")
    damaged = [mirror(text, Machine(annotated=45, punctuation=kinds[i % 3])) for i, text in enumerate(news)]
    figures = [
        Figure("speed, clean text", f"{megabytes_per_second(news):.0f} MB/s", ">= 20 MB/s"),
        Figure("speed, damaged text", f"{megabytes_per_second(damaged):.2f} MB/s", ">= 1 MB/s"),
    ]
    hostile = {
        "parentheses": "(",
        "nested": "(漢",
        "question marks": "漢?，",
        "readings": "學(xué)",
        "half readings": "?xué)漢",
        "commas": ",",
        "keywords": "国产在线视频精品\n",
    }
    for name, unit in hostile.items():
        times = []
        for repeats in (20_000, 200_000):
            text = "發(fā)展經(jīng)濟統(tǒng)一" + unit * repeats
            start = time.process_time()
            restore(text)
            times.append(time.process_time() - start)
        ratio = times[1] / max(times[0], 1e-4)
        figures.append(Figure(f"time for ten times as much: {name}", f"{ratio:.1f} ({times[1]:.2f} s)", "about 10"))
    return figures


def main() -> None:
    """Read the command line, measure, print, and keep the figures where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of shared data")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--quick", action="store_true", help="fewer simulated documents")
    options = parser.parse_args()
    limit = 60 if options.quick else 300
    texts = held_out_texts(options.data)
    figures = real_figures(options.data)
    figures += simulated_figures(texts, limit)
    figures += script_figures(texts, limit)
    figures += family_figures(texts, limit // 5)
    figures += healthy_figures(options.data)
    figures += speed_figures(texts)
    for figure in figures:
        sys.stdout.write(f"{figure.name:60} {figure.value:48} {figure.target}\n")
    if options.json:
        kept = {figure.name: {"value": figure.value, "target": figure.target} for figure in figures}
        options.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
