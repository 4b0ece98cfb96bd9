-- Numbers of activity by town and the days they are of, over the months that are compared: flows of each channel and measure, and gross
-- contacts (the stated total, in spans without one the sum of the channels counted in 人次). As cube_sums and gross_contacts, but by days
-- instead of weeks, so that monthly sheets and dated rows are in it.
WITH recent AS (
    FROM measurements
    WHERE stands AND kind = 'flow' AND start >= coalesce((SELECT max(week) FROM weeks), (SELECT max("end") FROM measurements)) - INTERVAL 26 MONTH
), occasions AS (
    SELECT area_id, start, "end", channel = 'contacts' AS is_total, fsum(value) AS value, fsum(low) AS low, fsum(high) AS high,
           count(*) AS n_records, count(*) FILTER (value IS NULL) AS n_without_value
    FROM recent
    WHERE (channel = 'contacts' AND unit = '人次') OR (channel = 'talks' AND measure = 'attendance')
       OR (channel = 'warnings' AND measure = 'phone_dissuasions' AND unit = '人次')
    GROUP BY area_id, start, "end", channel = 'contacts'
    QUALIFY is_total = bool_or(is_total AND n_without_value < n_records) OVER (PARTITION BY area_id, start, "end")
), numbers AS (
    SELECT CASE level WHEN 'community' THEN parent_id ELSE area_id END AS area_id, channel, measure, unit, start, "end", fsum(value) AS value,
           fsum(low) AS low, fsum(high) AS high, count(*) AS n_records, count(*) FILTER (value IS NULL) AS n_without_value
    FROM recent JOIN areas USING (area_id)
    WHERE unit <> '人' AND channel NOT IN ('claimed_reach', 'intercepted_losses', 'losses', 'surveys', 'population', 'contacts')
    GROUP BY ALL
    UNION ALL
    SELECT CASE level WHEN 'community' THEN parent_id ELSE area_id END, 'contacts', NULL, '人次', start, "end", fsum(value), fsum(low), fsum(high),
           sum(n_records)::BIGINT, sum(n_without_value)::BIGINT
    FROM occasions JOIN areas USING (area_id)
    GROUP BY ALL
)
SELECT area_id, concat_ws('.', channel, measure) AS metric, unit, start, "end", round(value, 6) AS value, round(low, 6) AS low,
       round(high, 6) AS high, n_records, n_without_value
FROM numbers
