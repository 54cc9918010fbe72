from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dedup import Deduplicator, rebuild
from newscrawl.dedup.log import Entry, MemoryLog, read_batch, write_batch
from tests.dedup.samples import article, paragraphs, text

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

NAMES = {"qinghe": {"青禾在线"}, "lanhe": {"兰河新闻网"}}
PARTS = paragraphs(11, 6)
BODY = "\n".join(PARTS)


def links(*articles: Article) -> dict[str, tuple[str, str, str]]:
    return {each.id: (each.story_id, each.duplicate_of, each.duplicate_kind) for each in articles}


def test_an_article_of_its_own_is_its_own_story() -> None:
    one, other = article("qinghe-1", text(1)), article("qinghe-2", text(2))
    assert Deduplicator().admit_many([one, other]) == []
    assert links(one, other) == {one.id: (one.id, "", ""), other.id: (other.id, "", "")}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODY.replace("\n", "\n\n"), "exact"),
        ("兰河讯 " + BODY, "near"),
        ("\n".join(PARTS[:2]), "excerpt"),
        (BODY + "\n" + text(70, 12), "expanded"),
        (text(71, 2) + "\n" + "\n".join(PARTS[1:4]), "derived"),
    ],
)
def test_copies_say_how_they_relate_to_the_canonical_article(body: str, kind: str) -> None:
    original, copy = article("qinghe-1", BODY, hour=7), article("lanhe-1", body, hour=9)
    deduplicator = Deduplicator()
    assert deduplicator.admit(original) == []
    assert deduplicator.admit(copy) == []
    assert links(copy) == {copy.id: (original.id, original.id, kind)}
    assert 0.45 <= copy.similarity <= 1.0


def test_a_text_that_the_same_site_publishes_again_changed_is_a_revision() -> None:
    first, second = article("qinghe-1", BODY, hour=7), article("qinghe-2", "（更新）" + BODY + "后续仍在进行。", hour=9)
    Deduplicator().admit_many([first, second])
    assert (second.duplicate_of, second.duplicate_kind) == (first.id, "revision")


ELECTIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the portal's own credit": ({"source": "兰河新闻网", "hour": 9}, {"source": "青禾在线", "hour": 10}),
    "no copy marks": ({"byline_raw": "来源：某报", "hour": 9}, {"hour": 10}),
    "no note of an old headline": ({"body": BODY + "\n（原标题：旧题）", "hour": 9}, {"hour": 10}),
    "its own dateline": ({"hour": 9}, {"body": "本报讯 " + BODY, "hour": 10}),
    "earlier publication": ({"hour": 9}, {"hour": 8}),
}


@pytest.mark.parametrize("reason", ELECTIONS)
@pytest.mark.parametrize("first_comes_first", [True, False])
def test_the_canonical_article_is_the_one_that_first_published(reason: str, *, first_comes_first: bool) -> None:
    (copy_fields, original_fields) = ELECTIONS[reason]
    copy = article("qinghe-5", **{"body": BODY} | copy_fields)
    original = article("qinghe-6", **{"body": BODY} | original_fields)
    third = article("lanhe-9", "\n".join(PARTS[:5]), hour=20, byline_raw="转自：青禾在线")
    order = [third, copy, original] if first_comes_first else [original, third, copy]
    deduplicator = Deduplicator(names=NAMES)
    stored: dict[str, str] = {}
    for each in order:
        changed = deduplicator.admit(each)
        stored |= {each.id: each.duplicate_of} | {link["id"]: link["duplicate_of"] for link in changed}
    assert stored == {original.id: "", copy.id: original.id, third.id: original.id}
    assert deduplicator.story(third.id)[0].id == original.id


def test_an_article_that_comes_again_keeps_its_place() -> None:
    one, copy = article("qinghe-1", BODY), article("lanhe-1", BODY, hour=9)
    deduplicator = Deduplicator()
    deduplicator.admit_many([one, copy])
    again = article("lanhe-1", text(5), hour=9)
    deduplicator.admit(again)
    assert links(again) == links(copy)
    assert len(deduplicator.catalogue) == 2


