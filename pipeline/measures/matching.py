"""Which records of intercepted losses speak of the same event: police, bank and school often report one case each in their own words.

Here: scored pairs and the verdict on each. Not here: records out of cells (loss_records.py), what an event amounts to (ledger.py), what
people decided (data/decisions, handed in as a frame).

Scoring is probabilistic record linkage (Fellegi & Sunter 1969) with value-specific frequencies (Newcombe 1959): a pair's odds are the
prior odds × Π m/u. m is how often twins agree on a feature, a constant below; u how often strangers do, counted in the ledger itself,
so 29 800 元 says more than 50 000 元 and a rare branch more than the big one. Odds compete: p = odds ÷ (1 + odds of all rivals in the
same unit's ledger), because a record has at most one twin there. Certain pairs merge, doubtful ones are listed for a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.measures import geography
from pipeline.measures.loss_records import records
from pipeline.settings import Settings

TWINS, FEWEST_TWINS, MOST_TWINS = 0.10, 0.01, 0.50
"""Share of records that have a twin in another unit's ledger: the first guess, and what the ledger itself may bring it to."""
ROUNDS = 8
"""Steps of expectation maximisation for that share; it settles within a few."""
SAME_DAY, NEXT_DAY, SAME_FIGURE, OVERLAP = 0.75, 0.20, 0.60, 0.35
SAME_LABEL = {"house": 0.90, "fraud_type": 0.85, "way": 0.75}
SAME_COMMUNITY, SAME_TOWN = 0.85, 0.95
"""m of each feature: how often two reports of one event agree on it."""
OTHER_CASE_REF = 0.3
"""Two different case references speak against a pair, mildly: police and bank number their cases each in their own way."""
BY_REFERENCE = 0.999
"""An equal case reference (a keyed hash of the case or account) is as good as certain."""
PSEUDO = 100.0
"""Weight of background chances, in records: a short ledger has not yet seen how common a round sum or a busy day is."""
DECADES = 4.0
"""Amounts spread over about four powers of ten (hundreds to millions of 元), evenly on a log scale."""
MOST_BUCKETS = 8
"""A range wider than this many quarter-decades says too little to look for twins by amount (数千元到数百万元)."""

PAIRS = {
    "pair_id": pl.String, "record_a": pl.String, "record_b": pl.String, "probability": pl.Float64, "basis": pl.String,
}  # fmt: skip


