"""Every way the same fact arrives more than once, with the single number that must stand."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.tables.base import table
from tests.support.settling import MONDAY, SUNDAY, Case, File, activity, area, campaign, number, points, settled, standing, unit

STATION, EAST = "城关派出所", "东关派出所"
TOWNS = [area("东街社区", "城关镇", residents="1200"), area("西街社区", "城关镇", row=4, residents="800"), area("东街社区", "东关镇", row=5)]
UNITS = [
    unit(STATION, code="P01", serves="城关镇", aliases="城关所、城南派出所（2026.1.1起）"),
    unit(EAST, row=4, serves="东关镇"),
    unit("县反诈中心", row=5),
]
REGISTERS = File("名册.xlsx", entries=[*TOWNS, *UNITS], minutes=-100)
ONE = number(STATION, 40000)
DAY = MONDAY + timedelta(days=1)


def own(value: float | None, **changes: object):
    return number(STATION, value, reporter=STATION, **changes)


def county(subject: str, value: float | None, **changes: object):
    return number(subject, value, reporter="县反诈中心", **changes)


CASES = [
    Case("alone", [File("a.xlsx", [ONE])], [("a.xlsx", 40000)]),
    Case("again, renamed", [File("a.xlsx", [ONE]), File("a(1).xlsx", [ONE], 60)], [("a.xlsx", 40000)], {"a(1).xlsx": "repeated"}),
    Case(
        "again, the same path with other bytes",
        [File("a.xlsx", [ONE]), File("a.xlsx", [ONE], 60, content="saved again")],
        [("a.xlsx", 40000)],
        {"a.xlsx": "repeated"},
    ),
    Case("corrected", [File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, 4000)], 60)], [("b.xlsx", 4000)], {"a.xlsx": "superseded"}),
    Case(
        "corrected, and again as it was",
        [File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, 4000)], 60), File("c.xlsx", [ONE], 120)],
        [("c.xlsx", 40000)],
        {"a.xlsx": "superseded", "b.xlsx": "superseded"},
    ),
    Case(
        "one row corrected",
        [File("a.xlsx", [county(STATION, 40000), county(EAST, 3200, row=5)]), File("b.xlsx", [county(STATION, 4000)], 60)],
        [("a.xlsx", 3200), ("b.xlsx", 4000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "from another unit",
        [File("a.xlsx", [own(40000)]), File("b.xlsx", [number(STATION, 39000, reporter=EAST)], 60)],
        [("a.xlsx", 40000)],
        {"b.xlsx": "compilation"},
    ),
    Case(
        "inside a county compilation that names its reporter",
        [File("a.xlsx", [own(40000)]), File("县.xlsx", [county(STATION, 39000)], 60)],
        [("a.xlsx", 40000)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "inside a county compilation that names nobody",
        [File("a.xlsx", [own(40000)]), File("县.xlsx", [number(STATION, 39000), number(EAST, 5, row=5)], 60)],
        [("a.xlsx", 40000), ("县.xlsx", 5)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "the compilation first, the own report after it",
        [File("县.xlsx", [county(STATION, 39000)]), File("a.xlsx", [own(40000)], 60)],
        [("a.xlsx", 40000)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "the nearer of two compilations",
        [
            File("县.xlsx", [county("东街社区", 9)], 60),
            File("所.xlsx", [number("城关镇东街社区", 7, reporter=STATION)]),
        ],
        [("县.xlsx", 9), ("所.xlsx", 7)],
    ),
    Case(
        "town station against county, one community",
        [
            File("县.xlsx", [county("西街社区", 9)], 60),
            File("所.xlsx", [number("西街社区", 7, reporter=STATION)]),
        ],
        [("所.xlsx", 7)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "a compilation that names the town beside the community",
        [
            File("所.xlsx", [number("西街社区", 7, reporter=STATION)]),
            File("县.xlsx", [county("西街社区", 9, attributes={"place": "城关镇"})], 60),
        ],
        [("所.xlsx", 7)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "the same without any register of that town",
        [
            File("所.xlsx", [number("月亮社区", 7, reporter=STATION)]),
            File("县.xlsx", [county("月亮社区", 9, attributes={"place": "月亮镇"})], 60),
        ],
        [("所.xlsx", 7)],
        {"县.xlsx": "compilation"},
    ),
    Case(
        "places inside a unit's area are different facts",
        [File("a.xlsx", [own(5, attributes={"place": "西街社区"}), own(6, row=5, attributes={"place": "人民广场"}), own(7, row=6)])],
        [("a.xlsx", 5), ("a.xlsx", 6), ("a.xlsx", 7)],
    ),
    Case(
        "ledger and tally",
        [
            File("周.xlsx", [ONE, number(STATION, 3, measure="printed", column="D")]),
            File("台账.xlsx", [activity(STATION, 200, DAY), activity(STATION, 300, SUNDAY, row=5)], 60),
        ],
        [("台账.xlsx", 200), ("台账.xlsx", 300), ("周.xlsx", 3)],
        {"周.xlsx": "tally"},
    ),
    Case(
        "ledger outside the tally's period, and a ledger of another unit",
        [
            File("周.xlsx", [ONE]),
            File("台账.xlsx", [activity(STATION, 200, SUNDAY + timedelta(days=1)), activity(EAST, 300, DAY, row=5)], 60),
        ],
        [("台账.xlsx", 200), ("台账.xlsx", 300), ("周.xlsx", 40000)],
    ),
    Case(
        "a long ledger row hides no short one",
        [
            File("周.xlsx", [ONE]),
            File("台账.xlsx", [activity(STATION, 7, MONDAY, end=MONDAY + timedelta(days=30)), activity(STATION, 200, DAY, row=5)]),
        ],
        [("台账.xlsx", 200), ("台账.xlsx", 7)],
        {"周.xlsx": "tally"},
    ),
    Case(
        "a ledger without a number details nothing",
        [File("周.xlsx", [ONE]), File("台账.xlsx", [activity(STATION, None, DAY)])],
        [("台账.xlsx", None), ("周.xlsx", 40000)],
    ),
    Case(
        "a stock is no flow: levels in a ledger do not replace the tally",
        [File("周.xlsx", [ONE._replace(kind="stock")]), File("台账.xlsx", [activity(STATION, 2, DAY, kind="stock")])],
        [("台账.xlsx", 2), ("周.xlsx", 40000)],
    ),
    Case(
        "two sheets of one workbook that agree",
        [File("a.xlsx", [ONE, ONE._replace(sheet="第12周 (2)", record_id="第12周 (2)!4")])],
        [("a.xlsx", 40000)],
        {"a.xlsx": "repeated"},
    ),
    Case(
        "a tie: two sheets of one workbook that differ",
        [File("a.xlsx", [ONE, ONE._replace(sheet="汇总", record_id="汇总!4", value=41000, low=41000, high=41000, text="41000")])],
        [],
        {"a.xlsx": "tied"},
    ),
    Case(
        "a tie resolved by a later sheet",
        [File("a.xlsx", [ONE, number(STATION, 41000, row=9)]), File("b.xlsx", [number(STATION, 42000)], 60)],
        [("b.xlsx", 42000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "a returned copy, corrected and dropped",
        [File("a.xlsx", [number(STATION, None, reason="unreadable", text="4 万？")]), File("退回/a.xlsx", [ONE], 60)],
        [("退回/a.xlsx", 40000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "later known_at against later receipt",
        [
            File("new.xlsx", [ONE._replace(known_at=date(2026, 3, 25))]),
            File("old.xlsx", [number(STATION, 39000, known_at=date(2026, 3, 23))], 60),
        ],
        [("new.xlsx", 40000)],
        {"old.xlsx": "superseded"},
    ),
    Case(
        "equal known_at: the later receipt",
        [
            File("a.xlsx", [ONE._replace(known_at=date(2026, 3, 23))]),
            File("b.xlsx", [number(STATION, 39000, known_at=date(2026, 3, 23))], 60),
        ],
        [("b.xlsx", 39000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "by an alias",
        [File("a.xlsx", [number("城关所", 40000)]), File("b.xlsx", [number("XX县公安局城关派出所（盖章）", 39000)], 60)],
        [("b.xlsx", 39000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "by an alias within its dates",
        [File("a.xlsx", [number("城南派出所", 40000)]), File("b.xlsx", [number(STATION, 39000)], 60)],
        [("b.xlsx", 39000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "an alias before its dates is another name",
        [
            File("a.xlsx", [number("城南派出所", 40000, start=date(2025, 3, 3), end=date(2025, 3, 9))]),
            File("b.xlsx", [number(STATION, 39000, start=date(2025, 3, 3), end=date(2025, 3, 9))], 60),
        ],
        [("a.xlsx", 40000), ("b.xlsx", 39000)],
    ),
    Case(
        "a blank cell says nothing",
        [File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, None)], 60)],
        [("a.xlsx", 40000)],
        {"b.xlsx": "superseded"},
    ),
    Case(
        "a dash says something",
        [File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, None, reason="dash", text="-")], 60)],
        [("b.xlsx", None)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "the subject's own blank leaves the compilation's number",
        [File("县.xlsx", [county(STATION, 39000)]), File("a.xlsx", [own(None)], 60)],
        [("县.xlsx", 39000)],
        {"a.xlsx": "superseded"},
    ),
    Case(
        "two columns of one row are two numbers",
        [File("a.xlsx", [ONE, number(STATION, 500, column="D")]), File("b.xlsx", [ONE, number(STATION, 600, column="D")], 60)],
        [("a.xlsx", 40000), ("b.xlsx", 600)],
        {"a.xlsx": "superseded", "b.xlsx": "repeated"},
    ),
    Case(
        "other kinds, groups, periods and units are other facts",
        [
            File(
                "a.xlsx",
                [
                    ONE,
                    number(STATION, 1, row=5, attributes={"audience": "elderly"}),
                    number(STATION, 2, row=6, unit="人次"),
                    number(STATION, 3, row=7, start=MONDAY - timedelta(days=7), end=SUNDAY - timedelta(days=7)),
                    number(EAST, 4, row=8),
                ],
            )
        ],
        [("a.xlsx", 1), ("a.xlsx", 2), ("a.xlsx", 3), ("a.xlsx", 4), ("a.xlsx", 40000)],
    ),
    Case(
        "a running ledger comes back with more rows and one changed",
        [
            File("账1.xlsx", [activity(STATION, 200, DAY, venue="广场"), activity(STATION, 300, DAY, row=5, venue="学校")]),
            File(
                "账2.xlsx",
                [
                    activity(STATION, 250, DAY, venue="广场"),
                    activity(STATION, 300, DAY, row=5, venue="学校"),
                    activity(STATION, 9, SUNDAY, row=6, venue="集市"),
                ],
                60,
            ),
        ],
        [("账1.xlsx", 300), ("账2.xlsx", 250), ("账2.xlsx", 9)],
        {"账1.xlsx": "superseded", "账2.xlsx": "repeated"},
    ),
    Case(
        "two activities of one unit on one day at one place are two",
        [File("账.xlsx", [activity(STATION, 200, DAY, venue="广场"), activity(STATION, 200, DAY, row=5, venue="广场")])],
        [("账.xlsx", 200), ("账.xlsx", 200)],
    ),
    Case(
        "police and bank report one interception: two records here",
        [File("警.xlsx", [activity(STATION, 1, DAY, venue="支行")]), File("行.xlsx", [activity("东街支行", 1, DAY, venue="支行")], 60)],
        [("行.xlsx", 1), ("警.xlsx", 1)],
    ),
    Case(
        "withdrawn",
        [File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, 39000)], 60, is_withdrawn=True)],
        [("a.xlsx", 40000)],
        {"b.xlsx": "withdrawn"},
    ),
    Case(
        "a claim never stands",
        [File("a.xlsx", [number(STATION, 3000, channel="claimed_reach", measure="people", unit="人")])],
        [],
        {"a.xlsx": "claim"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_one_number_stands(case: Case) -> None:
    result = settled(REGISTERS, *case.files)
    assert standing(result) == sorted(case.stands, key=str)
    fallen = result.measurements.filter(~pl.col("stands"))
    assert dict(fallen.select("path", "stands_reason").unique().iter_rows()) == dict(case.reasons)
    for name, frame in result.items():
        table(name).check(frame)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_order_in_which_readings_come_does_not_matter(case: Case) -> None:
    forward, backward = settled(REGISTERS, *case.files), settled(*reversed(case.files), REGISTERS)
    for (name, one), (_, other) in zip(forward.items(), backward.items(), strict=True):
        assert one.equals(other), name


def test_losers_name_the_winner_and_when_it_came() -> None:
    result = settled(File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, 2)], 60), File("c.xlsx", [number(STATION, 3)], 120))
    rows = {r["path"]: r for r in result.measurements.iter_rows(named=True)}
    winner = rows["c.xlsx"]["measurement_id"]
    assert [rows[p]["superseded_by"] for p in ("a.xlsx", "b.xlsx", "c.xlsx")] == [winner, winner, None]
    # Each was the known number from its receipt until the next came: that is what "as known on day D" asks.
    assert rows["a.xlsx"]["superseded_at"] == rows["b.xlsx"]["received_at"]
    assert rows["b.xlsx"]["superseded_at"] == rows["c.xlsx"]["received_at"]
    assert rows["c.xlsx"]["superseded_at"] is None


def test_as_known_before_the_correction_the_first_number_stands() -> None:
    first, later = File("a.xlsx", [ONE]), File("b.xlsx", [number(STATION, 2)], 60)
    assert standing(settled(first)) == [("a.xlsx", 40000)]
    assert standing(settled(first, later)) == [("b.xlsx", 2)]


def test_a_tie_goes_back_at_both_cells_and_names_both() -> None:
    result = settled(File("a.xlsx", [ONE, number(STATION, 41000, row=9)]))
    tied = points(result, "equal_reports_agree")
    assert [p["cell"] for p in tied] == ["C4", "C9"]
    assert all("C4" in p["message"] and "C9" in p["message"] and p["severity"] == "error" for p in tied)
    assert result.source_files["status"].to_list() == ["returned"]


@pytest.mark.parametrize(
    ("later", "reported"),
    [
        ([number(STATION, 1), number(EAST, 2, row=5)], ["C6"]),
        ([number(STATION, 1)], []),
        ([number(STATION, 1), number(EAST, 2, row=5), number("西关派出所", 3, row=6)], []),
    ],
    ids=["a row is gone", "only one row was sent", "nothing is gone"],
)
def test_rows_absent_from_a_later_sheet_stay_and_are_reported(later: list, reported: list[str]) -> None:
    first = File("a.xlsx", [number(STATION, 1), number(EAST, 2, row=5), number("西关派出所", 3, row=6)])
    result = settled(first, File("b.xlsx", later, 60))
    assert sum(result.measurements.filter("stands")["value"]) == 6
    found = points(result, "rows_absent_from_a_later_sheet_stay")
    assert len(found) == len(reported)
    for point, cell in zip(found, reported, strict=True):
        assert (point["path"], point["sheet"], point["cell"]) == ("b.xlsx", "第12周", ""), "asked where it can be mended: the newer sheet"
        assert f"a.xlsx›第12周›{cell}" in point["message"]


@pytest.mark.parametrize(("value", "n_points"), [(39000, 1), (40000, 0), (None, 0)])
def test_a_compilation_that_differs_from_the_own_report_is_told(value: float | None, n_points: int) -> None:
    result = settled(REGISTERS, File("a.xlsx", [own(40000)]), File("县.xlsx", [county(STATION, value)], 60))
    told = points(result, "compilations_agree_with_own_reports")
    assert [p["path"] for p in told] == ["县.xlsx"] * n_points
    assert all("a.xlsx›第12周›C4：40000" in p["message"] for p in told)


# -- submissions ------------------------------------------------------------------------------------------------------


def test_a_sheet_is_one_submission_per_reporter_and_period() -> None:
    rows = [own(1), number(EAST, 2, row=5, reporter=STATION), number(STATION, 3, row=6, reporter=STATION, form="leaflets")]
    submissions = settled(REGISTERS, File("a.xlsx", rows)).submissions
    assert sorted(submissions.select("form", "reporter_id", "n_due").iter_rows()) == [("leaflets", "P01", 1), ("weekly_tally", "P01", 2)]


@pytest.mark.parametrize(
    ("cells", "is_zero", "n_missing"),
    [
        ([0, 0], True, 0),
        ([0, "stated_none"], True, 0),
        (["stated_none", "stated_none"], True, 0),
        ([0, "blank"], False, 1),
        ([0, 5], False, 0),
        (["blank", "dash"], False, 2),
    ],
)
def test_a_zero_report_answers_every_due_cell(cells: list, is_zero: bool, n_missing: int) -> None:
    numbers = [
        own(None, reason=cell, text="x", column="CD"[n]) if isinstance(cell, str) else own(cell, column="CD"[n], measure=f"m{n}")
        for n, cell in enumerate(cells)
    ]
    submission = settled(File("a.xlsx", numbers)).submissions.row(0, named=True)
    assert (submission["is_zero_report"], submission["n_missing"], submission["n_due"]) == (is_zero, n_missing, 2)


@pytest.mark.parametrize(("value", "reason", "replaced"), [(2, "superseded", 0), (1, "repeated", 1)])
def test_a_replaced_submission_names_its_successor(value: float, reason: str, replaced: int) -> None:
    submissions = settled(File("a.xlsx", [own(1)]), File("b.xlsx", [own(value)], 60)).submissions.to_dicts()
    assert submissions[replaced]["superseded_reason"] == reason
    assert submissions[replaced]["superseded_by"] == submissions[1 - replaced]["submission_id"]
    assert submissions[1 - replaced]["superseded_by"] is None


def test_a_ledger_is_one_submission_a_week() -> None:
    rows = [activity(STATION, 1, MONDAY), activity(STATION, 2, SUNDAY, row=5), activity(STATION, 3, SUNDAY + timedelta(days=1), row=6)]
    submissions = settled(File("账.xlsx", rows)).submissions
    assert list(submissions.select("start", "end", "n_due").iter_rows()) == [(MONDAY, SUNDAY, 2), (date(2026, 3, 23), date(2026, 3, 23), 1)]


# -- sample and real --------------------------------------------------------------------------------------------------


def test_sample_data_stand_alone_until_a_real_number_comes() -> None:
    sample = File("示例/a.xlsx", [ONE], entries=TOWNS)
    alone = settled(sample, File("空.xlsx", minutes=5))
    assert standing(alone) == [("示例/a.xlsx", 40000)]
    beside = settled(sample, File("真.xlsx", [number(EAST, 5)], 60))
    assert standing(beside) == [("真.xlsx", 5)]
    assert beside.areas["zh"].to_list() == ["清河县"]
    (point,) = points(beside, "sample_and_real_data_are_apart")
    assert "outreach sample --remove" in point["message"]
    assert dict(beside.source_files.select("path", "is_sample").iter_rows()) == {"真.xlsx": False, "示例/a.xlsx": True}


def test_nothing_received_settles_to_an_empty_district() -> None:
    result = settled()
    assert result.areas.select("level", "zh").rows() == [("district", "清河县")]
    assert all(table(name).check(frame).is_empty() for name, frame in result.items() if name != "areas")


def test_campaigns_need_two_dates() -> None:
    rows = [
        campaign("百日行动", period="2026年3月1日—6月8日", row=3),
        campaign("宣传月", period="2026年9月", row=4),
        campaign("某行动", period="近期", row=5),
    ]
    result = settled(File("行动.xlsx", entries=rows))
    assert list(result.campaigns.select("zh", "start", "end", "kind").iter_rows()) == [
        ("百日行动", date(2026, 3, 1), date(2026, 6, 8), "operation"),
        ("宣传月", date(2026, 9, 1), date(2026, 9, 30), "month"),
    ]
    assert len(points(result, "register_fields_are_readable")) == 1
