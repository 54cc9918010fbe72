"""Read mutations of real pages: none may raise, none may take long.

usage: python -m tests.bench.bench_page_fuzz --data ../shared/data [--rounds 3] [--seed 0] [--json FILE]

Each round mutates every page by chance: cuts, swaps, doubled and spliced pieces, turned bits, hostile markup, wrong
encodings. A failure is printed with page, round and seed, which make the same bytes again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from newscrawl.chain import extract_article
from newscrawl.page import Layout, SiteProfile, read_page
from tests.bench.bench_extraction import load_rows

#: What is thrown into pages.
FRAGMENTS = (
    b"\x00",
    b"<plaintext>",
    b"<!--",
    b"-->",
    b"<script>",
    b"</body></html>",
    b"<table><tr><td><table>",
    b"</div>" * 40,
    b"<div>" * 400,
    b"<a href='/1.html'><b>" * 60,
    b"<p style='display:none'>",
    b"<textarea>",
    b"<svg><title>",
    b"<base href='http://['>",
    b"<a href='http://[::1'>x</a>",
    b"<meta charset=utf-16>",
    b"<meta charset=gb2312>",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"&#xD800;&#0;&#x110000;",
    b'<script type=\'application/ld+json\'>{"@graph":[[[{"author":{"name":5}}]]]}</script>',
    b"<time datetime='99999-99-99'>",
    "２０２４年１３月４５日".encode(),
    b"<script>createPageHTML(99999, 99998, 'a', 'b')</script>",
)
LAYOUTS = (Layout("none", body="div.no-such-box"), Layout("path", body="//div[p]", title="//h1"))
#: CPU seconds that one page may take.
LONGEST = 2.0


def mutate(html: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return a page with one to five things done to it; other is a page to take pieces from."""
    for _ in range(rng.randint(1, 5)):
        html = rng.choice(MUTATIONS)(html, other, rng)
    return html


def _piece(html: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randint(0, len(html))
    return start, min(len(html), start + int(rng.paretovariate(0.6) * 20))


def _cut(html: bytes, _: bytes, rng: random.Random) -> bytes:
    start, end = _piece(html, rng)
    return html[:start] + html[end:]


def _truncate(html: bytes, _: bytes, rng: random.Random) -> bytes:
    return html[: rng.randint(0, len(html))]


def _double(html: bytes, _: bytes, rng: random.Random) -> bytes:
    start, end = _piece(html, rng)
    return html[:end] + html[start:end] * rng.randint(1, 5) + html[end:]


def _swap(html: bytes, _: bytes, rng: random.Random) -> bytes:
    start, end = _piece(html, rng)
    place = rng.randint(0, len(html))
    return html[:place] + html[start:end] + html[place:]


def _splice(html: bytes, other: bytes, rng: random.Random) -> bytes:
    return html[: rng.randint(0, len(html))] + other[rng.randint(0, len(other)) :]


def _turn(html: bytes, _: bytes, rng: random.Random) -> bytes:
    changed = bytearray(html)
    for _number in range(min(len(html), rng.choice((1, 10, 200)))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _insert(html: bytes, _: bytes, rng: random.Random) -> bytes:
    for _number in range(rng.randint(1, 4)):
        place = rng.randint(0, len(html))
        html = html[:place] + rng.choice(FRAGMENTS) + html[place:]
    return html


def _unclose(html: bytes, _: bytes, rng: random.Random) -> bytes:
    name = rng.choice((b"</div>", b"</p>", b"</a>", b"</script>", b"</style>", b"</td>", b"</li>"))
    return html.replace(name, b"", rng.randint(1, 500))


def _recode(html: bytes, _: bytes, rng: random.Random) -> bytes:
    source, target = rng.choice(("utf-8", "gb18030")), rng.choice(("utf-8", "gb18030", "big5", "utf-16", "utf-8-sig"))
    return html.decode(source, "replace").encode(target, "replace")


Mutation = Callable[[bytes, bytes, random.Random], bytes]
MUTATIONS: tuple[Mutation, ...] = (_cut, _truncate, _double, _swap, _splice, _turn, _insert, _unclose, _recode)


def read(html: bytes, url: str, profile: SiteProfile, *, as_text: bool) -> None:
    """Use everything that a page offers."""
    source = html.decode("utf-8", "surrogateescape") if as_text else html
    page = read_page(source, url, profile=profile)
    _ = page.links
    profile.learn(page)
    _ = read_page(source, url, layouts=LAYOUTS).links
    extract_article(source, url)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = load_rows(options.data / "pages")
    profile = SiteProfile("fuzz")
    failures: list[str] = []
    slowest, tried = 0.0, 0
    for number in range(options.rounds):
        for place, row in enumerate(rows):
            rng = random.Random(f"{options.seed}/{number}/{row['id']}")
            html = mutate(row["html"], rows[(place + 1 + number) % len(rows)]["html"], rng)
            tried += 1
            started = time.process_time()
            try:
                read(html, row.get("url") or "", profile, as_text=rng.random() < 0.2)
            except Exception as error:  # noqa: BLE001  every exception is a failure to be counted
                failures.append(f"{row['id']} round {number} seed {options.seed}: {error!r}"[:300])
            slowest = max(slowest, time.process_time() - started)
    print(f"{tried} mutated pages: {len(failures)} raised (target 0); slowest {slowest:.2f} CPU-s (target < {LONGEST})")
    for failure in failures[:20]:
        print("  " + failure)
    if options.json:
        result = {"pages": tried, "failures": failures, "slowest": slowest}
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.exit(1 if failures or slowest >= LONGEST else 0)


if __name__ == "__main__":
    main()
