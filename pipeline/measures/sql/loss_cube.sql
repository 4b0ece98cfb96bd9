-- Events by town, week, category, grade and firmness; additive except largest (combines by max). Once by fraud type, once by way.
-- A doubtful event may be the twin of another: it is in value and high, never in low.
SELECT town_id, week, dimension, category, coalesce(grade, 'none') AS grade, firmness,
       sum(n_cases)::BIGINT AS n,
       coalesce(sum(n_cases) FILTER (value IS NULL), 0)::BIGINT AS n_without_value,
       fsum(value) AS value, fsum(CASE WHEN is_doubtful THEN 0 ELSE low END) AS low, fsum(high) AS high,
       max(value) FILTER (NOT is_aggregate) AS largest
FROM (
    SELECT *, 'fraud_type' AS dimension, coalesce(fraud_type, 'unknown') AS category FROM events
    UNION ALL
    SELECT *, 'way' AS dimension, coalesce(way, 'unknown') AS category FROM events
)
WHERE week IS NOT NULL
GROUP BY town_id, week, dimension, category, coalesce(grade, 'none'), firmness
ORDER BY town_id, week, dimension, category, grade, firmness
