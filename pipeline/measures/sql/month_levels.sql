-- Levels stated for spans longer than a week, on the last day of the span; as period_cube, by area.
SELECT channel || '.' || measure AS metric, area_id, unit, "end" AS day, round(fsum(value), 6) AS value, round(fsum(low), 6) AS low,
       round(fsum(high), 6) AS high, sum(n_cells)::BIGINT AS n_records, sum(n_missing + n_without_value)::BIGINT AS n_without_value
FROM period_cube
WHERE kind = 'stock'
GROUP BY ALL
