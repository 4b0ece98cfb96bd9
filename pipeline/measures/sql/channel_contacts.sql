-- Contacts or pieces of each channel by town and week, in the channel's own unit: never added to one another. Communities are summed to
-- their town: what a channel does in one community is in `contacts`.
SELECT 'contacts.' || channel AS metric, CASE level WHEN 'community' THEN parent_id ELSE area_id END AS area_id, week, unit,
       round(fsum(value), 6) AS value, round(fsum(low), 6) AS low, round(fsum(high), 6) AS high, sum(n_cells)::BIGINT AS n_records,
       sum(n_missing)::BIGINT AS n_without_value
FROM contact_numbers() JOIN areas USING (area_id)
WHERE channel <> 'contacts'
GROUP BY ALL
