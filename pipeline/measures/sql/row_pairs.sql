-- Rows of sheets that state both counts of a ratio, summed by area and the days they are of. Both numbers stand, in one row about one
-- subject and period; a row that lacks one of them, or counts one of them in two units, says nothing about the ratio.
-- part, whole: of the rows in which both are written figures; the bounds and n (wholes at least) are of all rows.
WITH sides(metric, is_part, channel, measure) AS (
    VALUES ('handling_rate', true, 'warnings', 'handled'), ('handling_rate', false, 'warnings', 'issued'),
           ('attendance_per_session', true, 'talks', 'attendance'), ('attendance_per_session', false, 'talks', 'sessions')
), numbers AS (
    SELECT metric, is_part, record_id, subject_id, area_id, start, "end", week, count(*) = count(value) AS is_written, fsum(value) AS value,
           fsum(low) AS low, fsum(high) AS high
    FROM measurements JOIN sides USING (channel, measure)
    WHERE stands
    GROUP BY metric, is_part, record_id, subject_id, area_id, start, "end", week
    HAVING count(*) = count(high) AND count(*) = count(low) AND count(DISTINCT unit) = 1
), pairs AS (
    SELECT part.metric, part.area_id, part.start, part."end", part.week, part.is_written AND whole.is_written AS is_written,
           part.value AS part, whole.value AS whole, part.low AS part_low, part.high AS part_high, whole.low AS whole_low, whole.high AS whole_high
    FROM numbers AS part
    JOIN numbers AS whole USING (metric, record_id, subject_id, area_id, start, "end")
    WHERE part.is_part AND NOT whole.is_part AND whole.high > 0
)
SELECT metric, area_id, start, "end", week, round(fsum(part) FILTER (is_written), 6) AS part, round(fsum(whole) FILTER (is_written), 6) AS whole,
       round(fsum(part_low), 6) AS part_low, round(fsum(part_high), 6) AS part_high, round(fsum(whole_low), 6) AS whole_low,
       round(fsum(whole_high), 6) AS whole_high, coalesce(round(fsum(whole_low) FILTER (NOT is_written), 6), 0) AS unwritten
FROM pairs
GROUP BY ALL
