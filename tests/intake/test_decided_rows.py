"""Decisions on same events must find a row that prevented losses stand in; otherwise they would change nothing, and nobody would know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.decisions import Decisions, SameEvent
from tests.support.settling import MONDAY, File, activity, points, settled

LOSS: dict[str, Any] = {"form": "intercepted_losses", "channel": "intercepted_losses", "measure": "averted", "unit": "元"}
BANK = File("支行.xlsx", [activity("东街支行", 29800, MONDAY, **LOSS)])
POLICE = File(
    "派出所.xlsx",
    [
        activity("城关派出所", 30000, MONDAY, row=5, **LOSS),
        activity("城关派出所", None, MONDAY, row=6, precision="missing", reason="number_lost", **LOSS),
        activity("城关派出所", 0, MONDAY, row=7, **LOSS | {"measure": "cases", "unit": "起"}),
        activity("城关派出所", 200, MONDAY, row=8),
    ],
    60,
)


@pytest.mark.parametrize(
    ("second", "named"),
    [
        ({"cell": "C5"}, None),
        ({"cell": "J5"}, None),
        ({"cell": "C6"}, None),
        ({"cell": "C7"}, "派出所.xlsx›台账›C7"),
        ({"cell": "C8"}, "派出所.xlsx›台账›C8"),
        ({"cell": "C9"}, "派出所.xlsx›台账›C9"),
        ({"cell": "C5", "sheet": "第二页"}, "派出所.xlsx›第二页›C5"),
        ({"cell": "C5", "file": "旧派出所.xlsx"}, "旧派出所.xlsx›台账›C5"),
    ],
    ids=["its amount", "any cell of its row", "a lost amount", "no case", "another channel", "an empty row", "no such sheet", "no such file"],
)
@pytest.mark.parametrize("same", [True, False])
def test_a_decision_on_same_events_must_find_its_rows(second: dict[str, str], named: str | None, same: bool) -> None:
    cells = [{"file": "支行.xlsx", "sheet": "台账", "cell": "C4"}, {"file": "派出所.xlsx", "sheet": "台账"} | second]
    decision = SameEvent.model_validate({"reason": "同一事主", "owner": "王分析", "date": date(2026, 3, 24), "same": same, "cells": cells})
    found = points(settled(BANK, POLICE, decisions=Decisions(same_events=(decision,))), "same_events_find_their_rows")
    assert [(point["severity"], point["path"].split("/")[0], point["text"]) for point in found] == ([("error", "decisions", named)] if named else [])
