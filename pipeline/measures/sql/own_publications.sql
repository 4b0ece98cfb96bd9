-- What earlier publications of the same kind stated: builds of the sample bear sample- before their id, and are nothing to real data.
SELECT * FROM publications
WHERE starts_with(build_id, 'sample-') = (
  SELECT coalesce(bool_or(is_sample), false) FROM source_files WHERE file_id IN (SELECT file_id FROM measurements)
)
