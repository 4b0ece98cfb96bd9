"""What people decided about single numbers: data/decisions/<kind>/*.yaml or <kind>.yaml, each with reason, owner and date.

Here: the six kinds of decision as models, and loading them strictly: a wrong key, a missing reason, an unknown folder is an error that
names file and key. Not here: applying them (corrections, withdrawals and same activities in intake/settling.py; waivers, same events and
approvals in measures/), thresholds and deadlines (outreach.toml).
A file holds one decision or a list of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from pipeline.faults import MendableFault

Filled = Annotated[str, Field(min_length=1)]


class DecisionFault(MendableFault, ValueError):
    """data/decisions cannot be used; the message lists every fault with file and key, in Chinese and English."""


class Decision(BaseModel):
    """What every decision says of itself. `source` is the file below data/decisions, with its place in a list of several."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    reason: Filled
    owner: Filled
    date: dt.date
    _source: str = PrivateAttr(default="")

    @property
    def source(self) -> str:
        return self._source


class Cell(BaseModel):
    """One cell of one file: path below data/raw, sheet name, A1 address."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    file: Filled
    sheet: Filled
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")]


class Correction(Decision):
    """Another number for one cell. `expected` is the cell as handed in; where it is no longer that, the correction fails.

    `new` is written as an analyst writes (1200, 4万余份); null: the cell has no number. `measure` (channel.measure) chooses where one
    cell holds several numbers. It follows the cell: into later sheets it does not reach.
    """

    file: Filled
    sheet: Filled
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")]
    expected: str | int | float
    new: str | int | float | None
    measure: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$")] | None = None


class Waiver(Decision):
    """确认无误: silences one rule for the file, cell, unit or area named, until it expires. It names at least one of them."""

    rule: Filled
    expires: dt.date
    file: Filled | None = None
    sheet: Filled | None = None
    cell: Filled | None = None
    unit: Filled | None = None
    area: Filled | None = None

    @model_validator(mode="after")
    def waivers_name_what_they_silence(self) -> Waiver:
        if not (self.file or self.unit or self.area):
            raise ValueError("须写明 file、unit 或 area 之一 / name a file, a unit or an area")
        if self.expires <= self.date:
            raise ValueError("expires 须晚于 date / expires must be later than date")
        return self


class SameEvent(Decision):
    """Whether reports in these cells are one event (`same: true`) or are not. A decision about a row in which no number of prevented losses
    stands fails."""

    same: bool
    cells: Annotated[tuple[Cell, ...], Field(min_length=2)]


class SameActivity(Decision):
    """Whether ledger rows in these cells tell of one joint activity (`same: true`) or of several.

    A joint one counts as the first cell's row tells it; what only another row states counts besides. A decision about a cell that no
    ledger's current number stands in fails.
    """

    same: bool
    cells: Annotated[tuple[Cell, ...], Field(min_length=2)]


class Approval(Decision):
    """Numbers of an area (by name; null: the whole district) from start to end, both included, are approved."""

    start: dt.date
    end: dt.date
    area: Filled | None = None

    @model_validator(mode="after")
    def approvals_end_after_they_start(self) -> Approval:
        if self.end < self.start:
            raise ValueError("end 早于 start / end is before start")
        return self


class Withdrawal(Decision):
    """A file no longer counts: all its contents so far, or the one with this hash."""

    file: Filled
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


KINDS: dict[str, type[Decision]] = {
    "corrections": Correction,
    "waivers": Waiver,
    "same_events": SameEvent,
    "same_activities": SameActivity,
    "approvals": Approval,
    "withdrawals": Withdrawal,
}


@dataclass(frozen=True)
class Decisions:
    """All decisions of one root, in the order of their files."""

    corrections: tuple[Correction, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    same_events: tuple[SameEvent, ...] = ()
    same_activities: tuple[SameActivity, ...] = ()
    approvals: tuple[Approval, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()


def load_decisions(folder: Path) -> Decisions:
    """The decisions below data/decisions; none when it is empty or absent. Raises DecisionFault listing every fault found."""
    faults: list[str] = []
    loaded: dict[str, list[Decision]] = {kind: [] for kind in KINDS}
    for file in sorted(p for suffix in ("*.yaml", "*.yml") for p in folder.rglob(suffix)):
        name = file.relative_to(folder)
        kind = name.parts[0] if len(name.parts) > 1 else name.stem
        if kind not in KINDS:
            faults.append(f"{name}：不认识的种类 {kind}，应为 {'、'.join(KINDS)} 之一 / unknown kind of decision")
            continue
        for source, item in _items(file, str(name), faults):
            decision = _checked(KINDS[kind], item, source, faults)
            loaded[kind].extend([decision] if decision else [])
    if faults:
        raise DecisionFault("data/decisions 中有误，请改正后重新运行 / correct these decisions and run again:\n" + "\n".join(faults))
    return Decisions(**{kind: tuple(decisions) for kind, decisions in loaded.items()})  # pyright: ignore[reportArgumentType]


def _items(file: Path, name: str, faults: list[str]) -> list[tuple[str, Any]]:
    """(source, item) pairs of one file; a file that is no YAML is a fault."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        faults.append(f"{name}：不是有效的 YAML（UTF-8） / not valid YAML: {' '.join(str(error).split())}")
        return []
    if content is None:
        return []
    if isinstance(content, list):
        return [(f"{name}#{n}", item) for n, item in enumerate(content, 1)]
    return [(name, content)]


def _checked(kind: type[Decision], item: Any, source: str, faults: list[str]) -> Decision | None:
    try:
        decision = kind.model_validate(item)
    except ValidationError as error:
        for problem in error.errors():
            key = ".".join(str(part) for part in problem["loc"]) or "（整条 / whole item）"
            faults.append(f"{source}：{key}：{problem['msg']}")
        return None
    decision._source = source
    return decision
