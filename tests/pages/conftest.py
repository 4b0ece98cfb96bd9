"""Pages of the fictional district, built once a session, and a real Chromium to open them in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from pipeline import pages
from pipeline.pages.build import pages_of
from pipeline.pages.district import District
from pipeline.pages.model import Page as Described
from pipeline.settings import Settings
from tests.support.pages import frames
from tests.support.parity.recomputed import Recomputed

BUILT_AT = datetime(2026, 3, 23, 4, 30)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def given() -> dict:
    return frames()


@pytest.fixture(scope="session")
def small() -> dict:
    """Three towns, thirty weeks: for builds that differ in a setting."""
    return frames(n_weeks=30, n_towns=3)


@pytest.fixture(scope="session")
def district(given: dict) -> District:
    return District(given, Settings())


@pytest.fixture(scope="session")
def site(given: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dashboards")
    pages.build(given, Settings(), folder, built_at=BUILT_AT)
    return folder


PUBLICATIONS = {
    "usual": {},
    "with losses": {"with_losses": True},
    "three towns": {"n_weeks": 60, "n_towns": 3},
    "open week": {"n_weeks": 60, "n_towns": 4, "not_due_last": True},
}
"""Publications that differ in what there is to say, by the switches of `frames`."""


@cache
def publication(name: str) -> tuple[Recomputed, list[Described]]:
    given = frames(**PUBLICATIONS[name])
    return Recomputed(given), pages_of(District(given, Settings()))


@pytest.fixture(scope="module", params=PUBLICATIONS)
def built(request: pytest.FixtureRequest) -> tuple[Recomputed, list[Described]]:
    """A publication, recomputed, and its pages as they are described before anybody draws them: looked at only, so one does for every file."""
    return publication(request.param)


def chromium_path() -> str:
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.fail("no Chromium found: install one (Debian: apt install chromium fonts-noto-cjk) or name it in the variable CHROMIUM", pytrace=False)
    return found


@pytest.fixture(scope="session")
def player() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(player: Playwright) -> Iterator[Browser]:
    found = player.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield found
    found.close()


class Opened:
    """A page with everything it complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))


@pytest.fixture
def visit(chromium: Browser, site: Path) -> Iterator[Callable[..., Opened]]:
    """visit("index.html", "t=03", width=390) → Opened, after every chart is drawn."""
    contexts = []

    def go(
        path: str, hash: str = "", *, width: int = 1440, height: int = 900, folder: Path | None = None, scripts: bool = True, **options: object
    ) -> Opened:
        context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts, **options)  # pyright: ignore[reportArgumentType]
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.goto(f"{(folder or site).as_uri()}/{path}" + (f"#{hash}" if hash else ""))
        if scripts:
            settled(opened.page)
        return opened

    yield go
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    """Wait until the page shows its scope and every chart has an SVG."""
    page.wait_for_function(
        "() => document.documentElement.dataset.ready && [...document.querySelectorAll('[data-plot]')].every(p => p.querySelector('svg.main-svg'))"
    )


@pytest.fixture(scope="session")
def wait() -> Callable[[Page], None]:
    return settled
