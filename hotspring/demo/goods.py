"""What the simulated tea brand sells."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

CATEGORIES: Final = ("绿茶", "红茶", "乌龙茶", "普洱茶", "白茶", "花茶", "冷泡茶", "茶具")
SEASONS: Final = (
    # spring, summer, autumn, winter: how much each category is asked for
    (1.8, 1.0, 0.7, 0.6), (0.8, 0.5, 1.1, 1.6), (1.0, 0.8, 1.2, 1.1), (0.7, 0.5, 1.0, 1.7),
    (1.2, 0.9, 1.0, 0.9), (1.3, 1.1, 0.8, 0.7), (0.8, 2.4, 0.7, 0.2), (0.9, 0.8, 1.0, 1.0),
)  # fmt: skip
_NAMES: Final = (
    ("龙井 50g", "碧螺春 50g", "毛尖 100g", "雀舌 80g"),
    ("正山小种 100g", "祁门红茶 80g", "滇红 120g", "金骏眉 50g"),
    ("铁观音 100g", "大红袍 80g", "凤凰单丛 60g", "冻顶乌龙 100g"),
    ("普洱生饼 357g", "普洱熟饼 357g", "小青柑 150g", "陈皮普洱 120g"),
    ("白毫银针 50g", "白牡丹 80g", "寿眉 200g", "老白茶饼 300g"),
    ("茉莉花茶 100g", "桂花乌龙 80g", "玫瑰红茶 80g", "菊花枸杞 120g"),
    ("青提冷泡 12 袋", "蜜桃乌龙冷泡 12 袋", "柠檬红茶冷泡 12 袋", "白桃冷泡 12 袋"),
    ("盖碗", "旅行茶具", "公道杯", "玻璃壶"),
)
_PRICES: Final = (168, 128, 98, 148, 188, 78, 49, 138)


class Product(NamedTuple):
    """One product, as it stands in the properties of an event."""

    sku: str
    name: str
    category: str
    price: float

    def told(self) -> dict[str, Any]:
        return {
            "product_id": self.sku,
            "name": self.name,
            "category": self.category,
            "price": self.price,
        }


PRODUCTS: Final = tuple(
    tuple(
        Product(
            f"TEA-{group}{place}",
            name,
            CATEGORIES[group],
            round(_PRICES[group] * (0.7 + 0.25 * place), 0),
        )
        for place, name in enumerate(names)
    )
    for group, names in enumerate(_NAMES)
)


def wanted(taste: int, month: int) -> tuple[float, ...]:
    """How much is each category asked for by someone of `taste` in `month`?"""
    season = (month % 12) // 3
    quarter = (3, 0, 1, 2)[season]
    return tuple(
        row[quarter] * (4.0 if group == taste else 1.0) for group, row in enumerate(SEASONS)
    )
