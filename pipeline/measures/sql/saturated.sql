-- Rates made of two counts of one unit (handled of issued …) that stayed at 99 % or more over at least the last four periods, each with a
-- denominator of 30 or more: the last period's part, how many periods, and what the rate is of.
WITH rates(part, whole) AS (
    VALUES ('warnings.handled', 'warnings.issued'), ('warnings.persons_dissuaded', 'warnings.persons_met'), ('surveys.aware', 'surveys.sampled')
), numbers AS (
    SELECT channel || '.' || measure AS name, subject_id, form, period_precision, start, "end", sum(value) AS value, min(measurement_id) AS first_cell
    FROM measurements
    WHERE stands AND value IS NOT NULL AND channel IN ('warnings', 'surveys')
    GROUP BY ALL
), stated AS (
    SELECT part, p.subject_id, p.form, p.period_precision, p.start, p.first_cell, p.value, w.value AS whole, p.value >= 0.99 * w.value AND w.value >= 30 AS is_full
    FROM rates JOIN numbers AS p ON p.name = part
    JOIN numbers AS w ON w.name = whole AND (w.subject_id, w.form, w.period_precision, w.start, w."end") = (p.subject_id, p.form, p.period_precision, p.start, p."end")
), runs AS (
    SELECT part, subject_id, arg_max(first_cell, start) AS first_cell, count(*) AS n_periods, sum(value) AS value, sum(whole) AS whole
    FROM (
        SELECT *, coalesce(max(start) FILTER (NOT is_full) OVER (PARTITION BY part, subject_id, form, period_precision), DATE '0001-01-01') AS last_miss
        FROM stated
    )
    WHERE start > last_miss
    GROUP BY part, subject_id, form, period_precision
    HAVING count(*) >= 4
)
SELECT path, sheet, cell, subject, area_id, week, channel, measure, n_periods, runs.value, whole
FROM runs JOIN measurements ON measurement_id = first_cell
ORDER BY path, sheet, cell
