-- Every standing cell of prevented losses: what the event ledger is made of.
SELECT measurement_id, record_id, path, sheet, cell, form, measure, grade, subject, subject_id, subject_kind, area_id, reporter_id, start, "end", week, value, low, high, precision, reason,
       fraud_type, way, institution, place, case_ref, is_ledger, received_at
FROM measurements
WHERE stands AND channel = 'intercepted_losses'
ORDER BY measurement_id
