-- Tally rows of which most flow numbers above 0 equal the same unit's period before, not only small ones (those repeat by chance).
-- Levels may well stand still and are not counted.
WITH cells AS (
    SELECT subject_id, form, start, measurement_id, value, lag(value) OVER history AS before, lag(start) OVER history AS start_before
    FROM (
        SELECT subject_id, form, start, measurement_id, value,
               hash(subject_id, channel, measure, unit, form, material, platform, audience, period_precision) AS known_series
        FROM measurements
        WHERE stands AND NOT is_ledger AND kind = 'flow' AND value > 0 AND channel NOT IN ('population', 'surveys')
    )
    WINDOW history AS (PARTITION BY known_series ORDER BY start, measurement_id)
), copied AS (
    SELECT subject_id, form, start, count(*) AS n_cells, count(*) FILTER (value = before) AS n_equal
    FROM cells
    WHERE start - start_before BETWEEN 1 AND 31
    GROUP BY subject_id, form, start
    HAVING n_equal >= 5 AND n_equal >= 0.8 * n_cells AND count(*) FILTER (value = before AND value >= 10) >= 2
)
SELECT any_value(subject) AS subject, any_value(area_id) AS area_id, form, start, any_value(week) AS week, arg_min(path, measurement_id) AS path,
       arg_min(sheet, measurement_id) AS sheet, string_agg(cell, '、' ORDER BY measurement_id) AS cells, any_value(n_cells) AS n_cells,
       any_value(n_equal) AS n_equal
FROM copied JOIN cells USING (subject_id, form, start) JOIN measurements USING (measurement_id, subject_id, form, start)
WHERE cells.value = before
GROUP BY subject_id, form, start
ORDER BY path, sheet, start, subject
