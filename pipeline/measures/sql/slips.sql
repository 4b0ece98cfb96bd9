-- Numbers of tallies that jump against their own history: the usual value is the median of up to 8 periods before. Only jumps of more
-- than six times from one period to the next are looked at, since a slip always makes one; a unit whose numbers always swing so has none.
-- Series whose greatest number is not that many times the least have no jump, and most have none.
WITH cells AS (
    SELECT measurement_id, value, start,
           hash(subject_id, channel, measure, unit, form, material, platform, audience, place, venue, period_precision) AS known_series
    FROM measurements
    WHERE stands AND NOT is_ledger AND value > 0 AND channel NOT IN ('population', 'surveys')
), series AS (
    SELECT measurement_id, value, known_series, row_number() OVER history AS position, lag(value) OVER history AS before,
           lead(value) OVER history AS after
    FROM cells
    WHERE known_series IN (SELECT known_series FROM cells GROUP BY known_series HAVING max(value) > 6.3 * min(value))
    WINDOW history AS (PARTITION BY known_series ORDER BY start, measurement_id)
), jumps AS (
    SELECT * FROM series WHERE greatest(value / before, before / value) > 6.3
), usual AS (
    SELECT jumps.measurement_id, any_value(jumps.after) AS after, median(series.value) AS usual, min(series.value) AS least,
           max(series.value) AS most
    FROM jumps JOIN series ON series.known_series = jumps.known_series AND series.position BETWEEN jumps.position - 8 AND jumps.position - 1
    GROUP BY jumps.measurement_id
    HAVING count(*) >= 4
)
SELECT path, sheet, cell, subject, area_id, week, channel, measure, unit, value, after, usual
FROM usual JOIN measurements USING (measurement_id)
WHERE value > 3 * most OR value < least / 5
ORDER BY path, sheet, cell
