"""Names of places: which area do a city and a province, as people in China write them, mean?"""

from __future__ import annotations

import functools
import gzip
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from importlib import resources
from typing import Final

import msgspec

from hotspring.geo.outlines import Area

_PEOPLES: Final = (
    "各|满|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|"
    "水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|"
    "鄂温克|保安|裕固|独龙|鄂伦春"
)
_KINDS: Final = "特别行政区|自治[区州县旗]|地区|林区|新区|行政委员会|[省市盟区县旗]"
LONGEST: Final = 32
"""Characters: whatever is longer is no name."""
_WRITTEN: Final = re.compile(rf"(.{{2,}}?)(?:(?:{_PEOPLES})族?)*(?:{_KINDS})")


@functools.cache
def english() -> dict[str, str]:
    """What are areas called in English, by their codes?"""
    packed = resources.files("hotspring.geo").joinpath("data", "names.json.gz").read_bytes()
    found: dict[str, str] = msgspec.json.decode(gzip.decompress(packed))["areas"]
    return found


def short(name: str) -> str:
    """How is this place called without the word for its kind: 杭州 for 杭州市?

    At least two characters stay, so 赵县 and 东区 are called by their whole names; the peoples
    an autonomous area is named for go too, so 恩施土家族苗族自治州 is 恩施.
    """
    match = _WRITTEN.fullmatch(name)
    return match[1] if match else name


class Names:
    """The names of all areas, whole and short."""

    def __init__(self, areas: Mapping[int, Area]) -> None:
        self._areas = areas
        self._cities: dict[str, set[int]] = defaultdict(set)
        self._districts: dict[str, set[int]] = defaultdict(set)
        self._provinces: dict[str, int] = {}
        for code, area in areas.items():
            forms = {area.name, short(area.name), area.short} - {""}
            index = self._districts if area.level == "district" else self._cities
            for form in forms:
                index[form].add(code)
            if area.level == "province":
                self._provinces.update(dict.fromkeys(forms, code))

    def province(self, name: str) -> int:
        """Which province is called so; 0 if none is?"""
        return next((self._provinces[f] for f in _forms(name) if f in self._provinces), 0)

    def find(self, city: str, province: str = "") -> int:
        """Which area is meant; 0 if none, or more than one?

        `city` may be a city, a district or a province; the whole name goes before the short one
        and a city before a district of the same name. A known province keeps what lies in it, and
        is itself the answer if nothing of the name does, or more than one area.
        """
        within = self.province(province)
        for form in _forms(city):
            for index in (self._cities, self._districts):
                found = index.get(form, set())
                if within:
                    found = {code for code in found if code // 10000 == within // 10000}
                if found:
                    return self._innermost(found) or within
        return within

    def _innermost(self, codes: Collection[int]) -> int:
        """The one area that lies in all the others; 0 if they lie apart."""
        for code in codes:
            if all(other == code or other in self._areas[code].parents for other in codes):
                return code
        return 0


def _forms(name: str) -> tuple[str, ...]:
    """The name as it was written and, if it differs, its short form."""
    name = name.strip()
    if not name or len(name) > LONGEST:
        return ()
    return tuple(dict.fromkeys((name, short(name))))
