-- Typed changes in what files say today, whose number stands (or repeats one that does), beside the one number that stands for the same thing
-- in the time they are typed against: the week, month or quarter before, or the same month, quarter or year a year before (of a week the
-- partner is not agreed upon). Bounds of the computed change: low ÷ earlier high − 1, high ÷ earlier low − 1. Only those that no pair of
-- numbers within the bounds gives, beyond rounding.
WITH claims AS (
    SELECT c.path, c.sheet, c.cell, of_cell, c.text, against, typed, slack, subject, subject_id, area_id, channel, measure, unit, form, week, start,
           "end", value, low, high, material, audience, fraud_type, way, institution, venue, place, partner, platform, c.span AS stated,
           CASE WHEN "end" - start = 6 THEN 'week'
                WHEN start = date_trunc('month', start) AND "end" = last_day(start) THEN 'month'
                WHEN start = date_trunc('quarter', start) AND "end" = last_day(start + INTERVAL 2 MONTH) THEN 'quarter'
                WHEN start = date_trunc('year', start) AND "end" = last_day(start + INTERVAL 11 MONTH) THEN 'year' END AS span
    FROM typed_changes AS c
    SEMI JOIN (SELECT file_id FROM source_files WHERE is_present AND NOT is_withdrawn AND corrected_by IS NULL) USING (file_id)
    JOIN measurements AS m ON m.file_id = c.file_id AND m.sheet = c.sheet AND m.cell = c.of_cell
    WHERE (stands OR stands_reason = 'repeated') AND NOT is_ledger AND NOT is_cumulative AND low IS NOT NULL
    QUALIFY count(*) OVER (PARTITION BY c.file_id, c.sheet, c.cell) = 1
), dated AS (
    SELECT *,
           CASE WHEN against = 'year_before' THEN (start - INTERVAL 1 YEAR)::DATE
                WHEN span = 'week' THEN start - 7
                WHEN span = 'month' THEN (start - INTERVAL 1 MONTH)::DATE
                WHEN span = 'quarter' THEN (start - INTERVAL 3 MONTH)::DATE END AS first_before,
           CASE WHEN against = 'previous' THEN start - 1
                WHEN span = 'month' THEN last_day(start - INTERVAL 1 YEAR)
                WHEN span = 'quarter' THEN last_day(start - INTERVAL 10 MONTH)
                WHEN span = 'year' THEN start - 1 END AS last_before
    FROM claims
    WHERE stated IN ('any', span)
), compared AS (
    SELECT dated.*, before.value AS value_before, before.low AS low_before, before.high AS high_before, before.path AS path_before,
           before.sheet AS sheet_before, before.cell AS cell_before, dated.low / before.high - 1 AS low_change, dated.high / before.low - 1 AS high_change
    FROM dated JOIN measurements AS before
      ON before.stands AND NOT before.is_ledger AND NOT before.is_cumulative AND before.low > 0 AND before.start = first_before
         AND before."end" = last_before AND before.subject_id = dated.subject_id AND before.channel = dated.channel
         AND before.measure = dated.measure AND before.unit = dated.unit AND before.form = dated.form
         AND (before.material, before.audience, before.fraud_type, before.way, before.institution, before.venue, before.place, before.partner,
              before.platform) IS NOT DISTINCT FROM (dated.material, dated.audience, dated.fraud_type, dated.way, dated.institution, dated.venue,
              dated.place, dated.partner, dated.platform)
    QUALIFY count(*) OVER (PARTITION BY dated.path, dated.sheet, dated.cell) = 1
)
SELECT path, sheet, cell, of_cell, text, against, subject, area_id, week, channel, measure, unit, value, low, value_before, low_before, path_before,
       sheet_before, cell_before, low_change, high_change
FROM compared
WHERE typed + slack < low_change - 1e-9 OR typed - slack > high_change + 1e-9
ORDER BY path, sheet, cell
