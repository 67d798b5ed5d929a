"""Which order lines stand, what each is worth, and whether it sells or takes back."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from hotspring.collect.files.preset import (
    CODE,
    Terms,
    currency,
    identified,
    quoted,
    time_reasons,
    value,
)
from hotspring.collect.files.rejects import REASONS
from hotspring.collect.files.stage import UNITS, Stage

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


ARTICLE: Final = {
    "product_id": ("product_id", "quoted"),
    "name": ("product", "quoted"),
    "category": ("category", "quoted"),
    "quantity": ("quantity", "pieces"),
    "price": ("price", "short"),
}
"""What is told of an article: by name the field, and the form it is written in."""


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
    """Writes the table `lines`: each row with its order, its worth, and why it cannot stand.

    `key` is the place of the order number among all of them, as the table `orders` tells; a column
    that the file does not fill is left out. The cells of which events are made come along.
    """
    joins, count, no_identifier = identified(stage, terms)
    order, joined = _orders(stage, terms)
    numbers = [
        f"({value(stage, terms, n, 'number')})::decimal(18, 4) as {n}, "
        f"({value(stage, terms, n)})::varchar as {n}_text"
        for n in (*OF_ROW, *OF_ORDER)
    ]
    typed = ", ".join(
        [
            f"{no_identifier} as identity_reason",
            *(f"i{n}.code::integer as k{n}, i{n}.text as id{n}" for n in range(count)),
            f"{order} as key, orders.cancels as cancels",
            f"{value(stage, terms, 'time')} as time_text",
            f"{value(stage, terms, 'time', 'ms')} as ms",
            f"({value(stage, terms, 'closed_at', 'ms')})::bigint as closed_ms",
            f"({value(stage, terms, 'paid_at')})::varchar as paid_at_text",
            f"({value(stage, terms, 'status')})::varchar as status",
            f"{currency(stage, terms)} as currency",
            f"{_size(stage, terms)} as size",
            *numbers,
        ]
    )
    reasons = ", ".join(f"'{reason}'" for reason in REASONS)
    stage.con.execute(f"create type reason as enum ({reasons})")
    stage.con.execute(f"""
        create table lines as
        with typed as (select cells.*, {typed} from cells {joins} {joined}),
        worth as (select *, {_worth(terms)} as worth, {_state()} as state from typed),
        turned as (select *, {REFUND} as refunds from worth)
        select row, ({_reason(terms)})::reason as reason, {", ".join(kept(stage, terms).values())}
        from turned
    """)
    _who(stage, count)
    _faults(stage, terms, terms.settings.max_event_kilobytes * 1024 - 8192)


def kept(stage: Stage, terms: Terms) -> dict[str, str]:
    """The columns of `lines` beside row and reason, with their SQL."""
    has = terms.columns.has
    columns = {
        "key": "key",
        "refunds": "refunds::tinyint as refunds",
        "ms": "ms",
        "state": "state::tinyint as state",
        "paid": "coalesce(paid_at_text is not null or paid > 0 or payment > 0, false) as paid",
        "worth": f"{_units('worth')} as worth",
    }
    given = {
        "total": (f"{_units(TOTAL)} as total", has("total") or has("paid")),
        "refund": (f"{_units('refund')} as refund", has("refund")),
        "closed_ms": ("closed_ms", has("closed_at")),
        "currency": ("currency", has("currency")),
        "size": ("size::integer as size", has_products(terms)),
    }
    columns |= {name: sql for name, (sql, there) in given.items() if there}
    count = len(terms.columns.identifiers())
    columns |= {f"k{n}": f"k{n}" for n in range(count)}
    carried = _carried(stage, terms)
    return columns | {f"c{place}": f"{cell} as c{place}" for place, cell in carried.items()}


def _carried(stage: Stage, terms: Terms) -> dict[int, str]:
    """The cells of which heads, lines and places are made, as `raw` has them."""
    wanted = [*TEXTS, *EXTRAS, *PRODUCT, "quantity", "price"]
    taken = [terms.columns.taken[n] for n in wanted if n in terms.columns.taken]
    return {stage.place(n): stage.cell(n) for n in dict.fromkeys((*taken, *terms.columns.rest))}


def _orders(stage: Stage, terms: Terms) -> tuple[str, str]:
    """SQL of an order's place among all, and of the join for it. Table `orders`: value, rank."""
    number = value(stage, terms, "order_id", "key")
    column = terms.columns.taken.get("order_id")
    place = None if column is None else stage.place(column)
    facts = {
        "rank": "(row_number() over (order by value))::integer",
        "cancels": "regexp_matches(value, '^[Cc]\\d')",
        "quoted": "to_json(value)::varchar",
    }
    return "orders.rank", stage.cells.spread("orders", place, number, facts)


