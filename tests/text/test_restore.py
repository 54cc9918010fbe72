"""Restoration of damaged text: what is given back, what is left alone, and that every change can be undone."""

from __future__ import annotations

import copy
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.restore import Restoration, restore, restore_parts
from newscrawl.text.restore.language import LanguageModel, language_model
from tests.text.damage import Machine, convert_script, double_commas, mirror, scatter_readings

SENTENCES = (
    "本报讯（记者 林小舟）昨日上午，青石市召开全市经济工作会议，研究部署下一阶段的重点任务。",
    "会议指出，要坚持创新驱动，加快产业转型升级，统筹推进城乡区域协调发展，不断增强群众的获得感。",
    "市委书记孙步乾强调，各级党（工）委要认真履行职责，于年底前完成各项目标，并向社会公布结果。",
    "据了解，今年以来该市新建学校十二所，设立社区卫生服务站三十个，后续建设正在有序进行。",
    "“现在出门就有公交车，看病也方便多了。”家住河湾村的王大爷说，他对今后的日子充满信心。",
    "活动现场，志愿者们向过往行人发放宣传资料，讲解网络安全知识，引导大家文明上网。",
    "在他看来，只有把基础工作做扎实，才能应对各种风险挑战，里里外外都要想到。",
    "该项目占地约600亩，总投资12亿元，预计2025年6月30日8:30正式启用。",
)
ARTICLE = "\n".join(SENTENCES)
_FOLD = str.maketrans("，：；？！（）", ",:;?!()")


def folded(text: str) -> str:
    """Return the text as a page that folds its punctuation shows it."""
    return text.translate(_FOLD)


@pytest.mark.parametrize("annotated", [12, 20, 31, 45, 80])
def test_pinyin_mirror_is_given_back_as_its_portal_wrote_it(annotated: int) -> None:
    damaged = mirror(ARTICLE, Machine(annotated=annotated, punctuation="none"))
    assert damaged != ARTICLE
    result = restore(damaged)
    assert result.verdict == "mirror-pinyin"
    assert result.text == ARTICLE
    assert result.original() == damaged


def test_characters_that_the_author_wrote_stay() -> None:
    result = restore(mirror(ARTICLE, Machine()))
    assert "孙步乾" in result.text
    assert "党（工）委" in result.text


@pytest.mark.parametrize(
    ("clean", "island"),
    [
        ("众多当地村民和各地游客共同分享丰收的喜悦。", "?shù)卮迕"),
        ("各地举办活动庆祝活动，充分展现“三农”发展成就。", "?;"),
        ("此举进一步提高了工作的复杂性。”他对记者说。", "?!"),
        ("扬州尚未迎来拐点。回顾这几天的情况，专家作了分析。", "?;"),
    ],
)
def test_garbled_island_is_decoded(clean: str, island: str) -> None:
    text = ARTICLE + "\n" + clean
    damaged = mirror(text, Machine(annotated=80))
    assert island in damaged
    result = restore(damaged)
    assert folded(result.text) == folded(text)
    assert "garbled" in {edit.rule for edit in result.edits}


@pytest.mark.parametrize(
    ("clean", "island"),
    [
        ("老人拉着记者的手说：“现在的日子真幸福。”大家都笑了。", "?!!"),
        ("目前已有多艘渔船在码头停靠，船员们正忙着卸货。", "???"),
    ],
)
def test_marks_that_follow_one_another_are_read(clean: str, island: str) -> None:
    damaged = mirror(f"{ARTICLE}\n{clean}", Machine())
    assert island in damaged
    assert folded(restore(damaged).text) == folded(f"{ARTICLE}\n{clean}")


def test_blank_line_of_which_an_island_swallowed_a_part_comes_back() -> None:
    text = "\n\n".join([*SENTENCES, "老人拉着记者的手说：“现在的日子真幸福。”", SENTENCES[0]])
    damaged = mirror(text, Machine())
    assert "?\n本" in damaged
    assert folded(restore(damaged).text) == folded(text)


def test_destroyed_byte_that_nobody_can_know_is_not_invented() -> None:
    damaged = mirror(ARTICLE, Machine()) + "\n他說的是龘?;魻栃旣"
    result = restore(damaged)
    assert result.original() == damaged
    for edit in result.edits:
        assert edit.before != edit.after


