"""Parity of sentences: every number in every text of every page, for every area and period, is the one recomputed from the published tables."""

from __future__ import annotations

from pipeline.pages.messages import PLACEHOLDER, catalogue
from tests.support.parity.audit import wrong_texts
from tests.support.parity.said import SAID


def test_every_number_of_every_sentence_is_recomputed(built) -> None:
    wrong, n = wrong_texts(*built)
    assert not wrong, "\n".join([f"{len(wrong)} of {n}", *wrong[:40]])
    assert n > 2000


BY_TABLE = ("cell.", "awareness.days", "ops.reports", "rowrates.", "split.cases", "week.full", "urge.blind", "month.same.", "month.of_towns.")
"""Words of table cells: held with their tables."""
BY_SCRIPT = ("ui.", "hover.", "panel.")
"""Words about the files and what the page's script says: held in a browser and by tests/pages/test_build.py."""


def test_every_message_with_a_number_has_its_recomputation() -> None:
    """Also those that none of these publications says."""
    numbered = {
        key
        for key, texts in catalogue().items()
        for match in PLACEHOLDER.finditer("".join(texts))
        if match.group(2) or match.group(3) not in ("name", "names", "s")
    }
    assert {key for key in numbered - set(SAID) if not key.startswith((*BY_TABLE, *BY_SCRIPT))} == set()
    assert set(SAID) <= set(catalogue())
