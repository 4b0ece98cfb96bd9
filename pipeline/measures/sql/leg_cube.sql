-- Amounts of each evidence grade by town and the week of their own day: dissuaded, stopped, frozen, returned. Of several reports of one grade
-- of an event the narrowest counts. Grades of one event stand side by side here, so they are four lines, never a sum. A tally's line has the
-- week of its period. A doubtful event is in value and high, not in low.
WITH legs AS (
    SELECT event_id, grade,
           arg_min({value: value, low: low, high: high, day: leg_date, is_lapsed: is_lapsed},
                   {is_unknown: value IS NULL, width: high - low, id: measurement_id}) AS leg
    FROM event_legs
    WHERE grade IS NOT NULL AND high > 0
    GROUP BY event_id, grade
), dated AS (
    SELECT town_id, legs.grade, n_cases, is_doubtful, leg.*, CASE WHEN is_aggregate THEN week ELSE date_trunc('week', leg.day)::DATE END AS week
    FROM legs JOIN events USING (event_id)
)
SELECT town_id, week, grade, sum(n_cases)::BIGINT AS n, coalesce(sum(n_cases) FILTER (value IS NULL), 0)::BIGINT AS n_without_value,
       fsum(value) AS value, fsum(CASE WHEN is_doubtful THEN 0 ELSE low END) AS low, fsum(high) AS high,
       coalesce(sum(n_cases) FILTER (is_lapsed), 0)::BIGINT AS n_lapsed, coalesce(fsum(value) FILTER (is_lapsed), 0) AS lapsed
FROM dated
WHERE week IS NOT NULL
GROUP BY town_id, week, grade
ORDER BY town_id, week, grade
