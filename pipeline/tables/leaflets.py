from __future__ import annotations

from . import columns as c
from .channels import Printed


class Leaflets(c.RecordHead, Printed):
    """宣传品发放: one row is one row of a sheet on printed material.

    Changed: 张 册 本 count as 份. Only numbers that stand.
    Not to be assumed: that printed is distributed, that a piece is a person, that two reporters of a joint action are two actions.
    """
