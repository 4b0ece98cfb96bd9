"""Numbers that are odd rather than impossible: 元 for 万元, a digit too many, last period copied, a neighbour's row, round figures only.

Here: thresholds and the questions they raise. Not here: how candidates are found (sql/), what cannot be (feasibility.py). Every finding
names its cells, and none removes a number. Thresholds are the domain rules' defaults.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

FIELDS = ["severity", "rule", "zh", "en", "area_id", "week", "path", "sheet", "cell"]
UNIT_SLIP, UNIT_SLACK = 4.0, 0.3
DIGIT_SLIP, DIGIT_SLACK, BACK = 1.0, 0.15, 0.3
"""log₁₀ of value ÷ usual: 万 against 1, one digit more or less; and how near to the usual the next period must be again."""
FEWEST_DIGITS, CHANCE = 30, 0.001


def slips(jumps: pl.DataFrame) -> pl.DataFrame:
    """元/万元 slips (also 份/万份, 次/万次) and digit slips, from jumps against the usual value. A digit slip shows only when the next
    period is back at the usual: before that it may be a true rise."""
    ratio = (pl.col("value") / pl.col("usual")).log10()
    back = (pl.col("after") / pl.col("usual")).log10().abs() <= BACK
    unit_slip = (ratio.abs() - UNIT_SLIP).abs() <= UNIT_SLACK
    digit_slip = ((ratio.abs() - DIGIT_SLIP).abs() <= DIGIT_SLACK) & back
    found = jumps.with_columns(
        rule=pl.when(unit_slip).then(pl.lit("unit_is_the_usual_one")).when(digit_slip).then(pl.lit("digits_are_as_usual"))
    ).filter(pl.col("rule").is_not_null())
    is_unit = pl.col("rule") == "unit_is_the_usual_one"
    seen, usual = _number("value"), _number("usual")
    said_zh = pl.when(is_unit).then(pl.lit("相差约一万倍，疑似“万”与个位单位混用")).otherwise(pl.lit("相差约十倍且下期恢复，疑似多写或漏写一位数字"))
    said_en = (
        pl.when(is_unit)
        .then(pl.lit("ten thousand times apart, perhaps 万 taken for one"))
        .otherwise(pl.lit("ten times apart and back in the next period, perhaps a digit too many or too few"))
    )
    return found.select(
        "rule", "area_id", "week", "path", "sheet", "cell", severity=pl.lit("warning"),
        zh=pl.format(
            "{}本格读作 {}{}，此前通常约 {}{}，{}。请核对；无误请确认。", "subject", seen, "unit", usual, "unit", said_zh,
        ),
        en=pl.format("{}: read as {} {}, usually about {}; {}. Check, or confirm.", "subject", seen, "unit", usual, said_en),
    ).select(FIELDS)  # fmt: skip


def copies(found: pl.DataFrame) -> pl.DataFrame:
    """Rows that repeat the period before."""
    return found.select(
        "area_id", "week", "path", "sheet", severity=pl.lit("warning"), rule=pl.lit("numbers_are_of_this_period"),
        cell=pl.col("cells").str.split("、").list.first(),
        zh=pl.format("{}（{}起一期）{} 个数中有 {} 个与上期完全相同（{}）：是否误用上期底稿？请核对。",
                     "subject", "start", "n_cells", "n_equal", "cells"),
        en=pl.format("{} (period from {}): {} of its numbers, {} equal the period before ({}). Last period's sheet by mistake? Please check.",
                     "subject", "start", "n_cells", "n_equal", "cells"),
    ).select(FIELDS)  # fmt: skip


def twin_rows(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of two units with the same numbers."""
    return found.select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("warning"), rule=pl.lit("units_report_their_own_numbers"),
        zh=pl.format("{} 与 {} 本期 {} 个数完全相同：联合活动只应计一次，误填请改正。", "subject", "twin", "n_cells"),
        en=pl.format("{} and {} state the same {} numbers: a joint action counts once; correct it if it is a mistake.", "subject", "twin", "n_cells"),
    ).select(FIELDS)  # fmt: skip


