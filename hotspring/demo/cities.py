"""Where the simulated brand sells: real cities, their centres in WGS-84, their sizes, its shops."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np


class City(NamedTuple):
    """A city: GB/T 2260 code, names, centre in WGS-84 degrees, inhabitants in millions."""

    adcode: int
    name: str
    pinyin: str
    lon: float
    lat: float
    millions: float


class Shop(NamedTuple):
    """A shop of the simulated brand."""

    name: str
    city: int
    """Its place in `CITIES`."""
    lon: float
    lat: float


CITIES: Final = (
    City(310000, "上海", "Shanghai", 121.474, 31.230, 24.9),
    City(110000, "北京", "Beijing", 116.407, 39.904, 21.9),
    City(440300, "深圳", "Shenzhen", 114.058, 22.543, 17.8),
    City(500000, "重庆", "Chongqing", 106.551, 29.563, 17.0),
    City(440100, "广州", "Guangzhou", 113.264, 23.129, 18.8),
    City(510100, "成都", "Chengdu", 104.066, 30.660, 17.0),
    City(120000, "天津", "Tianjin", 117.201, 39.125, 13.7),
    City(420100, "武汉", "Wuhan", 114.305, 30.593, 13.7),
    City(330100, "杭州", "Hangzhou", 120.155, 30.274, 12.4),
    City(610100, "西安", "Xi'an", 108.940, 34.341, 13.0),
    City(320500, "苏州", "Suzhou", 120.585, 31.299, 12.9),
    City(410100, "郑州", "Zhengzhou", 113.625, 34.746, 12.8),
    City(320100, "南京", "Nanjing", 118.797, 32.060, 9.5),
    City(430100, "长沙", "Changsha", 112.939, 28.228, 10.4),
    City(441900, "东莞", "Dongguan", 113.752, 23.021, 10.4),
    City(330200, "宁波", "Ningbo", 121.550, 29.875, 9.6),
    City(440600, "佛山", "Foshan", 113.122, 23.022, 9.6),
    City(340100, "合肥", "Hefei", 117.227, 31.821, 9.6),
    City(370200, "青岛", "Qingdao", 120.383, 36.087, 10.3),
    City(210100, "沈阳", "Shenyang", 123.432, 41.806, 9.1),
    City(370100, "济南", "Jinan", 117.121, 36.652, 9.4),
    City(530100, "昆明", "Kunming", 102.733, 25.040, 8.6),
    City(350100, "福州", "Fuzhou", 119.297, 26.075, 8.4),
    City(320200, "无锡", "Wuxi", 120.312, 31.561, 7.5),
    City(350200, "厦门", "Xiamen", 118.119, 24.480, 5.3),
    City(230100, "哈尔滨", "Harbin", 126.535, 45.753, 9.4),
    City(130100, "石家庄", "Shijiazhuang", 114.515, 38.042, 11.2),
    City(210200, "大连", "Dalian", 121.615, 38.914, 7.5),
    City(450100, "南宁", "Nanning", 108.367, 22.817, 8.9),
    City(520100, "贵阳", "Guiyang", 106.630, 26.647, 6.2),
    City(360100, "南昌", "Nanchang", 115.858, 28.683, 6.5),
    City(140100, "太原", "Taiyuan", 112.549, 37.870, 5.4),
    City(220100, "长春", "Changchun", 125.324, 43.817, 9.1),
    City(650100, "乌鲁木齐", "Urumqi", 87.617, 43.826, 4.1),
    City(620100, "兰州", "Lanzhou", 103.834, 36.061, 4.4),
    City(460100, "海口", "Haikou", 110.331, 20.001, 2.9),
    City(150100, "呼和浩特", "Hohhot", 111.749, 40.842, 3.5),
    City(640100, "银川", "Yinchuan", 106.232, 38.487, 2.9),
    City(630100, "西宁", "Xining", 101.778, 36.617, 2.5),
    City(540100, "拉萨", "Lhasa", 91.141, 29.646, 0.9),
)

DISTRICTS: Final = (
    "中心店",
    "大学城店",
    "高铁站店",
    "万象店",
    "江边店",
    "老街店",
    "科技园店",
    "机场店",
)
SPREAD: Final = 0.035
"""Degrees around a centre within which two thirds of its people live: some 4 km."""


def shops(seed: int) -> tuple[Shop, ...]:
    """Which shops does the brand of this seed have? One to eight a city, by its size."""
    rng = np.random.default_rng([seed, 11])
    found = []
    for index, city in enumerate(CITIES):
        count = max(1, min(len(DISTRICTS), round(city.millions / 3.2)))
        for lon, lat, district in zip(
            rng.normal(city.lon, SPREAD * 0.7, count),
            rng.normal(city.lat, SPREAD * 0.6, count),
            DISTRICTS,
            strict=False,
        ):
            found.append(
                Shop(city.name + district, index, round(float(lon), 5), round(float(lat), 5))
            )
    return tuple(found)


def outlets(seed: int) -> list[dict[str, Any]]:
    """The shops of this seed as the list of outlets that the brand would keep.

    What a shop can serve in a day does not follow who comes: so somewhere service lies idle.
    """
    rng = np.random.default_rng([seed, 12])
    known = shops(seed)
    guests = rng.integers(3, 16, len(known)) * 20
    return [
        {
            "name": shop.name,
            "lon": shop.lon,
            "lat": shop.lat,
            "kind": "simulated",
            "capacity": float(capacity),
            "own_id": f"sim-shop-{number:03d}",
        }
        for number, (shop, capacity) in enumerate(zip(known, guests.tolist(), strict=True), 1)
    ]
