-- What one channel handed out or touched in an area and week, over all subjects: contact_numbers.sql says what is counted.
SELECT area_id, channel, audience, week, any_value(unit) AS unit, round(fsum(value), 6) AS value, round(fsum(low), 6) AS low,
       round(fsum(high), 6) AS high, sum(n_cells)::BIGINT AS n_cells, sum(n_missing)::BIGINT AS n_missing
FROM contact_numbers()
GROUP BY area_id, channel, audience, week
