-- Rates made of two counts of one unit (handled of issued …) that stayed at 99 % or more over at least the last four periods, each with a
-- denominator of 30 or more: the last period's part, how many periods, and what the rate is of.
WITH rates(part, whole) AS (
    VALUES ('warnings.handled', 'warnings.issued'), ('warnings.persons_dissuaded', 'warnings.persons_met'), ('surveys.aware', 'surveys.sampled')
), numbers AS (
    SELECT channel || '.' || measure AS name, known_row, any_value(known_series) AS known_series, any_value(start) AS start, sum(value) AS value,
           min(number) AS first_cell
    FROM (
        SELECT channel, measure, value, start, rowid AS number, hash(subject_id, form, period_precision) AS known_series,
               hash(subject_id, form, period_precision, start, "end") AS known_row
        FROM measurements
        WHERE stands AND value IS NOT NULL AND channel IN ('warnings', 'surveys')
          AND measure IN ('handled', 'issued', 'persons_dissuaded', 'persons_met', 'aware', 'sampled')
    )
    GROUP BY channel, measure, known_row
), stated AS (
    SELECT part, p.known_series, p.start, p.first_cell, p.value, w.value AS whole, p.value >= 0.99 * w.value AND w.value >= 30 AS is_full
    FROM rates JOIN numbers AS p ON p.name = part JOIN numbers AS w ON w.name = rates.whole AND w.known_row = p.known_row
), runs AS (
    SELECT part, arg_max(first_cell, start) AS first_cell, count(*) AS n_periods, sum(value) AS value, sum(whole) AS whole
    FROM (
        SELECT *, coalesce(max(start) FILTER (NOT is_full) OVER (PARTITION BY part, known_series), DATE '0001-01-01') AS last_miss
        FROM stated
    )
    WHERE start > last_miss
    GROUP BY part, known_series
    HAVING count(*) >= 4
)
SELECT path, sheet, cell, subject, area_id, week, channel, measure, n_periods, runs.value, whole
FROM runs JOIN measurements ON measurements.rowid = first_cell
ORDER BY path, sheet, cell
