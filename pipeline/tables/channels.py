"""The number columns of the wide tables, grouped as activities are: `<channel>_<measure>` with `_low` and `_high` beside it.

Here: one group per kind of outreach, mixed into the tables that need it. A column holds the numbers of one channel, measure and unit
of a record; where one row states several (two materials), their sum. Not here: which form has which column (forms/), the registry of
channels and units (forms/channels.yaml; a test keeps the two in step).
A number in a unit kept apart (人次 beside 人) has its own column, `_occasions`, and is never added to the other.
"""

from __future__ import annotations

import dataframely as dy

from . import columns as c


class Printed(dy.Schema):
    leaflets_distributed, leaflets_distributed_low, leaflets_distributed_high = c.bounds("宣传资料发放量", "pieces handed out", "份")
    leaflets_printed, leaflets_printed_low, leaflets_printed_high = c.bounds("宣传资料印制量", "pieces printed, not handed out", "份")
    leaflets_opening_stock, leaflets_opening_stock_low, leaflets_opening_stock_high = c.bounds("上期结余", "pieces left from before", "份")
    leaflets_closing_stock, leaflets_closing_stock_low, leaflets_closing_stock_high = c.bounds("期末结存", "pieces left at period end, a stock", "份")
    posters_in_place, posters_in_place_low, posters_in_place_high = c.bounds("海报张贴量", "posters in place at period end", "张")


class Displayed(dy.Schema):
    banners_in_place, banners_in_place_low, banners_in_place_high = c.bounds("在用横幅数", "banners in place at period end, a stock", "条")
    banners_hung, banners_hung_low, banners_hung_high = c.bounds("新增横幅数", "banners newly hung", "条")
    banners_removed, banners_removed_low, banners_removed_high = c.bounds("拆除横幅数", "banners taken down", "条")
    banners_boards, banners_boards_low, banners_boards_high = c.bounds("展板数", "display boards in place, a stock", "块")
    displays_screens, displays_screens_low, displays_screens_high = c.bounds("电子屏数", "screens in use, a stock", "块")
    displays_plays, displays_plays_low, displays_plays_high = c.bounds("电子屏播放次数", "plays on screens", "次")
    displays_hours, displays_hours_low, displays_hours_high = c.bounds("电子屏播放时长", "hours on screens", "小时")


class Aired(dy.Schema):
    broadcasts_devices, broadcasts_devices_low, broadcasts_devices_high = c.bounds("喇叭数", "loudspeakers in use, a stock", "个")
    broadcasts_hours, broadcasts_hours_low, broadcasts_hours_high = c.bounds("广播时长", "hours on air", "小时")
    broadcasts_plays, broadcasts_plays_low, broadcasts_plays_high = c.bounds("广播次数", "times on air", "次")
    van_tours_tours, van_tours_tours_low, van_tours_tours_high = c.bounds("宣传车台次", "trips of vans", "台次")
    van_tours_vehicles, van_tours_vehicles_low, van_tours_vehicles_high = c.bounds("宣传车数", "vans, a stock", "辆")
    drones_sorties, drones_sorties_low, drones_sorties_high = c.bounds("无人机架次", "flights of drones", "架次")
    drones_aircraft, drones_aircraft_low, drones_aircraft_high = c.bounds("无人机架数", "drones, a stock", "架")


class Gathered(dy.Schema):
    talks_sessions, talks_sessions_low, talks_sessions_high = c.bounds("宣讲场次", "talks, fairs, class meetings, drills held", "场")
    talks_attendance, talks_attendance_low, talks_attendance_high = c.bounds("参与人数", "persons", "人")
    talks_attendance_occasions, talks_attendance_occasions_low, talks_attendance_occasions_high = c.bounds("参与人次", "attendances", "人次")
    talks_deceived_in_drill, talks_deceived_in_drill_low, talks_deceived_in_drill_high = c.bounds("演练受骗人数", "no case", "人")
    contacts_contacts, contacts_contacts_low, contacts_contacts_high = c.bounds("受众人次", "contacts, not people", "人次")


