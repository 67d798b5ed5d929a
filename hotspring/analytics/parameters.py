"""Parameters of analyses: what all of them have in common, read with the place of every fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar

import msgspec
import numpy as np

from hotspring.days import Days
from hotspring.errors import ParametersRefused, RuleFault

P = TypeVar("P")
LONGEST: Final = 3_660
"""Days of a period."""
EPOCH: Final = dt.date(1970, 1, 1)
FINE: Final = msgspec.Meta(extra_json_schema={"x-fine": True})
"""Few ask for it: a form keeps it folded away."""


def called(**each: tuple[str, str]) -> msgspec.Meta:
    """What each of a few values is called, in English and Chinese: `x-words` of the schema."""
    said = {value: {"en": en, "zh": zh} for value, (en, zh) in each.items()}
    return msgspec.Meta(extra_json_schema={"x-words": said})


Unit = Annotated[
    Literal["day", "week", "month"],
    called(day=("Day", "天"), week=("Week", "周"), month=("Month", "月")),
]


def told(
    en: str, zh: str, about_en: str = "", about_zh: str = "", form: str = "", **limits: Any
) -> msgspec.Meta:
    """What a parameter is called, and how a form asks for it, in both languages.

    In the schema: `title` and `description` in English, `x-zh` the same in Chinese; `format` names
    the editor: date, event, events, condition, dimension, rule, channel, source, step or steps.
    """
    extra: dict[str, Any] = {"x-zh": {"title": zh, "description": about_zh}}
    if form:
        extra["format"] = form
    return msgspec.Meta(title=en, description=about_en, extra_json_schema=extra, **limits)


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of parameters."""


class Step(Part, frozen=True, kw_only=True):
    """Events of one name, or of any where it is null, that meet all conditions."""

    event: Annotated[
        Annotated[str, msgspec.Meta(min_length=1, max_length=400)] | None,
        told("Event", "事件", "Any where none is named.", "空为任意事件。", "event"),
    ]
    where: Annotated[
        tuple[dict[str, Any], ...],
        told(
            "Conditions", "条件", "On its fields, as in a rule.", "对字段的条件，与规则中相同。",
            "conditions", max_length=20,
        ),
    ] = ()  # fmt: skip


UNIT_MS: Final = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000}


class Window(Part, frozen=True, kw_only=True):
    """A length of time."""

    amount: Annotated[int, told("Length", "长度", ge=1, le=100_000)] = 7
    unit: Annotated[
        Literal["minute", "hour", "day"],
        told("Unit", "单位"),
        called(minute=("Minutes", "分钟"), hour=("Hours", "小时"), day=("Days", "天")),
    ] = "day"

    @property
    def ms(self) -> int:
        return self.amount * UNIT_MS[self.unit]


class Parameters(Part, frozen=True, kw_only=True):
    """What every analysis may be asked with."""

    since: Annotated[
        str | None,
        told("From", "开始日期", "The first day; else so many days back.",
             "第一天；不填则按天数倒推。", "date"),
    ] = msgspec.field(default=None, name="from")  # fmt: skip
    until: Annotated[
        str | None,
        told("To", "结束日期", "The last day, included; else today.",
             "最后一天（含）；不填为今天。", "date"),
    ] = None  # fmt: skip
    days: Annotated[
        int,
        told("Days", "天数", "Length of the period, where it has no first day.",
             "没有开始日期时，时段的天数。", ge=1, le=LONGEST),
    ] = 30  # fmt: skip
    people: Annotated[
        Literal["everybody", "known"],
        told(
            "People", "人群", "Everybody, or only known profiles.", "所有访客，或仅已识别的用户。"
        ),
        called(everybody=("Everybody", "所有访客"), known=("Known profiles", "已识别的用户")),
    ] = "everybody"
    rule: Annotated[
        dict[str, Any] | None,
        told("Segment or rule", "分群或规则", "Only known profiles of whom this rule is true now.",
             "仅统计目前符合该规则的已识别用户。", "rule"),
    ] = None  # fmt: skip
    channels: Annotated[
        tuple[str, ...],
        told("Channels", "渠道", "Only events of these.", "仅统计这些渠道的事件。", "channels",
             max_length=50),
    ] = ()  # fmt: skip
    sources: Annotated[
        tuple[str, ...],
        told("Sources", "数据源", "Only events of these.", "仅统计这些数据源的事件。", "sources",
             max_length=50),
    ] = ()  # fmt: skip

    def places(self) -> dict[str, Step]:
        """Every step by its place, as `/steps/0`."""
        return dict(_steps(self, ""))

    def place(self, text: str) -> str:
        """Which field says this, as `/by`?"""
        fields = msgspec.structs.fields(self)
        return next((f"/{one.encode_name}" for one in fields if getattr(self, one.name) == text),
                    "/")  # fmt: skip


