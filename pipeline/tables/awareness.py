from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c


class Awareness(c.Ordered):
    """知晓率: one row is one survey sample with its rate, 95 % Wilson interval and lot quality verdict.

    Changed: rates come from counts. Samples with more aware than asked are left out (and reported).
    Not to be assumed: that a sample is random, that rates of several samples may be averaged.
    """

    record_id = c.text("记录编号", "the row of the sheet", key=True)
    area_id = c.text("辖区编号", "the area")
    subject_id = c.text("对象编号", "unit or area sampled")
    audience = c.text("对象人群", "group asked; all when none is named")
    method = c.text("方法", "how people were asked, as written", null=True)
    start = c.day("起", "first day of asking")
    end = c.day("止", "last day of asking")
    sampled = c.number("有效样本", "valid answers", unit="人", null=False, low=0)
    aware = c.number("知晓人数", "of them aware", unit="人", low=0)
    rate = c.share("知晓率", "aware ÷ valid answers")
    low = c.share("知晓率下界", "lower end of the 95 % interval")
    high = c.share("知晓率上界", "upper end of the 95 % interval")
    is_passed = c.flag("合格", "lot test on the target; null when the sample is too small to tell", null=True)

    @dy.rule()
    def aware_people_are_among_the_asked(cls) -> pl.Expr:
        return (pl.col("aware") <= pl.col("sampled")) | pl.col("aware").is_null()