def pairs(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """The `event_pairs` table: every two records that are certainly, possibly or by decision the same event.

    Frames: loss_cells, areas, decided_same_events. Verdict: certain and merged are one event; doubtful waits for a decision and counts
    as two; apart was decided to be two. A decision names cells; it holds for the records of their rows.
    """
    found = records(frames["loss_cells"], frames["areas"])
    scored = pl.concat([_scored(found.filter(~pl.col("is_aggregate")), settings), _equal_tallies(found.filter("is_aggregate"), frames["areas"])])
    decided = _decided(frames["decided_same_events"], frames["loss_cells"], found)
    unscored = decided.join(scored, on="pair_id", how="anti").select(*PAIRS)
    is_certain = (pl.col("probability") >= settings.events.certain_from) & (pl.col("basis") != "tally")
    verdict = (
        pl.when(pl.col("is_same")).then(pl.lit("merged"))
        .when(~pl.col("is_same")).then(pl.lit("apart"))
        .when(is_certain).then(pl.lit("certain"))
        .otherwise(pl.lit("doubtful"))
    )  # fmt: skip
    joined = pl.concat([scored, unscored]).join(decided.select("pair_id", "is_same", "decided_because"), on="pair_id", how="left")
    return joined.with_columns(verdict=verdict).drop("is_same").sort("pair_id")


def _decided(decisions: pl.DataFrame, cells: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Pairs that a decision speaks of: PAIRS, is_same, decided_because. Two decisions on one pair: the later one in file order holds."""
    rows = (
        cells.select("path", "sheet", "record_id", row=pl.col("cell").str.extract(r"(\d+)$"))
        .unique()
        .join(found.select("record_id", "key"), on="record_id")
    )
    named = decisions.with_columns(row=pl.col("cell").str.extract(r"(\d+)$")).join(rows, on=["path", "sheet", "row"]).unique(["source", "record_id"])
    both = (
        named.join(named.select("source", "record_id", "key"), on="source", suffix="_b")
        .filter(pl.col("key") < pl.col("key_b"))
        .sort("source", "key", "key_b")
    )
    key_a, key_b, id_a, id_b = (both[name].to_numpy() for name in ("key", "key_b", "record_id", "record_id_b"))
    said = _pair_frame(key_a, key_b, id_a, id_b, np.ones(both.height), np.full(both.height, "decision"))
    return said.with_columns(both["is_same"], both["reason"].alias("decided_because")).unique("pair_id", keep="last", maintain_order=True)


def _scored(single: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Pairs of ledger records from settings.events.doubtful_from up."""
    if single.height < 2:
        return pl.DataFrame(schema=PAIRS)
    found = single.with_row_index("row")
    candidates = _candidates(found)
    a, b = candidates["a"].to_numpy(), candidates["b"].to_numpy()
    ratio = candidates["amount_ratio"].to_numpy() * _date_ratio(single, a, b) * _place_ratio(single, a, b)
    for name, agree in SAME_LABEL.items():
        ratio = ratio * _label_ratio(single[name], a, b, agree)
    reference = _codes(single["case_ref"])
    both = (reference[a] >= 0) & (reference[b] >= 0)
    is_same_case = both & (reference[a] == reference[b])
    ratio = ratio * np.where(both & ~is_same_case, OTHER_CASE_REF, 1)
    probability = np.where(is_same_case, BY_REFERENCE, _probability(ratio, _codes(single["teller"]), a, b))
    keys, ids = single["key"].to_numpy(), single["record_id"].to_numpy()
    kept = probability >= settings.events.doubtful_from
    basis = np.where(is_same_case[kept], "case_ref", "score")
    return _pair_frame(keys[a[kept]], keys[b[kept]], ids[a[kept]], ids[b[kept]], probability[kept], basis)


def _candidates(found: pl.DataFrame) -> pl.DataFrame:
    """Pairs of row numbers (a < b) worth scoring, with the likelihood ratio of their amounts.

    Of different reporters within one day: amounts that overlap, or the same town where one states no amount or lost one. Of any
    reporters and dates: the same case reference (a return slip comes months later).
    """
    dated = found.with_columns(day=pl.date_ranges("start", pl.min_horizontal("end", pl.col("start").dt.offset_by("6d")))).explode("day")
    legs = (
        dated.explode("amounts").unnest("amounts").filter(pl.col("low").is_not_null())
        .with_columns(bucket=pl.int_ranges(_bucket("low"), (_bucket("high") + 1).clip(upper_bound=_bucket("low") + MOST_BUCKETS)))
        .explode("bucket").select("row", "teller", "day", "bucket", "low", "high")
    )  # fmt: skip
    by_amount = _near(legs, "bucket").filter(pl.col("low") <= pl.col("high_b"), pl.col("low_b") <= pl.col("high"))
    is_silent = (pl.col("amounts").list.len() == 0) | pl.col("has_lost_amount")
    silent = dated.select("row", "teller", "day", "town_id", is_silent=is_silent)
    by_place = _near(silent.filter("is_silent"), "town_id", silent)
    known = found.filter(pl.col("case_ref").is_not_null()).select("row", "case_ref")
    by_case = known.join(known, on="case_ref", suffix="_b").filter(pl.col("row") < pl.col("row_b"))
    ratios = pl.concat(
        [
            by_amount.unique(["row", "row_b", "low", "high", "low_b", "high_b"])
            .with_columns(ratio=_amount_ratio(legs))
            .select("row", "row_b", "ratio"),
            by_place.select("row", "row_b", ratio=pl.lit(1.0)),
            by_case.select("row", "row_b", ratio=pl.lit(1.0)),
        ]
    )
    ordered = ratios.select(a=pl.min_horizontal("row", "row_b"), b=pl.max_horizontal("row", "row_b"), ratio="ratio")
    return ordered.group_by("a", "b").agg(amount_ratio=pl.col("ratio").max()).sort("a", "b")


def _near(left: pl.DataFrame, block: str, right: pl.DataFrame | None = None) -> pl.DataFrame:
    """Pairs of different reporters that share `block` and lie at most a day apart."""
    other = left if right is None else right
    shifted = pl.concat([other.with_columns(day=pl.col("day").dt.offset_by(f"{days}d")) for days in (-1, 0, 1)])
    near = left.join(shifted, on=[block, "day"], suffix="_b").filter(pl.col("teller") != pl.col("teller_b"))
    return near.filter(pl.col("row") < pl.col("row_b")) if right is None else near


def _bucket(column: str) -> pl.Expr:
    return (pl.col(column).log10() * 4).floor().cast(pl.Int64)


def _amount_ratio(legs: pl.DataFrame) -> pl.Expr:
    """m/u of two overlapping amounts (columns low, high, low_b, high_b): the same figure, or ranges that meet."""
    unique = legs.unique(["row", "low", "high"])
    frequency = unique.group_by("low", "high").len("n")
    seen = dict(zip(zip(frequency["low"], frequency["high"], strict=True), frequency["n"], strict=True))
    middles = np.sort(np.sqrt(unique["low"].to_numpy() * unique["high"].to_numpy()))
    n = max(unique.height, 2)

    def ratios(struct: pl.Series) -> pl.Series:
        low, high, low_b, high_b = (struct.struct.field(name).to_numpy() for name in ("low", "high", "low_b", "high_b"))
        same = (low == low_b) & (high == high_b)
        twins_seen = np.array([seen[pair] for pair in zip(low, high, strict=True)], dtype=float)
        chance_figure = ((twins_seen - 2).clip(0) + PSEUDO * _background(low)) / (n - 2 + PSEUDO)
        bottom, top = np.minimum(low, low_b), np.maximum(high, high_b)
        inside = np.searchsorted(middles, top, "right") - np.searchsorted(middles, bottom, "left")
        spread = (np.log10(top / bottom) / DECADES).clip(0.003, 1)
        chance_overlap = ((inside - 2).clip(0) + PSEUDO * spread) / (n - 2 + PSEUDO)
        return pl.Series(np.where(same, SAME_FIGURE / chance_figure, OVERLAP / chance_overlap))

    return pl.struct("low", "high", "low_b", "high_b").map_batches(ratios, return_dtype=pl.Float64)


def _background(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that a stranger's amount is this very figure: 1 in 9·10^(digits−1) leading figures, over DECADES magnitudes."""
    digits = np.array([len(f"{value:.0f}".rstrip("0")) or 1 for value in amount])
    return 1 / (9.0 * 10.0 ** (digits - 1) * DECADES)


def _date_ratio(single: pl.DataFrame, a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """m/u of the dates; 1 for records further apart, which only a case reference brings together."""
    start, end = (single[name].to_physical().to_numpy().astype(np.int64) for name in ("start", "end"))
    gap = np.maximum(start[a], start[b]) - np.minimum(end[a], end[b])
    days, position, count = np.unique(start, return_inverse=True, return_counts=True)
    span = max(int(days[-1] - days[0]) + 1, 30)
    chance = ((count[position][a] - 2).clip(0) + PSEUDO / span) / (len(start) - 2 + PSEUDO)
    return np.where(gap <= 0, SAME_DAY / chance, np.where(gap == 1, NEXT_DAY / (2 * chance), 1.0)).clip(0.1)


def _place_ratio(single: pl.DataFrame, a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """m/u of the place: the community where both name one, else the town; 1 where a side knows only the district."""
    town = _label_ratio(single["town_id"], a, b, SAME_TOWN)
    communities = single.select(pl.when(pl.col("area_id") != pl.col("town_id")).then("area_id")).to_series()
    codes, towns = _codes(communities), _codes(single["town_id"])
    fine = _label_ratio(communities, a, b, SAME_COMMUNITY)
    both = (codes[a] >= 0) & (codes[b] >= 0) & (towns[a] == towns[b])
    return np.where(both & (codes[a] == codes[b]), fine, np.where(both, (1 - SAME_COMMUNITY) * town, town))


def _label_ratio(labels: pl.Series, a: NDArray, b: NDArray, agree: float) -> NDArray[np.float64]:
    """m/u of one label; 1 where either side does not state it.

    Of houses one name may hold the other (农商行东街支行 in XX农商行东街支行), and two that differ say nothing: a station's name stands
    for the station, not for the bank it worked with.
    """
    codes = _codes(labels)
    known = (codes[a] >= 0) & (codes[b] >= 0)
    count = np.bincount(codes[codes >= 0], minlength=1).astype(float)
    total, kinds = max(count.sum(), 2), len(count)
    same = codes[a] == codes[b]
    is_house = labels.name == "house"
    if is_house:
        names = labels.to_numpy()
        differ = np.flatnonzero(known & ~same)
        same[differ] = [names[i] in names[j] or names[j] in names[i] for i, j in zip(a[differ], b[differ], strict=True)]
    chance = (count[codes[a]] - 2).clip(0) / total + 1 / (total + kinds)
    by_chance = min(float((count / total) @ (count / total)), 0.99)
    against = 1.0 if is_house else (1 - agree) / (1 - by_chance)
    return np.where(known, np.where(same, agree / chance, against), 1.0)


def _probability(ratio: NDArray, tellers: NDArray, a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """Chance of each pair from its likelihood ratio. The prior, twins among all pairs of different reporters, is what the ledger itself
    shows: expectation maximisation of the one parameter that differs from district to district, the share of records told twice."""
    n_records = len(tellers)
    n_pairs = (n_records**2 - float((np.bincount(tellers).astype(float) ** 2).sum())) / 2
    share, probability = TWINS, np.zeros(len(ratio))
    for _ in range(ROUNDS):
        odds = share * n_records / max(n_pairs, 1) * ratio
        probability = odds / (1 + _rival_odds(tellers, a, b, odds))
        share = float(np.clip(probability.sum() / n_records, FEWEST_TWINS, MOST_TWINS))
    return probability


def _rival_odds(subjects: NDArray, a: NDArray, b: NDArray, odds: NDArray) -> NDArray[np.float64]:
    """For each pair the larger of: odds of all pairs of a with b's unit, odds of all pairs of b with a's unit."""

    def total(record: NDArray, unit: NDArray) -> NDArray:
        _, group = np.unique(np.stack([record, unit]), axis=1, return_inverse=True)
        return np.bincount(group.ravel(), weights=odds)[group.ravel()]

    return np.maximum(total(a, subjects[b]), total(b, subjects[a])) if len(a) else odds


def _codes(labels: pl.Series) -> NDArray[np.int64]:
    """Labels as whole numbers, −1 for null."""
    return labels.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1


def _equal_tallies(tallies: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Tally lines of different subjects, one's area inside the other's, with the same period and an equal amount: perhaps the same cases.

    Counts must agree where both are stated. Never merged without a decision: a round sum may well occur twice.
    """
    lines = tallies.explode("amounts").unnest("amounts").filter(pl.col("low").is_not_null())
    met = lines.join(lines, on=["start", "end", "low", "high"], suffix="_b").filter(
        pl.col("key") < pl.col("key_b"), pl.col("subject_id") != pl.col("subject_id_b")
    )
    inside = geography.closure(areas)
    kin = pl.concat([inside, inside.select(ancestor_id="area_id", area_id="ancestor_id")]).unique()
    met = met.join(kin.rename({"ancestor_id": "area_id", "area_id": "area_id_b"}), on=["area_id", "area_id_b"], how="semi")
    met = met.filter((pl.col("n_cases") == pl.col("n_cases_b")) | (pl.col("n_cases") == 1) | (pl.col("n_cases_b") == 1)).unique(["key", "key_b"])
    basis, probability = np.full(met.height, "tally"), np.full(met.height, 0.5)
    return _pair_frame(met["key"].to_numpy(), met["key_b"].to_numpy(), met["record_id"].to_numpy(), met["record_id_b"].to_numpy(), probability, basis)


def _pair_frame(key_a: NDArray, key_b: NDArray, id_a: NDArray, id_b: NDArray, probability: NDArray, basis: NDArray) -> pl.DataFrame:
    names = ["-".join(sorted(pair)) for pair in zip(key_a, key_b, strict=True)]
    values = {"pair_id": names, "record_a": id_a, "record_b": id_b, "probability": probability, "basis": basis}
    return pl.DataFrame({name: list(column) for name, column in values.items()}, schema=PAIRS)
