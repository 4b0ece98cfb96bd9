-- Rows whose days cannot be: begun after they were received (nothing of the period can have happened), an event later than the day the sheet
-- says its data reach to, data that reach beyond the day the sheet was written. One finding a rule and sheet: its first cell, how many rows.
WITH dated AS (
    SELECT path, sheet, cell, subject, area_id, week, start, as_of, known_at, received_at::DATE AS received, record_id, rowid AS number,
           CASE WHEN start > received_at::DATE + 1 THEN 'periods_are_not_in_the_future'
                WHEN is_ledger AND start > as_of THEN 'events_lie_before_the_data_end'
                WHEN as_of > known_at THEN 'data_end_before_the_sheet_was_written' END AS rule
    FROM measurements
    WHERE stands AND (start > received_at::DATE + 1 OR as_of > known_at OR (is_ledger AND start > as_of))
)
SELECT rule, path, sheet, arg_min(cell, number) AS cell, arg_min(subject, number) AS subject, arg_min(area_id, number) AS area_id,
       arg_min(week, number) AS week, arg_min(start, number) AS start, any_value(as_of) AS as_of, any_value(known_at) AS known_at,
       arg_min(received, number) AS received, count(DISTINCT record_id) AS n_rows
FROM dated
GROUP BY rule, path, sheet
ORDER BY rule, path, sheet
