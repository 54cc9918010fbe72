"""What `newscrawl new` finds out about portals of the demo generator's shapes, field by field.

usage: python -m tests.bench.bench_new [--named] [--seeds 100:140] [--json FILE]

Every shape is a portal on loopback; all are looked at in one process. A shape counts as found out where every field is
right: sections, article rule (meets every article of the portal and no other page), feeds, sitemap, charset, the need
of a script, system, and title, body, date and source of articles as the spider that would be written reads them.
Seeds 0 to 29 are those that the rules were made on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from newscrawl.demo.shapes import find_shape, shapes
from tests.sites.shapes import FIELDS, look_at

TARGET = 0.9


def main() -> None:
    """Print the figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--named", action="store_true", help="the twelve named shapes as well")
    parser.add_argument("--seeds", default="100:140", help="random shapes from the first to before the second")
    parser.add_argument("--data", help="not used")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    first, _, end = options.seeds.partition(":")
    names = [*(shapes() if options.named else ()), *(f"random-{seed}" for seed in range(int(first), int(end or first)))]
    scores = look_at(names)
    width = max(map(len, names))
    for name, result in scores.items():
        shape = find_shape(name)
        wrong = result if isinstance(result, str) else ", ".join(field for field in FIELDS if not result[field])
        print(f"{name:{width}}  {shape.family:9} {shape.style:5} {shape.encoding:7}  {wrong or 'all right'}")
    print()
    for field in FIELDS:
        right = sum(not isinstance(result, str) and result[field] for result in scores.values())
        print(f"{field:9} {right:3} of {len(scores)}")
    whole = sum(not isinstance(result, str) and all(result.values()) for result in scores.values())
    print(f"\nshapes with every field right: {whole} of {len(scores)}  target >= {TARGET:.0%}")
    if options.json:
        options.json.write_text(json.dumps(scores, indent=2) + "\n", "utf-8")
    sys.exit(int(whole < TARGET * len(scores)))


if __name__ == "__main__":
    main()
