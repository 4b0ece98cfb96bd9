"""An office in which the usual week has been published: run once, and each story gets a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.office import MONDAY, WEEK, Office, new_office


@pytest.fixture(scope="session")
def usual_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("usual")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_ROOT", str(root))
        office = new_office(root)
        office.drop("周报.xlsx", WEEK, MONDAY)
        assert office.run().success
    return root


@pytest.fixture
def usual(office: Office, usual_week: Path) -> Office:
    """Its 周报.xlsx is WEEK at MONDAY."""
    shutil.copytree(usual_week, office.places.root, dirs_exist_ok=True)
    return office
