"""Which order lines stand, what each is worth, and whether it sells or takes back."""

from __future__ import annotations

import enum
from typing import Final

from hotspring.collect.files.preset import (
    CODE,
    Terms,
    currency,
    identified,
    pairs,
    time_reasons,
    value,
)
from hotspring.collect.files.stage import UNITS, Stage, decimal_text

MOST_LINES: Final = 100_000
"""An order with more lines is refused: no such order is one purchase."""
TEXTS: Final = (
    "status", "coupon", "payment_method", "store", "channel",
    "country", "province", "city", "district", "adcode", "longitude", "latitude",
)  # fmt: skip
EXTRAS: Final = ("discount", "shipping", "tax")
PRODUCT: Final = ("product_id", "product", "category")
OF_ORDER: Final = ("total", "paid", "refund")
OF_ROW: Final = ("quantity", "price", "amount", "payment")


class State(enum.IntEnum):
    """What became of an order."""

    DONE = 0
    REFUNDED = 1
    CANCELLED = 2
    UNPAID = 3


WORDS: Final = {
    State.REFUNDED: (
        "refunded", "refund", "returned", "return",
        "退款", "已退款", "退款成功", "退款完成", "退货", "已退货",
    ),
    State.CANCELLED: (
        "cancelled", "canceled", "cancel", "void", "voided", "closed",
        "取消", "已取消", "关闭", "已关闭", "交易关闭", "订单关闭", "作废",
    ),
    State.UNPAID: (
        "unpaid", "pending payment", "pending_payment", "awaiting payment", "awaiting_payment",
        "待付款", "未付款", "待支付", "未支付", "等待买家付款",
    ),
}  # fmt: skip


def judge(stage: Stage, terms: Terms) -> None:
    """Writes the table `lines`: each row with its order, its worth, and why it cannot stand."""
    joins, count, no_identifier = identified(stage, terms)
    ids = [f"i{n}.code as k{n}, i{n}.text as id{n}" for n in range(count)]
    numbers = [
        f"({value(stage, terms, n, 'number')})::decimal(18, 4) as {n}, "
        f"({value(stage, terms, n)})::varchar as {n}_text"
        for n in (*OF_ROW, *OF_ORDER, *EXTRAS)
    ]
    typed = ", ".join(
        [
            f"{no_identifier} as identity_reason",
            *ids,
            f"{value(stage, terms, 'order_id', 'key')} as key",
            f"{value(stage, terms, 'time')} as time_text",
            f"{value(stage, terms, 'time', 'ms')} as ms",
            f"({value(stage, terms, 'closed_at', 'ms')})::bigint as closed_ms",
            f"({value(stage, terms, 'paid_at')})::varchar as paid_at_text",
            f"{currency(stage, terms)} as currency",
            *numbers,
            *(f"({value(stage, terms, n)})::varchar as {n}" for n in TEXTS),
            *(f"({value(stage, terms, n)})::varchar as p_{n}" for n in PRODUCT),
            f"{pairs({n: stage.json(n) for n in terms.columns.rest})} as rest",
        ]
    )
    codes = "".join(f"k{n}, id{n}, " for n in range(count))
    stage.con.execute(f"""
        create table lines as
        with typed as (select row, {typed} from cells {joins}),
        worth as (select *, {_worth(terms)} as worth, {_state()} as state from typed),
        turned as (select *, {REFUND} as refunds from worth)
        select row, {_reason(terms)} as reason, key, refunds::tinyint as refunds, ms, closed_ms,
            state, coalesce(paid_at_text is not null or paid > 0 or payment > 0, false) as paid,
            {_units("worth")} as worth, {_units(TOTAL)} as total, {_units("refund")} as refund,
            currency, {codes} {", ".join(TEXTS)},
            {_head(terms)} as head, {_line(terms)} as line
        from turned
    """)
    _faults(stage, count, terms.settings.max_event_kilobytes * 1024 - 8192)


def has_products(terms: Terms) -> bool:
    """Does a row describe an article?"""
    return any(terms.columns.has(n) for n in ("product_id", "product", "quantity", "price"))


TOTAL: Final = "coalesce(total, case when worth is null then paid end)"
REFUND: Final = (
    "coalesce(worth < 0 or quantity < 0 or total < 0, false) "
    f"and (regexp_matches(key, '^[Cc]\\d') or state in ({State.REFUNDED:d}, {State.CANCELLED:d}))"
)


