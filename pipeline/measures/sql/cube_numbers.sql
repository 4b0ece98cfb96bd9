-- One row: series and ISO week. Flows are summed; of a stock the week's last level is taken for each thing it counts (material, place …) and
-- these are summed. Units are part of a series, so 人 never meets 人次. Numbers of longer periods have no week and stay in period_cube.
-- Millions of cells are grouped by hashes of their texts. fsum and rounding keep the order of rows out of the sums; the rows themselves come
-- in no order.
WITH named AS NOT MATERIALIZED (
    SELECT *, hash(area_id, subject_id, channel, measure, unit, named_audience(), kind) AS series
    FROM measurements
    WHERE stands AND week IS NOT NULL AND channel <> 'population'
), levels AS (
    SELECT any_value(series) AS series, week,
           arg_max(
               {value: value, low: low, high: high, precision: precision},
               {stated: precision <> 'missing', day: "end", known: coalesce(known_at, DATE '0001-01-01'), received: received_at, id: measurement_id}
           ) AS last
    FROM named
    WHERE kind = 'stock'
    GROUP BY hash(series, audience, material, venue, place, partner, platform, institution), week
), cells AS (
    SELECT series, week, value, low, high, precision FROM named WHERE kind = 'flow'
    UNION ALL
    SELECT series, week, last.value, last.low, last.high, last.precision FROM levels
), summed AS (
    SELECT series, week, round(fsum(value), 6) AS value, round(fsum(low), 6) AS low, round(fsum(high), 6) AS high,
           count(*) AS n_cells,
           count(*) FILTER (precision = 'missing') AS n_missing,
           count(*) FILTER (precision IN ('at_least', 'nearly', 'about')) AS n_approximate,
           count(*) FILTER (precision IN ('vague', 'range')) AS n_without_value
    FROM cells
    GROUP BY series, week
)
SELECT series_id, summed.* EXCLUDE (series)
FROM summed JOIN cube_series AS s ON series = hash(s.area_id, s.subject_id, s.channel, s.measure, s.unit, s.audience, s.kind)
