-- By unit and measure: how many exact numbers there are, how many end in 0 or 5. Approximate numbers
-- are round by their nature, and a level that stands still repeats its digit.
SELECT subject_id, any_value(subject) AS subject, any_value(area_id) AS area_id, channel, measure, count(*) AS n,
       count(*) FILTER (value % 5 = 0) AS n_round
FROM measurements
WHERE stands AND precision = 'exact' AND kind = 'flow' AND value >= 10 AND unit <> '元' AND value = floor(value) AND channel NOT IN ('population', 'surveys')
GROUP BY subject_id, channel, measure
ORDER BY subject_id, channel, measure
