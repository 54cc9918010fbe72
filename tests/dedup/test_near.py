from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dedup import NearDuplicateIndex
from newscrawl.dedup.fingerprint import _READING, Fingerprint, _read_text, contradict, fingerprint
from newscrawl.text.folding import is_plain
from tests.dedup.samples import paragraphs, sentence, text

NOTICE = (
    "声明：本页内容由网友提供，白杉在线不对其真实性负责，请读者自行核实，如有不妥请来信告知，我们将在三个工作日内处理。"
)
PARTS = paragraphs(7, 8)
WHOLE = "\n".join(PARTS)


def edited(body: str, share: float, seed: int = 3) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice("山水风云花鸟") if draw.random() < share else character for character in body)


def with_pinyin(body: str) -> str:
    damaged: dict[str, str | int | None] = {
        "县": "縣(xiàn)",
        "镇": "鎮",
        "东": "東(dōng)",
        "书": "書(shū)",
        "学": "學(xué)",
        "线": "線(xiàn)",
    }
    return body.translate(str.maketrans(damaged))


COPIES = {
    "same": WHOLE,
    "dateline and byline": "白杉在线3月2日电（记者 沈远山 通讯员 顾青）" + WHOLE,
    "notice at the end": f"{WHOLE}\n{NOTICE}\n阅读推荐\n桃花开了\n3月9日",
    "paragraphs cut": "\n".join(PARTS[:2] + PARTS[4:7]),
    "paragraphs merged and moved": "".join(PARTS[4:] + PARTS[:4]),
    "first paragraph": PARTS[0],
    "edited": edited(WHOLE, 0.03),
    "traditional with pinyin": with_pinyin(WHOLE),
    "several at once": "白杉在线讯 " + with_pinyin(edited("\n".join(PARTS[:5]), 0.02)) + "\n" + NOTICE,
}


@pytest.fixture
def index() -> NearDuplicateIndex:
    known = NearDuplicateIndex()
    for seed in range(100, 130):
        known.add(f"other {seed}", text(seed))
    known.add("original", WHOLE, title="桃树苗送到东篱果园")
    return known


@pytest.mark.parametrize("change", COPIES)
def test_copies_are_found(index: NearDuplicateIndex, change: str) -> None:
    matches = index.query(COPIES[change])
    assert [match.id for match in matches] == ["original"]
    assert 0.45 <= matches[0].similarity <= 1.0


def test_a_text_in_which_the_known_one_lies_is_found(index: NearDuplicateIndex) -> None:
    index.add("short", text(500, 1))
    assert [match.id for match in index.query(text(500, 1) + "\n" + text(501, 6))] == ["short"]


def test_plain_characters_are_read_as_they_are_beside_unusual_ones() -> None:
    plain = "".join(character for character in map(chr, range(0x11000)) if is_plain(character))
    assert _read_text(plain) == plain.translate(_READING)


@pytest.mark.parametrize("seed", range(40, 48))
def test_other_articles_from_the_same_words_are_not_found(index: NearDuplicateIndex, seed: int) -> None:
    assert index.query(text(seed)) == []