def has_products(terms: Terms) -> bool:
    """Does a row describe an article?"""
    return any(terms.columns.has(n) for n in ("product_id", "product", "quantity", "price"))


TOTAL: Final = "coalesce(total, case when worth is null then paid end)"
REFUND: Final = (
    "coalesce(worth < 0 or quantity < 0 or total < 0, false) "
    f"and (cancels or state in ({State.REFUNDED:d}, {State.CANCELLED:d}))"
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


def tail(stage: Stage, terms: Terms) -> str:
    """SQL: what a line says of its whole order, beside the number, as the inside of an object."""
    told = {n: (n, "quoted") for n in TEXTS} | {n: (n, "short") for n in EXTRAS}
    parts = _pieces(stage, terms, told)
    if not has_products(terms):
        parts += _rest(stage, terms)
    return f"concat_ws(',', {', '.join(sql for sql, _ in parts)})" if parts else "''"


def line(stage: Stage, terms: Terms) -> str:
    """SQL: the article of a line as a JSON object."""
    if not has_products(terms):
        return "null::varchar"
    parts = ", ".join(sql for sql, _ in _article(stage, terms))
    return f"'{{' || concat_ws(',', {parts}) || '}}'"


def _size(stage: Stage, terms: Terms) -> str:
    """SQL: how many bytes has `line`?"""
    if not has_products(terms):
        return "0"
    # With each piece goes a comma, but with the last, and around them are two braces.
    sizes = " + ".join(f"coalesce({size} + 1, 0)" for _, size in _article(stage, terms))
    return f"greatest({sizes} + 1, 2)"


def _article(stage: Stage, terms: Terms) -> list[tuple[str, str]]:
    return [*_pieces(stage, terms, ARTICLE), *_rest(stage, terms)]


def _rest(stage: Stage, terms: Terms) -> list[tuple[str, str]]:
    return [stage.piece(name, "json", quoted(name)) for name in terms.columns.rest]


def _pieces(
    stage: Stage, terms: Terms, told: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str]]:
    """SQL of `"name":value` for each of these that the file has, and of how long that is.

    Both are null where a row lacks the value.
    """
    parts = []
    for name, (field, form) in told.items():
        if field in terms.columns.taken:
            parts.append(stage.piece(terms.columns.taken[field], form, quoted(name)))
        elif field in terms.columns.constants:
            sql = f"{quoted(name)} || {value(stage, terms, field, form)}"
            parts.append((sql, f"strlen({sql})"))
    return parts


def _faults(stage: Stage, terms: Terms, room: int) -> None:
    """Refuses the lines of orders that contradict themselves."""
    columns = kept(stage, terms)
    count = len(terms.columns.identifiers())
    size = "coalesce(sum(size), 0)" if "size" in columns else "0"
    several = {f"k{n}": "two customers" for n in range(count)}
    several |= {"currency": "two currencies", "total": "two totals"}
    rules = [
        f"when min({name}) <> max({name}) then '{reason}'"
        for name, reason in several.items()
        if name in columns
    ]
    stage.con.execute(f"""
        create table faults as select * from (
            select key, refunds, case {" ".join(rules)}
                when count(*) > {MOST_LINES} then 'too many lines' end as reason,
                {size} as size
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


def _who(stage: Stage, count: int) -> None:
    """Makes the view `who`: the identifiers of lines that stand, id0 and so on."""
    codes = ", ".join(f"k{n}" for n in range(count))
    texts = ", ".join(f"i{n}.text as id{n}" for n in range(count))
    joins = " ".join(f"left join i{n} on i{n}.code = k{n}" for n in range(count))
    stage.con.execute(f"""
        create view who as select {texts or "null as id0"}
        from (select distinct {codes or "null"} from lines where reason is null) {joins}
    """)
