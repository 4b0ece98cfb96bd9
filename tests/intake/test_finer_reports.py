"""Compilations at another grain than the subject's own numbers: when they give way, when they stand, and when the two are compared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.intake.records import Measurement
from tests.support.settling import File, activity, area, number, points, settled, standing, unit

STATION, EAST, BANK = "城关派出所", "东关派出所", "农商行城关支行"
REGISTERS = File(
    "名册.xlsx",
    entries=[
        *[area("东街社区", "城关镇", residents="1200"), area("西街社区", "城关镇", row=4), area("南门社区", "东关镇", row=5)],
        *[unit(STATION, code="P01", serves="城关镇"), unit(EAST, row=4, serves="东关镇"), unit("县反诈中心", row=5)],
    ],
    minutes=-100,
)
FIRST, LAST = date(2026, 2, 2), date(2026, 3, 1)
"""Four whole weeks."""


def compiled(subject: str, value: float | None, **changes) -> Measurement:
    return number(subject, value, **{"reporter": "县反诈中心", "start": FIRST, "end": LAST, "period_precision": "span", "row": 9, **changes})


def weekly(subject: str, *values: float | None, reporter: str | None = STATION, first: date = FIRST, **changes) -> list[Measurement]:
    weeks = [first + timedelta(days=7 * n) for n in range(len(values))]
    return [
        number(subject, value, row=4 + n, sheet=f"{week}", reporter=reporter, start=week, end=week + timedelta(days=6), **changes)
        for n, (week, value) in enumerate(zip(weeks, values, strict=True))
    ]


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(weekly(STATION, 10, 20), id="the subject's own weeks"),
        pytest.param(weekly("东街社区", 10), id="its communities, reported by it"),
        pytest.param(weekly("东街社区", 10, reporter="东街社区"), id="its communities, reported by themselves"),
        pytest.param(weekly("城关镇", 10, reporter="城关镇"), id="the area it serves"),
        pytest.param([*weekly(STATION, 10), *weekly(EAST, 7, reporter=EAST)], id="its weeks among those of others"),
        pytest.param([compiled(STATION, 30, reporter=STATION, attributes={"material": "折页"})], id="its own number of the same span, by material"),
    ],
)
def test_a_compilation_gives_way_to_what_the_subject_says_itself(own: list[Measurement]) -> None:
    result = settled(REGISTERS, File("月.xlsx", [compiled(STATION, 30)]), File("周.xlsx", own, 60))
    assert {path for path, _ in standing(result)} == {"周.xlsx"}
    assert len(standing(result)) == len(own)
    (loser,) = result.measurements.filter(path="月.xlsx").iter_rows(named=True)
    assert loser["stands_reason"] == "compilation"
    assert loser["superseded_by"] in result.measurements.filter("stands")["measurement_id"].to_list()
    assert loser["superseded_at"] == File("", minutes=60).received_at


@pytest.mark.parametrize(
    "own",
    [
        pytest.param([], id="nothing else"),
        pytest.param(weekly(STATION, None), id="a week without a number"),
        pytest.param(weekly(STATION, 10, first=LAST + timedelta(days=1)), id="a week outside the span"),
        pytest.param(weekly(STATION, 10, first=LAST - timedelta(days=3)), id="a week across its end"),
        pytest.param(weekly(STATION, 10, measure="printed"), id="another measure"),
        pytest.param(weekly(STATION, 10, unit="本"), id="another unit"),
        pytest.param(weekly(EAST, 10, reporter=EAST), id="another unit's report"),
        pytest.param(weekly("南门社区", 10, reporter=EAST), id="a community of another town"),
        pytest.param(weekly(STATION, 10, reporter="县反诈中心"), id="the same office's weekly compilation"),
        pytest.param(weekly(BANK, 10, reporter=BANK), id="a bank nobody registered"),
    ],
)
def test_a_compilation_stands_where_nothing_finer_exists(own: list[Measurement]) -> None:
    result = settled(REGISTERS, File("月.xlsx", [compiled(STATION, 30)]), File("周.xlsx", own, 60))
    assert ("月.xlsx", 30) in standing(result)


def test_where_several_units_serve_an_area_its_numbers_speak_for_none_of_them() -> None:
    bank = File("银行.xlsx", entries=[unit(BANK, row=6, serves="城关镇")], minutes=-99)
    month = [compiled(BANK, 30), compiled("城关镇", 90, row=10)]
    result = settled(REGISTERS, bank, File("月.xlsx", month), File("周.xlsx", weekly("东街社区", 10, reporter="东街社区"), 60))
    assert standing(result) == [("周.xlsx", 10), ("月.xlsx", 30)], "the bank's number stays, the town's gives way"


def test_an_own_summary_of_a_longer_span_is_no_compilation() -> None:
    result = settled(REGISTERS, File("月.xlsx", [compiled(STATION, 30, reporter=STATION)]), File("周.xlsx", weekly(STATION, 10), 60))
    assert len(standing(result)) == 2


def test_a_row_of_somebody_elses_ledger_is_an_event_of_its_own() -> None:
    event = activity(STATION, 30, FIRST, reporter="县反诈中心", end=LAST)
    result = settled(REGISTERS, File("台账.xlsx", [event]), File("周.xlsx", weekly(STATION, 10), 60))
    assert len(standing(result)) == 2


@pytest.mark.parametrize(
    ("total", "own", "n_points"),
    [
        pytest.param(100, weekly(STATION, 10, 20, 30, 40), 0, id="agrees"),
        pytest.param(120, weekly(STATION, 10, 20, 30, 40), 1, id="differs"),
        pytest.param(120, weekly(STATION, 10, 20, 30), 0, id="a week is missing: no statement"),
        pytest.param(120, weekly(STATION, 10, 20, None, 40), 0, id="a week has no number: no statement"),
        pytest.param(120, weekly(STATION, 1, 2, 3, 4, 5, first=date(2026, 1, 29)), 0, id="weeks across its ends: no statement"),
        pytest.param(120, [m._replace(kind="stock") for m in weekly(STATION, 10, 20, 30, 40)], 0, id="levels are not added"),
        pytest.param(120, weekly(STATION, 10, 20, 30, 40, attributes={"material": "折页"}), 0, id="of one material: no statement"),
        pytest.param(120, [m._replace(high=50.0) for m in weekly(STATION, 10, 20, 30, 40)], 0, id="inside the bounds"),
    ],
)
def test_the_two_are_compared_only_where_every_day_is_covered(total: float, own: list[Measurement], n_points: int) -> None:
    kind = own[0].kind
    result = settled(REGISTERS, File("月.xlsx", [compiled(STATION, total, kind=kind)]), File("周.xlsx", own, 60))
    assert ("月.xlsx", total) not in standing(result)
    found = points(result, "compilations_agree_with_own_reports")
    assert len(found) == n_points
    for point in found:
        assert (point["path"], point["cell"], point["severity"]) == ("月.xlsx", "C9", "warning")
        assert "合计为 100" in point["message"]
        assert "4 份" in point["message"]


def test_of_one_fact_the_county_says_by_another_heading_the_nearer_one_counts() -> None:
    """A column that says more (by audience) is another fact than the plain one, and yet the same leaflets."""
    same = {"start": FIRST, "end": FIRST + timedelta(days=6)}
    result = settled(
        REGISTERS,
        File("县.xlsx", [compiled("西街社区", 9, attributes={"audience": "老年人"}, **same)]),
        File("所.xlsx", weekly("西街社区", 7), 60),
    )
    assert standing(result) == [("所.xlsx", 7)]