class Online(dy.Schema):
    wechat_groups_groups, wechat_groups_groups_low, wechat_groups_groups_high = c.bounds("微信群数", "groups, a stock", "个")
    wechat_groups_members, wechat_groups_members_low, wechat_groups_members_high = c.bounds("群成员数", "members, overlapping, a stock", "人")
    pushes_messages, pushes_messages_low, pushes_messages_high = c.bounds("推送条数", "messages pushed, not messages × groups", "条")
    online_media_posts, online_media_posts_low, online_media_posts_high = c.bounds("发布篇数", "posts published", "篇")
    online_media_reads, online_media_reads_low, online_media_reads_high = c.bounds("阅读播放量", "reads and plays, not people", "次")
    sms_messages, sms_messages_low, sms_messages_high = c.bounds("短信条数", "messages sent, not delivered", "条")
    app_registrations_installed, app_registrations_installed_low, app_registrations_installed_high = c.bounds("安装数", "a stock", "人")
    app_registrations_registered, app_registrations_registered_low, app_registrations_registered_high = c.bounds("注册数", "a stock", "人")
    app_registrations_alerts_on, app_registrations_alerts_on_low, app_registrations_alerts_on_high = c.bounds("开启预警数", "a stock", "人")


class Answered(dy.Schema):
    hotline_calls, hotline_calls_low, hotline_calls_high = c.bounds("热线接听量", "calls answered", "个")
    hotline_incidents, hotline_incidents_low, hotline_incidents_high = c.bounds("劝阻警情", "incidents, among the calls", "起")
    hotline_tips, hotline_tips_low, hotline_tips_high = c.bounds("举报线索", "tips, among the calls", "条")
    warnings_issued, warnings_issued_low, warnings_issued_high = c.bounds("预警指令", "warnings issued", "条")
    warnings_high_risk, warnings_high_risk_low, warnings_high_risk_high = c.bounds("高危预警", "of them high risk", "条")
    warnings_medium_risk, warnings_medium_risk_low, warnings_medium_risk_high = c.bounds("中危预警", "of them medium risk", "条")
    warnings_low_risk, warnings_low_risk_low, warnings_low_risk_high = c.bounds("低危预警", "of them low risk", "条")
    warnings_handled, warnings_handled_low, warnings_handled_high = c.bounds("处置数", "of them handled", "条")
    warnings_phone_dissuasions, warnings_phone_dissuasions_low, warnings_phone_dissuasions_high = c.bounds("电话劝阻", "dissuaded by phone", "人次")
    warnings_persons_met, warnings_persons_met_low, warnings_persons_met_high = c.bounds("见面劝阻", "persons met", "人")
    warnings_persons_dissuaded, warnings_persons_dissuaded_low, warnings_persons_dissuaded_high = c.bounds("劝阻成功", "of them dissuaded", "人")
    home_visits_visits, home_visits_visits_low, home_visits_visits_high = c.bounds("走访户次", "visits, repeats included", "户次")
    home_visits_households, home_visits_households_low, home_visits_households_high = c.bounds("走访户数", "distinct households", "户")
    home_visits_persons, home_visits_persons_low, home_visits_persons_high = c.bounds("走访人数", "persons", "人")
    home_visits_persons_occasions, home_visits_persons_occasions_low, home_visits_persons_occasions_high = c.bounds("走访人次", "contacts", "人次")
    pledges_signed, pledges_signed_low, pledges_signed_high = c.bounds("承诺书份数", "pledges signed", "份")


class Stopped(dy.Schema):
    stop_payments_accounts, stop_payments_accounts_low, stop_payments_accounts_high = c.bounds("止付账户数", "accounts stopped", "个")
    stop_payments_accounts_frozen, stop_payments_accounts_frozen_low, stop_payments_accounts_frozen_high = c.bounds("冻结账户数", "accounts", "个")
    intercepted_losses_cases, intercepted_losses_cases_low, intercepted_losses_cases_high = c.bounds("起数", "cases, not persons", "起")
    intercepted_losses_averted, intercepted_losses_averted_low, intercepted_losses_averted_high = c.bounds("避免损失", "P2, declared", "元")
    intercepted_losses_stopped, intercepted_losses_stopped_low, intercepted_losses_stopped_high = c.bounds("止付金额", "P3, held by order", "元")
    intercepted_losses_frozen, intercepted_losses_frozen_low, intercepted_losses_frozen_high = c.bounds("冻结金额", "P4, third parties in", "元")
    intercepted_losses_returned, intercepted_losses_returned_low, intercepted_losses_returned_high = c.bounds("返还金额", "P5, handed back", "元")
