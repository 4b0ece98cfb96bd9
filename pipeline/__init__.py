"""Statistics pipeline for anti-fraud outreach (反诈宣传).

    data/raw/**  analysts' spreadsheets, exactly as handed in
       │  intake/     open → find tables → match a form → read each cell → measurement or rejection
       │              settling.py: all readings → the one number that stands
       ▼
    working.duckdb   tables/ says what each table is; warehouse.py alone opens DuckDB
       │  measures/   weekly cube · coverage · prevented losses · reporting
       ▼
    outreach.duckdb  published copy, replaced atomically
       │  pages/ and charts/   describe the page, then render it
       ▼
    dashboards/*.html

Which folder to open:
  forms/     the words analysts write (YAML) and the registry of channels
  intake/    why a cell was read the way it was                   no Dagster, no DuckDB
  measures/  how a number on a page is computed
  pages/     what a leader sees; charts/ one frame → one figure   no SQL, no arithmetic
  sample/    the fictional district
  night/     the order of a run: receive, settle, measure, hand back, publish; what it says afterwards
  defs/      Dagster wiring only: assets, checks, job, schedule, sensor
  journal.py what was received when (its lines: facts.py; the bytes: archive.py); decisions.py what people decided
  cli.py     `outreach …`; faults.py what it says without a trace
"""
