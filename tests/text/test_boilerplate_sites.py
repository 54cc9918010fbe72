"""Line frequencies of a site."""

from __future__ import annotations

from newscrawl.text.boilerplate_sites import MAX_LINES, SiteLines


def pages(count: int, *common: str) -> list[list[str]]:
    return [[f"第{index}篇文章写的是第{index}件事情。", f"第{index}段。", *common] for index in range(count)]


def observed(count: int, *common: str) -> SiteLines:
    lines = SiteLines()
    for page in pages(count, *common):
        lines.observe(page)
    return lines


def test_a_line_on_three_pages_is_repeated() -> None:
    assert not observed(2, "江岸头条二十四小时").is_repeated("江岸头条二十四小时")
    assert observed(3, "江岸头条二十四小时").is_repeated("江岸头条二十四小时")


def test_width_and_script_do_not_matter() -> None:
    assert observed(3, "江岸头条：二十四小时").is_repeated("江岸頭條:二十四小時")


def test_a_line_must_hold_its_share_of_a_big_site() -> None:
    lines = observed(3, "江岸头条二十四小时")
    for index in range(200):
        lines.observe([f"另一篇文章{index}", f"另一段{index}"])
    assert not lines.is_repeated("江岸头条二十四小时")


def test_copies_of_one_article_are_not_counted() -> None:
    article = [f"这篇文章的第{index}段写得不短。" for index in range(6)]
    lines = SiteLines()
    for _ in range(5):
        lines.observe(article)
    assert lines.pages == 1
    assert not lines.is_repeated(article[0])


def test_profile_survives_storing() -> None:
    lines = observed(3, "江岸头条二十四小时")
    again = SiteLines.from_dict(lines.to_dict())
    assert again == lines
    assert SiteLines.from_dict({}) == SiteLines()


def test_profile_stays_small_and_keeps_what_repeats() -> None:
    lines = SiteLines()
    for index in range(MAX_LINES // 10):
        lines.observe([f"第{index}篇第{line}行" for line in range(20)] + ["江岸头条二十四小时"])
    assert len(lines.counts) <= MAX_LINES + 30
    assert lines.is_repeated("江岸头条二十四小时")


def test_empty_and_long_lines_are_never_repeated() -> None:
    lines = observed(5, "", "  ", "长" * 500)
    assert not any(lines.is_repeated(line) for line in ("", "  ", "长" * 500))
