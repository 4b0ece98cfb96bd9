-- weekly_cube without subjects and groups: flows of each channel and measure by town and week; levels stay with their own area, since
-- each area's last one counts. Numbers of persons (人) do not add over weeks, claims are no measurement, ledgers have measures of their own.
WITH placed AS (
    SELECT weekly_cube.* EXCLUDE (area_id), CASE WHEN kind = 'flow' AND level = 'community' THEN parent_id ELSE area_id END AS area_id
    FROM weekly_cube JOIN areas USING (area_id)
    WHERE NOT (kind = 'flow' AND unit = '人') AND channel NOT IN ('claimed_reach', 'intercepted_losses', 'losses', 'surveys', 'contacts')
)
SELECT channel || '.' || measure AS metric, area_id, week, any_value(kind) AS kind, unit, round(fsum(value), 6) AS value,
       round(fsum(low), 6) AS low, round(fsum(high), 6) AS high, sum(n_cells)::BIGINT AS n_records,
       sum(n_missing + n_without_value)::BIGINT AS n_without_value
FROM placed
GROUP BY channel, measure, area_id, week, unit
