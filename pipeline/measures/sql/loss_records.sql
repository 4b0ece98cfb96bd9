-- Losses that did happen, one row a record of the losses form or ledger: cases and amount side by side. A record that states only cases filed
-- counts these; one that states both counts those that occurred. Records of longer periods have no week.
SELECT record_id, area_id, week, min(start) AS start, max("end") AS "end", any_value(fraud_type) AS fraud_type, bool_or(is_ledger) AS is_ledger,
       coalesce(fsum(value) FILTER (measure = 'cases'), fsum(value) FILTER (measure = 'filed')) AS cases,
       bool_or(measure IN ('cases', 'filed') AND high IS NOT NULL) AS states_cases,
       fsum(value) FILTER (measure = 'amount') AS value, fsum(low) FILTER (measure = 'amount') AS low,
       fsum(high) FILTER (measure = 'amount') AS high
FROM measurements
WHERE stands AND channel = 'losses'
GROUP BY record_id, area_id, week
ORDER BY record_id
