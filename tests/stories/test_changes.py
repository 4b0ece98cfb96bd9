"""What a later run does about a register, a setting, a reader, a number or a publication that is not what it was."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.intake import reading
from pipeline.journal import Journal
from pipeline.night.known import build_as_known_on
from tests.support.office import MONDAY, WEEK, Office, page


def test_a_changed_alias_moves_the_numbers_to_the_unit_it_names(office: Office) -> None:
    office.drop("周报.xlsx", {"老城站": WEEK["城关派出所"]}, MONDAY)
    heading = ("单位名称", "类别", "别名")
    office.register("单位.xlsx", [("城关派出所", "派出所", "")], heading, "报送单位名录")
    assert office.run().success
    subject = "SELECT DISTINCT u.zh FROM measurements m JOIN units u ON u.unit_id = m.subject_id WHERE m.form = 'weekly_tally'"
    assert office.value(subject) == "老城站"
    office.register("单位.xlsx", [("城关派出所", "派出所", "老城站")], heading, "报送单位名录")
    assert office.run().success
    assert office.value(subject) == "城关派出所"


def test_a_changed_setting_publishes_anew_without_reading_again(usual: Office) -> None:
    usual.settings('[district]\nname = "青山区"\n')
    result = usual.run()
    assert result.success
    assert usual.value("SELECT value FROM build WHERE key = 'district_zh'") == "青山区"
    assert "青山区" in page(usual)
    assert "没有数字变化" in page(usual)
    assert "district.name" in (usual.places.dashboards / "quality.html").read_text("utf-8")
    read = next(e for e in result.get_asset_materialization_events() if e.asset_key and e.asset_key.to_user_string() == "readings")
    assert read.materialization.metadata["read"].value == 0


def test_an_upgraded_reader_reads_again_and_leaves_the_time_of_receipt(usual: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    received = usual.value("SELECT received_at FROM source_files")
    monkeypatch.setattr("pipeline.night.receive.reader_fingerprint", lambda: "a later reader")
    result = usual.run()
    assert result.success
    assert usual.value("SELECT received_at FROM source_files") == received
    assert usual.value("SELECT count(*) FROM measurements WHERE stands_reason IS NOT NULL") == 0, "an upgrade is no revision"
    assert reading.reader_fingerprint() != "a later reader"


def test_a_corrected_sheet_supersedes_and_the_loser_keeps_its_reason(usual: Office) -> None:
    usual.drop("周报（更正）.xlsx", {**WEEK, "东关派出所": (3500, "15条", 9, 3, 260)}, MONDAY)
    assert usual.run().success
    assert usual.standing()[("东关派出所", "leaflets", "distributed", "2023-05-15")] == 3500
    loser = usual.published("SELECT value, stands_reason, superseded_by FROM measurements WHERE NOT stands AND value = 3200").row(0)
    assert loser[1] == "superseded"
    assert loser[2] is not None


def test_a_kill_between_the_two_swaps_is_rolled_forward(usual: Office) -> None:
    manifest = usual.places.dashboards / "manifest.json"
    old = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(old | {"build_id": "of the build before"}), encoding="utf-8")
    assert usual.run().success
    assert json.loads(manifest.read_text(encoding="utf-8"))["build_id"] == usual.value("SELECT value FROM build WHERE key = 'build_id'")


def test_pages_as_known_on_a_day_leave_the_published_state_alone(usual: Office, tmp_path: Path) -> None:
    file = usual.places.raw / "周报.xlsx"
    journal = Journal(usual.places)
    sha256 = journal.scan().files[0].sha256
    corrected = usual.drop("周报（更正）.xlsx", {**WEEK, "东关派出所": (3500, "15条", 9, 3, 260)}, MONDAY)
    assert usual.run().success
    before, published = page(usual), usual.places.published.read_bytes()
    received = usual.published("SELECT path, received_at FROM source_files").sort("received_at")["received_at"].to_list()
    assert {file.name, corrected.name} == {"周报.xlsx", "周报（更正）.xlsx"}
    assert sha256
    with pytest.raises(ValueError, match="Nothing had been received"):
        build_as_known_on(usual.places, received[0].date() - timedelta(days=2), tmp_path / "before")
    assert build_as_known_on(usual.places, received[-1].date() + timedelta(days=1), tmp_path / "known") >= 1
    assert (tmp_path / "known" / "index.html").is_file()
    assert page(usual) == before
    assert usual.places.published.read_bytes() == published
