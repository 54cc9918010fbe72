"""The page level of bylines: which of a page's places names the people of an article."""

from __future__ import annotations

import pytest

from newscrawl.chain.bylines import read_bylines
from newscrawl.items import Article, Candidate, Image

SENTENCE = (
    "昨日，南山市召开全市重点项目推进会，会议听取了各县区的汇报，"
    "并对下一步工作作出了具体安排和部署，要求各部门抓好落实。"
)


def article(*paragraphs: str, candidates: list[Candidate] | None = None, byline_raw: str = "") -> Article:
    found = Article(
        url="https://news.example/1.html",
        body="\n".join(paragraphs),
        candidates=candidates or [],
        byline_raw=byline_raw,
    )
    body = found.body
    read_bylines(found)
    assert found.body == body
    return found


def test_the_labelled_line_gives_author_editor_and_source() -> None:
    line = Candidate("credit", "2024-01-05 来源：南山日报 作者：陈大河 责任编辑：郑平川", "line")
    found = article(SENTENCE, candidates=[line])
    assert (found.reporters, found.editors, found.source) == (["陈大河"], ["郑平川"], "南山日报")


def test_the_raw_byline_is_read_where_no_candidate_is_offered() -> None:
    found = article(SENTENCE, byline_raw="来源：南山日报 作者：陈大河")
    assert (found.reporters, found.source) == (["陈大河"], "南山日报")


@pytest.mark.parametrize(
    "paragraph",
    [
        "本报讯（记者 陈大河）" + SENTENCE,
        "新华社北京1月4日电（记者陈大河）" + SENTENCE,
        "\u3014記者陳大河／台北報導\u3015" + SENTENCE,
        SENTENCE + "（记者 陈大河）",
        SENTENCE + "(总台记者 陈大河)",
        SENTENCE + "文/陈大河",
        SENTENCE + "本报记者 陈大河",
    ],
)
def test_beginning_and_end_of_a_paragraph_name_the_reporter(paragraph: str) -> None:
    assert article(paragraph, SENTENCE * 2).reporters in (["陈大河"], ["陳大河"])


def test_the_dateline_gives_agency_and_place() -> None:
    found = article("新华社北京1月4日电（记者陈大河）" + SENTENCE, SENTENCE)
    assert (found.agency, found.dateline_place, found.source) == ("新华社", "北京", "")


def test_a_line_of_its_own_at_the_tail_is_read() -> None:
    found = article(*[SENTENCE] * 9, "记者 陈大河 通讯员 林小溪", "编辑：郑平川 审核：王小山")
    assert (found.reporters, found.correspondents, found.editors) == (["陈大河"], ["林小溪"], ["郑平川", "王小山"])


def test_a_photo_credit_inside_the_body_makes_a_photographer_and_no_reporter() -> None:
    found = article(*[SENTENCE] * 7, "图为会议现场。 林小溪 摄", *[SENTENCE] * 7)
    assert (found.photographers, found.reporters) == (["林小溪"], [])


@pytest.mark.parametrize(
    "middle",
    [
        "他告诉记者，项目明年就能完工，到那时全市将有三千人受益。",
        "记者从市政府获悉，会议将于下月举行。",
        "“这里的编辑和作者都很年轻。”陈大河对记者说。",
        "林小溪对此文亦有贡献的说法，陈大河并不认同。",
    ],
)
def test_running_text_names_nobody(middle: str) -> None:
    found = article(SENTENCE, middle, SENTENCE)
    assert [*found.reporters, *found.editors, *found.photographers, *found.correspondents] == []


def test_metadata_alone_names_nobody() -> None:
    assert article(SENTENCE, candidates=[Candidate("author", "陈大河", "meta:author")]).reporters == []


def test_metadata_counts_where_the_page_agrees() -> None:
    author = Candidate("author", "陈大河", "meta:author")
    line = Candidate("credit", "南山日报 陈大河 2024-01-05", "line")
    assert article(SENTENCE, candidates=[author, line]).reporters == ["陈大河"]


def test_the_duty_editor_in_metadata_is_no_reporter() -> None:
    author = Candidate("author", "郑平川", "meta:author")
    tail = Candidate("credit", "【责任编辑：郑平川】", "tail")
    found = article(SENTENCE, candidates=[author, tail])
    assert (found.reporters, found.editors) == ([], ["郑平川"])


@pytest.mark.parametrize("name", ["南山网", "admin", "网易", "新华社"])
def test_the_site_is_no_author(name: str) -> None:
    offered = [Candidate("author", name, "jsonld"), Candidate("source", name, "meta:source")]
    assert article(SENTENCE, candidates=offered).reporters == []


def test_the_text_goes_before_the_credit_line() -> None:
    line = Candidate("credit", "来源：南山日报 作者：林小溪", "line")
    assert article("本报讯（记者 陈大河）" + SENTENCE, candidates=[line]).reporters == ["陈大河"]