@pytest.mark.parametrize("shape", ["{}({} )", "{}({})", "{}({}) "])
def test_other_shapes_of_readings(shape: str) -> None:
    readings = {"會": "huì", "經": "jīng", "發": "fā", "業": "yè", "設": "shè", "務": "wù"}
    damaged = convert_script(folded(ARTICLE))
    for character, reading in readings.items():
        damaged = damaged.replace(character, shape.format(character, reading))
    result = restore(damaged)
    assert result.verdict == "mirror-pinyin"
    assert result.text == ARTICLE


def test_toneless_readings_after_a_table_that_converts_everything() -> None:
    readings = {"會": "hui", "經": "jing", "發": "fa", "業": "ye", "於": "yu"}
    damaged = scatter_readings(convert_script(ARTICLE, retained=frozenset()), readings, random.Random(1), 1.0)
    result = restore(damaged)
    assert result.verdict == "mirror-pinyin"
    assert "于年底前" in result.text
    assert "(" not in result.text


def test_readings_on_simplified_text_at_random_places() -> None:
    readings = {"一": "yī", "会": "huì", "的": "de", "在": "zài", "市": "shì", "出": "chū", "大": "dà", "现": "xiàn"}
    damaged = scatter_readings(ARTICLE * 3, readings, random.Random(5), 0.5)
    result = restore(damaged)
    assert result.verdict == "mirror-pinyin"
    assert result.text == ARTICLE * 3


def test_doubled_commas() -> None:
    damaged = double_commas(mirror(ARTICLE, Machine(punctuation="none")), random.Random(3))
    assert ",," in damaged or ",。" in damaged
    assert restore(damaged).text == ARTICLE


@pytest.mark.parametrize("repeats", [1, 3])
def test_script_only_mirror(repeats: int) -> None:
    text = "\n".join([ARTICLE] * repeats)
    result = restore(convert_script(folded(text)))
    assert (result.verdict, result.text) == ("mirror-script", text)


def test_script_alone_in_a_short_text_decides_nothing() -> None:
    damaged = convert_script(SENTENCES[1])
    result = restore(damaged)
    assert result.verdict in {"unsure", "traditional"}
    assert result.text == damaged
    assert result.edits == ()


_ONE_WORD = (
    "青石市的中小学昨日起陆续开学，校门口车来人往，家长们早早把孩子送到教室。记者看到，各校都换上了新的课桌，"
    "操场边的老槐树下，几名老师正和学生谈着暑假的见闻。河湾小学的校长说，今年新生比去年多了四十名，学校为此添了两个班。"
    "教室里装上了新的灯具，光线更明亮。家长王女士说，孩子昨晚把书包理了三遍，今天天没亮就醒了。"
    "镇上的文具店也热闹，店主说三天卖出的本子抵得上平时一个月。中午时分，食堂的四个窗口排起长队，"
    "菜单贴在墙上，一荤两素，外加一碗汤。据介绍，本学期每周三下午开设手工课，学生可以学剪纸、学编竹篮，"
    "老师从村中请来的手艺人担任。校车新开两条线路，终点站在山脚的新村。"
)


def test_one_word_that_no_writer_has_so_tells_the_table_in_a_longer_text() -> None:
    assert len(_ONE_WORD) >= 240
    result = restore(convert_script(_ONE_WORD))
    assert (result.verdict, result.text) == ("mirror-script", _ONE_WORD)


@pytest.mark.parametrize(
    "name",
    ["于茜于強兄弟和范先生", "游淑慧、余光宏、云飛", "豆干、肉干和餅干", "周六的一周年慶", "委托伙伴", "「關于」二字"],
)
def test_names_and_variants_tell_nothing(name: str) -> None:
    import opencc

    text = str(opencc.OpenCC("s2tw").convert(_ONE_WORD.replace("教室里", "教室中"))) + f"大家談起{name}。" * 2
    result = restore(text)
    assert result.text == text
    assert not result.verdict.startswith("mirror")


def test_table_that_takes_the_rarer_form_is_told_by_words_that_nobody_writes() -> None:
    text = "各方面都要看到，只有把基础工作做好，里面的事才不会乱。" + ARTICLE.replace("孙步乾", "孙步平")
    rarer = str.maketrans("面只", "麵隻")
    result = restore(convert_script(text, retained=frozenset()).translate(rarer))
    assert (result.verdict, result.text) == ("mirror-script", text)


