"""Where things are and what the office decided: places (one root) and policy (outreach.toml, OUTREACH_* variables).

Here: every setting with its default, unit and meaning. Not here: what an analyst may write (forms/*.yaml) and what people
decided about single numbers (data/decisions/*.yaml). Unknown keys are errors, so that a typing mistake is never a silent default.
Secrets come only from OUTREACH_* variables, never from the file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Section(BaseModel):
    """One [section] of outreach.toml: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class District(Section):
    name: str = ""
    """Name of the top area (县/区) on pages; empty: taken from the areas register, else 本辖区."""
    name_en: str = ""
    time_zone: str = "Asia/Shanghai"


class Reading(Section):
    """Limits and thresholds of the reader. Part of the reading cache's key."""

    workers: int = Field(default=2, ge=1, description="worker processes reading at the same time")
    memory_mib: int = Field(default=1024, ge=128, description="memory limit of one worker, MiB")
    seconds: float = Field(default=30, gt=0, description="time limit for one file, s")
    max_file_mib: int = Field(default=64, ge=1, description="a larger file is refused unread, MiB")
    max_cells: int = Field(default=2_000_000, ge=1000, description="a sheet of larger dimensions is refused, cells")
    heading_score: float = Field(default=86, ge=50, le=100, description="a fuzzy heading match counts from this score (0–100)")
    week_one: Literal["iso", "january_first"] | None = None
    """How 第N周 without dates is resolved; None: refused."""
    term_start: str | None = None
    """Monday of the school term's first week (ISO date) for 教学周/学期第N周; None: refused."""


class Reporting(Section):
    deadline_weekday: int = Field(default=1, ge=1, le=7, description="ISO weekday of the weekly deadline after the week")
    deadline_hour: int = Field(default=12, ge=0, le=23)
    deadline_days: dict[str, float] = Field(default_factory=dict, description="per form: days after period end, instead of the weekly deadline")
    provisional_weeks: int = Field(default=2, ge=0, description="last closed weeks shown as 初步")
    partial_from: float = Field(
        default=0.05, ge=0, le=1, description="a report in time is partial from this share of due cells without a number; 0: from the first"
    )
    low_rate: float = 0.85
    comparable_rate: float = 0.80
    latest_week_rate: float = 0.50
    approval_required: bool = False
    spring_festival_aligned: bool = Field(default=False, description="compare weeks near the Spring Festival by their distance from it")


class Coverage(Section):
    window_weeks: int = Field(default=13, ge=1)
    target: float = 0.75
    blind_below: float = 0.40
    bins: tuple[float, ...] = (0.40, 0.50, 0.60, 0.75)


class Reach(Section):
    """How one measure's counts become people within the coverage window. People reached lie between
    count × least_local_share ÷ most_contacts_a_person and count × most_people_a_contact, capped at residents."""

    measure: str
    """channel.measure whose value counts contacts or pieces, e.g. leaflets.distributed."""
    most_contacts_a_person: float | None = Field(default=None, ge=1)
    """Highest plausible mean of contacts per person reached, in the window; None: people of this measure are not computable."""
    typical_contacts_a_person: float | None = Field(default=None, ge=1)
    """For the reference estimate; None: the geometric middle of 1 and the most."""
    most_people_a_contact: float = Field(default=1, ge=1)
    """Highest plausible mean of persons one counted contact reaches (a visited household holds more than one)."""
    least_local_share: float = Field(default=1, ge=0, le=1)
    """Least share of contacts that are with residents of the area; 0 where readers may be anybody."""
    counts_all_channels: bool = False
    """True for totals over channels (受众人次): used only in weeks without any channel's own number, never added to one."""
    source: str = ""
    """Where the assumption comes from; printed with the result."""


class Overlap(Section):
    """One survey that asked people which channels reached them: it narrows the coverage bounds of its area and group."""

    area: str = ""
    """Name of the area surveyed, as in the areas register; empty: the whole district."""
    audience: str = "all"
    end: date
    """Last day of asking; the survey speaks of the coverage windows it ended in."""
    sampled: int = Field(ge=1, description="valid answers, persons")
    reached: dict[str, int] = Field(default_factory=dict, description="channel (leaflets, talks …) → persons it reached")
    both: dict[str, int] = Field(default_factory=dict, description="two channels, leaflets+talks → persons both reached")
    source: str = Field(min_length=1, description="which survey this is; kept with the settings of every build")

    @model_validator(mode="after")
    def counts_are_among_the_sampled(self) -> Overlap:
        for name, n in (self.reached | self.both).items():
            if not 0 <= n <= self.sampled:
                raise ValueError(f"{name}：{n} 不在 0 至有效样本 {self.sampled} 之间 / {name}: {n} is not among the {self.sampled} asked")
        for name in self.both:
            if len({part.strip() for part in name.split("+")} - {""}) != 2:
                raise ValueError(f"both 的键须为两个渠道，如 leaflets+talks，现为 {name} / a key of both names two channels, seen {name}")
        return self

    @property
    def pairs(self) -> dict[tuple[str, str], int]:
        """`both` by its two channels, in alphabetical order."""
        return {(first, second): n for name, n in self.both.items() for first, second in [sorted(part.strip() for part in name.split("+"))]}


class Events(Section):
    """Thresholds of event matching, as probabilities."""

    certain_from: float = Field(default=0.90, gt=0.5, le=1, description="pairs of records from this probability up are one event")
    doubtful_from: float = Field(default=0.30, gt=0, le=1, description="pairs from this probability up are listed for a decision")


