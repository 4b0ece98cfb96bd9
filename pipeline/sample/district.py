"""The fictional district: its towns, communities, stations, banks and residents, and the two operations it ran.

Here: who exists and how many live there. Not here: what they did (activity.py, events.py) or handed in (delivery.py).
Every name is invented; none is meant to resemble a real place or body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

DISTRICT = "云麓区"
DISTRICT_CODE = "YL"
CENTRE = "云麓区反诈中心"

# Town → its communities; the order is the administrative order of the register.
PLACES = {
    "听雨街道": ("芭蕉社区", "雨巷社区", "竹帘社区", "青伞社区", "石阶社区", "檐铃社区"),
    "星河街道": ("北斗社区", "银汉社区", "摇光社区", "天权社区", "织云社区", "玉衡社区"),
    "墨池街道": ("砚台社区", "松烟社区", "宣白社区", "篆香社区", "洗笔社区"),
    "云梯街道": ("登云社区", "望霞社区", "半山社区", "流岚社区", "揽月社区"),
    "纸鸢镇": ("长线村", "竹骨村", "放晴社区", "春絮社区", "借风村"),
    "鲸落镇": ("潮声社区", "浅湾村", "灯塔社区", "贝壳村", "远帆社区"),
    "萤火镇": ("草露村", "夏夜村", "流萤社区", "微光社区", "点灯村"),
    "琥珀镇": ("松脂村", "暖石社区", "旧时社区", "金纹村"),
    "月牙镇": ("弯月社区", "沙洲村", "胡杨村", "弦歌社区", "星砂村"),
    "稻香镇": ("晒谷村", "打禾村", "蛙鸣村", "金穗社区", "粮仓社区"),
    "白帆镇": ("渡口社区", "缆绳村", "顺风村", "归舟社区"),
    "青瓷镇": ("窑火社区", "开片村", "釉光社区", "秘色社区", "瓷土村"),
}
BANKS = ("云麓示例银行听雨支行", "云麓示例银行星河支行", "云麓示例银行鲸落支行")
SCHOOLS = ("云麓示例一中", "云麓示例职业学校")
NEVER_REPORTED = "星砂村"
BLIND = ("夏夜村", "点灯村", "金纹村", "胡杨村", "沙洲村", "缆绳村", "顺风村", "贝壳村")
"""Communities where little outreach happens: coverage there is meant to come out below the blind-spot threshold."""


@dataclass(frozen=True)
class Community:
    """One community (社区 or 村): `index` is its row in every array of activity.py; populations in persons, households in 户."""

    index: int
    name: str
    code: str
    town: str
    residents: int
    households: int
    elderly: int
    students: int


@dataclass(frozen=True)
class Town:
    """One town (镇街) with its police station, which hands in the weekly sheet. Grid row and column are 1-based and schematic."""

    index: int
    name: str
    code: str
    station: str
    station_alias: str
    communities: tuple[Community, ...]
    grid_row: int
    grid_column: int


@dataclass(frozen=True)
class Operation:
    """A campaign on the time axis; start and end inclusive."""

    name: str
    start: date
    end: date
    kind: str


@dataclass(frozen=True)
class District:
    towns: tuple[Town, ...]
    operations: tuple[Operation, ...]
    weeks: tuple[date, ...]
    """Mondays of the 104 weeks, oldest first."""

    @property
    def communities(self) -> tuple[Community, ...]:
        return tuple(c for town in self.towns for c in town.communities)


WEEKS = 104
RECENT = 13
"""The last weeks, handed in week by week; older ones arrive as yearly workbooks on the day the district joined."""


def make_district(seed: int, end: date) -> District:
    """The district with 104 closed ISO weeks: the last one's Sunday lies before `end`."""
    last_monday = end - timedelta(days=end.weekday() + 7)
    weeks = tuple(last_monday - timedelta(weeks=WEEKS - 1 - i) for i in range(WEEKS))
    rng = Random(f"{seed}/district")
    towns: list[Town] = []
    count = 0
    for number, (name, places) in enumerate(PLACES.items(), start=1):
        is_urban = name.endswith("街道")
        stem = name.removesuffix("街道").removesuffix("镇")
        communities = []
        for position, place in enumerate(places, start=1):
            residents = rng.randrange(5200, 9600) if is_urban else rng.randrange(2100, 5600)
            households = round(residents / rng.uniform(2.5, 3.1))
            elderly, students = round(residents * rng.uniform(0.14, 0.26)), round(residents * rng.uniform(0.1, 0.18))
            communities.append(Community(count, place, f"YL{number:02}{position:02}", name, residents, households, elderly, students))
            count += 1
        row, column = divmod(number - 1, 4)
        towns.append(Town(number - 1, name, f"YL{number:02}", f"{stem}派出所", f"{stem}所", tuple(communities), row + 1, column + 1))
    return District(tuple(towns), _operations(weeks), weeks)


def _operations(weeks: tuple[date, ...]) -> tuple[Operation, ...]:
    """The 100-day operation began 20 weeks before the end; the other is the last September that lies wholly in the past."""
    opening = weeks[-20]
    closing = weeks[-1] + timedelta(days=6)
    year = closing.year if closing >= date(closing.year, 9, 30) else closing.year - 1
    return (
        Operation("9月反诈宣传月", date(year, 9, 1), date(year, 9, 30), "宣传月"),
        Operation("百日专项行动", opening, opening + timedelta(days=99), "专项行动"),
    )