def test_pun_of_a_noodle_shop_tells_nothing() -> None:
    import opencc

    text = (
        str(opencc.OpenCC("s2tw").convert(ARTICLE))
        + "\n鎮上新開的小店叫「麵麵俱到」，招牌寫著「上麵有請」，隻隻肥美的蝦下鍋。"
    )
    assert restore(text).text == text


def test_classical_text_in_which_these_characters_are_at_home_stays() -> None:
    poems = (
        "于以采蘋？南澗之濱。于以采藻？于彼行潦。于以盛之？維筐及筥。于以湘之？維錡及釜。于以奠之？宗室牖下。誰其尸之？有齊季女。\n"
        "燕燕于飛，差池其羽。之子于歸，遠送于野。瞻望弗及，泣涕如雨。燕燕于飛，頡之頏之。之子于歸，遠于將之。瞻望弗及，佇立以泣。\n"
        "桃之夭夭，灼灼其華。之子于歸，宜其室家。桃之夭夭，有蕡其實。之子于歸，宜其家室。桃之夭夭，其葉蓁蓁。之子于歸，宜其家人。\n"
    )
    result = restore(poems * 2)
    assert result.text == poems * 2
    assert not result.verdict.startswith("mirror")


def test_financial_numerals() -> None:
    damaged = mirror(ARTICLE, Machine(punctuation="none")) + "\n壹個人走進了第叁家商店，買了第壹批貨。"
    assert restore(damaged).text.endswith("一个人走进了第三家商店，买了第一批货。")


def test_keyword_lines_of_spam_go_and_the_page_stays() -> None:
    spam = "国产精品久久久,亚洲欧美日韩一区二区,免费观看在线视频,成人午夜av"
    damaged = f"{spam}\n\n{mirror(ARTICLE, Machine(punctuation='none'))}\n{spam}"
    assert restore(damaged).text == ARTICLE


def test_domain_within_a_word_goes_and_an_address_stays() -> None:
    text = ARTICLE + "\n更多内容请登录www.example.cn查询,或访问http://example.com/新闻?id=3,4。"
    damaged = mirror(text, Machine(punctuation="none")).replace("市委書記孫", "市委書spam8.com記孫")
    restored = restore(damaged).text
    assert "市委书记孙步乾" in restored
    assert "登录www.example.cn查询" in restored
    assert "http://example.com/" in restored
    assert "?id=3,4" in restored


def test_destroyed_spaces_and_dots() -> None:
    damaged = "????" + mirror(ARTICLE, Machine(punctuation="none")) + "\n雅各布?斯塔茨曼(教授)到會。"
    restored = restore(damaged).text
    assert restored.startswith("    本报讯")
    assert "雅各布·斯塔茨曼（教授）" in restored


HEALTHY = (
    "",
    "plain ASCII (xue) text, 8:30.",
    ARTICLE,
    folded(ARTICLE),
    "亳(bó)州、六(lù)安、歙(shè)县、黟(yī)县的读音常被弄错，其中六安的六读lù。",
    "春(chūn)天(tiān)来(lái)了(le)，花(huā)儿(ér)开(kāi)了(le)，小(xiǎo)鸟(niǎo)在(zài)唱(chàng)歌(gē)。",
    "生字表：学(xué)、习(xí)、发(fā)、区(qū)、业(yè)、会(huì)、时(shí)、国(guó)、来(lái)、对(duì)。",
    "村里的老人记得，族谱里写着“陳氏宗祠”四个字，落款是民国二十三年。",
    "「我們相信,只要大家一起努力,未來會更好。」鎮長在記者會後表示,計畫將於明年啟動,並邀請居民參與。",
    "于右任與後人的書信現藏於臺北，館方表示願意公開展示，並將製作數位版本，供學者研究之用，預計後年完成。",
    "他說「亳(bó)州」的讀音常被弄錯，並在會後向記者解釋這個地名的來歷。",
)


@pytest.mark.parametrize("text", HEALTHY)
def test_healthy_text_comes_back_unchanged(text: str) -> None:
    result = restore(text)
    assert result.text == text
    assert result.edits == ()
    assert not result.verdict.startswith("mirror")