def test_the_order_in_one_batch_is_that_of_single_articles() -> None:
    bodies = [BODY, text(1), "\n".join(PARTS[1:]), text(1, 2), "兰河讯 " + BODY, text(2)]
    single = [article(f"s{number}", body, hour=number) for number, body in enumerate(bodies)]
    batch = [article(f"s{number}", body, hour=number) for number, body in enumerate(bodies)]
    one_by_one, at_once = Deduplicator(), Deduplicator()
    for each in single:
        one_by_one.admit(each)
    at_once.admit_many(batch)
    assert links(*single) == links(*batch)


@pytest.mark.parametrize("days", [0, 5])
def test_short_news_of_another_day_is_other_news(days: int) -> None:
    one = article("qinghe-1", "兰河大桥今日起恢复通车。", title="快讯")
    other = article("qinghe-2", "兰河大桥今日起恢复通车。", title="快讯", day=1 + days)
    Deduplicator().admit_many([one, other])
    assert other.duplicate_of == (one.id if days == 0 else "")


def test_short_news_is_doubled_on_its_own_day() -> None:
    texts = [("qinghe-1", 1), ("qinghe-2", 11), ("lanhe-1", 11), ("bai-1", 1)]
    news = [
        article(name, "兰河大桥今日起恢复通车。", title="快讯", day=day, hour=hour)
        for hour, (name, day) in enumerate(texts)
    ]
    Deduplicator().admit_many(news)
    assert [each.duplicate_of for each in news] == ["", "", news[1].id, news[0].id]


def test_a_thousand_doubles_of_one_text_end_in_one_story() -> None:
    doubles = [article(f"site{number}-1", BODY, hour=number % 24) for number in range(1000)]
    deduplicator = Deduplicator()
    deduplicator.admit_many(doubles)
    assert {each.story_id for each in doubles} == {doubles[0].id}
    assert len(deduplicator.story(doubles[7].id)) == 1000


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 23)), max_size=30))
def test_processes_that_share_a_log_agree(arrivals: list[tuple[int, int, int]]) -> None:
    log = MemoryLog()
    workers = [Deduplicator(log) for _ in range(3)]
    pool = [BODY, "兰河讯 " + BODY, PARTS[0], "\n".join(PARTS[1:]), *(text(number, 2) for number in range(6))]
    for number, (worker, which, hour) in enumerate(arrivals):
        workers[worker].admit(article(f"site{worker}-{number}", pool[which], hour=hour))
    everyone = [article(f"site{worker}-{number}", "").id for number, (worker, _, _) in enumerate(arrivals)]
    views = [[worker.story(key) for key in everyone] for worker in [*workers, Deduplicator(log)]]
    assert all(view == views[0] for view in views)
    assert all(story[0] == min(story, key=lambda member: member.claim) for story in views[0])


@pytest.mark.parametrize(
    "body", ["声明：本页内容由网友提供，本站不对其真实性负责，请读者自行核实，如有不妥请来信告知，谢谢合作。", "见下图"]
)
def test_pages_that_share_only_a_notice_are_not_doubles(body: str) -> None:
    pages = [
        article("qinghe-1", body),
        article("qinghe-2", body),
        article("lanhe-1", body, title="标题qinghe-1", hour=9),
    ]
    Deduplicator().admit_many(pages)
    assert [each.duplicate_of for each in pages] == ["", "", pages[0].id]


def test_empty_articles_are_stories_of_their_own() -> None:
    empty = [article(f"qinghe-{number}", "", title="") for number in range(3)]
    Deduplicator().admit_many(empty)
    assert [each.duplicate_of for each in empty] == ["", "", ""]


def test_a_wrong_merge_is_split_and_a_missed_one_joined() -> None:
    log = MemoryLog()
    original, wrong = article("qinghe-1", BODY, hour=7), article("lanhe-1", "兰河讯 " + BODY, hour=9)
    follower, missed = article("bai-1", "\n".join(PARTS[:5]), hour=11), article("bai-2", text(90), hour=12)
    deduplicator = Deduplicator(log)
    deduplicator.admit_many([original, wrong, follower, missed])
    assert wrong.duplicate_of == follower.duplicate_of == original.id
    split = {link["id"]: link for link in deduplicator.split([wrong])}
    assert (split[wrong.id]["story_id"], split[wrong.id]["duplicate_of"]) == (wrong.id, "")
    assert split[follower.id]["duplicate_of"] == original.id
    joined = {link["id"]: link for link in deduplicator.join(wrong.id, missed.id)}
    assert joined[missed.id]["duplicate_of"] == wrong.id
    assert {link["story_id"] for link in joined.values()} == {wrong.id}
    reopened = Deduplicator(log)
    assert [member.id for member in reopened.story(missed.id)] == [wrong.id, missed.id]
    assert [member.id for member in reopened.story(original.id)] == [original.id, follower.id]
    with pytest.raises(KeyError):
        deduplicator.join(original.id, "unknown")


