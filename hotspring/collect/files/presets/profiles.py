"""A row is a person: identifiers, and all other columns as traits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hotspring.collect.files.mapping import Field
from hotspring.collect.files.preset import PLACES, Preset, Terms, pairs, time_reasons, value
from hotspring.collect.files.row_events import judge_rows, row_events
from hotspring.collect.files.stage import Stage
from hotspring.event import Event

TRAITS: Final = (
    Field("name", "name of the person", aliases=(
        "full_name", "real_name", "姓名", "客户姓名", "会员姓名")),
    Field("gender", "gender", aliases=("sex", "性别")),
    Field("birthday", "day of birth", aliases=(
        "birth_date", "birthdate", "date_of_birth", "生日", "出生日期")),
    Field("age", "age in years", aliases=("年龄",)),
    Field("level", "level of membership", aliases=("member_level", "tier", "会员等级", "等级")),
    Field("registered_at", "when the person registered", aliases=(
        "signup_date", "register_time", "created_at", "注册时间", "注册日期", "入会时间")),
)  # fmt: skip
FIELDS: Final = (
    Field("time", "as of when the row is true; without it, the time of the import", "time", (
        "updated_at", "update_time", "modified_at", "as_of", "更新时间", "修改时间")),
    *TRAITS,
    *PLACES,
)  # fmt: skip


def _judge(stage: Stage, terms: Terms) -> None:
    columns = terms.columns
    named = [f.name for f in (*TRAITS, *PLACES) if f.name in columns.taken]
    traits = {n: stage.json(columns.taken[n]) for n in named}
    traits |= {n: stage.json(n) for n in columns.rest}
    body = pairs(traits)
    dated = columns.has("time")
    facts = {
        "name": "''",
        "time_text": value(stage, terms, "time"),
        "ms": f"({value(stage, terms, 'time', 'ms')})::bigint",
        "dated": "true" if dated else "false",
        "message_id": "null::varchar",
        "properties": "'{}'",
        "traits": f"case when ({body}) = '' then '' else '{{\"set\":{{' || {body} || '}}}}' end",
        "amount": "null::double",
        "currency": "''",
    }
    reasons = time_reasons(terms) if dated else ""
    judge_rows(stage, terms, facts, reasons, "traits")


def _events(stage: Stage, terms: Terms, size: int) -> Iterator[list[Event]]:
    return row_events(stage, terms, size, "identify", "profiles")


PROFILES: Final = Preset(
    name="profiles",
    meaning="one person on each row",
    fields=FIELDS,
    needs=(),
    judge=_judge,
    events=_events,
)