def _steps(value: Any, at: str) -> Iterator[tuple[str, Step]]:
    if isinstance(value, Step):
        yield at, value
    elif isinstance(value, Parameters):
        for field in msgspec.structs.fields(value):
            yield from _steps(getattr(value, field.name), f"{at}/{field.encode_name}")
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _steps(one, f"{at}/{place}")


class Period(NamedTuple):
    """Whole days of a pool's time zone: `first` to `last`, both included, numbered since 1970."""

    first: int
    last: int

    def bounds(self, days: Days) -> tuple[int, int]:
        """`start <= ms < end`."""
        start, end = days.start(np.array([self.first, self.last + 1]))
        return int(start), int(end)

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def before(self) -> Period:
        """The period as long that ends where this one begins."""
        return Period(self.first - self.length, self.first - 1)


def read(params: type[P], given: Any) -> P:
    """Typed parameters of plain values of JSON. Raises `ParametersRefused` with the place."""
    try:
        return msgspec.convert(given, params)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        said = message[:1].lower() + message[1:]
        raise ParametersRefused([RuleFault(place or "/", "wrong_value", said)]) from None


def period(asked: Parameters, days: Days, now: int) -> Period:
    """Which days are asked for, seen at `now`? Raises `ParametersRefused` for what are none."""
    today = int(days.of(np.array([now]))[0])
    last = today if asked.until is None else day(asked.until, "/until")
    first = last - asked.days + 1 if asked.since is None else day(asked.since, "/from")
    if first > last:
        said = "the first day lies after the last"
        raise ParametersRefused([RuleFault("/from", "window", said)])
    if last - first >= LONGEST:
        said = f"a period has at most {LONGEST} days"
        raise ParametersRefused([RuleFault("/from", "window", said)])
    return Period(first, last)


def day(text: str, place: str) -> int:
    """The day that is written as `2026-01-31`. Raises `ParametersRefused` with its place."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        said = "write a date as 2026-01-31"
        raise ParametersRefused([RuleFault(place, "wrong_value", said)]) from None
    if not 1900 < found.year < 2200:
        said = "write a date as 2026-01-31"
        raise ParametersRefused([RuleFault(place, "wrong_value", said)])
    return (found - EPOCH).days


def dated(day: int) -> str:
    """A day as `2026-01-31`."""
    return (EPOCH + dt.timedelta(days=day)).isoformat()


def units(day: Any, unit: Unit) -> Any:
    """In which day, week from Monday, or month does each day lie? Numbers that ascend by one."""
    if unit == "day":
        return day
    if unit == "week":
        # 1970-01-01 was a Thursday.
        return (day + 3) // 7
    found = np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return found if np.ndim(day) else int(found)


def begins(number: int, unit: Unit) -> int:
    """The first day of such a unit."""
    if unit == "day":
        return number
    if unit == "week":
        return number * 7 - 3
    return int(np.datetime64(number, "M").astype("datetime64[D]").astype(np.int64))
