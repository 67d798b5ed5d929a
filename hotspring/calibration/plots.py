"""Plots as SVG, drawn by hand: text stays text, colours follow the page, nothing is loaded."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

WIDTH: Final = 640
LETTER: Final = 7.2
"""Width of a Latin letter at the size of labels, in pixels; others count twice."""
Told = Callable[[float], str]
"""Writes a value of an axis."""


class Bar(NamedTuple):
    """One horizontal bar: its label, length, what is written behind it, and its uncertainty."""

    label: str
    value: float
    told: str
    style: str
    low: float | None = None
    high: float | None = None
    shadow: float | None = None
    """Another length to compare with, drawn as an outline."""


class Line(NamedTuple):
    """One line through points in order, and the name that stands at its end or in the key."""

    label: str
    points: Sequence[tuple[float, float]]
    style: str
    dots: bool = False
    spread: Sequence[tuple[float, float]] = ()
    """Lower and upper ends of the uncertainty of each point."""


class Axis(NamedTuple):
    """What an axis measures, from where to where, and how its values are written."""

    title: str
    low: float
    high: float
    told: Told
    ticks: int = 5

    def marks(self) -> list[float]:
        """Round values along the axis."""
        rough = (self.high - self.low) / self.ticks
        base = 10.0 ** math.floor(math.log10(rough))
        step = next(base * m for m in (1, 2, 2.5, 5, 10) if base * m >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        count = math.floor(self.high / step + 1e-9) - first + 1
        return [round((first + i) * step, 10) for i in range(count)]


def bars(title: str, rows: Sequence[Bar], axis: Axis) -> str:
    """Horizontal bars, one below the other, with the axis underneath."""
    left = max(_wide(row.label) for row in rows) + 14
    right = max(_wide(row.told) for row in rows) + 12
    height = 34 * len(rows) + 52
    span = WIDTH - left - right

    def x(value: float) -> float:
        inside = min(max(value, axis.low), axis.high)
        return left + span * (inside - axis.low) / (axis.high - axis.low)

    bottom = 34 * len(rows) + 8
    parts = [
        f'<line class="grid" x1="{x(m):.1f}" x2="{x(m):.1f}" y1="4" y2="{bottom}"/>'
        f'<text class="tick" x="{x(m):.1f}" y="{bottom + 16}" text-anchor="middle">'
        f"{_text(axis.told(m))}</text>"
        for m in axis.marks()
    ]
    for i, row in enumerate(rows):
        parts += _bar(row, 34 * i + 10, left, x)
    parts.append(
        f'<text class="axis" x="{left + span / 2:.1f}" y="{bottom + 36}" text-anchor="middle">'
        f"{_text(axis.title)}</text>"
    )
    return _svg(title, height, parts)


def _bar(row: Bar, top: int, left: float, x: Callable[[float], float]) -> list[str]:
    middle = top + 11
    end = max(x(row.value), x(row.high or row.value), x(row.shadow or row.value))
    parts = [
        f'<text class="name" x="{left - 8:.1f}" y="{middle + 4}" text-anchor="end">'
        f"{_text(row.label)}</text>",
        f'<rect class="{row.style}" x="{left:.1f}" y="{top}" height="22" rx="2" '
        f'width="{max(x(row.value) - left, 1):.1f}"/>',
    ]
    if row.shadow is not None:
        parts.append(
            f'<rect class="shadow" x="{left:.1f}" y="{top + 3}" height="16" '
            f'width="{max(x(row.shadow) - left, 1):.1f}"/>'
        )
    if row.low is not None and row.high is not None:
        whisker = (
            f"M{x(row.low):.1f} {middle}H{x(row.high):.1f}"
            f"M{x(row.low):.1f} {middle - 5}v10M{x(row.high):.1f} {middle - 5}v10"
        )
        parts += [f'<path class="halo" d="{whisker}"/>', f'<path class="error" d="{whisker}"/>']
    parts.append(f'<text class="value" x="{end + 8:.1f}" y="{middle + 4}">{_text(row.told)}</text>')
    return parts


def lines(title: str, rows: Sequence[Line], across: Axis, up: Axis, height: int = 400) -> str:
    """Lines over a common field, with a key above it."""
    key, top = _key([row for row in rows if row.label])
    left, right, bottom = 62.0, 18.0, height - 46.0

    def x(value: float) -> float:
        return left + (WIDTH - left - right) * (value - across.low) / (across.high - across.low)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - up.low) / (up.high - up.low)

    parts = [key]
    parts += [
        f'<path class="grid" d="M{left} {y(mark):.1f}H{WIDTH - right}"/>'
        f'<text class="tick" x="{left - 8}" y="{y(mark) + 4:.1f}" text-anchor="end">'
        f"{_text(up.told(mark))}</text>"
        for mark in up.marks()
    ]
    parts += [
        f'<path class="grid" d="M{x(mark):.1f} {top}V{bottom}"/>'
        f'<text class="tick" x="{x(mark):.1f}" y="{bottom + 17}" text-anchor="middle">'
        f"{_text(across.told(mark))}</text>"
        for mark in across.marks()
    ]
    for row in rows:
        parts += _line(row, x, y)
    middle = (top + bottom) / 2
    parts.append(
        f'<text class="axis" x="{(left + WIDTH - right) / 2}" y="{height - 8}" '
        f'text-anchor="middle">{_text(across.title)}</text>'
        f'<text class="axis" transform="translate(15 {middle}) rotate(-90)" '
        f'text-anchor="middle">{_text(up.title)}</text>'
    )
    return _svg(title, height, parts)


def _line(row: Line, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    path = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in row.points)
    parts = [f'<path class="line {row.style}" d="M{path}"/>']
    for (a, _), (low, high) in zip(row.points, row.spread, strict=False):
        parts.append(f'<path class="error" d="M{x(a):.1f} {y(low):.1f}V{y(high):.1f}"/>')
    if row.dots:
        parts += [
            f'<circle class="dot {row.style}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="4"/>'
            for a, b in row.points
        ]
    return parts


def _key(rows: Sequence[Line]) -> tuple[str, float]:
    """The names of lines beside a piece of each, and how far down they reach."""
    at, down, parts = 62.0, 14.0, []
    for row in rows:
        width = _wide(row.label) + 52
        if at + width > WIDTH and at > 62.0:
            at, down = 62.0, down + 20
        parts.append(
            f'<path class="line {row.style}" d="M{at} {down}h26"/>'
            f'<text class="name" x="{at + 32}" y="{down + 4}">{_text(row.label)}</text>'
        )
        at += width
    return "".join(parts), down + 18 if parts else 10.0


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{_text(title)}">'
        f"<title>{_text(title)}</title>{''.join(parts)}</svg>"
    )


def _wide(text: str) -> float:
    return sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER for letter in text)


def _text(text: str) -> str:
    return html.escape(text)
