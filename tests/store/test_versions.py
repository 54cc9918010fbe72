"""The rules by which versions merge, against a plain model of them."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.items import to_record
from newscrawl.store.records import article_record, read_document, write_document
from newscrawl.store.timeline import join, plan, sightings_of
from newscrawl.store.versions import Head, enter, prepare
from tests.store.samples import ONE, article, at, full_article

SIGHTINGS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from("甲乙丙")), min_size=1, max_size=9)
STRICT = settings(derandomize=True, deadline=None, max_examples=150)


def versions_in_order(sightings: list[tuple[int, str]]) -> list[str]:
    """Return the versions as they followed on each other, from all sightings at once."""
    return [version for version, _ in groupby(version for _, version in sorted(set(sightings)))]


@given(SIGHTINGS, st.randoms(use_true_random=False))
@STRICT
def test_any_order_gives_the_same_versions(sightings: list[tuple[int, str]], chance: object) -> None:
    head, shuffled = Head(ONE), list(sightings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for seconds, version in shuffled:
        enter(head, [prepare(article(1, version, seconds, content_hash=version))])
    assert [span.content_hash for span in head.spans] == versions_in_order(sightings)
    assert head.first_seen == at(min(seconds for seconds, _ in sightings))
    assert head.spans[-1].last == at(max(seconds for seconds, _ in sightings))


@given(SIGHTINGS, SIGHTINGS, st.booleans())
@STRICT
def test_every_span_finds_its_text(before: list[tuple[int, str]], after: list[tuple[int, str]], replace: bool) -> None:
    """Follow the plans with two plain dicts for a store: no version may ever lack its text."""
    head, superseded, newest = Head(ONE), dict[tuple[object, str], str](), ""
    for batch in (before, after):
        news = [prepare(article(1, version, seconds, content_hash=version)) for seconds, version in batch]
        steps = enter(head, news, replace=replace).plan
        superseded |= dict.fromkeys(steps.demote, newest)
        superseded |= {key: str(version.record["body"]) for key, version in steps.keep}
        for key in steps.drop:
            del superseded[key]
        newest = str(steps.newest.record["body"]) if steps.newest else newest
        assert newest == f"正文第{head.spans[-1].content_hash}版。\n第二段。"
        texts = {version: body for (_, version), body in superseded.items()}
        for span in head.spans[:-1]:
            body = superseded.get((span.first, span.version)) or texts.get(span.version, newest)
            assert body == f"正文第{span.content_hash}版。\n第二段。"


@given(SIGHTINGS)
@STRICT
def test_a_timeline_survives_being_taken_apart(sightings: list[tuple[int, str]]) -> None:
    spans = join((at(seconds), version, version) for seconds, version in sightings)
    assert join(sightings_of(spans)) == spans
    assert plan(spans, spans, [], replace=False).newest is None


def test_the_fast_record_is_the_record() -> None:
    assert article_record(full_article()) == to_record(full_article())
    assert article_record(article()) == to_record(article())


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, JSON, max_size=4))
@STRICT
def test_free_documents_come_back(document: dict[str, object]) -> None:
    assert read_document(write_document(document)) == document
