"""The forms as data: they load, agree with the registry and the tables, and say where they do not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pipeline.forms.catalogue import FormFault, catalogue, load_catalogue
from pipeline.forms.wording import FOLDER, alias_key, read_wording, units_in
from pipeline.tables.base import all_tables

CHANNELS = [
    *("leaflets", "posters", "banners", "displays", "broadcasts", "van_tours", "drones", "talks", "home_visits", "wechat_groups", "pushes"),
    *("online_media", "sms", "pledges", "app_registrations", "hotline", "warnings", "stop_payments", "claimed_reach"),
]


def measures_of(name: str) -> set[str]:
    form = catalogue().forms[name]
    return {code for c in form.columns for code in (c.measure, *c.by_unit.values(), *c.by_word.values()) if code}


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_has_a_home(channel: str) -> None:
    homes = [name for name in catalogue().forms if any(code.startswith(f"{channel}.") for code in measures_of(name))]
    assert homes


def test_every_measure_of_the_registry_can_be_written_by_someone() -> None:
    written = set().union(*(measures_of(name) for name in catalogue().forms))
    assert set(catalogue().measures) - written == set()


@pytest.mark.parametrize("name", sorted(catalogue().forms))
def test_adding_a_form_is_one_yaml_and_one_table(name: str) -> None:
    form = catalogue().forms[name]
    assert form.table in all_tables()
    assert form.zh
    assert form.en
    assert form.title_words
    if form.grain != "register":
        assert measures_of(name), "a form holds at least one number"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("发放宣传单（份）", "宣传单数量"),
        ("反诈宣传单", "宣传单发放情况"),
        ("悬挂横幅(条)", "横幅"),
        ("阅读量（万次）", "阅读"),
        ("止付›金额（万元）", "止付金额"),
        ("LED屏", "led屏（块）"),
        ("村（社区）", "村"),
    ],
)
def test_two_wordings_of_one_heading_meet(one: str, other: str) -> None:
    assert alias_key(one) == alias_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("印制宣传单", "宣传单"), ("新增横幅", "横幅"), ("上期结余", "结余"), ("电话劝阻", "见面劝阻"), ("广播次数", "广播时长")]
)
def test_words_that_matter_are_never_left_out(one: str, other: str) -> None:
    assert alias_key(one) != alias_key(other)


@pytest.mark.parametrize(
    ("text", "units", "is_subset", "is_cumulative"),
    [
        ("发放宣传单（份）", ("份",), False, False),
        ("阅读量（万次）", ("万次",), False, False),
        ("堵截（笔/金额）", ("笔", "元"), False, False),
        ("其中：高危", (), True, False),
        ("累计发放宣传单（张）", ("张",), False, True),
        ("宣传单（累计）", (), False, True),
        ("止付金额万元", ("万元",), False, False),
        ("宣传单/份", ("份",), False, False),
        ("横幅（含标语）", (), False, False),
    ],
)
def test_what_a_heading_carries(text: str, units: tuple[str, ...], is_subset: bool, is_cumulative: bool) -> None:
    wording = read_wording(text)
    assert (wording.units, wording.is_subset, wording.is_cumulative) == (units, is_subset, is_cumulative)


@pytest.mark.parametrize(
    ("text", "units"), [("单位：起、人、万元", ("起", "人", "万元")), ("万元", ("万元",)), ("城关派出所", ()), ("金额", ()), ("", ())]
)
def test_units_in_a_text(text: str, units: tuple[str, ...]) -> None:
    assert units_in(text) == units


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def change(folder: Path, name: str, **changes: object) -> None:
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text(encoding="utf-8")), **changes}, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, ["losses.yaml", "colour"]),
        ({"grain": "weekly"}, ["losses.yaml", "grain"]),
        ({"columns": [{"measure": "losses.nonsense", "headings": ["损失"]}]}, ["losses.yaml", "losses.nonsense"]),
        ({"columns": [{"role": "subjekt", "headings": ["单位"]}]}, ["losses.yaml", "subjekt"]),
        ({"columns": [{"headings": ["损失"]}]}, ["losses.yaml", "损失"]),
        ({"columns": [{"measure": "losses.amount", "headings": ["损失"], "with": {"weather": "fine"}}]}, ["losses.yaml", "weather"]),
        (
            {"columns": [{"measure": "losses.amount", "headings": ["损失"]}, {"measure": "losses.cases", "headings": ["损失情况"]}]},
            ["losses.yaml", "损失情况", "two columns"],
        ),
    ],
)
def test_a_form_that_contradicts_itself_names_file_and_key(folder: Path, changes: dict[str, object], words: list[str]) -> None:
    change(folder, "losses", **changes)
    with pytest.raises(FormFault) as fault:
        load_catalogue(folder)
    assert all(word in str(fault.value) for word in words)


def test_the_fingerprint_follows_the_words(folder: Path) -> None:
    before = load_catalogue(folder).fingerprint
    assert before == catalogue().fingerprint
    change(folder, "losses", zh="案件损失表")
    assert load_catalogue(folder).fingerprint != before


def test_a_new_form_needs_nothing_but_its_file(folder: Path) -> None:
    new = {"zh": "快递宣传", "en": "Parcels", "table": "leaflets", "grain": "tally", "title_words": ["快递"]}
    new["columns"] = [{"measure": "leaflets.distributed", "headings": ["面单提示"]}]
    (folder / "parcels.yaml").write_text(yaml.safe_dump(new, allow_unicode=True), encoding="utf-8")
    loaded = load_catalogue(folder)
    assert loaded.forms["parcels"].by_key[alias_key("面单提示（份）")].measure == "leaflets.distributed"
