"""A group portrait: what the members of a segment are like, beside all other known profiles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.days import days_of
from hotspring.engine import parted
from hotspring.event import Flag
from hotspring.pipeline import Pipeline
from hotspring.pool import habits
from hotspring.pool.analytics import Analytics
from hotspring.pool.comparing import LEAST, Comparing
from hotspring.pool.moments import iso
from hotspring.pool.stages import Stages
from hotspring.rules import Catalogue
from hotspring.store import Store

MOST: Final = 3_000
"""Profiles of either side whose events are looked at; of more, so many are drawn."""
SHOWN: Final = 10
"""Values that are told of each kind."""
TRAITS: Final = 12
"""Traits that are told: those that differ most."""
UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
COLUMNS: Final = ("origin_id", "ms", "key", "name", "flags", "channel", "device", "properties")


class Portrait:
    """Draws portraits of profiles of an open pool. From any thread."""

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        analytics: Analytics,
        stages: Stages,
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._comparing = Comparing(pipeline, store)
        self._analytics = analytics
        self._stages = stages
        self._days = days_of(pipeline.settings.zone)

    def draw(self, members: np.ndarray, there: Catalogue, now: int) -> dict[str, Any]:
        """What the profiles in these slots are like, and the rest.

        Of fewer than `LEAST` profiles nothing is told, nor of a value that fewer have.
        """
        with self._pipeline.lock:
            everybody = self._pipeline.state.who.slots(known_only=True)
        inside = np.isin(everybody, members)
        size = int(inside.sum())
        head = {
            "as_of": iso(now), "members": size, "rest": len(inside) - size,
            "timezone": self._pipeline.settings.timezone,
        }  # fmt: skip
        if size < LEAST:
            return {**head, "small": True}
        found = self._comparing.sides(members, there, now)
        looked, said = found["compared"], found["said"]
        shares: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in found["shares"]:
            one = {name: row[name] for name in ("value", "members", "rest")}
            if sum(round(row[side] * looked[side]) for side in looked) >= LEAST:
                shares[row["of"], row["name"]].append(one)
        traits = [
            {"name": name, "values": _first(rows), "unsaid": _without(said[of, name], looked)}
            for (of, name), rows in shares.items()
            if of == "trait"
        ]
        return {
            **head,
            "small": False,
            "numbers": [
                {
                    **row,
                    "kind": there.traits[row["name"]],
                    "unsaid": _without(said["trait", row["name"]], looked),
                }
                for row in found["numbers"]
                if row["of"] == "trait" and row["members"]["count"] >= LEAST
            ][:TRAITS],
            "temperature": next(row for row in found["numbers"] if row["of"] == "temperature"),
            "bands": shares["band", ""],
            "provinces": _first(shares["province", ""]),
            "unplaced": _without(said["province", ""], looked),
            "traits": traits[:TRAITS],
            "stages": self._staged(everybody, inside, now),
            **self._worth(everybody, inside),
            **self._habits(everybody, inside),
        }

    # --- where they stand ---

    def _staged(self, everybody: np.ndarray, inside: np.ndarray, now: int) -> list[dict[str, Any]]:
        codes = self._stages.of_all(now)
        own = np.append(codes, np.int8(-1))[np.minimum(everybody, len(codes))]
        return _by_code(own, inside, self._stages.names)

    def _worth(self, everybody: np.ndarray, inside: np.ndarray) -> dict[str, Any]:
        told, rows, classes, code = self._analytics.worth()
        place = np.full(int(everybody.max(initial=-1)) + 2, -1, np.int64)
        place[everybody] = np.arange(len(everybody))
        at = place[np.minimum(rows.profile, len(place) - 1)]
        own = np.full(len(everybody), -1, np.int8)
        own[at[at >= 0]] = code[at >= 0]
        member = np.append(inside, False)[at]
        sides = {"members": (at >= 0) & member, "rest": (at >= 0) & ~member}
        return {
            "classes": _by_code(own, inside, classes),
            "worth": {
                **told,
                **{
                    side: _money(rows.orders[which], rows.amount[which])
                    for side, which in sides.items()
                },
            },
        }

    # --- what they do ---

    def _habits(self, everybody: np.ndarray, inside: np.ndarray) -> dict[str, Any]:
        """By the events of those who are drawn, each event counts once."""
        sides = [_drawn(everybody[inside]), _drawn(everybody[~inside])]
        slots = np.sort(np.concatenate(sides)).astype(np.int32)
        rows, slot = self._events(slots)
        member = np.isin(slot, sides[0])
        ms = rows.column("ms").to_numpy()
        weeks = {
            side: habits.week(ms[which], self._days)
            for side, which in (("members", member), ("rest", ~member))
        }
        texts = rows.column("properties").to_pylist()
        about: dict[str, list[list[str]]] = {key: [] for key in habits.THEMES}
        for text in texts:
            found = list(habits.themes(text))
            for key, lists in about.items():
                lists.append([value for kind, value in found if kind == key])
        content = [
            {"kind": key, "values": _told(lists, slot, member)} for key, lists in about.items()
        ]
        of = {name: rows.column(name).cast(pa.string()).to_pylist() for name in
              ("channel", "device")}  # fmt: skip
        return {
            "looked": {"members": len(sides[0]), "rest": len(sides[1])},
            "events": {"members": int(member.sum()), "rest": int((~member).sum())},
            "channels": _told(([one] for one in of["channel"]), slot, member),
            "devices": _told(([one] for one in of["device"]), slot, member),
            "content": [one for one in content if one["values"]],
            "hours": {
                side: (week / max(int(week.sum()), 1)).round(6).tolist()
                for side, week in weeks.items()
            },
        }

    def _events(self, slots: np.ndarray) -> tuple[pa.Table, np.ndarray]:
        """The events of these slots that count, and whose each is."""
        with self._pipeline.lock:
            state = self._pipeline.state
            mapping, machines = state.who.mapping(), state.machines
        theirs = np.isin(mapping.slot, slots) | (mapping.span >= 0)
        origins = pa.table({"origin_id": pa.array(np.flatnonzero(theirs), pa.int32())})
        wanted = ", ".join(machines.columns(COLUMNS))
        sql = f"SELECT {wanted} FROM events SEMI JOIN portrayed USING (origin_id)"
        with self._store.reader(sql) as cursor:
            cursor.register("portrayed", parted(origins))
            rows = cursor.execute(sql).to_arrow_table()
        seen = [machines.seen(batch) for batch in rows.combine_chunks().to_batches()]
        if not seen:
            return rows, np.empty(0, np.int32)
        table = pa.Table.from_batches(seen)
        flags, ms = (table.column(name).to_numpy() for name in ("flags", "ms"))
        slot = mapping.profile_of(table.column("origin_id").to_numpy().astype(np.int32), ms)
        kept = (flags & UNCOUNTED == 0) & np.isin(slot, slots)
        return table.filter(pa.array(kept)), slot[kept]


def _told(
    values: Iterable[list[str]], slot: np.ndarray, member: np.ndarray
) -> list[dict[str, Any]]:
    """Which share of the events of either side has each value, those most have first."""
    people: dict[str, set[int]] = defaultdict(set)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for these, who, mine in zip(values, slot.tolist(), member.tolist(), strict=True):
        for value in these:
            people[value].add(who)
            counts[value][0 if mine else 1] += 1
    size = max(int(member.sum()), 1), max(int((~member).sum()), 1)
    found = [
        {"value": value, "members": mine / size[0], "rest": theirs / size[1]}
        for value, (mine, theirs) in counts.items()
        if len(people[value]) >= LEAST
    ]
    return _first(found)


def _first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda one: (-one["members"], -one["rest"], one["value"]))[:SHOWN]


def _without(said: dict[str, int], looked: dict[str, int]) -> dict[str, float] | None:
    """Which share of either side has no value; nothing is told of fewer than `LEAST` without."""
    lacking = {side: looked[side] - said[side] for side in looked}
    if 0 < sum(lacking.values()) < LEAST:
        return None
    return {side: round(lacking[side] / max(looked[side], 1), 6) for side in looked}


def _by_code(codes: np.ndarray, inside: np.ndarray, names: Any) -> list[dict[str, Any]]:
    """Shares of both sides by code; -1 is `none`."""
    size = len(names) + 1
    place = np.where(codes < 0, size - 1, codes)
    mine = np.bincount(place[inside], minlength=size).tolist()
    theirs = np.bincount(place[~inside], minlength=size).tolist()
    some, others = max(sum(mine), 1), max(sum(theirs), 1)
    return [
        {"value": name, "members": a / some, "rest": b / others}
        for name, a, b in zip((*names, "none"), mine, theirs, strict=True)
        if a + b >= LEAST
    ]


def _money(orders: np.ndarray, amount: np.ndarray) -> dict[str, Any]:
    count = len(orders)
    if count < LEAST:
        return {"customers": count, "revenue": None, "orders": None, "amount": None, "median": None}
    return {
        "customers": count,
        "revenue": round(float(amount.sum()), 2),
        "orders": round(float(orders.mean()), 2),
        "amount": round(float(amount.mean()), 2),
        "median": round(float(np.median(amount)), 2),
    }


def _drawn(slots: np.ndarray) -> np.ndarray:
    """At most `MOST` of these, the same ones each time."""
    if len(slots) <= MOST:
        return slots
    return np.random.default_rng(0).choice(slots, MOST, replace=False)
