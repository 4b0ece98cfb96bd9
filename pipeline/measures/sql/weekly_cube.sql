-- One row: area, subject, channel, measure, unit, audience, ISO week. Flows are summed; of a stock the week's last level is taken for
-- each thing it counts (material, place …) and these are summed. Units are a key, so 人 never meets 人次. Numbers of longer periods
-- have no week and stay in period_cube. fsum and rounding
-- keep the order of rows out of the sums; the rows themselves come in no order.
WITH numbers AS (
    SELECT area_id, subject_id, channel, measure, unit, coalesce(audience, 'all') AS audience, week, kind,
           value, low, high, precision, measurement_id, "end", known_at, received_at,
           material, venue, place, partner, platform, institution
    FROM measurements
    WHERE stands AND week IS NOT NULL AND channel NOT IN ('population')
), levels AS (
    SELECT * FROM numbers
    WHERE kind = 'stock'
    QUALIFY row_number() OVER (
        PARTITION BY area_id, subject_id, channel, measure, unit, audience, week, material, venue, place, partner, platform, institution
        ORDER BY precision = 'missing', "end" DESC, known_at DESC NULLS LAST, received_at DESC, measurement_id
    ) = 1
), cells AS (
    SELECT * FROM numbers WHERE kind = 'flow'
    UNION ALL BY NAME
    SELECT * FROM levels
)
SELECT area_id, subject_id, channel, measure, unit, audience, week, any_value(kind) AS kind,
       round(fsum(value), 6) AS value, round(fsum(low), 6) AS low, round(fsum(high), 6) AS high,
       count(*) AS n_cells,
       count(*) FILTER (precision = 'missing') AS n_missing,
       count(*) FILTER (precision IN ('at_least', 'nearly', 'about')) AS n_approximate,
       count(*) FILTER (precision IN ('vague', 'range')) AS n_without_value
FROM cells
GROUP BY area_id, subject_id, channel, measure, unit, audience, week
