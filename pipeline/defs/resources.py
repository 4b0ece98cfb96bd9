"""What the assets of one run share: places, settings, decisions, the clock, and the warehouse held for one step at a time.

The clock is taken once a run: every step of it speaks of the same moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from pipeline.decisions import Decisions, load_decisions
from pipeline.journal import Journal
from pipeline.night.inputs import inputs_fingerprint
from pipeline.night.receive import Received
from pipeline.settings import Places, Settings
from pipeline.warehouse import Warehouse


class Office(dg.ConfigurableResource):
    """One root as a run sees it. Settings and decisions are loaded, and so checked, before the first step."""

    _places: Places = PrivateAttr()
    _settings: Settings = PrivateAttr()
    _decisions: Decisions = PrivateAttr()
    _clock: datetime = PrivateAttr()
    _received: Received | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        self._places = Places.here()
        self._settings = self._places.settings()
        self._decisions = load_decisions(self._places.decisions)
        self._clock = datetime.now(ZoneInfo(self._settings.district.time_zone))
        self._received = None

    @property
    def places(self) -> Places:
        return self._places

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def decisions(self) -> Decisions:
        return self._decisions

    @property
    def clock(self) -> datetime:
        return self._clock

    @property
    def journal(self) -> Journal:
        return Journal(self._places)

    def note(self, received: Received) -> None:
        """What the first step found, for the later ones."""
        self._received = received

    @property
    def files(self) -> pl.DataFrame:
        """As Journal.files. A run that starts in the middle (a step retried from the UI) looks for itself."""
        if self._received is not None:
            return self._received.files
        journal = self.journal
        return journal.files(journal.scan())

    @property
    def inputs(self) -> str:
        """Fingerprint of everything this build depends on."""
        return inputs_fingerprint(self.files, self._places, self._settings, self._clock)

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The working file, held for this step only: its lock says whose run it is."""
        with Warehouse(self._places) as warehouse:
            yield warehouse