def joint_activities(found: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Activities that two reporters tell of, perhaps a joint one: both rows are named, and both count until somebody decides.

    `decided`: cells of decisions (source, path, sheet, cell). Two rows of one decision are asked about no more; each row is asked about once.
    """
    row = pl.col("cell").str.extract(r"(\d+)$")
    rows = decided.select("source", "path", "sheet", row=row)
    pairs = rows.join(rows.rename({"path": "twin_path", "sheet": "twin_sheet", "row": "twin_row"}), on="source")
    both = ["path", "sheet", "row", "twin_path", "twin_sheet", "twin_row"]
    asked = found.with_columns(row=row, twin_row=pl.col("twin_cell").str.extract(r"(\d+)$")).join(pairs, on=both, how="anti", maintain_order="left")
    return asked.unique(["path", "sheet", "row"], keep="first", maintain_order=True).select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("warning"), rule=pl.lit("activities_are_told_once"),
        zh=pl.format("{} 与 {} 都报了 {} 同一地点的活动{}（另见 {}›{}›{}）：如为联合活动只应计一次，请由一家报送，"
                     "或在 data/decisions/same_activities 中裁定是一场还是两场。",
                     "subject", "twin", "day", "venue", "twin_path", "twin_sheet", "twin_cell"),
        en=pl.format("{} and {} both report an activity of {} at one place {} (see {}›{}›{}). A joint one counts once: one of you should report "
                     "it, or decide in data/decisions/same_activities whether these are one or two.",
                     "subject", "twin", "day", "venue", "twin_path", "twin_sheet", "twin_cell"),
    ).select(FIELDS)  # fmt: skip


def heaping(digits: pl.DataFrame) -> pl.DataFrame:
    """Units whose exact numbers end in 0 or 5 more often than their peers' of the same measure (χ², p < .001, n ≥ 30 on both sides).

    Peers, not one fifth: leaflets come in packs for everybody. A note, no accusation: it asks how the counting is done, and names the latest
    cells that end so.
    """
    all_n, all_round = pl.col("n").sum().over("channel", "measure"), pl.col("n_round").sum().over("channel", "measure")
    tested = digits.with_columns(peers=all_n - pl.col("n"), peers_round=all_round - pl.col("n_round")).filter(
        (pl.col("n") >= FEWEST_DIGITS) & (pl.col("peers") >= FEWEST_DIGITS), pl.col("n_round") / pl.col("n") > pl.col("peers_round") / pl.col("peers")
    )
    counts = [tested[name].to_numpy().astype(float) for name in ("n_round", "n", "peers_round", "peers")]
    chance = chance_of_association(counts[0], counts[1] - counts[0], counts[2], counts[3] - counts[2])
    odd = tested.with_columns(chance=pl.Series(chance, dtype=pl.Float64)).filter(pl.col("chance") < CHANCE)
    own, others = ((100 * pl.col(part) / pl.col(whole)).round().cast(pl.Int64) for part, whole in (("n_round", "n"), ("peers_round", "peers")))
    return odd.select(
        "area_id", "path", "sheet", "cell", week=pl.lit(None, dtype=pl.Date), severity=pl.lit("note"), rule=pl.lit("counts_end_like_the_peers_do"),
        zh=pl.format("{}的{}.{}有 {}% 以 0 或 5 结尾，其他单位为 {}%（最近的：{}）：请了解计数方法。",
                     "subject", "channel", "measure", own, others, "cells"),
        en=pl.format("{}: {}% of its {}.{} end in 0 or 5, others' {}% (the latest: {}). Ask how they are counted.",
                     "subject", own, "channel", "measure", others, "cells"),
    ).select(FIELDS)  # fmt: skip


def chance_of_association(a: NDArray, b: NDArray, c: NDArray, d: NDArray) -> NDArray:
    """P-values of fourfold tables (a b / c d): Pearson's χ² with one degree of freedom and Yates' (1934) correction; 1 where a margin is 0.

    All tables at once: a county has tens of thousands of units and measures."""
    n, distance = a + b + c + d, np.abs(a * d - b * c)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = n * np.maximum(distance - n / 2, 0) ** 2 / margins
    return np.where(margins > 0, scipy.special.chdtrc(1, statistic), 1.0)


def _number(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda number: f"{number:,.10g}", return_dtype=pl.String)
