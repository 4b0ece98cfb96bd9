-- Tally rows of which most flow numbers above 0 equal the same unit's period before, not only small ones (those repeat by chance).
-- Levels may well stand still and are not counted.
WITH cells AS (
    SELECT subject_id, subject, area_id, form, start, week, path, sheet, cell, measurement_id, value,
           lag(value) OVER history AS before, lag(start) OVER history AS start_before
    FROM (
        SELECT *, hash(subject_id, channel, measure, unit, form, material, platform, audience, period_precision) AS known_series
        FROM measurements
        WHERE stands AND NOT is_ledger AND kind = 'flow' AND value IS NOT NULL AND channel NOT IN ('population', 'surveys')
    )
    WINDOW history AS (PARTITION BY known_series ORDER BY start, measurement_id)
)
SELECT subject, area_id, form, start, week, first(path ORDER BY measurement_id) AS path, first(sheet ORDER BY measurement_id) AS sheet,
       string_agg(cell, '、' ORDER BY measurement_id) FILTER (value = before AND value > 0) AS cells,
       count(*) FILTER (value > 0) AS n_cells, count(*) FILTER (value = before AND value > 0) AS n_equal
FROM cells
WHERE start - start_before BETWEEN 1 AND 31
GROUP BY subject_id, subject, area_id, form, start, week
HAVING n_equal >= 5 AND n_equal >= 0.8 * n_cells AND count(*) FILTER (value = before AND value >= 10) >= 2
ORDER BY path, sheet, start, subject
