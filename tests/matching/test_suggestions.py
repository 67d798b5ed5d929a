"""Suggested merges of a pool: found, listed, decided by people, kept over restarts."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hotspring.errors import BadRequest, Conflict, NotFound, NotInstalled
from hotspring.event import Event, Flag
from hotspring.pool import Pool
from tests.laws.folding import NOW, Folding

WANG = {"name": "王小明", "birthday": "1990-05-06"}


def said(number: int, *ids: str, flags: int = 0, **traits: Any) -> Event:
    text = json.dumps({"set": traits}) if traits else ""
    return Event(f"m{number}", "identify", "", NOW + number, ids, number, traits=text, flags=flags)


PEOPLE = [
    said(1, "user_id:u1", "phone:+8613800138000", **WANG),
    said(2, "card:c2", **WANG),
    said(3, "card:c3", mobile="0086 138 0013 8000"),
    said(4, "user_id:u4", **WANG),
    said(5, "user_id:u5", email="someone.else@example.com"),
    # A claim with a public key joins no two known people.
    said(6, "card:c6", "phone:+8613911111111"),
    said(7, "openid@app:o7", "phone:+8613911111111", flags=int(Flag.PUBLIC)),
]


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Folding]:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(PEOPLE)
        pool.app.start()
        yield pool
        pool.close()


def search(pool: Pool, method: str = "rules") -> dict[str, Any]:
    run = pool.suggestions.start(method, "tests")
    end = time.monotonic() + 60
    while run["state"] in ("queued", "running"):
        assert time.monotonic() < end
        time.sleep(0.01)
        run = pool.suggestions.run(run["id"])
    return run


def listed(pool: Pool, status: str = "open") -> dict[frozenset[str], dict[str, Any]]:
    rows, _ = pool.suggestions.page(status, None, 0.0, 100, None)
    return {
        frozenset((row["a"]["identifiers"][0], row["b"]["identifiers"][0])): row for row in rows
    }


U1_C2, C2_U4, U1_C3 = (
    frozenset(pair)
    for pair in (("user_id:u1", "card:c2"), ("card:c2", "user_id:u4"), ("user_id:u1", "card:c3"))
)
CLAIM = frozenset(("card:c6", "openid@app:o7"))


def test_suggestions_are_listed_with_reasons_and_join_nobody(pool: Folding) -> None:
    before = pool.partition()
    run = search(pool.app.pool)
    assert (run["state"], run["progress"]) == ("done", 1.0)
    report = run["report"]
    assert (report["people"], report["two_accounts"], report["suggested"]) == (6, 1, 4)
    found = listed(pool.app.pool)
    assert set(found) == {U1_C2, C2_U4, U1_C3, CLAIM}
    assert found[U1_C2]["score"] == 0.95
    assert [one["code"] for one in found[U1_C3]["evidence"]] == ["=phone"]
    assert [one["code"] for one in found[CLAIM]["evidence"]] == ["tied"]
    merges = pool.app.pool.merges("openid@app:o7")
    assert [one["id"] for one in merges["suggestions"]] == [found[CLAIM]["id"]]
    assert pool.partition() == before
    assert {row["status"] for row in found.values()} == {"open"}


def test_a_search_that_finds_nobody_leaves_an_empty_list(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([said(1, "user_id:u1", **WANG), said(2, "user_id:u2", name="李四")])
        pool.app.start()
        assert search(pool.app.pool)["report"]["suggested"] == 0
        assert pool.app.pool.suggestions.page("open", None, 0.0, 10, None) == ([], None)
        pool.close()


def test_pages_and_filters(pool: Folding) -> None:
    search(pool.app.pool)
    seen, cursor = [], None
    while True:
        rows, cursor = pool.app.pool.suggestions.page("open", None, 0.0, 1, cursor)
        seen += rows
        if cursor is None:
            break
    assert [row["score"] for row in seen] == [0.95, 0.95, 0.9, 0.7]
    assert len({row["id"] for row in seen}) == 4
    assert len(pool.app.pool.suggestions.page("open", "rules", 0.9, 10, None)[0]) == 3
    assert pool.app.pool.suggestions.page("open", "probability", 0.0, 10, None)[0] == []
    assert [len(part) for part in pool.app.pool.suggestions.export("open", None, 0.8)] == [3]
    for status, method in (("odd", None), ("open", "odd")):
        with pytest.raises(BadRequest):
            pool.app.pool.suggestions.page(status, method, 0.0, 10, None)


def test_accepting_joins_and_can_be_taken_back(pool: Folding) -> None:
    search(pool.app.pool)
    chosen = listed(pool.app.pool)[U1_C2]["id"]
    done = pool.app.pool.suggestions.accept(chosen, "mei")
    one = pool.app.pool.profile("user_id:u1")
    assert one["id"] == pool.app.pool.profile("card:c2")["id"]
    joined = listed(pool.app.pool, "joined")
    assert [row["decided"]["by"] for row in joined.values()] == ["mei"]
    with pytest.raises(Conflict, match="joined"):
        pool.app.pool.suggestions.accept(chosen, "mei")
    # The other account is no longer one that could be joined.
    assert [row["id"] for row in listed(pool.app.pool, "apart").values()]
    merge = next(m for m in pool.app.pool.merges("card:c2")["merges"] if m["command"])
    assert merge["command"] == done["command"]
    pool.app.pool.retract(done["command"], "mei")
    assert pool.app.pool.profile("card:c2")["id"] != pool.app.pool.profile("user_id:u1")["id"]
    again = pool.app.pool.suggestions.accept(chosen, "mei")
    assert again["suggestion"]["status"] == "joined"
    assert pool.app.pipeline.replace_by_rebuild()


def test_refused_ones_are_never_suggested_again(pool: Folding, tmp_path: Path) -> None:
    search(pool.app.pool)
    done = pool.app.pool.suggestions.refuse(listed(pool.app.pool)[U1_C3]["id"], "mei")
    assert U1_C3 not in listed(pool.app.pool)
    search(pool.app.pool)
    assert U1_C3 not in listed(pool.app.pool)
    assert [row["decided"]["kind"] for row in listed(pool.app.pool, "refused").values()] == [
        "refuse"
    ]
    # Not by other identifiers of the two either.
    more = [said(20, "card:c3", "email:x@y.cn"), said(21, "user_id:u1", trait=1, email="X@y.cn")]
    pool.app.pool.wait(pool.app.journal.head())
    pool.close()
    with Folding(tmp_path / "pool") as again:
        again.deliver(more)
        again.app.start()
        assert U1_C3 in listed(again.app.pool, "refused")
        search(again.app.pool)
        assert U1_C3 not in listed(again.app.pool)
        again.app.pool.retract(done["command"], "mei")
        assert U1_C3 in listed(again.app.pool)
        again.close()


def test_what_was_undone_is_not_suggested(pool: Folding) -> None:
    search(pool.app.pool)
    chosen = listed(pool.app.pool)[U1_C2]["id"]
    pool.app.pool.suggestions.accept(chosen, "mei")
    merge = next(m for m in pool.app.pool.merges("card:c2")["merges"] if m["command"])
    pool.app.pool.undo("card:c2", merge["id"], "mei")
    search(pool.app.pool)
    assert U1_C2 not in listed(pool.app.pool)
    assert U1_C2 in listed(pool.app.pool, "apart")


def test_many_are_accepted_by_score_after_a_count(pool: Folding) -> None:
    search(pool.app.pool)
    before = pool.partition()
    dry = pool.app.pool.suggestions.accept_all(None, 0.9, True, "mei")
    assert (dry["count"], dry["dry_run"]) == (3, True)
    assert pool.partition() == before
    done = pool.app.pool.suggestions.accept_all(None, 0.9, False, "mei")
    # Both accounts claim the card: the first decision holds, the other joins nobody.
    assert (done["count"], done["joined"]) == (3, 2)
    assert set(listed(pool.app.pool)) == {U1_C3}
    assert pool.app.pool.suggestions.accept_all(None, 0.9, False, "mei")["count"] == 0
    assert pool.app.pipeline.replace_by_rebuild()


def test_runs_are_kept_and_one_that_was_cut_off_says_so(pool: Folding, tmp_path: Path) -> None:
    done = search(pool.app.pool)
    runs = tmp_path / "pool/suggestions/runs.json"
    cut = json.loads(runs.read_text())
    cut.append({**cut[0], "id": "cut", "state": "running", "started_ms": cut[0]["started_ms"] + 1})
    before = set(listed(pool.app.pool))
    pool.close()
    runs.write_text(json.dumps(cut))
    with Folding(tmp_path / "pool") as again:
        states = {run["id"]: run["state"] for run in again.app.pool.suggestions.runs()}
        assert states == {"cut": "failed", done["id"]: "done"}
        assert set(listed(again.app.pool)) == before
    rows = pq.read_table(tmp_path / "pool/suggestions/rules.parquet")
    text = str(rows.to_pylist()) + runs.read_text()
    for word in ("user_id", "card:", "13800138000", "王小明"):
        assert word not in text, "numbers and codes, no personal data"


def test_a_run_can_be_cancelled(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    suggestions = pool.app.pool.suggestions
    with pool.app.pipeline.lock:  # The run waits for the pipeline: it cannot end meanwhile.
        run = suggestions.start("rules", "tests")
        with pytest.raises(Conflict, match="under way"):
            suggestions.start("rules", "tests")
        suggestions.cancel(run["id"])
    end = time.monotonic() + 60
    while suggestions.run(run["id"])["state"] != "cancelled":
        assert time.monotonic() < end
        time.sleep(0.01)
    with pytest.raises(Conflict):
        suggestions.cancel(run["id"])
    for missing in (suggestions.run, suggestions.cancel):
        with pytest.raises(NotFound):
            missing("none")
    with pytest.raises(NotFound, match="search"):
        suggestions.accept("m_none", "tests")


def test_probability_learns_from_the_pool(pool: Folding) -> None:
    pytest.importorskip("splink", reason="the extra `matching` is not installed")
    few = search(pool.app.pool, "probability")
    assert few["state"] == "failed"
    assert "too few to learn from" in few["report"]["error"]
    given, cities = (
        ("伟", "芳", "娜", "敏", "静", "强", "磊"),
        ("杭州", "上海", "北京", "深圳", "成都"),
    )
    rows = []
    for n in range(210):
        traits = {
            "name": "赵钱孙李周吴郑王冯陈"[n % 10] + given[n % 7] + given[n * 3 % 5],
            "birthday": f"19{50 + n % 47}-{1 + n % 12:02}-{1 + n % 28:02}",
            "city": cities[n % 5],
        }
        rows.append(said(1000 + 2 * n, f"user_id:x{n}", **traits))
        if n % 3 == 0:
            slip = {**traits, "birthday": traits["birthday"][:-1] + "9"} if n % 2 else traits
            rows.append(said(1001 + 2 * n, f"card:x{n}", **slip))
    pool.deliver(rows)
    pool.app.catch_up()
    run = search(pool.app.pool, "probability")
    assert run["state"] == "done", run
    found = listed(pool.app.pool)
    right = [row for pair, row in found.items() if len({i.partition(":x")[2] for i in pair}) == 1]
    assert len(right) > 50
    assert all(0.5 <= row["score"] <= 1 and row["methods"] == ["probability"] for row in right)
    codes = {one["code"] for one in right[0]["evidence"]}
    assert "=name" in codes
    search(pool.app.pool)
    assert ["probability", "rules"] in [
        sorted(row["methods"]) for row in listed(pool.app.pool).values()
    ]


def test_without_splink_the_message_says_what_to_install(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(NotInstalled, match=r"pip install 'hotspring\[matching\]'"):
        pool.app.pool.suggestions.start("probability", "tests")
    with pytest.raises(BadRequest):
        pool.app.pool.suggestions.start("magic", "tests")


def test_what_was_taken_back_does_not_count(pool: Folding) -> None:
    def took_back(number: int, who: str, **more: Any) -> Event:
        traits = json.dumps(more)
        return Event(f"m{number}", "identify", "", NOW + number, (who,), number, traits=traits)

    pool.deliver([
        took_back(30, "card:c2", unset={"birthday": None}),
        took_back(31, "card:c3", delete=True),
    ])  # fmt: skip
    pool.app.catch_up()
    search(pool.app.pool)
    assert set(listed(pool.app.pool)) == {CLAIM}
    pool.deliver([said(40, "card:c2", birthday="1990-05-06")])
    pool.app.catch_up()
    search(pool.app.pool)
    assert set(listed(pool.app.pool)) == {CLAIM, U1_C2, C2_U4}
