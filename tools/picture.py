"""Draws docs/picture.svg and docs/picture.zh.svg: one customer's temperature, by the law itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, NamedTuple

from hotspring.temperature import law

ROOT: Final = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1200, 560
LEFT, RIGHT, TOP, BOTTOM = 150.0, 1168.0, 150.0, 500.0
DAYS: Final = 150
E_HALF: Final = 20.0
COLOURS: Final = {"hot": "#E5484D", "warm": "#F5A524", "cool": "#3E8EF7", "cold": "#5B7BD5"}
FONT: Final = (
    "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


class Heat(NamedTuple):
    """Something a customer does on a day: its energy and half-life, named in the picture or not."""

    day: float
    energy: float
    half_life: float
    zh: str = ""
    en: str = ""
    dx: int = 14
    dy: int = 24
    anchor: str = "start"


# The weights of the ecommerce rules: a purchase brings 8 + 2.5 * log1p(amount), and so on.
LIFE: Final = (
    Heat(6, 2.3, 3, "浏览", "browses", 16, 8),
    Heat(9, 11.2, 14, "收藏、加购", "fills a cart", 18, 12),
    Heat(12, 8 + 2.5 * math.log1p(268), 60, "首次购买 ¥268", "buys for ¥268", -14, -8, "end"),
    Heat(15, 4, 60),
    Heat(27, 8 + 2.5 * math.log1p(329), 60, "复购 ¥329", "buys again", -14, -6, "end"),
    Heat(30, 10, 60, "好友接受邀请", "a friend accepts", -14, -14, "end"),
    Heat(34, 11, 14, "分享、加购", "shares, fills a cart", 12, -16),
    Heat(124, 2, 14, "点击召回消息", "clicks a message", -12, 34, "end"),
    Heat(
        127, 8 + 2.5 * math.log1p(188), 60, "回流购买 ¥188", "comes back and buys", -14, -10, "end"
    ),
)
WORDS: Final = {
    "zh": {
        "title": "热泉 · 让每一位用户保持温度",
        "line": "行为升温，沉默降温；四个温层，一条公式，随时可算、可回溯。",
        "hot": "热", "warm": "常温", "cool": "低温", "cold": "冷",
        "days": "天", "silence": "沉默则降温",
    },
    "en": {
        "title": "Hotspring · every user has a temperature",
        "line": "Behaviour warms, silence cools: four bands, one formula, now or in the past.",
        "hot": "hot", "warm": "warm", "cool": "cool", "cold": "cold",
        "days": "days", "silence": "silence cools",
    },
}  # fmt: skip


def temperature(day: float) -> float:
    """How many degrees does the customer of the picture have on a day?"""
    energy = sum(
        heat.energy * math.exp2(-(day - heat.day) / heat.half_life)
        for heat in LIFE
        if heat.day <= day
    )
    return law.degrees(energy, E_HALF)


def x_of(day: float) -> float:
    return LEFT + (RIGHT - LEFT) * day / DAYS


def y_of(degrees: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (degrees + 25) / 130


def band(degrees: float) -> str:
    edges = ((law.HOT_ABOVE, "hot"), (law.WARM_FROM, "warm"), (law.COOL_FROM, "cool"))
    if degrees > law.HOT_ABOVE:
        return "hot"
    return next((name for edge, name in edges[1:] if degrees >= edge), "cold")


def draw(language: str) -> str:
    """The whole picture as SVG; it brings its own ground, so it reads on white and on dark."""
    words = WORDS[language]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{words["title"]}" font-family="{FONT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="18" fill="#10182B"/>',
        text(40, 58, words["title"], 30, "#F4F6FB", weight=700),
        text(40, 92, words["line"], 18, "#AEB9D1"),
    ]
    parts += list(_ground(words)) + list(_curve()) + list(_marks(language))
    return "\n".join([*parts, "</svg>", ""])


def _ground(words: dict[str, str]) -> list[str]:
    levels = ((105.0, "hot"), (law.HOT_ABOVE, "warm"), (law.WARM_FROM, "cool"), (0.0, "cold"))
    floors = (law.HOT_ABOVE, law.WARM_FROM, law.COOL_FROM, -25.0)
    parts = []
    for (upper, name), lower in zip(levels, floors, strict=True):
        height = y_of(lower) - y_of(upper)
        parts.append(
            f'<rect x="{LEFT}" y="{y_of(upper):.1f}" width="{RIGHT - LEFT}" '
            f'height="{height:.1f}" fill="{COLOURS[name]}" opacity=".13"/>'
        )
        middle = (y_of(upper) + y_of(lower)) / 2
        parts.append(text(34, middle + 7, words[name], 20, COLOURS[name], weight=700))
    for degrees in (100, 80, 50, 0, -20):
        y = y_of(degrees)
        parts.append(text(LEFT - 12, y + 5, f"{degrees} °C", 15, "#AEB9D1", anchor="end"))
        parts.append(
            f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#AEB9D1" '
            f'opacity="{0.45 if degrees in (80, 50, 0) else 0.12}" stroke-dasharray="3 5"/>'
        )
    for day in range(0, DAYS + 1, 30):
        anchor = "end" if day == DAYS else "middle"
        label = f"{day} {words['days']}" if day == DAYS else str(day)
        parts.append(text(x_of(day), BOTTOM + 26, label, 15, "#AEB9D1", anchor=anchor))
    parts.append(text(x_of(92), y_of(66), words["silence"], 17, "#DCE3F2", anchor="middle"))
    return parts


def _curve() -> list[str]:
    """The curve in the colour of the band it is in, cut where the band changes."""
    days = sorted({i * DAYS / 1500 for i in range(1501)} | {heat.day for heat in LIFE})
    pieces: list[tuple[str, list[str]]] = []
    for day in days:
        for degrees in {temperature(day - 1e-9), temperature(day)}:
            name = band(degrees)
            point = f"{x_of(day):.1f},{y_of(degrees):.1f}"
            if pieces and pieces[-1][0] != name:
                pieces[-1][1].append(point)
            if not pieces or pieces[-1][0] != name:
                pieces.append((name, []))
            pieces[-1][1].append(point)
    return [
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{COLOURS[name]}" '
        'stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>'
        for name, points in pieces
    ]


def _marks(language: str) -> list[str]:
    parts = []
    for heat in LIFE:
        label = heat.zh if language == "zh" else heat.en
        if not label:
            continue
        x, y = x_of(heat.day), y_of(temperature(heat.day))
        colour = COLOURS[band(temperature(heat.day))]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#10182B" stroke="{colour}" '
            'stroke-width="3"/>'
        )
        parts.append(text(x + heat.dx, y + heat.dy, label, 16, "#F4F6FB", anchor=heat.anchor))
    return parts


def text(
    x: float, y: float, words: str, size: int, fill: str, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{words}</text>'
    )


def main() -> None:
    (ROOT / "docs/picture.svg").write_text(draw("en"), "utf-8")
    (ROOT / "docs/picture.zh.svg").write_text(draw("zh"), "utf-8")


if __name__ == "__main__":
    main()
