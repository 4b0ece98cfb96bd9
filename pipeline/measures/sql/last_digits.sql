-- By unit and measure: how many exact numbers there are, how many end in 0 or 5, and, of those above the whole measure's
-- share, where the latest five of these stand. Approximate numbers are round by their nature, and a level that stands still repeats its digit.
WITH digits AS (
    SELECT subject_id, channel, measure, count(*) AS n, count(*) FILTER (value % 5 = 0) AS n_round, min(measurements.rowid) AS known_by,
           max({start: start, number: measurements.rowid}, 5) FILTER (value % 5 = 0) AS latest
    FROM measurements
    WHERE stands AND precision = 'exact' AND kind = 'flow' AND value >= 10 AND unit <> '元' AND value = floor(value)
      AND channel NOT IN ('population', 'surveys')
    GROUP BY subject_id, channel, measure
), above AS (
    SELECT known_by, latest
    FROM digits
    WINDOW same AS (PARTITION BY channel, measure)
    QUALIFY n_round * sum(n) OVER same > n * sum(n_round) OVER same
), named AS (
    SELECT known_by, arg_max(path, (start, number)) AS path, arg_max(sheet, (start, number)) AS sheet, arg_max(cell, (start, number)) AS cell,
           string_agg(concat_ws('›', path, sheet, cell), '、' ORDER BY start DESC, number DESC) AS cells
    FROM (SELECT known_by, unnest(latest).number AS number FROM above) JOIN measurements ON measurements.rowid = number
    GROUP BY known_by
)
SELECT digits.subject_id, subject, area_id, digits.channel, digits.measure, n, n_round, named.path, named.sheet, named.cell, cells
FROM digits JOIN measurements ON measurements.rowid = known_by LEFT JOIN named USING (known_by)
ORDER BY digits.subject_id, digits.channel, digits.measure
