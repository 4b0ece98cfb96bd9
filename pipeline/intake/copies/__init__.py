"""The marked copy that goes back to the analyst.

`marks` says which cells get which colour and comment, `explanation` draws the 退回说明 sheet. `patched` puts both into the analyst's
own xlsx package (`parts`, `markup`, `workbook_part`, `sheet_part`, `styles`, `comments`); `rebuilt` makes a new workbook of whatever
is no such package. Recognising a copy that comes again is intake/returned.py, which the reader needs; nothing here is.

Why own code edits the package: every Python library that writes xlsx first turns the whole workbook into its own model, and what the
model has no place for (pictures, shapes, controls, slicers, cached results, newer extensions) is gone when it writes. Here a part that
need not change is copied byte for byte, so nothing can be lost, and a copy costs what its marks cost, not what the workbook weighs.
"""
