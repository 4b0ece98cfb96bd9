"""Accounts through which an office speaks are a platform of its posts and views; accounts that money went to are personal."""

from __future__ import annotations

from tests.support.sheets import read_rows, rules

ACCOUNTS = ("苍屏反诈（抖音）", "苍屏反诈（视频号）")


def test_accounts_an_office_speaks_through_tell_its_numbers_apart() -> None:
    header = ("账号", "短视频（条）", "短视频播放量（万次）", "图文推送阅读量（次）")
    reading = read_rows((("苍屏市公安局反诈新媒体矩阵运行月报（2026年3月）",), header, (ACCOUNTS[0], 22, 36.8, "-"), (ACCOUNTS[1], 18, 12.4, 900)))
    assert {m.subject for m in reading.measurements} == {"苍屏市公安局"}
    assert set(rules(reading)) == {"subject_is_named_beside_the_title"}
    said = {m.cell: m.attributes["platform"] for m in reading.measurements}
    assert said["B3"] == f"{ACCOUNTS[0]}、短视频"  # row and heading both tell which number it is
    assert all(said[f"{column}{row}"].startswith(account) for column in "BCD" for row, account in zip((3, 4), ACCOUNTS, strict=True))


def test_accounts_below_headings_of_platforms_are_whose_the_numbers_are() -> None:
    header = (("账号", "公众号", None, "抖音", None), (None, "推文（篇）", "阅读量（次）", "短视频（条）", "播放量（万次）"))
    rows = (("平安苍屏", 16, "4.2万", 12, 36.8), ("滨河镇派出所", 3, 1280, 2, 0.6))
    reading = read_rows(
        (("苍屏市公安新媒体反诈作品统计表（2026年3月）",), ("填报单位：苍屏市公安局宣传科",), *header, *rows), merges=("B3:C3", "D3:E3")
    )
    told = {m.cell: (m.subject, m.attributes["platform"], m.value) for m in reading.measurements if m.cell in ("B5", "D6")}
    assert told == {"B5": ("平安苍屏", "微信公众号", 16), "D6": ("滨河镇派出所", "抖音", 2)}
    assert "names_have_a_known_heading" in rules(reading)  # the heading is said: these may be one office's own accounts


def test_accounts_money_went_to_are_personal() -> None:
    rows = (("城关派出所2026年3月止付统计",), ("填报单位：城关派出所",), ("账号", "止付金额（元）"), ("某银行账户甲", 1000), ("某银行账户乙", 500))
    reading = read_rows(rows)
    assert not any(m.attributes for m in reading.measurements)
    assert not any("账户甲" in str(cell) for table in reading.tables for row in table.rows for cell in row)
