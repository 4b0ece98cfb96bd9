-- Activities that two reporters tell of: ledger rows of one day at one place in one form. The place is the community where both rows know it,
-- else a venue of its own name (人民广场; 学校 or 社区 is a kind of place). Where a row does not say in what form, any form fits.
WITH activities AS (
    SELECT record_id, any_value(coalesce(reporter_id, subject_id)) AS teller, any_value(subject) AS subject, any_value(area_id) AS area_id,
           min(start) AS day, any_value(week) AS week, nullif(trim(any_value(venue)), '') AS venue, nullif(trim(any_value(way)), '') AS way,
           arg_min(path, rowid) AS path, arg_min(sheet, rowid) AS sheet, arg_min(cell, rowid) AS cell, min(rowid) AS number
    FROM measurements
    WHERE stands AND is_ledger AND start = "end" AND form NOT IN ('intercepted_losses', 'losses', 'surveys')
      AND channel NOT IN ('intercepted_losses', 'losses', 'surveys', 'population')
    GROUP BY record_id
), placed AS (
    SELECT activities.*, CASE level WHEN 'community' THEN area_id END AS community,
           CASE WHEN length(venue) > 2 AND NOT regexp_full_match(venue, '(各|辖区|本)?(社区|学校|校园|企业|公司|集市|厅堂|网点|营业厅|村居|村委会|居委会|小区|广场|商场|超市|工地|银行|医院|单位|线上|幼儿园|中学|小学|大厅)')
                THEN venue END AS named_venue
    FROM activities JOIN areas USING (area_id)
)
SELECT a.path, a.sheet, a.cell, a.subject, a.area_id, a.week, a.day, coalesce(a.venue, '') AS venue, b.subject AS twin, b.path AS twin_path,
       b.sheet AS twin_sheet, b.cell AS twin_cell
FROM placed AS a JOIN placed AS b ON a.day = b.day AND a.teller <> b.teller AND a.number > b.number
WHERE (a.way = b.way OR a.way IS NULL OR b.way IS NULL)
  AND CASE WHEN a.community IS NOT NULL AND b.community IS NOT NULL
           THEN a.community = b.community AND (a.venue = b.venue OR a.venue IS NULL OR b.venue IS NULL)
           ELSE a.named_venue = b.named_venue END
ORDER BY a.path, a.sheet, a.cell, a.number, b.number
