"""The last minutes: what is kept step by step equals what is counted over all events."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Flag, Place
from hotspring.pool import window
from hotspring.pool.moments import iso
from tests.laws.folding import Folding

START = 1_760_000_000_000
MINUTE = 60_000
XIHU = Place(120.13, 30.26, "gps", 50.0, 330_106)
WHO = (
    ("user_id:u0",), ("user_id:u1",), ("anonymous_id:a0",), ("user_id:u1", "anonymous_id:a1"),
    ("user_id:u2", "anonymous_id:a0"), ("passer_by:p0",), ("passer_by:p1",),
)  # fmt: skip
CONTEXTS = (
    "{}",
    '{"page":{"path":"/tea","url":"https://shop.cn/tea","referrer":"https://shop.cn/"}}',
    '{"page":{"path":"/cup","url":"https://shop.cn/cup","referrer":"https://a.cn/x"}}',
    '{"campaign":{"source":"wechat"},"page":{"path":"/tea"}}',
)
SOURCES = (None, None, "a.cn", "wechat")
PATHS = (None, "/tea", "/cup", "/tea")
EVENTS = st.tuples(
    st.sampled_from(WHO),
    st.sampled_from((0, -1, -MINUTE, -5 * MINUTE, -28 * MINUTE, -30 * MINUTE, -40 * MINUTE)),
    st.sampled_from(("Order Refunded", "Order Completed", "Home")),
    st.sampled_from(("track", "page", "screen")),
    st.integers(0, 3),
    st.sampled_from(("", "web", "app")),
    st.sampled_from((0, 0, 0, int(Flag.BOT))),
    st.sampled_from((10.0, 250.5, None)),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("came"), st.lists(EVENTS, min_size=2, max_size=9)),
        st.tuples(st.just("passed"), st.integers(0, 12)),
        st.tuples(st.just("machine"), st.sampled_from(WHO[:3])),
        st.tuples(st.just("human"), st.sampled_from(WHO[:3])),
        st.tuples(st.just("erased"), st.sampled_from(("user_id:u0", "user_id:u1"))),
        st.tuples(st.just("restarted"), st.none()),
    ),
    min_size=1,
    max_size=9,
)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    monkeypatch.setattr("hotspring.pool.happening.TICK", 3_600.0)
    with Folding(tmp_path) as pool:
        yield pool
        pool.app.pool.happening.close()


def test_what_is_kept_step_by_step_is_what_is_counted_over_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspring.pool.happening.TICK", 3_600.0)
    ran = iter(range(1_000))

    @given(STEPS)
    @settings(max_examples=15, deadline=None)
    def law(steps: list[tuple[str, Any]]) -> None:
        with Folding(tmp_path / str(next(ran))) as pool:
            now, numbers = START, iter(range(1_000))
            happening = pool.app.pool.happening
            happening._make(now)
            for what, said in steps:
                if what == "passed":
                    now += said * MINUTE + 1
                elif what == "restarted":
                    happening.rest()
                elif what == "came":
                    pool.deliver([event(next(numbers), now, *one) for one in said], received=now)
                elif what == "erased":
                    print_ = f"{pool.app.pipeline.state.who.print_of(said):016x}"
                    body = {"id": f"e{next(numbers)}", "tombstones": [print_], "profile": [print_]}
                    pool.command("erase", body)
                else:
                    body = {"id": f"f{next(numbers)}", "identifiers": [said[0]], "events": [],
                            "verdict": what, "cause": "hand", "reason": "so"}  # fmt: skip
                    pool.command("flag", body)
                happening._make(now)
                told = happening._told("zh")
                assert {name: told[name] for name in KINDS} == expected(pool, now)

    law()


def event(
    n: int, now: int, ids: tuple[str, ...], ago: int, name: str, kind: str, context: int,
    channel: str, flags: int, amount: float | None,
) -> Event:  # fmt: skip
    passer = int(Flag.PASSER_BY) if ids[0].startswith("passer_by") else 0
    return Event(
        f"m{n}", kind, name, now + ago, ids, n, context=CONTEXTS[context], channel=channel,
        flags=flags | passer, amount=amount,
    )  # fmt: skip


KINDS = ("minutes", "totals", "pages", "sources", "channels", "names")


def expected(pool: Folding, now: int) -> dict[str, Any]:
    """The same, event by event, from the table."""
    pipeline = pool.app.pipeline
    state = pipeline.state
    first = now // MINUTE * MINUTE - 29 * MINUTE
    minutes: dict[int, Counter[str]] = defaultdict(Counter)
    visitors: dict[int, set[tuple[str, int]]] = defaultdict(set)
    named: dict[str, dict[str, list[tuple[str, int]]]] = {
        kind: defaultdict(list) for kind in KINDS[2:]
    }
    for batch in pipeline.events(state.machines, FIELDS, 0, 2**62):
        slots = state.who.profile_of(
            batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
        )
        for row, slot in zip(batch.to_pylist(), slots.tolist(), strict=True):
            if row["ms"] < first or row["flags"] & int(Flag.BOT):
                continue
            at = (row["ms"] - first) // MINUTE
            who = ("person", slot) if slot >= 0 else ("passer", row["origin_id"])
            visitors[at].add(who)
            minutes[at]["events"] += 1
            cents = round(100 * (row["amount"] or 0))
            minutes[at]["orders"] += row["name"] == "Order Completed"
            minutes[at]["cents"] += {"Order Completed": cents, "Order Refunded": -cents}.get(
                row["name"], 0
            )
            context = CONTEXTS.index(row["context"])
            page = {"page": PATHS[context], "screen": PATHS[context] or row["name"]}
            for kind, word in (
                ("pages", page.get(row["type"])), ("sources", SOURCES[context]),
                ("channels", row["channel"]), ("names", row["name"]),
            ):  # fmt: skip
                if word:
                    named[kind][word].append(who)
    everybody = set().union(*visitors.values())
    return {
        "minutes": [
            {"at": iso(first + at * MINUTE), **figures([minutes[at]], visitors[at])}
            for at in range(30)
        ],
        "totals": figures(list(minutes.values()), everybody),
        **{kind: top(words) for kind, words in named.items()},
    }


FIELDS = ("origin_id", "key", "ms", "flags", "type", "name", "channel", "amount", "context")


def figures(some: list[Counter[str]], visitors: set[tuple[str, int]]) -> dict[str, Any]:
    total = Counter[str]()
    for one in some:
        total.update(one)
    people = sum(kind == "person" for kind, _ in visitors)
    return {
        "events": total["events"], "people": people, "passers_by": len(visitors) - people,
        "orders": total["orders"], "revenue": total["cents"] / 100,
    }  # fmt: skip


def top(words: dict[str, list[tuple[str, int]]]) -> list[dict[str, Any]]:
    rows = [
        {"name": word, "events": len(who), "visitors": len(set(who))} for word, who in words.items()
    ]
    return sorted(rows, key=lambda row: (-row["visitors"], -row["events"], row["name"]))[:10]


def test_whoever_watches_gets_one_frame_and_places_of_few_are_withheld(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [START]
    monkeypatch.setattr("hotspring.pool.happening.clock", lambda: now[0])
    happening = pool.app.pool.happening
    frames: list[dict[str, Any]] = []

    def hear(sent: bytes | None) -> None:
        if sent is not None:
            frames.append(json.loads(sent.decode().split("data: ")[1]))

    def come(n: int) -> None:
        one = Event(f"p{n}", "track", "Tea", now[0], (f"user_id:p{n}",), n, place=XIHU)
        pool.deliver([one], received=now[0])

    for n in range(4):
        come(n)
    first, second = happening.watch("en", hear), happening.watch("en", hear)
    assert frames[0] == frames[1]
    assert (frames[0]["places"], frames[0]["withheld"]) == ([], 4)
    happening.leave(second)
    happening.tick(now[0])
    assert len(frames) == 3
    happening.tick(now[0] + 1_000)
    assert len(frames) == 3  # nothing came
    come(4)
    happening.tick(now[0] + 2_000)
    (place,) = frames[-1]["places"]
    assert (place["name"], place["people"], frames[-1]["withheld"]) == ("Zhejiang", 5, 0)
    happening.tick(now[0] + 60_000)
    assert frames[-1]["minutes"][-2]["events"] == 5
    assert happening.now("zh")["places"][0]["name"] == "浙江省"
    happening.leave(first)


def test_where_too_many_come_the_window_is_shorter_and_says_so(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "MOST_ROWS", 20)
    happening = pool.app.pool.happening
    happening._make(START)
    for at in range(10):
        came = [
            Event(f"w{at}-{n}", "track", "Tea", START - (9 - at) * MINUTE, ("user_id:u",), n)
            for n in range(5)
        ]
        pool.deliver(came, received=START)
        happening._make(START)
    told = happening._told("zh")
    whole = [one for one in told["minutes"] if one["at"] >= told["from"]]
    assert [one["events"] for one in whole] == [5] * len(whole)
    assert 3 <= len(whole) <= 4
    assert told["totals"]["events"] == 5 * len(whole)
    assert told["minutes"][0]["at"] < told["from"]
