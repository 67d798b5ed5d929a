"""What goes out without names: one pseudonym per person and file, nothing rare, nothing exact."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Flag, Place
from hotspring.pool.deidentify import LEAST
from tests.laws.folding import DAY, HOUR, NOW, Folding

ROWS = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from([310101, 310104, 330106, 0]),
        st.sampled_from(["gold", "silver", "one of a kind"]),
    ),
    max_size=40,
)


def event(n: int, who: int, **more: Any) -> Event:
    given = {"type": "track", "name": "Product Viewed", "ms": NOW - n * HOUR, **more}
    return Event(message_id=f"m{n}", ids=(f"user_id:secret-{who}",), content=n, **given)


def rows(pool: Folding, what: str, keep: list[str], hours: bool = False) -> list[dict[str, Any]]:
    portions = pool.app.pool.deidentified(what, keep, hours)
    return [row for portion in portions for row in portion]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory):
    numbers = iter(range(1_000))
    root = tmp_path_factory.mktemp("deidentified")
    return lambda: root / f"{next(numbers)}"


@given(told=ROWS)
@settings(max_examples=12, deadline=None)
def test_no_value_and_no_place_of_fewer_than_five_people_goes_out(folders, told) -> None:
    with Folding(folders()) as pool:
        pool.deliver(
            [
                event(
                    n, who, properties=f'{{"tier":"{tier}","phone":"13800138000"}}',
                    place=Place(121.4, 31.2, "gps", 9.0, adcode) if adcode else None,
                )
                for n, (who, adcode, tier) in enumerate(told)
            ]
        )  # fmt: skip
        out = rows(pool, "events", ["tier"])
        assert len(out) == len(told)
        assert len({row["person"] for row in out}) == len({who for who, _, _ in told})
        for field, of in (("tier", 2), ("place", 1)):
            for value in {row[field] for row in out} - {None}:
                if field == "place":
                    people = {who for who, code, _ in told if code and _within(code, value)}
                else:
                    people = {one[0] for one in told if one[of] == value}
                assert len(people) >= LEAST
        assert "secret" not in str(out)
        assert "13800138000" not in str(out)


def _within(adcode: int, area: int) -> bool:
    return area in (adcode // 100 * 100, adcode // 10_000 * 10_000)


def test_people_without_names(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        traits = '{"set":{"age":%d,"birthday":"1990-05-0%d","level":"gold","name":"Lin %d"}}'
        pool.deliver(
            [
                event(
                    n, n, type="identify", traits=traits % (30 + n, n + 1, n),
                    place=Place(120.1, 30.2, "gps", 9.0, 330102 + n),
                )
                for n in range(6)
            ]
        )  # fmt: skip
        pool.deliver([event(9, 9, flags=int(Flag.BOT))], source="crawler")
        keep = ["age", "birthday", "level", "name", "absent"]
        out = rows(pool, "profiles", keep)
        again = rows(pool, "profiles", keep)
        assert len(out) == 7
        named = [row for row in out if row["level"]]
        assert {(row["age"], row["level"], row["place"]) for row in named} == {
            ("30-39", "gold", 330100)
        }
        assert {row["name"] for row in out} == {None}
        assert {row["absent"] for row in out} == {None}
        assert len({row["birthday"] for row in named}) == 1
        assert re.fullmatch(r"\d0-\d9", named[0]["birthday"])
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["first_seen"]) for row in out)
        assert [row["person"] for row in out] == sorted(row["person"] for row in out)
        assert not {row["person"] for row in out} & {row["person"] for row in again}
        assert all(row["temperature"] % 10 == 0 for row in out)
        assert len(rows(pool, "events", [])) == 6, "machines stay out"


def test_times_are_days_or_hours_of_the_pool_and_amounts_are_rounded(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([event(0, n, ms=NOW - DAY * n, amount=1234.5) for n in range(1)])
        (day,), (hour,) = rows(pool, "events", []), rows(pool, "events", [], hours=True)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day["at"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d", hour["at"])
        assert day["amount"] == 1200.0
        assert day["name"] is None, "a name that fewer than five people share"
