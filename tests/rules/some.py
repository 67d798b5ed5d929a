"""A small catalogue, and rules over it that are all well made."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hotspring.rules import Catalogue, Spot, read
from hotspring.rules.nested import Thing

NOW = 1_760_000_000_000
HOUR = 3_600_000
TEXTS = ("x", "yx", "Zoë", "")
NUMBERS = (-1.5, 0, 1, 2.25, 3)
SEGMENTS = ("friends", "foes")

MOOD: tuple[Any, ...] = (
    {"trait": {"name": "vip", "op": "eq", "value": True}},
    {"or": [{"tag": {"id": "colour", "any_of": ["red"]}}, {"identifier": {"kind": "email"}}]},
    {"temperature": {"op": "ge", "value": 1}},
)
"""The rules of a tag: the first that is true gives the value."""
TAGS = {
    "staff": Thing("tag", "Staff", words=("",)),
    "colour": Thing("tag", "Colour", words=("red", "blue")),
    "buyer": Thing("tag", "Buyer", (read(MOOD[2], None),), words=("",)),
    "mood": Thing("tag", "Mood", tuple(read(one, None) for one in MOOD),
                  words=("gay", "calm", "grim")),
}  # fmt: skip
"""By hand and by rule, a yes and some values."""

CATALOGUE = Catalogue(
    timezone="Asia/Shanghai",
    traits={
        "city": "string", "age": "number", "vip": "boolean", "born": "datetime", "likes": "list",
        "home": "object",
    },
    events={
        "a": {"n": "number", "t": "string", "f": "boolean", "d": "datetime", "l": "list"},
        "b": {"n": "number", "t": "string"},
        "c": {},
    },
    identifiers=frozenset({"phone", "email"}),
    purposes=frozenset({"marketing", "place"}),
    channels=frozenset({"email", "sms"}),
    lifecycle=True,
    things={**{one: Thing("segment", one) for one in SEGMENTS}, **TAGS,
            "activity": Thing("score", "Activity"),
            "worth": Thing("scheme", "Worth", words=("gold", "silver"))},
    districts={"44": "广东省", "4401": "广州市", "440103": "荔湾区", "11": "北京市"},
    districts_en={"44": "Guangdong", "4401": "Guangzhou"},
    areas={"area1": "Riverside", "area2": "Old town"},
    outlets={"shop": Spot("First shop", 113.3, 23.1)},
    rates={"CNY": 1.0, "USD": 7.25},
)  # fmt: skip

KINDS = {"string": TEXTS, "number": NUMBERS, "boolean": (True, False)}
FIELDS = {
    "a": {f"properties.{name}": kind for name, kind in CATALOGUE.events["a"].items()},
    "b": {f"properties.{name}": kind for name, kind in CATALOGUE.events["b"].items()},
    "c": {},
}


def spans(hours: int = 100) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda n: {"amount": n, "unit": "hour"}, st.integers(1, hours))


def moments(ahead: bool) -> st.SearchStrategy[Any]:
    ago = st.builds(lambda n: {"ago": n, "unit": "hour"}, st.integers(0, 100))
    at = st.sampled_from(({"at": "2025-10-07"}, {"at": "2025-10-08T12:30:00+02:00"}))
    later = st.builds(lambda n: {"ahead": n, "unit": "hour"}, st.integers(0, 100))
    return st.one_of(ago, at, later) if ahead else st.one_of(ago, at)


def _in_order(since: Any, until: Any) -> dict[str, Any]:
    both = {"from": since, "to": until}
    if since is not None and until is not None:
        away = {"ago": -1, "ahead": 1}
        keys = [next((k for k in away if k in one), "") for one in (since, until)]
        if all(keys):
            hours = [away[k] * one[k] for k, one in zip(keys, (since, until), strict=True)]
            if hours[0] >= hours[1]:
                both = {"to": until}
        elif not any(keys):
            both = {"from": since}
    elif since is not None and since.get("ago") == 0:
        both = {}
    return {key: one for key, one in both.items() if one is not None}


def windows(ahead: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    end = st.one_of(st.none(), moments(ahead))
    return st.builds(_in_order, end, end)


def tests(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Questions about a value of a kind."""
    exists = st.builds(lambda yes: {"op": "exists", "value": yes}, st.booleans())
    if kind == "datetime":
        asked = st.builds(lambda w: {"op": "during", "value": w}, windows(ahead=True))
        return st.one_of(exists, asked)
    if kind == "object":
        return exists
    values = st.sampled_from(KINDS.get(kind, TEXTS))
    lists = st.lists(values, min_size=1, max_size=3)
    one = {
        "string": ("eq", "ne", "contains", "starts_with"),
        "number": ("eq", "ne", "gt", "ge", "lt", "le"),
        "boolean": ("eq", "ne"),
        "list": ("contains",),
    }[kind]
    found = [exists, st.builds(lambda op, v: {"op": op, "value": v}, st.sampled_from(one), values)]
    if kind in ("string", "number"):
        many = st.sampled_from(("in", "not_in"))
        found.append(st.builds(lambda op, v: {"op": op, "value": v}, many, lists))
    if kind == "number":
        two = st.tuples(values, values).map(sorted)
        found.append(st.builds(lambda v: {"op": "between", "value": v}, two))
    return st.one_of(found)


