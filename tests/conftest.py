"""Order of the suite: files whose tests run the whole job come first, so that no worker is left alone with one of them at the end."""

from __future__ import annotations

import pytest

WHOLE_RUNS = ("test_stories.py", "test_cli.py", "test_sample_truth.py", "test_hand_back.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in WHOLE_RUNS)
