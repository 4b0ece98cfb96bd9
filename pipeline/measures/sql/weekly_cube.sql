-- The numbers of the cube with the texts of their series.
SELECT area_id, subject_id, channel, measure, unit, audience, week, kind, value, low, high, n_cells, n_missing, n_approximate, n_without_value
FROM cube_numbers JOIN cube_series USING (series_id)
