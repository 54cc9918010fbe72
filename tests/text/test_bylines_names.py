"""Names: unseparated, spread out, compound, minority and foreign ones; and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.bylines import is_credit_line, is_person, parse_byline
from newscrawl.text.bylines.names import split_run


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("邓小川陈大河", "邓小川 陈大河"),
        ("张川闫小溪", "张川 闫小溪"),
        ("周文谢旭", "周文 谢旭"),
        ("陈石张大川李溪", "陈石 张大川 李溪"),
        ("欧阳小川司马大河", "欧阳小川 司马大河"),
        ("马晓东方敏", "马晓东 方敏"),
        ("郑川", "郑川"),
    ],
)
def test_a_run_of_names_is_split_at_its_surnames(run: str, names: str) -> None:
    spans = split_run(run)
    assert spans is not None
    assert [run[start:end] for start, end in spans] == names.split()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("记者 王 川 李小溪", "王川 李小溪"),
        ("记者 方 川 王 溪 刘大河", "方川 王溪 刘大河"),
        ("记者 欧阳 川", "欧阳川"),
        ("记者 才仁多杰 扎西卓玛", "才仁多杰 扎西卓玛"),
        ("（新疆日报记者 阿依古丽·艾山）", "阿依古丽·艾山"),
        ("（记者巴特尔）", "巴特尔"),
        ("作者：John Smith", "John Smith"),
        ("作者：约翰·史密斯", "约翰·史密斯"),
        ("记者王小川、李小溪、", "王小川 李小溪"),
        ("（记者黄金红）", "黄金红"),
    ],
)
def test_names_in_a_credit(line: str, names: str) -> None:
    expected = [names] if names == "John Smith" else names.split()
    assert parse_byline(line).reporters == expected


@pytest.mark.parametrize("text", ["从市政府获悉", "高度关注", "今天上午", "时表示", "abc", "", "王"])
def test_running_text_is_no_run_of_names(text: str) -> None:
    assert split_run(text) is None


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("陈大河", True),
        ("張小川", True),
        ("欧阳小川", True),
        ("网易", False),
        ("新华网", False),
        ("中時電子報", False),
        ("", False),
    ],
)
def test_a_person_has_a_surname_and_is_no_medium(name: str, person: bool) -> None:
    assert is_person(name) is person


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("（记者 陈大河 通讯员 林小溪）", True),
        ("责任编辑：郑平川", True),
        ("编辑：林小溪 审核：郑平川", True),
        ("记者陈大河摄", True),
        ("来源：南山日报", True),
        ("图为学生在上课。记者陈大河摄", False),
        ("本报讯（记者 陈大河）昨日，全市会议召开", False),
        ("他对记者说，编辑部很好", False),
        ("记者从市政府获悉，今年将新建三所学校", False),
        ("", False),
    ],
)
def test_a_credit_line_holds_credits_and_nothing_else(line: str, credit: bool) -> None:
    assert is_credit_line(line) is credit


SURNAMES = st.sampled_from(["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "欧阳", "司马"])
GIVEN = st.sampled_from(["小川", "大河", "平", "晓溪", "建峰", "海燕", "磊"])
NAMES = st.lists(st.builds(str.__add__, SURNAMES, GIVEN), min_size=1, max_size=6, unique=True)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(
    names=NAMES,
    separator=st.sampled_from(["、", " ", "  ", "，", "/"]),
    role=st.sampled_from(["记者 ", "记者：", "作者："]),
)
def test_separated_names_come_back_as_they_went_in(names: list[str], separator: str, role: str) -> None:
    assert parse_byline(f"（{role}{separator.join(names)}）").reporters == names


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    text=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "记者",
                    "通讯员",
                    "摄",
                    "文/图",
                    "（",
                    "）",
                    "：",
                    "来源",
                    "新华社",
                    "讯",
                    "电",
                    "1月4日",
                    "王",
                    " ",
                    "?",
                    "·",
                    "\x00",
                ]
            ),
            st.text(max_size=3),
        ),
        max_size=40,
    ).map("".join)
)
def test_any_string_is_read_and_every_name_stands_in_it(text: str) -> None:
    found = parse_byline(text)
    squeezed = "".join(text.split())
    for name in (*found.reporters, *found.correspondents, *found.photographers, *found.editors, *found.interns):
        assert name
        assert set("".join(name.split())) - set("0123456789") <= set(squeezed) | set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        )


@pytest.mark.parametrize(
    "unit",
    ["记者张三 ", "（", "编辑：", "新华社", "2024-01-05 ", "王·", "张三摄", "网(", "驻", "来源：", "全媒体首席", "?"],
)
def test_a_megabyte_of_anything_is_read(unit: str) -> None:
    found = parse_byline(unit * (1_000_000 // len(unit)))
    assert len(found.reporters) + len(found.photographers) <= 10


def test_four_hundred_roles_in_one_line() -> None:
    given = "山川河海江湖溪泉云月星辰春秋冬梅兰竹菊松"
    people = [f"王{first}{second}" for first in given for second in given]
    assert parse_byline(" ".join(f"记者 {name}" for name in people)).reporters == people