def test_the_founder_may_leave_its_story() -> None:
    founder, copy = article("qinghe-1", BODY, hour=7), article("lanhe-1", "兰河讯 " + BODY, hour=9)
    deduplicator = Deduplicator()
    deduplicator.admit_many([founder, copy])
    changed = {link["id"]: link for link in deduplicator.split([founder])}
    assert changed[copy.id]["duplicate_of"] == changed[founder.id]["duplicate_of"] == ""
    later = article("bai-1", BODY, hour=10)
    deduplicator.admit(later)
    assert later.duplicate_of in {founder.id, copy.id}


class RacingLog(MemoryLog):
    """A log in which another writer is faster, the first times."""

    def __init__(self, rivals: list[bytes]) -> None:
        super().__init__()
        self.rivals = rivals

    def append(self, number: int, batch: bytes) -> bool:
        if self.rivals:
            super().append(number, self.rivals.pop(0))
            return False
        return super().append(number, batch)


def test_who_loses_the_race_decides_again() -> None:
    rivals = MemoryLog()
    fast = [article("lanhe-1", BODY, hour=7), article("lanhe-2", text(3), hour=8)]
    Deduplicator(rivals).admit_many(fast[:1])
    Deduplicator(rivals).admit_many(fast[1:])
    log = RacingLog([batch for _, batch in rivals.read(0)])
    slow = [
        article("qinghe-1", text(4)),
        article("qinghe-2", "青禾讯 " + BODY, hour=9),
        article("qinghe-3", text(4), hour=9),
    ]
    deduplicator = Deduplicator(log)
    deduplicator.admit_many(slow)
    assert [each.story_id for each in slow] == [slow[0].id, fast[0].id, slow[0].id]
    assert sorted(member.id for member in Deduplicator(log).story(fast[0].id)) == sorted([fast[0].id, slow[1].id])
    assert len(deduplicator.catalogue) == 5


def test_a_log_made_anew_is_begun_anew() -> None:
    log = MemoryLog()
    deduplicator = Deduplicator(log)
    deduplicator.admit_many([article("qinghe-1", BODY), article("qinghe-2", text(1))])
    deduplicator.admit(article("qinghe-3", text(2)))
    log.clear()
    fresh = article("lanhe-1", BODY)
    deduplicator.admit(fresh)
    assert (fresh.story_id, len(deduplicator.catalogue)) == (fresh.id, 1)


def test_a_log_that_another_process_made_anew_is_read_anew() -> None:
    log = MemoryLog()
    deduplicator = Deduplicator(log)
    deduplicator.admit(article("qinghe-1", BODY))
    other = [article(f"lanhe-{number}", text(number)) for number in range(3)]
    log.clear()
    for each in other:
        Deduplicator(log).admit(each)
    copy = article("bai-1", text(1), hour=20)
    deduplicator.admit(copy)
    assert (copy.story_id, len(deduplicator.catalogue)) == (other[1].id, 4)


def test_a_split_that_loses_the_race_still_founds_a_story_of_its_own() -> None:
    rivals, log = MemoryLog(), RacingLog([])
    articles = [article("qinghe-1", BODY, hour=7), article("lanhe-1", "兰河讯 " + BODY, hour=9)]
    for each in (rivals, log):
        Deduplicator(each).admit_many(articles)
    newcomer = article("bai-1", text(50))
    Deduplicator(rivals).admit(newcomer)
    log.rivals = [rivals.read(1)[0][1]]
    deduplicator = Deduplicator(log)
    deduplicator.split(articles[1:])
    assert [member.id for member in deduplicator.story(articles[1].id)] == [articles[1].id]
    assert [member.id for member in deduplicator.story(newcomer.id)] == [newcomer.id]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rebuild_gives_the_same_stories(processes: int) -> None:
    bodies = [BODY, text(1), "\n".join(PARTS[2:]), "本报讯 " + BODY, text(1), text(2), PARTS[0]]
    articles = [article(f"s{number}", body, hour=20 - number) for number, body in enumerate(bodies)]
    stored: dict[str, tuple[str, str, str]] = {}
    deduplicator = Deduplicator()
    for each in articles:
        for link in deduplicator.admit(each):
            stored[link["id"]] = (link["story_id"], link["duplicate_of"], link["duplicate_kind"])
        stored |= links(each)
    rebuilt = {
        link["id"]: (link["story_id"], link["duplicate_of"], link["duplicate_kind"])
        for link in rebuild(MemoryLog(), articles, processes=processes)
    }
    assert rebuilt == stored


