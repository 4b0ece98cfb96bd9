-- The weekly cube without subjects and groups: flows of each channel and measure by town and week; levels stay with their own area, since
-- each area's last one counts. Numbers of persons (人) do not add over weeks, claims are no measurement, ledgers have measures of their own.
WITH placed AS (
    SELECT series_id, channel || '.' || measure AS metric, kind, unit,
           CASE WHEN kind = 'flow' AND level = 'community' THEN parent_id ELSE area_id END AS area_id
    FROM cube_series JOIN areas USING (area_id)
    WHERE NOT (kind = 'flow' AND unit = '人') AND channel NOT IN ('claimed_reach', 'intercepted_losses', 'losses', 'surveys', 'contacts')
)
SELECT metric, area_id, week, any_value(kind) AS kind, unit, round(fsum(value), 6) AS value,
       round(fsum(low), 6) AS low, round(fsum(high), 6) AS high, sum(n_cells)::BIGINT AS n_records,
       sum(n_missing + n_without_value)::BIGINT AS n_without_value
FROM cube_numbers JOIN placed USING (series_id)
GROUP BY metric, area_id, week, unit
