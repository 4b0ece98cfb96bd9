-- Events of which more came back than was ever frozen, whatever the rows and months that say so: all of it returned above all of it frozen.
WITH money AS (
    SELECT event_id, grade, measurement_id, low, high FROM event_legs
    WHERE grade IN ('P4', 'P5') AND high > 0 AND event_id IN (SELECT event_id FROM events WHERE NOT is_aggregate)
), beyond AS (
    SELECT event_id, min(low) FILTER (grade = 'P5') AS returned, max(high) FILTER (grade = 'P4') AS frozen,
           arg_min(measurement_id, low) FILTER (grade = 'P5') AS measurement_id
    FROM money
    GROUP BY event_id
    HAVING returned > frozen
)
SELECT path, sheet, cell, subject, area_id, week, event_id, returned, frozen
FROM beyond JOIN measurements USING (measurement_id)
ORDER BY path, sheet, cell
