-- Tally rows of which most flow numbers above 0 equal the same unit's period before, not only small ones (those repeat by chance).
-- Levels may well stand still and are not counted. Cells are known by their row number while they are compared: only the few that are named
-- need their texts.
WITH cells AS (
    SELECT sheet_row, number, value, value = lag(value) OVER history AS is_equal
    FROM (
        SELECT rowid AS number, start, value, hash(subject_id, form, start) AS sheet_row,
               hash(subject_id, channel, measure, unit, form, material, platform, audience, period_precision) AS known_series
        FROM measurements
        WHERE stands AND NOT is_ledger AND kind = 'flow' AND value > 0 AND channel NOT IN ('population', 'surveys')
    )
    WINDOW history AS (PARTITION BY known_series ORDER BY start, number)
    QUALIFY start - lag(start) OVER history BETWEEN 1 AND 31
), copied AS (
    SELECT sheet_row, count(*) AS n_cells, count(*) FILTER (is_equal) AS n_equal
    FROM cells
    GROUP BY sheet_row
    HAVING n_equal >= 5 AND n_equal >= 0.8 * n_cells AND count(*) FILTER (is_equal AND cells.value >= 10) >= 2
)
SELECT any_value(subject) AS subject, any_value(area_id) AS area_id, any_value(form) AS form, any_value(start) AS start, any_value(week) AS week,
       arg_min(path, number) AS path, arg_min(sheet, number) AS sheet, string_agg(cell, '、' ORDER BY number) AS cells,
       any_value(n_cells) AS n_cells, any_value(n_equal) AS n_equal
FROM copied JOIN cells USING (sheet_row) JOIN measurements ON measurements.rowid = number
WHERE is_equal
GROUP BY sheet_row
ORDER BY path, sheet, start, subject
