-- Tally rows of different units with the same numbers in the same period, at least five of them above 0. Equal sums of hashes stand for
-- equal numbers.
WITH rows AS (
    SELECT subject_id, area_id, form, start, "end", min(week) AS week, min(measurement_id) AS first_cell, count(*) AS n_cells,
           sum(hash(channel, measure, unit, value)::HUGEINT) AS numbers
    FROM measurements
    WHERE stands AND NOT is_ledger AND value > 0 AND channel NOT IN ('population', 'surveys')
    GROUP BY subject_id, area_id, form, start, "end"
    HAVING n_cells >= 5
), twins AS (
    SELECT *, first_value(subject_id) OVER same AS twin_id
    FROM rows
    WINDOW same AS (PARTITION BY form, start, "end", numbers ORDER BY subject_id)
    QUALIFY row_number() OVER same > 1 AND first_value(subject_id) OVER same <> subject_id
)
SELECT m.subject, twins.area_id, twins.week, m.path, m.sheet, m.cell, n_cells,
       coalesce((SELECT any_value(subject) FROM measurements AS t WHERE t.subject_id = twin_id), twin_id) AS twin
FROM twins JOIN measurements AS m ON m.measurement_id = first_cell
ORDER BY m.path, m.sheet, m.cell
