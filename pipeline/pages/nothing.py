"""The page of a district without a single week of data: says so, and what to do."""

from __future__ import annotations

from .district import District
from .model import Block, Notes, Page, Scope, View, say


def page(district: District) -> Page:
    notes = Notes(((say("empty.first"), say("empty.first_text")), (say("empty.then"), say("empty.then_text"))))
    return Page(
        path="index.html",
        kind="index",
        title=say("ui.title", area=f"area:{district.top}"),
        views=(View(Scope(district.top, ""), {}),),
        blocks=(Block("empty", 12, say("t.empty"), say("empty.sub"), (notes,)),),
    )
