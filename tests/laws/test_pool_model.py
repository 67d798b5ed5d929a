"""A whole pool against a slow one in plain Python, after any sequence of what can happen to it.

The model (`tests.laws.slow_pool`) answers all of it from lists of events and decisions, by the laws
as they are written: who is one person (`tests.identity.world.law`), how warm (`energies`).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import numpy as np
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

from hotspring.event import Event
from hotspring.pipeline.retain import Retention
from hotspring.temperature import RuleSet, law
from tests.identity.world import SECRET
from tests.laws.folding import DAY, HAPPENINGS, HOUR, NOW, Folding
from tests.laws.slow_pool import SETTINGS, VERSIONS, Model, instance

PAST = NOW - 3 * DAY


def happenings(least: int = 1) -> st.SearchStrategy[list[dict[str, Any]]]:
    """What a few events are, but for their message ids."""
    return st.lists(HAPPENINGS, min_size=least, max_size=least + 6)


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
        self.now = self.latest = NOW

    @initialize(rows=happenings(least=4))
    def open(self, rows: list[dict[str, Any]]) -> None:
        self.pool = Folding(self.folder, SETTINGS)
        self.events_come(rows, 0)

    def teardown(self) -> None:
        if hasattr(self, "pool"):
            self.pool.crash()
        self.patches.stop()
        shutil.rmtree(self.root)

    @property
    def later(self) -> int:
        """A moment after everything: then it is read."""
        self.latest = max(self.latest, self.now)
        return self.latest + DAY

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
        held = self._people()
        slot = data.draw(st.sampled_from(sorted(held)))
        who = self.pool.app.pipeline.state.who
        texts = self.pool.app.pool._profiles.texts(who.members(slot).tolist())
        key = who.public_ids([slot])[0]
        found = self.pool.app.pool.erasures._found(key, self.later)
        body = {
            "id": f"e{self._number()}",
            "tombstones": [f"{one:016x}" for one in found.prints],
            "profile": [f"{one:016x}" for one in found.whose],
        }
        self.model.erase(held[slot], set(texts.values()))
        self.pool.command("erase", body)
        if finished:
            self.pool.app.erase()

    @rule(days=st.sampled_from([1, 4, 8, 8]))
    def what_is_past_its_time_goes(self, days: int) -> None:
        self.now += days * DAY
        app = self.pool.app
        app.save()
        dropped = Retention(app.pipeline, app._store, SETTINGS).work(self.now)
        due = self.model.due(self.now)
        if app.pipeline.state.prepared:
            # Rules that are tried would count it twice: it waits for them.
            assert dropped == (0, 0)
            return
        assert sum(dropped) == len(due)
        self.model.spend(due, self.now)
        left = set().union(*self._held().values()) if self.model.events else set()
        gone = self.model.events.keys() - self.model.gone - left
        assert (gone <= due, len(gone)) == (True, dropped.gone)
        self.model.gone |= gone
        self.model.dropped += len(gone)

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
            self.pool = Folding(self.folder, SETTINGS)
        elif how == "close":
            self.pool.close()
            self.pool = Folding(self.folder, SETTINGS)
        elif how == "save":
            app.save()
        elif how == "rebuild":
            assert app.pipeline.replace_by_rebuild()
        elif how == "announce":
            app.pipeline.announce(self.later, everyone=True)
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
        held = self._people()
        heat, slots = self.pool.app.pipeline.state.heat, list(held)
        energies = heat.energy(self.later, slots).tolist() if slots else []
        warmed = heat.warmed(slots).tolist() if slots else []
        for names, energy, warm in zip(held.values(), energies, warmed, strict=True):
            least, most = self.model.energies(names, self.later)
            near = 1e-9 * self.model.size(names) + 1e-9
            assert least - near <= energy <= most + near, (least, energy, most)
            assert warm == self.model.warmed(names)
        others = np.setdiff1d(self.pool.app.pipeline.state.who.slots(), slots)
        assert not heat.energy(self.later, others).any()
        assert not heat.warmed(others).any()

    @invariant()
    def the_same_past(self) -> None:
        """Of who has events past their time less may be told of the past, nothing else."""
        held = self._people()
        known = self.pool.app.pipeline.state.who.known
        there = [
            names
            for slot, names in held.items()
            if known[slot] and any(self.model.events[name].ms <= PAST for name in names)
        ]
        whole = [names for names in there if not self.model.spent.keys() & names]
        by_then = [self.model.energies(names, PAST)[0] for names in whole]
        bands = [law.BANDS[law.band(energy, self.model.rules.e_half)] for energy in by_then]
        told = self.pool.app.pool.temperature(PAST)
        assert all(told["bands"][band] >= bands.count(band) for band in law.BANDS)
        assert len(whole) <= sum(told["bands"].values()) == told["total"] <= len(there)

    @invariant()
    def the_same_counts_and_flags(self) -> None:
        pool = self.pool.app.pool
        status = pool.status()
        left = len(self.model.events) - len(self.model.gone)
        assert status["events"] == left + self.model.dropped
        assert self.model.buried or status["conflicts"] == self.model.conflicts
        assert status["duplicates"] == self.model.duplicates
        told = {
            (flag["identifier"], (flag["event"] or {"message_id": ""})["message_id"]):
                flag["verdict"]
            for flag in pool.flags(1_000, None)[0]
        }  # fmt: skip
        stand = {t: verdict for t, (verdict, _) in self.model.flags.items() if verdict != "open"}
        assert told == stand

    def _people(self) -> dict[int, frozenset[str]]:
        """The events of every slot that has any, those that are gone as well."""
        groups = {name: group for group in self.model.people() for name in group}
        people = {slot: groups[min(names)] for slot, names in self._held().items()}
        for slot, names in self._held().items():
            assert names == people[slot] - self.model.gone
        assert len(set(people.values())) == len(people)
        assert sorted(map(sorted, people.values())) == sorted(map(sorted, set(groups.values())))
        return people

    def _held(self) -> dict[int, frozenset[str]]:
        """The events of every slot that has any, as the table has them."""
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
@pytest.mark.timeout(4 * 3600)
def test_a_pool_is_what_its_long_history_says() -> None:
    many = settings(BRIEF, max_examples=400, stateful_step_count=50, phases=list(Phase))
    run_state_machine_as_test(PoolAndModel, settings=many)
