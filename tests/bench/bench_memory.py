"""Measure the memory of a replay against the size of the archive, up to a million records, with and without stories.

usage: python -m tests.bench.bench_memory [--sizes 10000,40000] [--stories 10000,30000] [--json FILE]

The archive holds small invented pages, all different. What streams through a replay must not grow with the archive;
the index of stories holds every article and grows with them, so it is measured apart, in bytes an article. A million
records take about half an hour: `--sizes 10000,100000,1000000 --stories 10000,50000`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.bench_replay import FLAT, measure

_WORDS = re.findall(
    "..",
    "县里工作群众项目建设发展农村学校医院道路桥梁水库果园茶叶市场企业车间工人村民老人孩子老师医生民警活动比赛演出展览服务窗口"
    "证件手续时间地点上午下午昨天今天记者走访了解介绍表示参加举行完成开始增加",
)
_PAGE = (
    "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{day:%Y-%m-%d %H:%M} 来源：云岭日报</p>"
    "<div class=content><p>{first}</p><p>{second}</p></div></body></html>"
)


def make_small_archive(path: Path, records: int, seed: int = 1) -> None:
    """Write an archive of so many small pages; every record is a gzip member of its own, as in any WARC file."""
    draw = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)

    def prose(words: int) -> str:
        chosen = draw.choices(_WORDS, k=words)
        return "".join(chosen[: words // 2]) + "，" + "".join(chosen[words // 2 :]) + f"，共{draw.randrange(10**6)}人。"

    with path.open("wb") as file:
        for number in range(records):
            moment = start + timedelta(seconds=number)
            title = "".join(draw.choices(_WORDS, k=6))
            page = _PAGE.format(title=title, day=moment, first=prose(24), second=prose(20)).encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page
            head = (
                "WARC/1.1\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
                f"WARC-Target-URI: http://news{number % 50}.example/a/{number}.html\r\n"
                f"WARC-Date: {moment:%Y-%m-%dT%H:%M:%SZ}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + answer + b"\r\n\r\n", 1))


def run(sizes: list[int], *, dedup: bool) -> list[dict[str, Any]]:
    """Replay archives of growing size and return the figures of each."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            archive = Path(folder) / f"{size}.warc.gz"
            make_small_archive(archive, size)
            found = measure(archive, 2, size, dedup=dedup)
            archive.unlink()
            keep = ("records", "articles", "failed", "seconds", "cpu_parent", "cpu_workers", "peak_mib")
            resident = found["resident"]
            row = {name: found[name] for name in keep} | {
                "worker_peak_mib": found["worker_peak_mib"],
                "resident": resident[:: max(1, len(resident) // 40)],
            }
            rows.append(row)
            what = "with stories" if dedup else "streaming"
            print(
                f"{what}: {row['records']} records, {row['articles']} articles: peak {row['peak_mib']:.0f} MiB,"
                f" a worker {row['worker_peak_mib']:.0f} MiB, {row['seconds']:.0f} s",
                flush=True,
            )
    return rows


def grown(rows: list[dict[str, Any]]) -> float:
    """Return by how many MiB the peak of the largest archive is above that of the smallest."""
    return float(rows[-1]["peak_mib"] - rows[0]["peak_mib"])


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,40000", help="records of the archives that stream through")
    parser.add_argument("--stories", default="10000,30000", help="records of those whose stories are indexed")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    streaming = run([int(word) for word in options.sizes.split(",") if word], dedup=False)
    stories = run([int(word) for word in options.stories.split(",") if word], dedup=True)
    result: dict[str, Any] = {"streaming": streaming, "stories": stories}
    if len(streaming) > 1:
        result["streaming_grown_mib"] = grown(streaming)
        more = streaming[-1]["records"] - streaming[0]["records"]
        print(f"streaming: {grown(streaming):+.1f} MiB over {more} more records   target <= {FLAT}")
    if len(stories) > 1:
        more = stories[-1]["articles"] - stories[0]["articles"]
        result["story_bytes"] = grown(stories) * 2**20 / more
        print(f"index of stories: {result['story_bytes']:.0f} bytes an article")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    sys.exit(0 if len(streaming) < 2 or grown(streaming) <= FLAT else 1)


if __name__ == "__main__":
    main()
