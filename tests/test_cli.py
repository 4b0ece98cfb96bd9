"""`outreach …` as typed: exit codes, the words for people, the JSON for programs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from pipeline.cli import main
from tests.support.office import Office

WEEK = {"城关派出所": ("4万", 32, 18, 5, "近500人"), "东关派出所": ("同上", "15条", 9, 3, 260)}


def outreach(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pipeline", *arguments], capture_output=True, text=True, check=False, timeout=120)


def test_explain_tells_people_and_programs_the_same(office: Office) -> None:
    file = office.drop("周报.xlsx", WEEK, date(2023, 5, 15))
    told = outreach("explain", str(file))
    assert told.returncode == 0
    assert "A6" not in told.stdout.splitlines()[0]
    assert "近500人" in told.stdout
    answer = json.loads(outreach("explain", str(file), "--json").stdout)
    assert answer["status"] == "returned"
    read = {m["cell"]: m for m in answer["measurements"]}
    assert (read["B5"]["value"], read["F5"]["low"], read["F5"]["high"], read["B6"]["reason"]) == (40000, 450, 500, "refers_above")
    assert {r["cell"] for r in answer["rejections"]} >= {"B6"}
    assert answer["tables"][0]["form"] == "weekly_tally"
    assert not office.places.working.exists(), "explaining stores nothing"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("explain", "no-such-file.xlsx"), 2, "no such file"),
        (("run", "--as-known-on", "2023-05-15"), 2, "--out"),
        (("report",), 1, "outreach run"),
        (("withdraw", "从未收到.xlsx", "--reason", "试"), 1, "从未收到"),
        (("restore",), 1, "journal"),
        (("confirm",), 0, "Nothing has vanished"),
        (("status",), 0, "outreach run"),
        (("sample", "--remove"), 0, "no sample"),
        (("check",), 0, "反诈宣传周统计表"),
    ],
)
@pytest.mark.usefixtures("office")
def test_each_command_says_what_to_do(
    arguments: tuple[str, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: what starting one adds, the other tests see. A fault that is not meant to be mended would come through here."""
    monkeypatch.setattr(sys, "argv", ["outreach", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    answer = "".join(capsys.readouterr())
    assert left.value.code == code, answer
    assert said in answer
    assert "Traceback" not in answer


def test_a_misspelt_setting_is_an_error_that_names_it(office: Office) -> None:
    office.settings("[coverage]\ntargett = 0.8\n")
    answer = outreach("run")
    assert answer.returncode == 1
    assert "coverage.targett" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_run_a_withdrawal_and_a_restore_end_to_end(office: Office) -> None:
    office.drop("周报.xlsx", WEEK, date(2023, 5, 15))
    first = outreach("run")
    assert first.returncode == 0, first.stdout + first.stderr
    again = outreach("run")
    assert (again.returncode, first.stderr, again.stderr) == (0, "", ""), "the library's own warnings are nothing for people"
    assert "退回" in first.stdout
    assert str(office.places.dashboards / "index.html") in first.stdout
    standing = office.standing()
    office.places.working.write_bytes(b"damaged")
    broken = outreach("run")
    assert broken.returncode == 1
    assert "outreach restore" in broken.stdout + broken.stderr
    assert outreach("restore").returncode == 0
    assert office.standing() == standing
    assert outreach("withdraw", "周报.xlsx", "--reason", "报错单位", "--by", "值班员").returncode == 0
    assert outreach("run").returncode == 0
    assert office.value("SELECT count(*) FROM measurements WHERE stands") == 0
    assert "运行" in outreach("report").stdout
