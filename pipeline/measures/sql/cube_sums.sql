-- weekly_cube without subjects and groups: each channel and measure by area and week. Numbers of persons (人) do not add over weeks,
-- claims are no measurement, and ledgers have measures of their own.
SELECT channel || '.' || measure AS metric, area_id, week, any_value(kind) AS kind, unit, fsum(value) AS value, fsum(low) AS low,
       fsum(high) AS high, sum(n_cells)::BIGINT AS n_records, sum(n_missing + n_without_value)::BIGINT AS n_without_value
FROM weekly_cube
WHERE NOT (kind = 'flow' AND unit = '人') AND channel NOT IN ('claimed_reach', 'intercepted_losses', 'losses', 'surveys', 'contacts')
GROUP BY channel, measure, area_id, week, unit