@st.composite
def conditions(draw: st.DrawFn, event: str | None) -> dict[str, Any]:
    fields = {
        "channel": "string",
        "name": "string",
        "amount": "number",
        **FIELDS["b" if event is None else event],
    }
    field = draw(st.sampled_from(sorted(fields)))
    money = {"currency": draw(st.sampled_from(("CNY", "USD")))} if field == "amount" else {}
    return {"field": field, **money, **draw(tests(fields[field]))}


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    event = draw(st.sampled_from(("a", "b", "c", None)))
    return {"event": event, "where": draw(st.lists(conditions(event), max_size=1))}


@st.composite
def behaviours(draw: st.DrawFn) -> dict[str, Any]:
    found = {**draw(steps()), "window": draw(windows())}
    choices = ("count", "count", "count", "sum", "mean", "max", "min", "distinct", "first", "last")
    measure = found["measure"] = draw(st.sampled_from(choices))
    if measure in ("first", "last"):
        return {**found, "op": "during", "value": draw(windows(ahead=True))}
    if measure != "count":
        texts = measure == "distinct" and found["event"] in ("a", "b") and draw(st.booleans())
        number = "amount" if found["event"] in ("c", None) else "properties.n"
        found["field"] = "properties.t" if texts else number
        if found["field"] == "amount":
            found["currency"] = draw(st.sampled_from(("CNY", "USD")))
        if measure == "sum" and draw(st.booleans()):
            found["less"] = draw(steps())
            if found["field"] != "amount" and found["less"]["event"] == "c":
                found["less"] = {"event": "b"}
    op = draw(st.sampled_from(("eq", "ne", "gt", "ge", "lt", "le", "between")))
    value = draw(st.sampled_from((0, 1, 2, 2.25)))
    return {**found, "op": op, "value": [0.5, value + 1] if op == "between" else value}


@st.composite
def sequences(draw: st.DrawFn) -> dict[str, Any]:
    found = {"first": draw(steps()), "then": draw(steps()), "window": draw(windows())}
    within = draw(st.one_of(st.none(), spans(50)))
    return {**found, **({"within": within} if within else {}), "followed": draw(st.booleans())}


def some(*names: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=3)


@st.composite
def _named(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(CATALOGUE.traits)))
    return {"name": name, **draw(tests(CATALOGUE.traits[name]))}


BANDS = ("hot", "warm", "cool", "cold")
FACTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "trait": _named(),
    "tag": st.one_of(
        st.builds(lambda one: {"id": one}, st.sampled_from(("staff", "buyer", "mood"))),
        st.builds(lambda v: {"id": "colour", "any_of": v}, st.lists(st.just("red"), max_size=1)),
        st.builds(lambda v: {"id": "mood", "any_of": v}, some("gay", "calm", "grim")),
    ),
    "temperature": tests("number"),
    "band": st.builds(lambda v: {"any_of": v}, some(*BANDS, "never_warm", "cooled")),
    "next_band": st.builds(
        lambda s, v: {"within": s, "any_of": v}, spans(), st.lists(st.sampled_from(BANDS))
    ),
    "score": tests("number").map(lambda asked: {"id": "activity", **asked}),
    "tier": st.builds(lambda v: {"id": "worth", "any_of": v}, some("gold", "silver")),
    "lifecycle": st.builds(lambda v: {"any_of": v}, some("new", "lost", "returned")),
    "segment": st.builds(lambda name: {"id": name}, st.sampled_from(SEGMENTS)),
    "identifier": st.builds(lambda kind: {"kind": kind}, st.sampled_from(("phone", "email"))),
    "consent": st.builds(
        lambda channel, given: {"purpose": "marketing", "channel": channel, "given": given},
        st.sampled_from(("", "email", "sms")),
        st.booleans(),
    ),
    "district": st.builds(lambda v: {"any_of": v}, some(*CATALOGUE.districts)),
    "trade_area": st.builds(lambda v: {"any_of": v}, some(*CATALOGUE.areas)),
    "near": st.builds(lambda m: {"outlet": "shop", "metres": m}, st.sampled_from((500, 20_000))),
}
LEAVES = {**FACTS, "behaviour": behaviours(), "sequence": sequences()}


def leaves() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of([one.map(lambda leaf, key=key: {key: leaf}) for key, one in LEAVES.items()])


def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Rules as plain values of JSON."""

    def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        lists = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            lists.map(lambda of: {"and": of}),
            lists.map(lambda of: {"or": of}),
            inner.map(lambda of: {"not": of}),
        )

    return st.recursive(leaves(), groups, max_leaves=5)
