"""A row is an event: its name, who did it, when; all other columns are properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hotspring.collect.files.mapping import Field
from hotspring.collect.files.preset import (
    CODE,
    PLACES,
    Preset,
    Terms,
    currency,
    pairs,
    time_reasons,
    value,
)
from hotspring.collect.files.row_events import judge_rows, row_events
from hotspring.collect.files.stage import Stage
from hotspring.event import Event

LONGEST_NAME: Final = 200
WORDS: Final = {
    "Product Viewed": ("pv", "view", "click", "浏览", "点击", "查看"),
    "Product Added to Wishlist": ("fav", "favorite", "favourite", "wishlist", "收藏"),
    "Product Added": ("cart", "add_to_cart", "addtocart", "加购", "加购物车", "加入购物车"),
    "Order Completed": ("buy", "purchase", "order", "购买", "下单", "成交", "支付"),
}
"""Short behaviour codes and the event names they stand for; other names stay as they are."""
FIELDS: Final = (
    Field("name", "name of the event", aliases=(
        "event", "event_name", "event_type", "behavior", "behaviour", "behavior_type", "action",
        "事件", "事件名", "事件名称", "行为", "行为类型", "动作")),
    Field("time", "when it happened", "time", (
        "timestamp", "ts", "event_time", "datetime", "date", "created_at", "occurred_at",
        "时间", "事件时间", "发生时间", "行为时间", "日期", "时间戳")),
    Field("message_id", "an id of the event that never changes", aliases=(
        "messageid", "event_id", "事件ID", "消息ID")),
    Field("product_id", "code of the article", aliases=(
        "item_id", "item", "sku", "商品ID", "商品编码", "商品编号")),
    Field("category", "category of the article", aliases=(
        "category_id", "product_category", "类目", "类目ID", "品类")),
    Field("amount", "money of the event", "number", (
        "revenue", "total", "value", "金额", "订单金额")),
    Field("currency", "currency code", aliases=("币种", "货币")),
    *PLACES,
)  # fmt: skip


def _judge(stage: Stage, terms: Terms) -> None:
    columns = terms.columns
    named = ("product_id", "category", *(f.name for f in PLACES))
    body = {n: stage.json(columns.taken[n]) for n in named if n in columns.taken}
    body |= {n: stage.json(n) for n in columns.rest}
    if columns.has("amount"):
        body["value"] = f"({value(stage, terms, 'amount', 'number')})::double::varchar"
    name = value(stage, terms, "name")
    cases = " ".join(
        f"when lower({name}) in ({', '.join(repr(w) for w in words)}) then '{full}'"
        for full, words in WORDS.items()
    )
    facts = {
        "name": f"case {cases} else {name} end",
        "time_text": value(stage, terms, "time"),
        "ms": value(stage, terms, "time", "ms"),
        "dated": "true",
        "message_id": f"({value(stage, terms, 'message_id', 'key')})::varchar",
        "properties": f"'{{' || {pairs(body)} || '}}'",
        "traits": "''",
        "amount_text": f"({value(stage, terms, 'amount')})::varchar",
        "amount": f"({value(stage, terms, 'amount', 'number')})::decimal(18, 4)",
        "currency": currency(stage, terms) if columns.has("amount") else "''",
    }
    reasons = (
        "when name is null then 'no event name' "
        f"when length(name) > {LONGEST_NAME} then 'event name too long' "
        f"{time_reasons(terms)} "
        f"when currency <> '' and not {CODE} then 'bad currency' "
        "when amount is null and amount_text is not null then 'bad amount' "
        f"when length(message_id) > {LONGEST_NAME} then 'message id too long'"
    )
    judge_rows(stage, terms, facts, reasons, "properties")


def _events(stage: Stage, terms: Terms, size: int) -> Iterator[list[Event]]:
    return row_events(stage, terms, size, "track", "events")


EVENTS: Final = Preset(
    name="events",
    meaning="one event on each row",
    fields=FIELDS,
    needs=("name", "time"),
    judge=_judge,
    events=_events,
)
