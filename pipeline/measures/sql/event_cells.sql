-- Where doubtful events and their perhaps twins are told: the first cell of each event, for whoever decides.
SELECT event_id, arg_min(path, measurement_id) AS path, arg_min(sheet, measurement_id) AS sheet, arg_min(cell, measurement_id) AS cell
FROM event_legs JOIN measurements USING (measurement_id)
WHERE event_id IN (SELECT event_id FROM events WHERE is_doubtful UNION ALL SELECT doubtful_with FROM events WHERE is_doubtful)
GROUP BY event_id
