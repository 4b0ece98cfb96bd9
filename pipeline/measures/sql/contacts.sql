-- What one channel handed out or touched in an area and week, in the channel's own unit: the one measure that counts its contacts or
-- pieces. A head count at a session (人) is the number of its contacts, so talks take both 人 and 人次; a household visited (户) was
-- visited at least once, so it counts where the same subject gives no 户次. Channels are never added to people.
WITH counting(channel, measure, unit, counted_as, preference) AS (
    VALUES ('leaflets', 'distributed', '份', '份', 1), ('talks', 'attendance', '人次', '人次', 1), ('talks', 'attendance', '人', '人次', 1),
           ('home_visits', 'visits', '户次', '户次', 1), ('home_visits', 'households', '户', '户次', 2), ('pushes', 'messages', '条', '条', 1),
           ('online_media', 'reads', '次', '次', 1), ('sms', 'messages', '条', '条', 1), ('pledges', 'signed', '份', '份', 1),
           ('van_tours', 'tours', '台次', '台次', 1), ('drones', 'sorties', '架次', '架次', 1), ('broadcasts', 'hours', '小时', '小时', 1),
           ('displays', 'hours', '小时', '小时', 1), ('hotline', 'calls', '个', '个', 1),
           ('warnings', 'phone_dissuasions', '人次', '人次', 1), ('contacts', 'contacts', '人次', '人次', 1)
), chosen AS (
    SELECT weekly_cube.*, counted_as
    FROM weekly_cube JOIN counting USING (channel, measure, unit)
    QUALIFY preference = min(preference) FILTER (n_missing < n_cells) OVER (PARTITION BY area_id, subject_id, channel, audience, week)
)
SELECT area_id, channel, audience, week, any_value(counted_as) AS unit,
       fsum(value) AS value, fsum(low) AS low, fsum(high) AS high, sum(n_cells)::BIGINT AS n_cells, sum(n_missing)::BIGINT AS n_missing
FROM chosen
GROUP BY area_id, channel, audience, week
ORDER BY area_id, channel, audience, week
