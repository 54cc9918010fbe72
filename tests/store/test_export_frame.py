from __future__ import annotations

import sys

import pytest

from newscrawl.store.export_frame import to_pandas
from newscrawl.store.export_lines import ExportError
from tests.store.export_corpus import awkward, make, undated


def test_frame_holds_the_articles() -> None:
    pytest.importorskip("pandas")
    frame = to_pandas([make(1), awkward(), undated()])
    assert list(frame["title"]) == [make(1).title, awkward().title, undated().title]
    assert frame["published"][0] == make(1).published
    assert frame["published"].isna().tolist() == [False, False, True]
    assert frame["reporters"][1] == ["阿依·古丽", 'O"Neil']
    assert frame["published"].dt.tz_convert("Asia/Shanghai")[0].day == 3


def test_empty_frame_has_its_columns() -> None:
    pytest.importorskip("pandas")
    assert {"title", "body", "published"} <= set(to_pandas([]).columns)


def test_missing_pandas_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExportError, match="pip install pandas"):
        to_pandas([make(1)])
