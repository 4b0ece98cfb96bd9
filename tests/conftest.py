"""What tests of every room may use, and the order of the suite: whole runs come first, so that no worker is left alone with one at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.office import Office

WHOLE_RUNS = ("test_sample_truth.py", "test_cli.py", "test_hand_back.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in WHOLE_RUNS and item.path.parent.name != "stories")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An empty root of its own, where commands and runs look. Loaded late: most tests do without Dagster."""
    from tests.support.office import new_office

    monkeypatch.setenv("OUTREACH_ROOT", str(tmp_path))
    return new_office(tmp_path)
