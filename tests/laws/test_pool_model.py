"""A whole pool against a slow one in plain Python, after any sequence of what can happen to it.

The model keeps the accepted events and the decisions as lists and answers everything from them by
the laws as they are written: who is one person (`tests.identity.world.law`), how warm (`energy`).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hotspring.event import Event, Flag
from hotspring.keys import fingerprints
from hotspring.temperature import RuleSet, law, rules
from tests.identity.world import NARROW, SECRET, Said
from tests.identity.world import law as partition
from tests.laws.folding import DAY, HAPPENINGS, HOUR, NOW, Folding
from tests.temperature import reference
from tests.temperature.reference import Deed

KINDS = {"alias": 1, "bind": 2, "unbind": 3}
FIRST = rules.sets()["ecommerce"]
LATER = NOW + DAY
PAST = NOW - 3 * DAY
WINDOW_SECONDS = NARROW.duplicate_days * 86_400


def changed(**factors: float) -> RuleSet:
    """The first rules with other half-lives, points and caps."""
    return msgspec.structs.replace(
        FIRST,
        rules=tuple(
            msgspec.structs.replace(
                one,
                half_life_days=one.half_life_days * factors.get("life", 1.0),
                points=one.points * factors.get("points", 1.0),
                cap=None if one.cap is None else one.cap * factors.get("cap", 1.0),
            )
            for one in FIRST.rules
        ),
    )


VERSIONS = (FIRST, changed(life=2.0), changed(points=3.0, cap=0.5))


def happenings(least: int = 1) -> st.SearchStrategy[list[dict[str, Any]]]:
    """What a few events are, but for their message ids."""
    return st.lists(HAPPENINGS, min_size=least, max_size=least + 6)


def instance(message: str, received: int) -> str:
    """The name of one taking in of a message id."""
    return f"{message} at {received}"


class Model:
    """The slow pool: lists, and the laws read from them."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        """By message id and time of receipt: after the window of repeats an id may come again."""
        self.last: dict[str, tuple[int, int]] = {}
        """Time of receipt and content of what was taken last, by message id."""
        self.rulings: list[tuple[str, dict[str, Any]]] = []
        self.flags: dict[tuple[str, str], tuple[str, str]] = {}
        """By subject and message id (empty for all events of the subject): verdict and cause."""
        self.buried: set[str] = set()
        """Identifiers of people who were erased: events that name them are kept out."""
        self.rules = FIRST
        self.duplicates = 0
        self.conflicts = 0

    def take(self, events: list[Event], received: int) -> None:
        for event in events:
            if self.buried.intersection(event.ids):
                continue
            known = self.last.get(event.message_id)
            if known and received // 1000 - known[0] // 1000 <= WINDOW_SECONDS:
                self.duplicates += known[1] == event.content
                self.conflicts += known[1] != event.content
            else:
                self.last[event.message_id] = (received, event.content)
                self.events[instance(event.message_id, received)] = event

    def flag(self, body: dict[str, Any], verdict: str) -> None:
        targets = [(name, "") for name in body["identifiers"]]
        targets += [(event["subject"], event["message_id"]) for event in body["events"]]
        for target in targets:
            _, cause = self.flags.get(target, ("", "detector"))
            if body["cause"] == "hand" or target not in self.flags:
                self.flags[target] = (verdict, body["cause"])
            else:
                assert cause in ("hand", "detector")

    def erase(self, names: frozenset[str], own: set[str]) -> None:
        """Take the person with these events out, whose own these identifiers are."""
        rows = {name: self.events.pop(name) for name in names}
        others = {i for event in self.events.values() for i in event.ids}
        self.buried |= own - others
        joined = {
            end
            for kind, body in self.rulings
            if kind == "join" and own.intersection((body["a"], body["b"]))
            for end in (body["a"], body["b"])
        }
        gone = (own | joined | {i for event in rows.values() for i in event.ids}) - others
        messages = {event.message_id for event in rows.values()}
        self.flags = {
            target: flag
            for target, flag in self.flags.items()
            if target[0] not in gone and target[1] not in messages
        }
        self.rulings = [(kind, _without(body, gone)) for kind, body in self.rulings]

    def people(self) -> set[frozenset[str]]:
        """Which events are one person's?"""
        names = list(self.events)
        sent = [f"shop\x00{event.message_id}" for event in self.events.values()]
        keys = fingerprints(pa.array(sent, pa.string()), SECRET)
        told = [
            Said(
                event.ms,
                event.ids,
                KINDS.get(event.type, 0),
                event.flags & int(Flag.PUBLIC) > 0,
                int(key),
            )
            for event, key in zip(self.events.values(), keys, strict=True)
        ]
        groups = partition(told, self.rulings, NARROW)
        return {frozenset(names[at] for at in group) for group in groups}

    def machine(self, event: Event) -> bool:
        """Is this event machine traffic, as things stand?"""
        for target in ((event.ids[0], event.message_id), (event.ids[0], "")):
            verdict, _ = self.flags.get(target, ("open", ""))
            if verdict != "open":
                return verdict == "machine"
        return event.flags & int(Flag.BOT) > 0

    def deeds(self, names: frozenset[str]) -> list[Deed]:
        return [
            Deed(event.name, event.ms, event.amount, flags=int(self.machine(event)))
            for name in sorted(names)
            for event in (self.events[name],)
        ]

    def energy(self, names: frozenset[str], at: int) -> float:
        return reference.energy(self.rules, NARROW.zone, self.deeds(names), at)

    def size(self, names: frozenset[str]) -> float:
        """All that was ever added: what rounding is relative to."""
        return sum(
            abs(weight)
            for deed in self.deeds(names)
            for _, weight in reference.weights(self.rules, deed)
        )

    def warmed(self, names: frozenset[str]) -> bool:
        return any(
            weight > 0
            for deed in self.deeds(names)
            for _, weight in reference.weights(self.rules, deed)
        )


