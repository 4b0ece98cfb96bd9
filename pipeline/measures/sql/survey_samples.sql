-- Survey samples, one row a record: how many were asked, knew, had been reached. Only samples with a count of valid answers.
SELECT record_id, area_id, subject_id, any_value(named_audience()) AS audience, any_value(way) AS method, min(start) AS start,
       max("end") AS "end",
       fsum(value) FILTER (measure = 'sampled') AS sampled, fsum(value) FILTER (measure = 'aware') AS aware,
       fsum(value) FILTER (measure = 'reached') AS reached
FROM measurements
WHERE stands AND channel = 'surveys'
GROUP BY record_id, area_id, subject_id
HAVING fsum(value) FILTER (measure = 'sampled') > 0
ORDER BY record_id
