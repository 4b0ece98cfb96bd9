"""Registers, names with their dates, areas a number is counted in, weeks."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from pipeline.intake.identity import iso_week
from pipeline.intake.naming import code_id, level_of, name_key, split_names
from tests.support.settling import File, area, number, points, settled, unit

TOWNS = [
    area("清河县", level="区县", code="370100", row=3),
    area("城关镇", level="镇街", parent="清河县", row=4),
    area("东街社区", "城关镇", row=5, residents="1200", households="400", elderly="300", code="370100001", year="2025"),
    area("西街社区", "城关镇", row=6, residents="0.8万", households="300", elderly="200", year="2025"),
    area("东街社区", "东关镇", row=7, residents="500"),
    area("北村", "东关镇", row=8),
]
UNITS = [
    unit(
        "城关派出所",
        serves="城关镇",
        code="P01",
        kind="派出所",
        aliases="城关所（2024.1.1起）、南关派出所（至2023.12.31）",
        forms="反诈宣传周统计、banners",
    ),
    unit("东关派出所", row=4, serves="东关镇东街社区、北村"),
    unit("县反诈中心", row=5),
    unit("河西派出所", row=6, valid_from="2020-01-01", valid_to="2024-12-31", serves="城关镇"),
    unit("河西派出所", row=7, valid_from="2025-01-01", serves="东关镇"),
]
REGISTERS = File("名册.xlsx", entries=[*TOWNS, *UNITS], minutes=-1000)


def area_names(result) -> dict[str, str]:
    return dict(result.areas.select("area_id", "zh").iter_rows())


def counted(subject: str, day: date = date(2026, 3, 16), **changes: object) -> dict:
    """The one measurement of a subject on a day, with the names of its ids."""
    result = settled(REGISTERS, File("a.xlsx", [number(subject, 5, start=day, end=day, **changes)]), district="")
    row = result.measurements.row(0, named=True)
    names = area_names(result) | dict(result.units.select("unit_id", "zh").iter_rows())
    parents = dict(result.areas.select("area_id", "parent_id").iter_rows())
    below = names.get(parents.get(row["area_id"]) or "", "")
    return {**row, "area": below + "/" + names[row["area_id"]], "whom": names[row["subject_id"]]}


# -- names as text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("城关派出所", "城关所"),
        ("城关派出所", " 城关 派出所（盖章）"),
        ("城关派出所", "XX县公安局城关派出所"),
        ("东街社区居委会", "东街社区"),
        ("北村村民委员会", "北村"),
        ("城关镇人民政府", "城关镇"),
        ("解放街道办事处", "解放街道"),
        ("第１小学", "第1小学"),
    ],
)
def test_ways_of_writing_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("城关派出所", "城关镇派出所"), ("东街社区", "东街村"), ("县公安局", "城关所"), ("派出所", "所长办")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("东街社区", "community"),
        ("北村村委会", "community"),
        ("城关镇", "town"),
        ("解放街道办事处", "town"),
        ("高新区", "town"),
        ("清河县", "district"),
        ("城关派出所", None),
        ("XX农商银行", None),
        ("第一中学东校区", None),
    ],
)
def test_what_a_names_ending_says(name: str, level: str | None) -> None:
    assert level_of(name) == level


def test_lists_and_codes() -> None:
    assert split_names("城关镇、东街社区；北村,\n西街社区") == ["城关镇", "东街社区", "北村", "西街社区"]
    assert [code_id(text) for text in ("370100001", "370100.0", " P-01 ", "城1", "", None)] == ["370100001", "370100", "P-01", None, None, None]


# -- registers --------------------------------------------------------------------------------------------------------


def test_areas_in_administrative_order_with_sums_where_every_part_is_known() -> None:
    areas = settled(REGISTERS, district="").areas
    assert areas.select("zh", "level", "residents", "population_year", "population_cell", "position").rows() == [
        ("清河县", "district", None, None, None, 0),
        ("城关镇", "town", 9200, 2025, None, 1),
        ("东街社区", "community", 1200, 2025, "C5", 2),
        ("西街社区", "community", 8000, 2025, "C6", 3),
        ("东关镇", "town", None, None, None, 4),
        ("东街社区", "community", 500, None, "C7", 5),
        ("北村", "community", None, None, None, 6),
    ]
    assert areas["area_id"].n_unique() == 7
    assert areas.filter(pl.col("zh") == "清河县")["area_id"].item() == "370100"
    assert not areas["is_provisional"].any()


def test_denominators_of_target_groups_add_up_likewise() -> None:
    result = settled(REGISTERS, district="")
    names = area_names(result)
    elderly = result.denominators.filter(pl.col("audience") == "elderly")
    assert [(names[r["area_id"]], r["n"]) for r in elderly.to_dicts()] == [("城关镇", 500), ("东街社区", 300), ("西街社区", 200)]


def test_the_latest_register_stands_field_by_field() -> None:
    newer = File("新.xlsx", entries=[area("东街社区", "城关镇", residents="1300")], minutes=10)
    areas = settled(REGISTERS, newer, district="").areas
    row = areas.filter(pl.col("area_id") == "370100001").row(0, named=True)
    assert (row["residents"], row["population_path"], row["households"]) == (1300, "新.xlsx", 400)


def test_the_year_of_people_may_stand_in_the_title_only() -> None:
    people = number("东街社区", 1200)._replace(sheet="名册", record_id="名册!3", form="areas")
    people = people._replace(channel="population", measure="residents", unit="人", kind="stock", start=date(2025, 1, 1), end=date(2025, 12, 31))
    result = settled(File("人口.xlsx", [people], entries=[area("东街社区", "城关镇", residents="1200")]), district="")
    assert result.areas.filter(pl.col("zh") == "东街社区")["population_year"].item() == 2025
    assert result.submissions["reporter_id"].to_list() == [None]


def test_units_with_their_areas_forms_and_aliases() -> None:
    result = settled(REGISTERS, district="")
    rows = {r["unit_id"]: r for r in result.units.to_dicts()}
    names = area_names(result)
    station = rows["P01"]
    assert (names[station["area_id"]], json.loads(station["forms"])) == ("城关镇", ["weekly_tally", "banners"])
    assert json.loads(station["aliases"]) == [["城关所", "2024-01-01", None], ["南关派出所", None, "2023-12-31"]]
    east = next(r for r in rows.values() if r["zh"] == "东关派出所")
    assert names[east["area_id"]] == "清河县"
    assert [names[a] for a in json.loads(east["serves"])] == ["东街社区", "北村"]
    assert sum(r["zh"] == "河西派出所" for r in rows.values()) == 2
    assert not points(result, "expected_forms_are_known")


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (area("南村", "城关镇", residents="若干"), "register_fields_are_readable"),
        (unit("南所", serves="东街社区"), "served_areas_are_in_the_register"),
        (unit("南所", serves="月亮社区"), "served_areas_are_in_the_register"),
        (unit("南所", forms="月亮表"), "expected_forms_are_known"),
        (unit("南所", valid_from="很久以前"), "register_fields_are_readable"),
    ],
)
def test_a_register_field_that_cannot_be_used_is_told_at_its_cell(entry, rule: str) -> None:
    (point,) = points(settled(REGISTERS, File("新.xlsx", entries=[entry]), district=""), rule)
    assert (point["path"], point["sheet"], bool(point["cell"])) == ("新.xlsx", "名册", True)


# -- whom and where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "changes", "whom", "counted_in"),
    [
        ("城关派出所", {}, "城关派出所", "清河县/城关镇"),
        ("城关所", {}, "城关派出所", "清河县/城关镇"),
        ("西街社区", {}, "西街社区", "城关镇/西街社区"),
        ("西街社区居委会", {}, "西街社区", "城关镇/西街社区"),
        ("城关镇", {}, "城关镇", "清河县/城关镇"),
        ("全县", {}, "清河县", "/清河县"),
        ("城关镇东街社区", {}, "东街社区", "城关镇/东街社区"),
        ("东街社区", {"attributes": {"place": "东关镇"}}, "东街社区", "东关镇/东街社区"),
        ("东街社区", {"reporter": "城关派出所"}, "东街社区", "城关镇/东街社区"),
        ("东关派出所", {}, "东关派出所", "/清河县"),
        ("东关派出所", {"attributes": {"place": "北村"}}, "东关派出所", "东关镇/北村"),
        ("城关派出所", {"attributes": {"place": "东街社区"}}, "城关派出所", "城关镇/东街社区"),
        ("城关派出所", {"attributes": {"place": "北村"}}, "城关派出所", "清河县/城关镇"),
        ("城关派出所", {"attributes": {"place": "人民广场"}}, "城关派出所", "清河县/城关镇"),
        ("", {"reporter": "城关派出所"}, "城关派出所", "清河县/城关镇"),
        ("月亮派出所", {}, "月亮派出所", "/清河县"),
        ("月亮社区", {}, "月亮社区", "清河县/月亮社区"),
    ],
)
def test_whom_a_number_is_about_and_where_it_counts(subject: str, changes: dict, whom: str, counted_in: str) -> None:
    row = counted(subject, **changes)
    assert (row["whom"], row["area"]) == (whom, counted_in)


@pytest.mark.parametrize(("day", "area_"), [(date(2024, 6, 3), "清河县/城关镇"), (date(2025, 6, 2), "清河县/东关镇")])
def test_after_a_split_a_name_means_its_bearer_of_the_day(day: date, area_: str) -> None:
    assert counted("河西派出所", day)["area"] == area_


@pytest.mark.parametrize(
    ("subject", "day", "severity"),
    [
        ("月亮派出所", date(2026, 3, 16), "note"),
        ("南关派出所", date(2026, 3, 16), "warning"),
        ("东街社区", date(2026, 3, 16), "warning"),
        ("城关派出所", date(2026, 3, 16), None),
        ("南关派出所", date(2023, 3, 13), None),
    ],
    ids=["unknown", "alias out of date", "two of that name", "known", "alias in its dates"],
)
def test_a_name_never_blocks_and_is_told_once(subject: str, day: date, severity: str | None) -> None:
    result = settled(REGISTERS, File("a.xlsx", [number(subject, 5, start=day, end=day, row=r) for r in (4, 4)]), district="")
    assert [p["severity"] for p in points(result, "names_are_in_a_register")] == ([severity] if severity else [])
    assert result.measurements["stands"].all()


def test_day_one_without_any_register() -> None:
    result = settled(File("a.xlsx", [number("城关派出所", 5), number("东街社区", 6, row=5)]), district="")
    assert result.areas.select("zh", "is_provisional", "residents").rows() == [("本辖区", True, None), ("东街社区", True, None)]
    assert result.units.select("zh", "is_provisional").rows() == [("城关派出所", True)]
    assert all(i.isascii() for i in [*result.areas["area_id"], *result.units["unit_id"]])


def test_ids_stay_when_a_register_without_codes_comes_later() -> None:
    numbers = File("a.xlsx", [number("城关派出所", 5)])
    before = settled(numbers).measurements["subject_id"]
    after = settled(numbers, File("册.xlsx", entries=[unit("城关派出所")])).measurements["subject_id"]
    assert before.equals(after)


# -- weeks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "week"),
    [
        ("2026-03-16", "2026-03-22", "2026-03-16"),
        ("2026-03-18", "2026-03-18", "2026-03-16"),
        ("2026-03-22", "2026-03-22", "2026-03-16"),
        ("2026-03-20", "2026-03-24", "2026-03-16"),
        ("2026-03-21", "2026-03-24", "2026-03-23"),
        ("2026-03-22", "2026-03-23", "2026-03-23"),
        ("2026-03-19", "2026-03-25", "2026-03-16"),
        ("2026-03-20", "2026-03-26", "2026-03-23"),
        ("2025-12-29", "2026-01-04", "2025-12-29"),
        ("2026-12-31", "2027-01-03", "2026-12-28"),
        ("2026-03-16", "2026-03-23", None),
        ("2026-03-01", "2026-03-31", None),
    ],
)
def test_a_span_belongs_to_the_week_with_most_of_its_days(start: str, end: str, week: str | None) -> None:
    frame = pl.DataFrame({"start": [date.fromisoformat(start)], "end": [date.fromisoformat(end)]})
    assert frame.select(iso_week(pl.col("start"), pl.col("end"))).item() == (date.fromisoformat(week) if week else None)
