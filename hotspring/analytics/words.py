"""Words that several analyses use: what is the same is called the same."""

from __future__ import annotations

from typing import Final

from hotspring.analytics.report import Said

BY_GROUP: Final = Said("By group", "按分组")
GROUP: Final = Said("Group", "分组")
OF_ALL: Final = Said("Of all", "占全部")
PEOPLE: Final = Said("People", "人数")
REACHED: Final = Said("Reached", "到达")
TREND: Final = Said("Trend", "趋势")
