"""Who was erased never was: the pool is what it would be without that person's events."""

from __future__ import annotations

from unittest import mock

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.pipeline import erase as erasing
from tests.laws.folding import HOUR, NOW, Folding, events, in_parts, same_warmth

FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
LATER = NOW + HOUR


def erase(pool: Folding, key: str) -> list[str]:
    """Journal and apply the erasure of a person; the message ids of the events that go."""
    gone = pool.events_of(key)
    found = pool.app.pool.erasures._found(key, LATER)
    stones, whose = ([f"{one:016x}" for one in ones] for ones in (found.prints, found.whose))
    pool.command("erase", {"id": f"e{len(gone)}", "tombstones": stones, "profile": whose})
    return gone


def living(pool: Folding) -> set[frozenset[str]]:
    return {one for one in pool.partition() if not any(i.startswith("erased-") for i in one)}


@given(
    rows=events(),
    choice=st.integers(0, 1_000),
    cuts=st.lists(st.integers(0, 30), max_size=3),
    whole=st.booleans(),
    ending=st.sampled_from(["go on", "crash", "save and crash", "rebuild"]),
)
@FEW
def test_the_pool_is_as_if_the_person_had_never_come(
    folders, rows: list[Event], choice, cuts, whole, ending
) -> None:
    folder = folders()
    most = mock.patch.object(erasing, "MOST", 0 if whole else 20_000)
    with most, Folding(folder) as pool, Folding(folders()) as other:
        for part in in_parts(rows, cuts):
            pool.deliver(part)
        keys = sorted(min(members) for members in pool.partition())
        if not keys:
            return
        gone = set(erase(pool, keys[choice % len(keys)]))
        other.deliver([event for event in rows if event.message_id not in gone])
        if ending == "rebuild":
            assert pool.app.pipeline.replace_by_rebuild()
        elif ending == "save and crash":
            pool.app.save()
        if ending.endswith("crash"):
            pool.crash()
            pool = Folding(folder)
        assert living(pool) == other.partition()
        assert same_warmth(pool.warmth(), other.warmth())
        assert pool.app.pool.status()["events"] == other.app.pool.status()["events"]
        pool.app.erase()
        assert pool.app.pipeline.replace_by_rebuild()
        assert same_warmth(pool.warmth(), other.warmth())
        pool.crash()