def test_a_visible_author_is_taken() -> None:
    assert article(SENTENCE, candidates=[Candidate("author", "陈大河", "line")]).reporters == ["陈大河"]


def test_a_name_alone_in_the_last_bracket_signs_the_text() -> None:
    assert article(SENTENCE, SENTENCE + "(陈大河)").reporters == ["陈大河"]


def test_the_last_bracket_of_the_duty_editor_signs_nothing() -> None:
    tail = Candidate("credit", "责任编辑：陈大河", "tail")
    assert article(SENTENCE, SENTENCE + "（陈大河）", candidates=[tail]).reporters == []


def test_fields_that_are_filled_stay() -> None:
    found = Article(url="https://news.example/1.html", body="（记者 陈大河）", reporters=["林小溪"], source="南山日报")
    read_bylines(found)
    assert (found.reporters, found.source) == (["林小溪"], "南山日报")


def test_the_visible_source_goes_before_metadata() -> None:
    offered = [Candidate("source", "南山网", "meta:og:site_name"), Candidate("source", "来源：新华网", "line")]
    assert article(SENTENCE, candidates=offered).source == "新华网"


@pytest.mark.parametrize("line", ["图片来源：视觉中国", "图为会议现场。 新华社记者 林小溪 摄"])
def test_the_source_of_a_picture_is_not_the_source_of_the_story(line: str) -> None:
    found = article(SENTENCE, line, SENTENCE)
    assert (found.source, found.agency) == ("", "")


def test_a_label_without_a_medium_gives_no_source() -> None:
    line = Candidate("credit", "2024-01-05 来源：资料图", "line")
    assert article(SENTENCE, candidates=[line]).source == ""


@pytest.mark.parametrize("body", ["", "\n\n", "（" * 5000, "记者张三 " * 20000, "\x00\n\u200b\n(\n"])
def test_any_body_is_read(body: str) -> None:
    article(body)


@pytest.mark.parametrize(
    "caption",
    [
        "修复后的湿地。（记者 林小溪 摄）",
        "老人们在食堂用餐。见习记者 林小溪 摄",
        "陈大河（右）与获救男童一家。林小溪 摄",
        "林小溪摄",
        "图为会议现场。摄影：林小溪",
        "會議現場。（記者林小溪攝）",
    ],
)
def test_a_caption_names_the_photographer_and_no_reporter(caption: str) -> None:
    found = Article(
        url="https://news.example/1.html", body=SENTENCE, images=[Image("https://news.example/1.jpg", caption)]
    )
    read_bylines(found)
    assert (found.photographers, found.reporters, found.source) == (["林小溪"], [], "")


@pytest.mark.parametrize("caption", ["", "陈大河在会上讲话。", "游客在湖边拍摄照片。", "陈大河拍摄的作品在馆内展出。"])
def test_a_caption_without_a_credit_names_nobody(caption: str) -> None:
    found = Article(
        url="https://news.example/1.html", body=SENTENCE, images=[Image("https://news.example/1.jpg", caption)]
    )
    read_bylines(found)
    assert found.photographers == []


def test_credits_run_into_the_first_paragraph() -> None:
    found = article("淮海晨报讯 记者陈大河 通讯员林小溪报道：白天卖鱼卖菜，晚上敲锣唱戏。" + SENTENCE, SENTENCE)
    assert (found.reporters, found.correspondents, found.agency) == (["陈大河"], ["林小溪"], "淮海晨报")


@pytest.mark.parametrize("closing", ["（来源：南山日报）", "本文来源：南山日报", "来源｜南山日报", "(來源：南山日报)"])
def test_the_closing_source_goes_before_the_portal_that_reprints(closing: str) -> None:
    line = Candidate("credit", "2024-01-05 来源：新南山网", "line")
    assert article(SENTENCE, SENTENCE, closing, candidates=[line]).source == "南山日报"
    tail = Candidate("credit", closing, "tail")
    assert article(SENTENCE, SENTENCE, candidates=[line, tail]).source == "南山日报"


@pytest.mark.parametrize("closing", ["（来源：陈大河）", "图片来源：视觉南山", "来源：网络", "来源：资料图"])
def test_a_closing_line_without_a_medium_leaves_the_source_above_the_text(closing: str) -> None:
    line = Candidate("credit", "2024-01-05 来源：新南山网", "line")
    assert article(SENTENCE, SENTENCE, closing, candidates=[line]).source == "新南山网"


def test_a_medium_beside_the_date_is_the_source_where_no_credit_is_offered() -> None:
    line = Candidate("date", "2018年12月28日 19:55 南山日报", "line")
    assert article(SENTENCE, candidates=[line]).source == "南山日报"
    credit = Candidate("credit", "来源：新南山网", "line")
    assert article(SENTENCE, candidates=[line, credit]).source == "新南山网"
