"""What stands in the folder, what has gone from it, and what a run makes of it: whole runs, day after day."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

from pipeline.journal import Journal
from tests.support.office import MONDAY, WEEK, Office, materialized, page
from tests.support.workbooks import write_xlsx


def test_day_one_with_a_single_sheet_and_no_register(usual: Office) -> None:
    assert usual.standing()[("城关派出所", "leaflets", "distributed", "2023-05-15")] == 40_000
    low, high = usual.published("SELECT low, high FROM measurements WHERE subject = '城关派出所' AND measure = 'attendance'").row(0)
    assert (low, high) == (450, 500)
    assert usual.value("SELECT bool_and(is_provisional) FROM units"), "an unknown name waits for no register: it is provisional"
    assert usual.value("SELECT count(*) FROM coverage WHERE estimate IS NOT NULL") == 0, "no residents known, so no rate"
    assert "<h1" in page(usual)


def test_an_empty_folder_publishes_an_empty_state_and_no_number(office: Office) -> None:
    assert office.run().success
    assert office.value("SELECT count(*) FROM measurements") == 0
    assert "<h1" in page(office)


def test_an_unmounted_folder_after_a_good_run_leaves_the_last_good_pages(usual: Office) -> None:
    before, build = page(usual), usual.value("SELECT value FROM build WHERE key = 'build_id'")
    shutil.move(usual.places.raw, usual.places.root / "elsewhere")
    assert not usual.run().success
    assert page(usual) == before
    assert usual.value("SELECT value FROM build WHERE key = 'build_id'") == build
    shutil.move(usual.places.root / "elsewhere", usual.places.raw)
    assert usual.run().success
    assert page(usual) == before, "the folder is back as it was: nothing to do"


def test_a_vanished_file_withdraws_nothing_and_blocks_until_confirmed(office: Office) -> None:
    office.drop("一.xlsx", WEEK, MONDAY)
    kept = office.drop("二.xlsx", WEEK, MONDAY + timedelta(days=7))
    assert office.run().success
    kept.unlink()
    assert not office.run().success, "half of all known files gone: a person must say so"
    journal = Journal(office.places)
    journal.confirm_vanished(journal.vanished(journal.scan(), 0.2), by="值班员")
    assert office.run().success
    assert len(office.standing()) == 20, "the numbers of the vanished file stay"


def test_three_years_of_old_sheets_dropped_at_once_are_never_late(office: Office) -> None:
    weeks = [date(2021, 1, 4) + timedelta(weeks=n) for n in range(0, 156, 12)]
    for monday in weeks:
        office.drop(f"{monday.year}/{monday}.xlsx", WEEK, monday)
    assert office.run().success
    assert len(office.standing()) == len(weeks) * 10
    statuses = office.published("SELECT DISTINCT status FROM report_status")["status"].to_list()
    assert "late" not in statuses


def test_a_run_with_nothing_changed_reads_nothing_and_publishes_nothing(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, MONDAY)
    first = office.run()
    stamp = office.places.published.stat().st_mtime_ns
    second = office.run()
    assert second.success
    assert "dashboards" in materialized(first)
    assert materialized(second) == {"received_files"}
    assert office.places.published.stat().st_mtime_ns == stamp


def test_a_sheet_that_only_says_zero_counts_as_the_weeks_report(office: Office) -> None:
    office.drop("一.xlsx", {"城关派出所": WEEK["城关派出所"]}, MONDAY)
    rows = [["反诈宣传周统计表"], ["填报单位：城关派出所"], ["统计时间：2023年5月22日—5月28日"], ["本周零报告"]]
    write_xlsx(office.places.raw / "二.xlsx", {"周报": rows})
    assert office.run().success
    submission = office.published("SELECT form, is_zero_report, n_due, n_missing FROM submissions WHERE path = '二.xlsx'").rows()
    assert submission == [("weekly_tally", True, 0, 0)]
    statuses = office.published("SELECT week::VARCHAR, status FROM report_status WHERE form = 'weekly_tally' AND week < DATE '2023-06-01'").rows()
    assert dict(statuses)["2023-05-22"] == "zero_report"
    assert len(office.standing()) == 5, "no number was made of it"
