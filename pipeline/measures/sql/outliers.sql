-- Counts of tallies far above the other periods of the same series: how many others there are, their mean and their variance. Only counts
-- more than three standard deviations above them are looked at; whether one is an outlier its tail probability decides (unusual.py).
WITH counts AS (
    SELECT measurement_id, value, hash(subject_id, channel, measure, unit, form, material, platform, audience, place, venue, period_precision) AS known_series
    FROM measurements
    WHERE stands AND NOT is_ledger AND kind = 'flow' AND value = floor(value) AND unit NOT IN ('元', '小时')
      AND channel NOT IN ('population', 'surveys', 'claimed_reach')
), series AS (
    SELECT known_series, count(*) - 1 AS n, sum(value) AS total, sum(value * value) AS squares
    FROM counts
    GROUP BY known_series
    HAVING count(*) > 12 AND max(value) > avg(value) + 2.5 * stddev_samp(value)
), others AS (
    SELECT measurement_id, value, n, (total - value) / n AS mean, (squares - value * value - n * ((total - value) / n) ** 2) / (n - 1) AS variance
    FROM counts JOIN series USING (known_series)
)
SELECT path, sheet, cell, subject, area_id, week, channel, measure, unit, value, n, mean, variance
FROM (FROM others WHERE mean > 0 AND value > mean + 3 * sqrt(greatest(variance, mean))) JOIN measurements USING (measurement_id, value)
ORDER BY path, sheet, cell
