"""What the tables of the pages must state: table → row → the numbers of its cells, recomputed.

Here: one function a table. Not here: the numbers (recomputed.py), sentences (said.py). A number is given as (value, kind) for `fmt.show`, a range as
(low, high, kind); what stands between them is words. A cell without numbers is (). A table without a function is found by
tests/pages/test_parity_tables.py.
"""

from . import channels, coverage, losses, quality
from .base import TABLES, Numbers

__all__ = ["TABLES", "Numbers", "channels", "coverage", "losses", "quality"]
