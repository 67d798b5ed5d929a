"""Lists of outlets, in any datum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotspring.pool.lists import Fields, Listed, listed

OUTLET: Final = Fields(
    {
        "name": ("name", "名称", "店名", "门店", "门店名称", "网点", "网点名称", "outlet", "store"),
        "lon": ("lon", "lng", "longitude", "经度"),
        "lat": ("lat", "latitude", "纬度"),
        "kind": ("kind", "type", "类型", "种类"),
        "capacity": ("capacity", "容量", "服务能力", "接待能力"),
        "radius": ("radius", "半径", "服务半径"),
        "own_id": (
            "own_id",
            "id",
            "code",
            "store_id",
            "编号",
            "编码",
            "门店编号",
            "门店编码",
            "店号",
        ),
    },
    needed=("name", "lon", "lat"),
)


def rows_of(body: bytes, name: str, chosen: Mapping[str, str] | None = None) -> Listed:
    """The outlets of a list; `Unusable` says what is wrong with it."""
    return listed(OUTLET, body, name, chosen)
