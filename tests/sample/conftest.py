"""One sample district for the whole folder, written once; its twin, for comparison, is written by another process meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.sample import SampleWritten, write_sample

END = date(2026, 3, 23)
REPOSITORY = Path(__file__).parents[2]
TWIN = """
import sys
from datetime import date
from pathlib import Path
from pipeline.sample import write_sample
write_sample(Path(sys.argv[1]), end=date.fromisoformat(sys.argv[2]))
"""


@dataclass(frozen=True)
class Sample:
    root: Path
    written: SampleWritten
    seconds: float
    """Processor time of writing it: wall time would measure the neighbours."""
    twin: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    def lines(self, name: str) -> list[dict[str, Any]]:
        text = (self.root / "data" / "warehouse" / "sample" / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    root, twin = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("twin")
    # Another hash seed: an order that depends on a set would show.
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "America/Lima"}
    process = subprocess.Popen([sys.executable, "-c", TWIN, str(twin), END.isoformat()], cwd=REPOSITORY, env=environment)
    started = time.process_time()
    written = write_sample(root, end=END)
    seconds = time.process_time() - started
    assert process.wait(timeout=120) == 0
    return Sample(root, written, seconds, twin)


@pytest.fixture(scope="session")
def truth(sample: Sample) -> list[dict[str, Any]]:
    return sample.lines("truth.jsonl")
