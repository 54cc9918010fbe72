"""The benchmarks can be called together, and a report can be written of what they keep."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.bench import __main__ as bench
from tests.bench import report

if TYPE_CHECKING:
    from pathlib import Path


def test_every_section_is_a_benchmark_with_a_place_in_the_report() -> None:
    names = [section.name for section in bench.SECTIONS]
    assert all(find_spec(f"tests.bench.bench_{name}") for name in names)
    assert sorted(names) == sorted(report._SECTIONS)


def test_a_section_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "--only", "chain,pudding"])
    with pytest.raises(SystemExit, match="no such section: pudding"):
        bench.main()


def test_the_report_marks_what_is_missed(tmp_path: Path) -> None:
    kept = report.load(bench.RESULTS)
    assert kept.keys() == report._SECTIONS.keys()
    missed = report.write_report(bench.RESULTS, tmp_path)
    text = (tmp_path / "REPORT.md").read_text("utf-8")
    assert text.count("**missed**") == len(missed)
    for found in kept.values():
        assert found["machine"]["date"] in text
