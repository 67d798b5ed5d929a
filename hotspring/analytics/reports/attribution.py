"""Attribution: which touchpoints are conversions owed to, by several models side by side."""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple

import msgspec
import numpy as np

from hotspring.analytics.parameters import FINE, called, told
from hotspring.analytics.report import (
    REST,
    Analysis,
    Cell,
    Chart,
    Column,
    Kind,
    Reads,
    Result,
    Said,
    Setting,
    Slots,
    Source,
    Table,
    Words,
)
from hotspring.analytics.reports._owed import (
    MOST,
    RULES,
    Touching,
    gathered,
    regrouped,
    steps_of,
    window_of,
)
from hotspring.analytics.words import PEOPLE
from hotspring.attribution import Credit, Journeys, Markov, Shapley, Window, walk

HOUR_MS: Final = 3_600_000
MODELS: Final = (*RULES, "markov", "shapley")


class Attribution(Touching, frozen=True, kw_only=True):
    """Parameters of attribution."""

    value: Annotated[
        Literal["revenue", "lifetime"],
        told("Value", "价值",
             "Revenue: what the conversion brought. Lifetime: the first conversion of the period "
             "stands for all that a person has paid until now.",
             "收入：该次转化带来的；累计付款：每人只计时段内第一次转化，价值为其至今全部付款。"),
        called(revenue=("Revenue", "收入"), lifetime=("Lifetime", "累计付款")),
    ] = "revenue"  # fmt: skip
    refit: Annotated[
        Literal["hour", "day", "always"],
        told("Fit anew", "重新拟合",
             "Markov and Shapley learn from what was there when the hour or the day began; later "
             "conversions are credited by that. Always: with every question.",
             "马尔可夫与夏普利值只学习本小时或当天开始之前的数据，之后的转化按该结果分配；"
             "每次提问：始终用全部数据。"),
        called(hour=("Every hour", "每小时"), day=("Every day", "每天"),
               always=("With every question", "每次提问")),
        FINE,
    ] = "hour"  # fmt: skip


class Owed(NamedTuple):
    """Journeys, whose they are, and what every model makes of them."""

    journeys: Journeys
    """With at most 50 touchpoints."""
    whose: Slots
    alone: int
    alone_value: float
    credits: dict[str, dict[str, tuple[float, float]]]
    """Conversions and value by model and touchpoint."""
    chain: Markov
    later: int
    """Conversions that were credited by the last fit."""


def _lifetime(asked: Attribution, setting: Setting) -> Window | None:
    return window_of(asked, setting, setting.period) if asked.value == "lifetime" else None


def reads(asked: Attribution, setting: Setting) -> Reads:
    window, lifetime = window_of(asked, setting, setting.period), _lifetime(asked, setting)
    # Refunds of these conversions may come later than all of them.
    since = 0 if lifetime is not None else window.start - window.lookback_ms
    steps, _ = steps_of(asked, setting, lifetime is not None)
    return Reads(since, max(window.end, setting.now + 1), steps=steps, by=(asked.by,), money=True)


def fitted_at(asked: Attribution, setting: Setting) -> int:
    """From which moment on (ms) are conversions credited by what was learnt before it?"""
    if asked.refit == "always":
        return setting.now + 1
    if asked.refit == "hour":
        return setting.now - setting.now % HOUR_MS
    days = setting.days
    return int(days.start(days.of(np.array([setting.now])))[0])


def find(asked: Attribution, source: Source, setting: Setting) -> Owed:
    deeds = gathered(asked, source, setting, lifetime=_lifetime(asked, setting))
    window, at = window_of(asked, setting, setting.period), fitted_at(asked, setting)
    found = walk(deeds.slot, deeds.ms, deeds.touch, deeds.brought, window, deeds.names)
    journeys, _ = found.journeys.grouped(MOST)
    past, later = journeys, (found.when >= at) & (journeys.conversions > 0)
    if window.end > at:
        # What had not converted then may have since: the journeys of then are walked anew.
        old, until = deeds.before(at), msgspec.structs.replace(window, end=at)
        walked = walk(old.slot, old.ms, old.touch, old.brought, until, old.names)
        past = regrouped(walked.journeys, journeys.names)
    chain, shapley = Markov.of(past, asked.order), Shapley.of(past, asked.worth)
    since = journeys.only(later)
    credits = {
        **{model: _by_name(journeys, asked.sharing(model).credit(journeys)) for model in RULES},
        "markov": _by_name(
            chain.journeys, _on(chain.credit, since, Credit(chain.removal, chain.value_removal))
        ),
        "shapley": _by_name(
            shapley.journeys,
            _on(shapley.credit, regrouped(since, shapley.journeys.names), _played(shapley)),
        ),
    }
    return Owed(journeys, found.whose, found.alone, found.alone_value, credits, chain,
                int(later.sum()))  # fmt: skip


def _played(shapley: Shapley) -> Credit:
    """By what later conversions are shared: with `conversions` a fit would share each evenly."""
    none = np.zeros(len(shapley.journeys.names))
    return Credit(none, none) if shapley.worth == "conversions" else shapley.credit


def _on(fitted: Credit, since: Journeys, weights: Credit) -> Credit:
    """Credit of a fit, and on top of it that of the conversions since."""
    more = since.shared(weights)
    return Credit(fitted.conversions + more.conversions, fitted.value + more.value)


def _by_name(journeys: Journeys, credit: Credit) -> dict[str, tuple[float, float]]:
    return dict(journeys.table(credit))


