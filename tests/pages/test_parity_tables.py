"""Parity of tables: every number in every table of every page, in both languages, is the one recomputed from the published tables."""

from __future__ import annotations

from tests.support.parity.audit import wrong_cells


def test_every_number_of_every_table_is_recomputed(built) -> None:
    wrong, n = wrong_cells(*built)
    assert not wrong, "\n".join([f"{len(wrong)} of {n}", *wrong[:40]])
    assert n > 1000