def test_batches_survive_storage() -> None:
    entries = [
        Entry("add", "a" * 40, 3, 0, "near", 0.875, 2, 1_790_000_000, -5, (1 << 60) - 1, "青禾", b""),
        Entry("add", "\ud800", 4, text=bytes(range(256)) * 3),
        Entry("join", "b", 1, 2, "manual"),
    ]
    assert read_batch(write_batch(entries)) == entries
    assert read_batch(write_batch([])) == []


def test_a_cache_spares_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.dedup.stories._WORTH_SAVING", 3)
    log, cache = MemoryLog(), tmp_path / "deep" / "stories.cache"
    first = Deduplicator(log, cache=cache)
    articles = [article(f"qinghe-{number}", text(number % 5), hour=number) for number in range(9)]
    first.admit_many(articles)
    first.join(articles[0].id, articles[1].id)
    first.close()
    reads: list[int] = []

    def read(after: int) -> list[tuple[int, bytes]]:
        reads.append(after)
        return MemoryLog.read(log, after)

    monkeypatch.setattr(log, "read", read)
    reader = Deduplicator(log, cache=cache)
    late = article("lanhe-1", "兰河讯 " + text(1), hour=23)
    reader.admit(late)
    assert min(reads) > 0
    assert late.story_id == articles[0].id
    assert [m.id for m in reader.story(late.id)] == [m.id for m in Deduplicator(log).story(late.id)]
    assert reader.catalogue.columns() == _replayed(log).catalogue.columns()


def _replayed(log: MemoryLog) -> Deduplicator:
    deduplicator = Deduplicator(log)
    deduplicator.story("")
    return deduplicator


@pytest.mark.parametrize("damage", ["cut", "changed", "other log", "no file", "other version"])
def test_a_cache_that_is_of_no_use_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr("newscrawl.dedup.stories._WORTH_SAVING", 0)
    log, cache = MemoryLog(), tmp_path / "stories.cache"
    writer = Deduplicator(log, cache=cache)
    writer.admit_many([article(f"qinghe-{number}", text(number)) for number in range(4)])
    writer.close()
    data = cache.read_bytes()
    if damage == "cut":
        cache.write_bytes(data[:-7])
    elif damage == "changed":
        cache.write_bytes(data[:-7] + b"\x01" + data[-6:])
    elif damage == "other version":
        cache.write_bytes(data.replace(b"stories 1", b"stories 0"))
    elif damage == "no file":
        cache.unlink()
    else:
        log.clear()
        Deduplicator(log).admit(article("lanhe-9", text(9)))
    reader = Deduplicator(log, cache=cache)
    copy = article("lanhe-1", text(2), hour=20)
    reader.admit(copy)
    assert copy.duplicate_of == ("" if damage == "other log" else article("qinghe-2", "").id)
    assert len(reader.catalogue) == (2 if damage == "other log" else 5)


def test_a_rebuild_keeps_what_was_decided_by_hand() -> None:
    log = MemoryLog()
    original, wrong = article("qinghe-1", BODY, hour=7), article("lanhe-1", "兰河讯 " + BODY, hour=9)
    missed, other, gone = article("bai-1", text(90), hour=10), article("bai-2", text(91)), article("bai-3", text(92))
    articles = [original, wrong, missed, other, gone]
    deduplicator = Deduplicator(log)
    deduplicator.admit_many(articles)
    deduplicator.split([wrong])
    deduplicator.join(other.id, missed.id)
    deduplicator.join(gone.id, other.id)
    before = {each.id: {member.id for member in deduplicator.story(each.id)} for each in articles[:2]}
    last = {link["id"]: link["story_id"] for link in rebuild(log, articles[:4])}
    after = Deduplicator(log)
    assert {each.id: {member.id for member in after.story(each.id)} for each in articles[:2]} == before
    assert last[wrong.id] == wrong.id
    assert last[missed.id] == last[other.id] == other.id
    assert after.story(gone.id) == []