def tell(asked: Attribution, found: Owed, setting: Setting) -> Result:
    names, journeys, chain = _order(found), found.journeys, found.chain
    removal = dict(zip(chain.journeys.names, chain.removal.tolist(), strict=True))
    kinds: tuple[tuple[str, Kind], ...] = (("conversions", "number"), ("value", "money"))
    tables = [
        Table(
            table,
            (Column("group", "group", key=True), *(Column(model, kind) for model in MODELS)),
            [[name, *(_part(found, model, name, which) for model in MODELS)] for name in names],
        )
        for which, (table, kind) in enumerate(kinds)
    ]
    reach = []
    for name in names:
        many = journeys.touching(name)
        reach.append([
            name, len(np.unique(found.whose[many])), int(many.sum()),
            len(np.unique(found.whose[many & (journeys.conversions > 0)])),
            int(journeys.conversions[many].sum()), removal.get(name),
        ])  # fmt: skip
    columns = (
        Column("group", "group", key=True), Column("people", "count", drill=True),
        Column("journeys", "count"), Column("buyers", "count", drill=True),
        Column("touched", "count"), Column("removal", "share"),
    )  # fmt: skip
    attributed = float(journeys.conversions.sum())
    every = attributed + found.alone
    figures: dict[str, float | int | None] = {
        "conversions": int(every),
        "attributed": int(attributed),
        "alone": found.alone,
        "value": float(journeys.value.sum()) + found.alone_value,
        "attributed_value": float(journeys.value.sum()),
        "journeys": len(journeys.ends),
        "rate": chain.rate if len(chain.journeys.ends) else None,
        "shorter": chain.shorter,
        "fitted": min(fitted_at(asked, setting), setting.now) if len(journeys.ends) else None,
        "later": found.later,
    }
    charts = [Chart("bar", table, "group", MODELS) for table in ("conversions", "value")]
    sentence = "nothing" if not every else "thin" if chain.shorter > 0 else "done"
    return Result(figures, (*tables, Table("reach", columns, reach)), tuple(charts), sentence)


def _order(found: Owed) -> list[str]:
    """Touchpoints, those first that are owed most by the linear model; the rest at the end."""
    linear = found.credits["linear"]
    names = sorted(linear, key=lambda name: (name == REST, -linear[name][0], name))
    played = found.credits["shapley"]
    return [*names, *([REST] if REST in played and REST not in names else [])]


def _part(found: Owed, model: str, name: str, which: int) -> float | None:
    """None where a model took the touchpoint together with others."""
    part = found.credits[model].get(name)
    return None if part is None else part[which]


def who(asked: Attribution, found: Owed, cell: Cell, setting: Setting) -> Slots | None:
    name, column = cell.get("group"), cell.get("column")
    if cell.get("table") != "reach" or name not in found.journeys.names:
        return None
    many = found.journeys.touching(str(name))
    if column == "buyers":
        many &= found.journeys.conversions > 0
    elif column != "people":
        return None
    return np.unique(found.whose[many])


WORDS: Final = Words(
    title=Said("Attribution", "归因"),
    about=Said(
        "Which touchpoints conversions are owed to, by eight models side by side.",
        "转化应归功于哪些触点，八种模型并列对照。",
    ),
    tables={
        "conversions": Said("Conversions", "转化数"),
        "value": Said("Value", "价值"),
        "reach": Said("Reach", "触达"),
    },
    columns={
        "group": Said("Touchpoint", "触点"),
        "first": Said("First", "首次触点"),
        "last": Said("Last", "末次触点"),
        "last_non_direct": Said("Last non-direct", "末次非直接"),
        "linear": Said("Linear", "线性"),
        "time_decay": Said("Time decay", "时间衰减"),
        "position": Said("Position", "位置"),
        "markov": Said("Markov", "马尔可夫"),
        "shapley": Said("Shapley", "夏普利值"),
        "people": PEOPLE,
        "journeys": Said("Journeys", "旅程数"),
        "buyers": Said("People who converted", "转化人数"),
        "touched": Said("Conversions with it", "含该触点的转化"),
        "removal": Said("Lost without it", "去掉后损失"),
    },
    figures={
        "conversions": ("count", Said("Conversions", "转化数")),
        "attributed": ("count", Said("With a touch", "有触点的转化")),
        "alone": ("count", Said("Without any touch", "没有触点的转化")),
        "value": ("money", Said("Value", "价值")),
        "attributed_value": ("money", Said("Value with a touch", "有触点的价值")),
        "journeys": ("count", Said("Journeys", "旅程数")),
        "rate": ("share", Said("Journeys that convert", "旅程转化率")),
        "shorter": (
            "share", Said("Touches told by a shorter state", "由更短状态代替的触点"),
        ),
        "fitted": ("moment", Said("Markov and Shapley as of", "马尔可夫与夏普利值截至")),
        "later": ("count", Said("Credited by that fit", "按该结果分配的转化")),
    },
    sentences={
        "done": Said(
            "Of {conversions} conversions {attributed} had a touch to look back on, {alone} had "
            "none. Markov and Shapley are as of {fitted}.",
            "{conversions} 次转化中，{attributed} 次之前有触点，{alone} 次没有。"
            "马尔可夫与夏普利值截至 {fitted}。",
        ),
        "thin": Said(
            "Of {conversions} conversions {attributed} had a touch to look back on, {alone} had "
            "none. Data is thin for the chain: {shorter} of its touches are told by a shorter "
            "state. Markov and Shapley are as of {fitted}.",
            "{conversions} 次转化中，{attributed} 次之前有触点，{alone} 次没有。数据不足以支撑"
            "所选阶数：{shorter} 的触点改用更短的状态。马尔可夫与夏普利值截至 {fitted}。",
        ),
        "nothing": Said("No conversion in this period.", "这段时间没有转化。"),
    },
)  # fmt: skip
ANALYSIS: Final = Analysis(
    WORDS, Attribution, reads, find, tell, who, example={"by": "channel", "lookback": 7}
)
