-- Tally rows of different units with the same numbers in the same period, at least five of them above 0.
WITH rows AS (
    SELECT subject_id, subject, area_id, form, start, "end", min(week) AS week, first(path ORDER BY measurement_id) AS path,
           first(sheet ORDER BY measurement_id) AS sheet, first(cell ORDER BY measurement_id) AS cell, count(*) FILTER (value > 0) AS n_cells,
           hash(list(channel || measure || unit || value ORDER BY channel, measure, unit, value) FILTER (value > 0)) AS numbers
    FROM measurements
    WHERE stands AND NOT is_ledger AND value IS NOT NULL AND channel NOT IN ('population', 'surveys')
    GROUP BY subject_id, subject, area_id, form, start, "end"
    HAVING n_cells >= 5
)
SELECT *, first_value(subject) OVER twins AS twin
FROM rows
WINDOW twins AS (PARTITION BY form, start, "end", numbers ORDER BY subject_id)
QUALIFY row_number() OVER twins > 1 AND first_value(subject_id) OVER twins <> subject_id
ORDER BY path, sheet, cell
