"""Embedded data written small say what they said."""

from __future__ import annotations

import pytest

from pipeline.charts.theme import template
from pipeline.pages import embed, packing
from pipeline.pages.model import say
from tests.support.packed import column_of, shares, text_of


def recoloured(value: object, colours: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {key: recoloured(v, colours) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [recoloured(v, colours) for v in value]
    return colours.get(value, value) if isinstance(value, str) else value


def test_the_light_template_recoloured_is_the_dark_one() -> None:
    assert recoloured(embed.light_template(), embed.recolouring()) == recoloured(template("dark").to_plotly_json(), {})


@pytest.mark.parametrize("values", [[0.1, 0.25, None, 0.2, 1.0], [None, None], [0.0, 0.0], [0.123456]])
def test_steps_lead_back_to_their_shares(values) -> None:
    assert shares(packing.steps(values)) == values


@pytest.mark.parametrize("values", [[0, 0, 0, 7, 0, 0, 0, 0], [1, 2, 3], [0, 0, 5.5, 0]])
def test_a_sparse_column_leads_back_to_its_values(values) -> None:
    assert column_of(packing.sparse(values), len(values)) == values


def test_a_text_leads_back_to_its_clauses() -> None:
    pool = packing.Pool()
    names = {key: pool.place("name", key) for key in ("grade:P5", "grade:P4", "area:01", "area:02", "ch:sms")}
    text = (
        *say("hover.split", grades=[["grade:P5", 12.5], ["grade:P4", 3.0]]),
        *say("hover.week", x="2026-03-16"),
        *say("lane.name", x="ch:sms"),
    )
    packed = pool.pack(text)
    assert packed[1:] == [12.5, 3, "2026-03-16", names["ch:sms"]], "one of few names is in the shape"
    data = {"messages": pool.lists["message"], "shapes": pool.stored("shape")}
    expected = [["hover.split", [[names["grade:P5"], 12.5], [names["grade:P4"], 3]]], ["hover.week", "2026-03-16"], ["lane.name", names["ch:sms"]]]
    assert text_of(data, packed) == expected