TEMPLATES = {
    "weather": "{city}气象台{month}月{day}日17时发布天气预报：今天白天多云，东南风2到3级，最高气温{a}℃；夜间小雨，"
    "最低气温{b}℃。气象专家提醒，近期早晚温差较大，公众外出请注意及时增减衣物，雨天路滑，驾驶人员应当注意道路积水。",
    "market": "{month}月{day}日，青禾股份报收于{a}.{b}元，上涨0.{a}%，换手率{b}.{a}%，成交量{day}万手。"
    "成交额{a}{b}万元。该公司的主要业务是茶叶的种植、加工与销售，产品主要在本省销售，机构认为其经营总体平稳，投资者应当注意风险。",
    "session": "青禾县第十八届代表大会第{a}次会议{day}日上午在县礼堂举行。会议听取了上一年工作报告，审议了预算草案，"
    "代表们分组进行了讨论，一致认为报告总结工作实事求是，部署任务重点突出，符合全县实际，会议号召全县同心协力。",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_one_template_on_two_days_is_two_stories(template: str) -> None:
    draw, known = random.Random(5), NearDuplicateIndex()
    days = [(month, day) for month in range(1, 13) for day in (1, 9, 17, 25)]
    for month, day in days:
        facts = {"city": draw.choice("青兰白云"), "month": month, "day": day, "a": month * 31 + day, "b": day % 7 + 2}
        body = TEMPLATES[template].format(**facts)
        assert known.query(body) == [], (month, day)
        known.add(f"{month}-{day}", body)
        if template != "session":  # two numbers in words that all share are too little to find a copy by
            assert known.query("青禾在线讯 " + body)[0].id == f"{month}-{day}"


def test_a_shared_notice_joins_nothing() -> None:
    known = NearDuplicateIndex()
    for number in range(12):
        body = f"{sentence(random.Random(number))}\n{NOTICE}"
        assert known.query(body) == []
        known.add(str(number), body)
    assert known.query(NOTICE) == []


def test_a_shared_notice_of_unknown_wording_fades() -> None:
    unknown = "".join(sentence(random.Random(999)) for _ in range(4))
    known = NearDuplicateIndex()
    for number in range(20):
        known.add(str(number), text(2000 + number, 3) + "\n" + unknown)
    assert known.query(unknown) == []


@pytest.mark.parametrize(
    "alert", ["{}发布暴雨橙色预警", "{}今天夜间到明天白天多云转阴有小雨", "快讯：{}段临时封闭车辆请绕行"]
)
def test_short_alerts_of_different_places_are_different_news(alert: str) -> None:
    places = ["青禾县", "兰河镇", "白杉路", "云岭", "石桥河堤", "东篱", "新岸码头", "赤溪村"]
    known = NearDuplicateIndex()
    for place in places:
        assert known.query(alert.format(place)) == []
        known.add(place, alert.format(place))
        assert known.query(alert.format(place) + "。")[0].id == place


@pytest.mark.parametrize("body", ["", "\n", "……", "今天晴。", "晴", "\ud800" * 30, "abc " * 200])
def test_what_has_no_text_to_compare_matches_nothing(body: str) -> None:
    known = NearDuplicateIndex()
    known.add("first", body)
    assert known.query(body) == []


@pytest.mark.parametrize("unit", ["风", "ab", "1", "第一", "(shū)", "声明", "\n", "桃树苗送来了。" * 7])
def test_a_million_characters_end(unit: str) -> None:
    print_ = fingerprint(unit * (1_000_000 // len(unit)))
    assert len(print_.shingles) <= 160
    assert len(print_.to_bytes()) <= 4 * (3 + 160 + 4 * 64)


def test_the_whole_text_stands_for_a_story_that_began_with_an_excerpt() -> None:
    known = NearDuplicateIndex()
    known.add("excerpt", PARTS[0])
    known.add("whole", WHOLE)
    assert [match.id for match in known.query("\n".join(PARTS[3:]))] == ["excerpt"]


def test_a_digest_does_not_draw_its_other_stories_into_one() -> None:
    known = NearDuplicateIndex()
    known.add("one", text(600, 2))
    known.add("digest", text(601, 3) + "\n" + text(600, 2) + "\n" + text(602, 3))
    assert known.query(text(602, 3)) == []


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("共有1200名代表参加", "共有1200名代表参加", False),
        ("共有1200名代表参加", "共有1350名代表参加", True),
        ("青禾县举行第三次全体会议", "青禾县举行第四次全体会议", True),
        ("青禾在线3月2日电 果园6日开园", "白杉在线3月9日电 果园6日开园", False),
        ("果园6日开园", "果园16日开园", True),
        ("没有数字的一句话", "另外一句没有数字的话", False),
    ],
)
def test_facts_in_the_same_words_are_compared(one: str, other: str, *, different: bool) -> None:
    assert contradict(fingerprint(one), fingerprint(other)) is different


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(st.sampled_from("青禾县第三次2026年3月.，\n(ān)Ab声明 \ud800𠀀"), max_size=120) | st.text(max_size=60))
def test_any_text_has_a_fingerprint_that_survives_storage(body: str) -> None:
    print_ = fingerprint(body)
    assert Fingerprint.from_bytes(print_.to_bytes()) == print_
    assert not contradict(print_, print_)
    assert all(0 < shingle < 1 << 32 for shingle in print_.shingles)


def test_fingerprints_are_the_same_in_every_process() -> None:
    program = (
        "import sys; from newscrawl.dedup.fingerprint import fingerprint;"
        "print(fingerprint(sys.argv[1]).to_bytes().hex())"
    )
    command = [sys.executable, "-c", program, PARTS[0]]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)]  # noqa: S603 - ours
    printed = {run.stdout.strip() for run in runs}
    assert printed == {fingerprint(PARTS[0]).to_bytes().hex()}