class Awareness(Section):
    target: float = Field(default=0.90, gt=0, lt=1, description="share of residents who should know (LQAS target)")
    must_not_pass: float = Field(default=0.60, gt=0, lt=1, description="a unit at this share must fail the lot test")


class Effects(Section):
    """When the step of cases at an operation's start is stated at all."""

    change: float = Field(default=-0.20, gt=-1, lt=0, description="relative change of weekly cases that must be visible")
    least_power: float = Field(default=0.50, gt=0, lt=1, description="chance to see it below which only words are given")


class Pages(Section):
    rankings: Literal["on", "off"] = "on"
    case_list: Literal["on", "off"] = "on"
    suppress_below: int = Field(default=3, ge=0, description="community counts of cases or persons from 1 to this minus 1 are shown as <n")
    small_base_cases: int = 10
    interval_base_cases: int = 50
    small_base_yuan: float = 100_000
    flat: float = 0.01
    single_case_yuan: float = 1_000_000
    single_case_share: float = 0.15
    delivery: Literal["folder", "single", "both"] = "both"


class Map(Section):
    """The map of areas on the coverage page; the tiles stay beside it."""

    boundaries: str = Field(default="", description="GeoJSON of the areas, a path from the root; empty: no map")
    review_number: str = Field(default="", description="审图号, printed on the map; empty: the map is not drawn")


class Safety(Section):
    vanished_share: float = Field(default=0.20, gt=0, le=1, description="share of known files gone that blocks publication")


UNSURVEYED = "office assumption for a quarter, no frequency survey yet / 季度经验假设，尚无接触频次调查"

DEFAULT_REACH: dict[str, Reach] = {
    "leaflets": Reach(measure="leaflets.distributed", most_contacts_a_person=3, typical_contacts_a_person=1.5, source=UNSURVEYED),
    "talks": Reach(measure="talks.attendance", most_contacts_a_person=3, typical_contacts_a_person=1.2, source=UNSURVEYED),
    "home_visits": Reach(
        measure="home_visits.visits", most_contacts_a_person=3, typical_contacts_a_person=1.3, most_people_a_contact=1.5, source=UNSURVEYED
    ),
    "online_media": Reach(
        measure="online_media.reads", most_contacts_a_person=5, typical_contacts_a_person=2, least_local_share=0,
        source=UNSURVEYED + "; readers may live elsewhere, so the lower bound counts none / 读者未必是本地居民，下界不计",
    ),
    "contacts": Reach(
        measure="contacts.contacts", most_contacts_a_person=6, typical_contacts_a_person=2, counts_all_channels=True,
        source=UNSURVEYED + "; a total over channels / 各渠道合计",
    ),
}  # fmt: skip
"""What the office believes until it asks people: deliberately wide. Measures not named here are shown as contacts, never as people."""


class Settings(BaseSettings):
    """The whole policy of one root. `Settings.load(root)` reads root/outreach.toml, then OUTREACH_<SECTION>__<KEY> variables."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="OUTREACH_", env_nested_delimiter="__")

    district: District = District()
    reading: Reading = Reading()
    reporting: Reporting = Reporting()
    coverage: Coverage = Coverage()
    events: Events = Events()
    awareness: Awareness = Awareness()
    reach: dict[str, Reach] = Field(default_factory=lambda: dict(DEFAULT_REACH))
    overlap: tuple[Overlap, ...] = ()
    effects: Effects = Effects()
    pages: Pages = Pages()
    map: Map = Map()
    safety: Safety = Safety()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @classmethod
    def load(cls, root: Path) -> Settings:
        """Settings of one root. A missing outreach.toml means the defaults; an unknown key raises pydantic.ValidationError."""
        file = root / "outreach.toml"
        values = TomlConfigSettingsSource(cls, toml_file=file)() if file.is_file() else {}
        return cls(**values)


@dataclass(frozen=True)
class Places:
    """Every path the pipeline uses, below one root."""

    root: Path

    @classmethod
    def here(cls) -> Places:
        """The root named by OUTREACH_ROOT, else the current folder."""
        return cls(Path(os.environ.get("OUTREACH_ROOT") or ".").resolve())

    @cached_property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @cached_property
    def warehouse(self) -> Path:
        return self.root / "data" / "warehouse"

    @cached_property
    def decisions(self) -> Path:
        return self.root / "data" / "decisions"

    @cached_property
    def dashboards(self) -> Path:
        return self.root / "dashboards"

    @cached_property
    def working(self) -> Path:
        """The pipeline's own DuckDB file; nobody else opens it."""
        return self.warehouse / "working.duckdb"

    @cached_property
    def published(self) -> Path:
        """The published DuckDB file, replaced atomically; analysts open it at any time."""
        return self.warehouse / "outreach.duckdb"

    @cached_property
    def archive(self) -> Path:
        return self.warehouse / "archive"

    @cached_property
    def journal(self) -> Path:
        return self.warehouse / "journal.jsonl"

    @cached_property
    def returned(self) -> Path:
        return self.warehouse / "returned"

    @cached_property
    def sample_truth(self) -> Path:
        return self.warehouse / "sample" / "truth.jsonl"

    @cached_property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster"

    def settings(self) -> Settings:
        return Settings.load(self.root)

    def boundaries(self, settings: Settings) -> Path | None:
        """The office's file of boundaries, where the settings name one."""
        return self.root / settings.map.boundaries if settings.map.boundaries else None
