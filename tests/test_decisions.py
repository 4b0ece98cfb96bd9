from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.decisions import DecisionFault, Decisions, load_decisions

SAID = "reason: 多写一个零\nowner: 王分析\ndate: 2026-03-24\n"
CORRECTION = SAID + "file: a.xlsx\nsheet: 第12周\ncell: C4\nexpected: 40000\nnew: 4万余份\n"
EXAMPLES = {
    "corrections": CORRECTION,
    "waivers": SAID + "rule: subset_is_not_above_its_parent\nfile: a.xlsx\nexpires: 2026-06-30\n",
    "same_events": SAID + "same: true\ncells:\n- {file: a.xlsx, sheet: 台账, cell: D4}\n- {file: b.xlsx, sheet: 台账, cell: E9}\n",
    "same_activities": SAID + "same: true\ncells:\n- {file: a.xlsx, sheet: 台账, cell: D4}\n- {file: b.xlsx, sheet: 台账, cell: E9}\n",
    "approvals": SAID + "start: 2026-03-01\nend: 2026-03-31\narea: 城关镇\n",
    "withdrawals": SAID + "file: a.xlsx\n",
}


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("name", ["{kind}/一.yaml", "{kind}/2026/二.yml", "{kind}.yaml"])
def test_each_kind_is_read_from_its_folder_or_file(tmp_path: Path, kind: str, name: str) -> None:
    loaded = load_decisions(write(tmp_path, name.format(kind=kind), EXAMPLES[kind]))
    (decision,) = getattr(loaded, kind)
    assert (decision.reason, decision.owner, decision.date) == ("多写一个零", "王分析", date(2026, 3, 24))
    assert decision.source == name.format(kind=kind)


def test_a_file_may_hold_a_list_and_each_item_knows_its_place(tmp_path: Path) -> None:
    item = "- " + CORRECTION.replace("\n", "\n  ").rstrip() + "\n"
    loaded = load_decisions(write(tmp_path, "corrections.yaml", item + item))
    assert [c.source for c in loaded.corrections] == ["corrections.yaml#1", "corrections.yaml#2"]
    assert loaded.corrections[0].new == "4万余份"


@pytest.mark.parametrize("make", [lambda f: f, lambda f: write(f, "corrections/空.yaml", ""), lambda f: f / "没有"])
def test_nothing_decided_is_fine(tmp_path: Path, make) -> None:
    assert load_decisions(make(tmp_path)) == Decisions()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("corrections/a.yaml", CORRECTION.replace("reason: 多写一个零\n", ""), "corrections/a.yaml：reason"),
        ("corrections/a.yaml", CORRECTION.replace("多写一个零", "' '"), "corrections/a.yaml：reason"),
        ("corrections/a.yaml", CORRECTION.replace("2026-03-24", "前天"), "corrections/a.yaml：date"),
        ("corrections/a.yaml", CORRECTION.replace("expected: 40000\n", ""), "corrections/a.yaml：expected"),
        ("corrections/a.yaml", CORRECTION.replace("new: 4万余份\n", ""), "corrections/a.yaml：new"),
        ("corrections/a.yaml", CORRECTION.replace("C4", "第四行"), "corrections/a.yaml：cell"),
        ("corrections/a.yaml", CORRECTION + "valeu: 3\n", "corrections/a.yaml：valeu"),
        ("corrections/a.yaml", "[只是文字]", "corrections/a.yaml#1"),
        ("corrections/a.yaml", "reason: [未闭合", "corrections/a.yaml：不是有效的 YAML"),
        ("correction/a.yaml", CORRECTION, "correction/a.yaml：不认识的种类 correction"),
        ("waivers/a.yaml", EXAMPLES["waivers"].replace("file: a.xlsx\n", ""), "name a file, a unit or an area"),
        ("waivers/a.yaml", EXAMPLES["waivers"].replace("2026-06-30", "2026-03-01"), "expires"),
        ("same_events/a.yaml", SAID + "same: true\ncells:\n- {file: a.xlsx, sheet: 台账, cell: D4}\n", "same_events/a.yaml：cells"),
        ("same_events/a.yaml", EXAMPLES["same_events"].replace("cell: E9", "cel: E9"), "same_events/a.yaml：cells.1.cell"),
        ("approvals/a.yaml", EXAMPLES["approvals"].replace("2026-03-31", "2026-02-01"), "end is before start"),
        ("withdrawals/a.yaml", EXAMPLES["withdrawals"] + "sha256: abc\n", "withdrawals/a.yaml：sha256"),
    ],
)
def test_a_faulty_decision_is_an_error_that_names_file_and_key(tmp_path: Path, name: str, text: str, says: str) -> None:
    write(tmp_path, "corrections/好的.yaml", CORRECTION)
    with pytest.raises(DecisionFault) as caught:
        load_decisions(write(tmp_path, name, text))
    assert says in str(caught.value)
    assert "好的" not in str(caught.value)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    write(tmp_path, "corrections/a.yaml", SAID)
    with pytest.raises(DecisionFault) as caught:
        load_decisions(write(tmp_path, "waivers/b.yaml", SAID))
    assert all(part in str(caught.value) for part in ("corrections/a.yaml：file", "corrections/a.yaml：cell", "waivers/b.yaml：rule"))