@pytest.mark.parametrize("table", ["s2tw", "s2hk", "s2t", "s2twp"])
def test_well_converted_text_is_traditional(table: str) -> None:
    import opencc

    text = str(opencc.OpenCC(table).convert(ARTICLE))
    result = restore(text)
    assert (result.text, result.verdict) == (text, "traditional")


def test_parts_of_a_page_share_one_verdict() -> None:
    damaged = mirror(ARTICLE, Machine(punctuation="none"))
    title, body, address = restore_parts(["我市召開經(jīng)濟工作會議", damaged, "http://example.com/新聞/1.html"])
    assert title.text == "我市召开经济工作会议"
    assert body.text == ARTICLE
    assert address.text == "http://example.com/新聞/1.html"
    assert title.verdict == body.verdict == "mirror-pinyin"


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=4, max_size=12),
    st.integers(min_value=12, max_value=70),
    st.sampled_from(["kept", "half", "none"]),
    st.booleans(),
)
def test_any_damage_can_be_undone_and_rebuilt(
    sentences: list[str], annotated: int, punctuation: str, eats: bool
) -> None:
    text = "\n".join(sentences)
    damaged = mirror(text, Machine(annotated=annotated, punctuation=punctuation, eats=eats))
    result = restore(damaged)
    assert result.original() == damaged
    assert len(result.text) <= len(damaged)
    if punctuation == "none" and result.verdict == "mirror-pinyin":
        assert result.text == text


_ODD = st.text(
    st.one_of(
        st.sampled_from("()（）?,，。“”學發xuéfā于後漢語\n <>A1:/.壹叁·\ue000\ud800\udfff\x00"),
        st.characters(codec=None),
    ),
    max_size=300,
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(_ODD, st.booleans())
def test_any_text_is_accepted(noise: str, damaged: bool) -> None:
    text = mirror(ARTICLE, Machine(punctuation="none")) + noise if damaged else noise
    result = restore(text)
    assert result.original() == text
    assert 0.0 <= result.confidence <= 1.0
    if not result.verdict.startswith("mirror"):
        assert result.text == text


@pytest.mark.parametrize(
    "unit",
    ["(", ")", "?", "?，漢", "學(xué)", "(漢", "?xué)", ",", "於", "\ud800", "国产精品在线视频\n", "a.b.com漢語"],
)
def test_long_monotonous_text(unit: str) -> None:
    text = mirror(ARTICLE, Machine(punctuation="none")) + unit * 20_000
    assert restore(text).original() == text


def test_edits_name_their_rule_and_place() -> None:
    damaged = mirror(ARTICLE, Machine(punctuation="none"))
    result = restore(damaged)
    for edit in result.edits:
        assert damaged[edit.offset : edit.offset + len(edit.before)] == edit.before
    assert {edit.rule for edit in result.edits} == {"pinyin", "script", "punctuation"}
    offsets = [edit.offset for edit in result.edits]
    assert offsets == sorted(offsets)


def test_original_without_edits() -> None:
    assert Restoration("原文").original() == "原文"


def test_edits_travel_and_compare_as_sequences() -> None:
    damaged = mirror(ARTICLE, Machine(punctuation="none"))
    edits = restore(damaged).edits
    assert edits == list(edits)
    assert tuple(copy.copy(edits)) == tuple(edits)
    assert edits[0] == next(iter(edits))
    assert len(edits[:3]) == 3


@pytest.mark.parametrize("before", ["中国", "经济", "。”", "\x02\x02", "龘的", "\ud800学"])
def test_language_model_gives_probabilities(before: str) -> None:
    model = language_model()
    known = [
        chr(code)
        for code in (*range(0x20, 0x80), *range(0x2000, 0x3100), *range(0x4E00, 0xA000), *range(0xFF00, 0xFF60))
    ]
    known = [character for character in known if model.number(character) >= 0]
    total = sum(model.probability(before, character) for character in known)
    assert 0.9 < total < 1.001
    likely = model.likely(before, model.candidates(known), 0.0)
    assert all(likely[model.number(sign)] == pytest.approx(model.probability(before, sign)) for sign in known[::97])


def test_bytes_that_are_no_language_model_are_refused() -> None:
    with pytest.raises(ValueError, match="n-gram"):
        LanguageModel(b"NGR1 of another version")
