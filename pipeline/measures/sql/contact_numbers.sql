-- Numbers of the cube that count contacts or pieces of their channel: each channel has one measure that does, in the channel's own unit. A
-- head count at a session (人) is the number of its contacts, so talks take both 人 and 人次; a household visited (户) was visited at least
-- once, so it counts where the same subject gives no 户次. Channels are never added to people.
WITH counting(channel, measure, unit, counted_as) AS (
    VALUES ('leaflets', 'distributed', '份', '份'), ('talks', 'attendance', '人次', '人次'), ('talks', 'attendance', '人', '人次'),
           ('home_visits', 'visits', '户次', '户次'), ('home_visits', 'households', '户', '户次'), ('pushes', 'messages', '条', '条'),
           ('online_media', 'reads', '次', '次'), ('sms', 'messages', '条', '条'), ('pledges', 'signed', '份', '份'),
           ('van_tours', 'tours', '台次', '台次'), ('drones', 'sorties', '架次', '架次'), ('broadcasts', 'hours', '小时', '小时'),
           ('displays', 'hours', '小时', '小时'), ('hotline', 'calls', '个', '个'), ('warnings', 'phone_dissuasions', '人次', '人次'),
           ('contacts', 'contacts', '人次', '人次')
), counted AS (
    SELECT series_id, area_id, subject_id, channel, measure, audience, counted_as AS unit FROM cube_series JOIN counting USING (channel, measure, unit)
), visited AS (
    SELECT area_id, subject_id, audience, week
    FROM cube_numbers JOIN cube_series USING (series_id)
    WHERE channel = 'home_visits' AND measure = 'visits' AND n_missing < n_cells
)
SELECT area_id, channel, audience, unit, cube_numbers.* FROM cube_numbers JOIN counted USING (series_id) WHERE measure <> 'households'
UNION ALL
SELECT area_id, channel, audience, unit, cube_numbers.*
FROM cube_numbers JOIN counted USING (series_id) ANTI JOIN visited USING (area_id, subject_id, audience, week)
WHERE measure = 'households'
