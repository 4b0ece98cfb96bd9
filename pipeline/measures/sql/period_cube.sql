-- Numbers whose period is longer than a week, at their own grain: as weekly_cube, with first and last day in place of the week.
-- They are never spread over weeks.
SELECT area_id, subject_id, channel, measure, unit, named_audience() AS audience, start, "end", any_value(kind) AS kind,
       round(fsum(value), 6) AS value, round(fsum(low), 6) AS low, round(fsum(high), 6) AS high,
       count(*) AS n_cells,
       count(*) FILTER (precision = 'missing') AS n_missing,
       count(*) FILTER (precision IN ('at_least', 'nearly', 'about')) AS n_approximate,
       count(*) FILTER (precision IN ('vague', 'range')) AS n_without_value
FROM measurements
WHERE stands AND week IS NULL AND channel NOT IN ('population')
GROUP BY area_id, subject_id, channel, measure, unit, named_audience(), start, "end"