def _worth(terms: Terms) -> str:
    pieces = "quantity" if terms.columns.has("quantity") else "1::decimal(18, 4)"
    # Small numbers take the short way: casting down from 38 digits is thirty times slower.
    product = (
        f"case when abs({pieces}) < 100000 and abs(price) < 10000 "
        f"then ({pieces} * price)::decimal(18, 4) "
        f"else try_cast({pieces}::decimal(38, 4) * price::decimal(38, 4) as decimal(18, 4)) end"
    )
    return f"coalesce(payment, amount, {product})"


def _state() -> str:
    cases = " ".join(
        f"when lower(status) in ({', '.join(repr(w) for w in words)}) then {state:d}"
        for state, words in WORDS.items()
    )
    return f"case {cases} else 0 end"


def _units(name: str) -> str:
    return f"({name} * {UNITS})::bigint"


def _reason(terms: Terms) -> str:
    numbers = [n for n in (*OF_ROW, *OF_ORDER) if terms.columns.has(n)]
    bad = [f"when {n} is null and {n}_text is not null then 'bad {n}'" for n in numbers]
    return " ".join(
        [
            "case when identity_reason is not null then identity_reason",
            "when key is null then 'no order number'",
            time_reasons(terms),
            f"when not {CODE} then 'bad currency'",
            *bad,
            *_amounts(terms),
            f"when {_unpaid(terms)} then 'unpaid' end",
        ]
    )


def _amounts(terms: Terms) -> list[str]:
    """What may be wrong with the numbers of a line."""
    has = terms.columns.has
    rules = []
    if has("price"):
        rules.append("when price = 0 then 'zero price' when price < 0 then 'negative price'")
    if has("quantity"):
        rules.append("when quantity = 0 then 'zero quantity'")
        rules.append("when quantity < 0 and not refunds then 'negative quantity'")
    rules.append("when (worth < 0 or total < 0) and not refunds then 'negative amount'")
    if has("price") and not any(has(n) for n in ("amount", "payment", *OF_ORDER)):
        rules.append("when price is null then 'no price'")
        if has("quantity"):
            rules.append("when quantity is null then 'no quantity'")
    if any(has(n) for n in ("price", "amount", "payment", "total", "paid")):
        rules.append(
            "when coalesce(worth, total, paid) is null then "
            "case when price is null then 'no amount' else 'amount out of range' end"
        )
    return rules


def _unpaid(terms: Terms) -> str:
    said = f"state = {State.UNPAID:d}"
    if terms.columns.has("paid_at"):
        nothing = "paid_at_text is null and not coalesce(paid, payment, 0) > 0"
    elif terms.columns.has("paid"):
        nothing = "coalesce(paid, 0) = 0 and coalesce(refund, 0) = 0"
        nothing += " and coalesce(total, worth, 0) > 0"
    else:
        return said
    return f"{said} or ({nothing} and state <> {State.CANCELLED:d})"


def _head(terms: Terms) -> str:
    fields = {"order_id": "to_json(key)::varchar"}
    fields |= {n: f"to_json({n})::varchar" for n in TEXTS if terms.columns.has(n)}
    fields |= {n: decimal_text(n) for n in EXTRAS if terms.columns.has(n)}
    head = pairs(fields)
    return head if has_products(terms) else f"concat_ws(',', {head}, nullif(rest, ''))"


def _line(terms: Terms) -> str:
    if not has_products(terms):
        return "null::varchar"
    fields = {
        "product_id": "to_json(p_product_id)::varchar",
        "name": "to_json(p_product)::varchar",
        "category": "to_json(p_category)::varchar",
        "quantity": decimal_text("abs(quantity)"),
        "price": decimal_text("price"),
    }
    has = terms.columns.has
    body = pairs({n: sql for n, sql in fields.items() if has("product" if n == "name" else n)})
    return f"'{{' || concat_ws(',', nullif({body}, ''), nullif(rest, '')) || '}}'"


def _faults(stage: Stage, count: int, room: int) -> None:
    """Refuses the lines of orders that contradict themselves."""
    people = " or ".join(f"min(k{n}) <> max(k{n})" for n in range(count)) or "false"
    stage.con.execute(f"""
        create table faults as select * from (
            select key, refunds, case when {people} then 'two customers'
                when min(currency) <> max(currency) then 'two currencies'
                when min(total) <> max(total) then 'two totals'
                when count(*) > {MOST_LINES} then 'too many lines' end as reason,
                coalesce(sum(strlen(line)), 0) as size
            from lines where reason is null group by key, refunds
        ) where reason is not null or size > {room}
    """)
    found = stage.con.execute("select count(*) from faults where reason is not null").fetchone()
    if found[0]:
        stage.con.execute("""
            update lines set reason = f.reason from faults f
            where lines.reason is null and f.reason is not null
                and lines.key = f.key and lines.refunds = f.refunds
        """)
