-- What the numbers of the weekly cube are of: each combination of subject, channel, measure, unit and group once, under a number of its own.
-- A few ten thousand rows hold the texts of millions of numbers.
SELECT row_number() OVER (ORDER BY area_id, subject_id, channel, measure, unit, audience, kind) AS series_id, *
FROM (
    SELECT DISTINCT area_id, subject_id, channel, measure, unit, named_audience() AS audience, kind
    FROM measurements
    WHERE stands AND week IS NOT NULL AND channel <> 'population'
)
