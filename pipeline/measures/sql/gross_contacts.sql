-- Gross contacts of an area in 人次: the stated total, in weeks without one the sum of the channels counted in 人次. Never people.
WITH occasions AS (
    SELECT area_id, week, channel = 'contacts' AS is_total, fsum(value) AS value, fsum(low) AS low, fsum(high) AS high,
           sum(n_cells)::BIGINT AS n_records, sum(n_missing)::BIGINT AS n_without_value
    FROM contact_numbers()
    WHERE channel IN ('contacts', 'talks', 'warnings')
    GROUP BY ALL
)
SELECT * EXCLUDE (is_total) FROM occasions
QUALIFY is_total = bool_or(is_total AND n_without_value < n_records) OVER (PARTITION BY area_id, week)
