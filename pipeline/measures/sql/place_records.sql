-- Recorded outreach activity by area and week: rows of sheets that report something done. A level (banners that hang), a claim, an
-- interception, a case, a survey or a register is no activity; a ledger row of an activity counts without any number.
SELECT area_id, week, count(DISTINCT record_id) AS n_records, max("end") AS last_day
FROM measurements
WHERE stands AND week IS NOT NULL AND kind = 'flow'
  AND channel NOT IN no_activity_channels()
  AND (high > 0 OR (is_ledger AND form NOT IN no_activity_forms()))
GROUP BY area_id, week
