"""Running totals: what counts as a period's own number, and what is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.settling import MONDAY, SUNDAY, File, number, points, settled

WEEK = timedelta(days=7)


def total(value: float | None, weeks: int = 0, subject: str = "城关派出所", **changes: object):
    """A 累计 column beside the week's, `weeks` after the first."""
    plain = {"is_cumulative": True, "start": MONDAY + weeks * WEEK, "end": SUNDAY + weeks * WEEK, "header": "累计发放（份）", "column": "D"}
    return number(subject, value, **{**plain, **changes})


def stretch(value: float, end: date, **changes: object):
    """今年以来: from 1 January to a day."""
    return total(value, start=date(2026, 1, 1), end=end, period_precision="span", **changes)


def outcome(*numbers) -> list[tuple]:
    result = settled(*(File(f"{n}.xlsx", [m], n) for n, m in enumerate(numbers)))
    rows = result.measurements.sort("end", "path").select("value", "low", "high", "precision", "start", "stands", "stands_reason")
    return [(v, lo, hi, p) if stands else reason for v, lo, hi, p, _, stands, reason in rows.iter_rows()]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([total(1000)], ["cumulative"]),
        ([total(1000), total(1500, 1)], ["cumulative", (500, 500, 500, "exact")]),
        ([total(1000), total(1000, 1)], ["cumulative", (0, 0, 0, "exact")]),
        ([total(1000), total(1500, 1), total(1700, 2)], ["cumulative", (500, 500, 500, "exact"), (200, 200, 200, "exact")]),
        ([total(1000), total(1700, 2)], ["cumulative", "cumulative"]),
        ([total(1000), total(None, 1), total(1700, 2)], ["cumulative", "cumulative", "cumulative"]),
        ([total(1000), total(900, 1)], ["cumulative", "cumulative"]),
        (
            [total(1000, low=1000, high=1100, precision="at_least"), total(1500, 1)],
            ["cumulative", (500, 400, 500, "about")],
        ),
        (
            [total(1000, low=1000, high=2000, precision="at_least"), total(1100, 1, low=1100, high=1200, precision="at_least")],
            ["cumulative", (100, 0, 200, "about")],
        ),
        ([total(1000, kind="stock")], [(1000, 1000, 1000, "exact")]),
        ([total(1000), total(1500, 1, subject="东关所")], ["cumulative", "cumulative"]),
        ([total(1000, -12), total(20, -11)], ["cumulative", "cumulative"]),
    ],
    ids=[
        "no total before",
        "the total before is known",
        "nothing happened",
        "a chain",
        "a week is lacking",
        "the total before is missing",
        "a fall",
        "bounds follow",
        "bounds end at 0",
        "a level is no running total",
        "another unit's total is no base",
        "a new year starts again",
    ],
)
def test_a_running_total_counts_only_as_a_known_difference(numbers: list, expected: list) -> None:
    assert outcome(*numbers) == expected


def test_a_fall_is_told_as_a_question_and_a_new_year_is_not() -> None:
    def told(*totals):
        return points(settled(*(File(f"{n}.xlsx", [m], n) for n, m in enumerate(totals))), "running_totals_do_not_fall")

    (point,) = told(total(1000), total(900, 1))
    assert (point["severity"], point["path"], point["cell"]) == ("warning", "1.xlsx", "D4")
    assert "1000" in point["message"]
    assert told(total(1000, -12), total(20, -11)) == []


def test_beside_the_weeks_own_number_the_total_is_not_needed() -> None:
    first = File("1.xlsx", [number("城关派出所", 300), total(1000)])
    second = File("2.xlsx", [number("城关派出所", 450, start=MONDAY + WEEK, end=SUNDAY + WEEK), total(1500, 1)], 1)
    rows = settled(first, second).measurements.sort("path", "cell").select("value", "stands_reason").rows()
    assert rows == [(300, None), (1000, "cumulative"), (450, None), (1500, "cumulative")]


def test_totals_since_new_year_become_the_days_between() -> None:
    files = [File("1.xlsx", [stretch(1000, date(2026, 3, 15))]), File("2.xlsx", [stretch(1400, date(2026, 3, 22))], 1)]
    rows = settled(*files).measurements.sort("path").select("value", "start", "end", "week", "stands").rows()
    assert rows == [
        (1000, date(2026, 1, 1), date(2026, 3, 15), None, True),
        (400, date(2026, 3, 16), date(2026, 3, 22), date(2026, 3, 16), True),
    ]


def test_a_corrected_total_changes_the_difference_after_it() -> None:
    files = [File("1.xlsx", [total(1000)]), File("1改.xlsx", [total(1200)], 5), File("2.xlsx", [total(1500, 1)], 3)]
    standing = settled(*files).measurements.filter("stands")
    assert standing["value"].to_list() == [300]
