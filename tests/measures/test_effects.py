from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from pipeline.measures.effects import power, step, weeks_needed
from pipeline.settings import Effects, Reporting, Settings
from tests.support.measures import MONDAY, rows, run


@pytest.mark.parametrize(
    ("mean", "dispersion", "fifth", "two_fifths"),
    [
        (5, 1.3, (0.07, 0.12, 0.17), (0.18, 0.36, 0.59)),
        (12, 1.5, (0.10, 0.18, 0.31), (0.33, 0.62, 0.88)),
        (40, 2.0, (0.20, 0.38, 0.63), (0.66, 0.95, 1.0)),
    ],
)
def test_power_is_that_of_the_simulated_table(mean, dispersion, fifth, two_fifths):
    """The project's domain rules: 4000 simulations each, weeks before + after 12+12, 26+26, 52+26."""
    for change, expected in ((-0.2, fifth), (-0.4, two_fifths)):
        found = [power(mean, dispersion, before, after, change) for before, after in ((12, 12), (26, 26), (52, 26))]
        assert found == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("before", "after", "mean"), [(0, 20, 10.0), (20, 0, 10.0), (1, 1, 10.0), (20, 20, 0.0)])
def test_without_weeks_or_cases_there_is_no_power(before, after, mean):
    assert power(mean, 1.0, before, after, -0.2) == 0


def test_weeks_needed_are_the_first_that_suffice():
    needed = weeks_needed(40, 2.0, -0.2, 0.5)
    assert needed is not None
    assert power(40, 2.0, needed, needed, -0.2) >= 0.5 > power(40, 2.0, needed - 1, needed - 1, -0.2)
    assert weeks_needed(0.2, 2.0, -0.2, 0.5) is None


def test_a_planted_step_is_found_with_its_interval():
    """40 cases a week, rising by a tenth a year, 40 % fewer from week 53 on."""
    rng = np.random.default_rng(3)
    level = 40 * np.exp(np.arange(78) / 520) * np.where(np.arange(78) >= 52, 0.6, 1.0)
    change, low, high = step(rng.poisson(level).astype(float), 52)
    assert low < -0.4 < high
    assert change == pytest.approx(-0.4, abs=0.12)
    assert high < 0


def cases(counts, until: int = 0):
    """One row of the losses form a week, the last one `until` weeks before MONDAY."""
    n = len(counts)
    row = {"form": "losses", "channel": "losses", "measure": "cases", "unit": "起", "subject_id": "t1", "area_id": "t1"}
    return [{**row, "value": float(c), "start": MONDAY - timedelta(weeks=n - 1 - i + until), "record_id": f"r{i}"} for i, c in enumerate(counts)]


def effect(counts, weeks_of_operation: int, **policy):
    begun = MONDAY - timedelta(weeks=weeks_of_operation - 1)
    operation = rows("campaigns", {"campaign_id": "o", "zh": "百日行动", "start": begun, "end": MONDAY + timedelta(days=60)})
    settings = Settings(reporting=Reporting(provisional_weeks=0), effects=Effects(**policy))
    numbers = rows("measurements", *(cases(counts) or [{"value": 1.0, "start": MONDAY - timedelta(weeks=30)}]))
    found = run("campaign_effects", measurements=numbers, campaigns=operation, settings=settings)["campaign_effects"]
    return found.row(0, named=True)


NOISE = [40, 44, 35, 41, 38, 47, 36, 43, 39, 42, 37, 45, 40]


def test_an_operation_with_power_has_its_step_stated():
    found = effect(NOISE * 4 + [round(0.6 * n) for n in NOISE * 2], 26)
    assert (found["verdict"], found["n_before"], found["n_after"]) == ("stated", 52, 26)
    assert found["power"] > 0.5
    assert found["low"] < found["effect"] < found["high"] < 0
    assert found["effect"] == pytest.approx(-0.4, abs=0.05)


@pytest.mark.parametrize(
    ("counts", "weeks", "verdict"),
    [
        ([5, 3, 7, 4, 6, 5, 2, 8, 5, 4, 6, 5] * 2, 12, "low_power"),
        (NOISE[:8], 4, "too_short"),
        ([0] * 20 + [3], 1, "too_short"),
        ([], 12, "no_losses"),
    ],
)
def test_otherwise_there_are_words_and_no_number(counts, weeks, verdict):
    found = effect(counts, weeks)
    assert (found["verdict"], found["effect"], found["low"], found["high"]) == (verdict, None, None, None)
    if verdict == "low_power":
        assert found["power"] < 0.5
        assert found["weeks_needed"] > 12


def test_what_must_be_visible_is_a_setting():
    counts = NOISE * 2
    assert effect(counts, 13)["verdict"] == "low_power"
    assert effect(counts, 13, change=-0.8)["verdict"] == "stated"


def test_provisional_weeks_and_operations_to_come_are_left_out():
    numbers = rows("measurements", *cases(NOISE * 2))
    campaigns = rows(
        "campaigns",
        {"campaign_id": "o", "start": MONDAY - timedelta(weeks=9), "end": MONDAY + timedelta(days=60)},
        {"campaign_id": "later", "start": MONDAY + timedelta(days=40), "end": MONDAY + timedelta(days=60)},
        {"campaign_id": "day", "start": MONDAY - timedelta(weeks=9), "end": MONDAY, "kind": "month"},
    )
    found = run("campaign_effects", measurements=numbers, campaigns=campaigns)["campaign_effects"]
    assert found.select("campaign_id", "n_after", "end").rows() == [("o", 8, MONDAY - timedelta(weeks=2))]
