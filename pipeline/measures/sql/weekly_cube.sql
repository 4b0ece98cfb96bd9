-- One row: area, subject, channel, measure, unit, audience, ISO week. Flows are summed; of a stock the week's last level is taken for
-- each thing it counts (material, place …) and these are summed. Units are a key, so 人 never meets 人次. Numbers of longer periods
-- have no week and stay in period_cube. fsum and rounding keep the order of rows out of the sums; the rows themselves come in no order.
WITH levels AS (
    SELECT area_id, subject_id, channel, measure, unit, audience, week,
           arg_max(
               {value: value, low: low, high: high, precision: precision},
               {stated: precision <> 'missing', day: "end", known: coalesce(known_at, DATE '0001-01-01'), received: received_at, id: measurement_id}
           ) AS last
    FROM measurements
    WHERE stands AND week IS NOT NULL AND kind = 'stock' AND channel <> 'population'
    GROUP BY area_id, subject_id, channel, measure, unit, audience, week, material, venue, place, partner, platform, institution
), cells AS (
    SELECT area_id, subject_id, channel, measure, unit, audience, week, kind, value, low, high, precision
    FROM measurements
    WHERE stands AND week IS NOT NULL AND kind = 'flow' AND channel <> 'population'
    UNION ALL
    SELECT area_id, subject_id, channel, measure, unit, audience, week, 'stock', last.value, last.low, last.high, last.precision
    FROM levels
)
SELECT area_id, subject_id, channel, measure, unit, named_audience() AS audience, week, kind,
       round(fsum(value), 6) AS value, round(fsum(low), 6) AS low, round(fsum(high), 6) AS high,
       count(*) AS n_cells,
       count(*) FILTER (precision = 'missing') AS n_missing,
       count(*) FILTER (precision IN ('at_least', 'nearly', 'about')) AS n_approximate,
       count(*) FILTER (precision IN ('vague', 'range')) AS n_without_value
FROM cells
GROUP BY area_id, subject_id, channel, measure, unit, named_audience(), week, kind