def _without(body: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """A ruling that does not speak of these identifiers any more."""
    nobody = f"user_id:erased from {body.get('id')}"
    return {
        side: [name for name in said if name not in gone]
        if isinstance(said, list)
        else (nobody if side in ("a", "b") and said in gone else said)
        for side, said in body.items()
    }


class PoolAndModel(RuleBasedStateMachine):
    """Does the same to a pool and to the model, and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="hotspring-model-"))
        self.patches = mock.patch("hotspring.store.blocks.FAN_IN", 2)
        self.patches.start()
        self.folder = self.root / "pool"
        self.folder.mkdir()
        (self.folder / "pool.key").write_bytes(SECRET)
        self.model = Model()
        self.count = 0
        self.now = NOW

    @initialize(rows=happenings(least=4))
    def open(self, rows: list[dict[str, Any]]) -> None:
        self.pool = Folding(self.folder, NARROW)
        self.events_come(rows, 0)

    def teardown(self) -> None:
        if hasattr(self, "pool"):
            self.pool.crash()
        self.patches.stop()
        shutil.rmtree(self.root)

    def _number(self) -> int:
        self.count += 1
        return self.count

    def _deliver(self, events: list[Event]) -> None:
        self.model.take(events, self.now)
        self.pool.deliver(events, received=self.now)

    # --- what comes ---

    @rule(rows=happenings(), hours=st.sampled_from([0, 0, -1, 1, 24]))
    def events_come(self, rows: list[dict[str, Any]], hours: int) -> None:
        """A clock may jump back by an hour."""
        self.now += hours * HOUR
        numbers = [self._number() for _ in rows]
        self._deliver(
            [
                Event(message_id=f"m{number}", content=number, **row)
                for number, row in zip(numbers, rows, strict=True)
            ]
        )

    @precondition(lambda self: self.model.events)
    @rule(data=st.data(), other=st.booleans(), days=st.sampled_from([0, 1, 2, 6, 7, 8]))
    def an_event_comes_again(self, data: st.DataObject, other: bool, days: int) -> None:
        """With another content, if `other`; after the window of repeats it is taken anew."""
        self.now += days * DAY
        event = self.model.events[data.draw(st.sampled_from(sorted(self.model.events)))]
        if other:
            like = self.model.events[data.draw(st.sampled_from(sorted(self.model.events)))]
            number = self._number()
            event = msgspec.structs.replace(
                event, content=-number, ids=like.ids, ms=event.ms - number
            )
        self._deliver([event])

    # --- what people decide ---

    @precondition(lambda self: self.model.events)
    @rule(data=st.data())
    def a_merge_is_undone(self, data: st.DataObject) -> None:
        merges = self.pool.merges()
        if merges:
            sides = self.pool.app.pool.separation(*data.draw(st.sampled_from(merges)))
            self._rule("separate", sides)

    @precondition(lambda self: self.model.events)
    @rule(data=st.data())
    def two_are_joined(self, data: st.DataObject) -> None:
        names = st.sampled_from(self._identifiers())
        a, b = data.draw(names), data.draw(names)
        if a != b:
            self._rule("join", {"a": a, "b": b})

    @precondition(lambda self: self.model.rulings)
    @rule(data=st.data())
    def a_ruling_is_taken_back(self, data: st.DataObject) -> None:
        given = [body["id"] for kind, body in self.model.rulings if kind != "retract"]
        body = {"command": data.draw(st.sampled_from(given))}
        self.model.rulings.append(("retract", body))
        self.pool.command("retract", body)

    def _rule(self, kind: str, body: dict[str, Any]) -> None:
        body = {"id": f"r{self._number()}", **body}
        self.model.rulings.append((kind, body))
        self.pool.command(kind, body)

    @precondition(lambda self: self.model.events)
    @rule(
        data=st.data(),
        verdict=st.sampled_from(["machine", "machine", "human", "open"]),
        cause=st.sampled_from(["hand", "hand", "detector"]),
    )
    def something_is_flagged(self, data: st.DataObject, verdict: str, cause: str) -> None:
        names = st.sampled_from(sorted(self.model.events))
        picked = [
            self.model.events[name] for name in data.draw(st.lists(names, max_size=3, unique=True))
        ]
        known = {event.ids[0] for event in self.model.events.values()}
        subjects = st.sampled_from([*sorted(known), "user_id:nobody"])
        body = {
            "id": f"f{self._number()}",
            "identifiers": data.draw(st.lists(subjects, max_size=2, unique=True)),
            "events": [
                {"source": "shop", "message_id": event.message_id, "subject": event.ids[0]}
                for event in picked
            ],
            "cause": cause,
        }
        self.model.flag(body, verdict)
        if verdict == "open":
            self.pool.command("unflag", body)
        else:
            self.pool.command("flag", {**body, "verdict": verdict})

    @precondition(lambda self: self.model.events)
    @rule(data=st.data(), finished=st.booleans())
    def a_person_is_erased(self, data: st.DataObject, finished: bool) -> None:
        held = self._held()
        slot = data.draw(st.sampled_from(sorted(held)))
        who = self.pool.app.pipeline.state.who
        texts = self.pool.app.pool._profiles.texts(who.members(slot).tolist())
        key = who.public_ids([slot])[0]
        found = self.pool.app.pool.erasures._found(key, LATER)
        body = {
            "id": f"e{self._number()}",
            "tombstones": [f"{one:016x}" for one in found.prints],
            "profile": [f"{one:016x}" for one in found.whose],
        }
        self.model.erase(held[slot], set(texts.values()))
        self.pool.command("erase", body)
        if finished:
            self.pool.app.erase()

    @rule(version=st.sampled_from(VERSIONS), how=st.sampled_from(["put", "prepare", "catch up"]))
    def the_rules_change(self, version: RuleSet, how: str) -> None:
        """At once, or by a heat that is made beside the live one while all else goes on."""
        pipeline = self.pool.app.pipeline
        if how == "put":
            self.model.rules = version
            self.pool.command("rules", msgspec.to_builtins(version))
        elif how == "prepare" or not pipeline.state.prepared:
            assert pipeline.catch_up(pipeline.prepare(version))
        else:
            assert pipeline.catch_up(pipeline.state.prepared[-1])

    # --- what happens to the folder ---

    @rule(how=st.sampled_from(["kill", "close", "seal", "save", "compact", "rebuild", "announce"]))
    def house_is_kept(self, how: str) -> None:
        app = self.pool.app
        if how == "kill":
            self.pool.crash()
            self.pool = Folding(self.folder, NARROW)
        elif how == "close":
            self.pool.close()
            self.pool = Folding(self.folder, NARROW)
        elif how == "save":
            app.save()
        elif how == "rebuild":
            assert app.pipeline.replace_by_rebuild()
        elif how == "announce":
            app.pipeline.announce(LATER, everyone=True)
            self.pool.apply()
        else:
            app.seal()
            while how == "compact" and app._store.compact():
                pass

    def _identifiers(self) -> list[str]:
        return sorted({i for event in self.model.events.values() for i in event.ids})

    # --- what must hold ---

    @invariant()
    def the_same_people_equally_warm(self) -> None:
        held = self._held()
        assert set(held.values()) == self.model.people()
        heat, slots = self.pool.app.pipeline.state.heat, list(held)
        energies = heat.energy(LATER, slots).tolist() if slots else []
        warmed = heat.warmed(slots).tolist() if slots else []
        for names, energy, warm in zip(held.values(), energies, warmed, strict=True):
            close = pytest.approx(
                self.model.energy(names, LATER), abs=1e-9 * self.model.size(names) + 1e-9
            )
            assert (energy, warm) == (close, self.model.warmed(names))
        others = np.setdiff1d(self.pool.app.pipeline.state.who.slots(), slots)
        assert not heat.energy(LATER, others).any()
        assert not heat.warmed(others).any()

    @invariant()
    def the_same_past(self) -> None:
        held = self._held()
        known = self.pool.app.pipeline.state.who.known
        by_then = [
            self.model.energy(names, PAST)
            for slot, names in held.items()
            if known[slot] and any(self.model.events[name].ms <= PAST for name in names)
        ]
        bands = [law.BANDS[law.band(energy, self.model.rules.e_half)] for energy in by_then]
        told = self.pool.app.pool.temperature(PAST)
        assert told["bands"] == {band: bands.count(band) for band in law.BANDS}

    @invariant()
    def the_same_counts_and_flags(self) -> None:
        pool = self.pool.app.pool
        status = pool.status()
        assert status["events"] == len(self.model.events)
        assert self.model.buried or status["conflicts"] == self.model.conflicts
        assert status["duplicates"] == self.model.duplicates
        told = {
            (flag["identifier"], (flag["event"] or {"message_id": ""})["message_id"]):
                flag["verdict"]
            for flag in pool.flags(1_000, None)[0]
        }  # fmt: skip
        stand = {t: verdict for t, (verdict, _) in self.model.flags.items() if verdict != "open"}
        assert told == stand

    def _held(self) -> dict[int, frozenset[str]]:
        """The events of every slot that has any."""
        found: dict[int, set[str]] = {}
        who = self.pool.app.pipeline.state.who
        sql = "SELECT message_id, received_ms, origin_id, ms FROM events"
        for batch in self.pool.app.pipeline.ask(sql, []):
            slots = who.profile_of(
                batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
            )
            rows = zip(slots.tolist(), batch.to_pylist(), strict=True)
            for slot, row in rows:
                name = instance(row["message_id"], row["received_ms"])
                found.setdefault(slot, set()).add(name)
        return {slot: frozenset(names) for slot, names in found.items()}


BRIEF = settings(
    max_examples=9,
    stateful_step_count=14,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_a_pool_is_what_its_history_says() -> None:
    run_state_machine_as_test(PoolAndModel, settings=BRIEF)


@pytest.mark.long
def test_a_pool_is_what_its_long_history_says() -> None:
    many = settings(BRIEF, max_examples=400, stateful_step_count=50, phases=list(Phase))
    run_state_machine_as_test(PoolAndModel, settings=many)
