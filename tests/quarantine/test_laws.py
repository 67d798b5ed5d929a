"""What must hold whatever was refused and whatever people do to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.collect import Judge, SourceFacts
from hotspring.errors import BadRequest
from hotspring.event import Event
from hotspring.quarantine import Entry, Mender, fixes_of
from tests.collect.clients import NOW, SETTINGS, batch, record, send, track
from tests.quarantine.mending import Ward, kept

QUICK = settings(max_examples=70, deadline=None)
FEW = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20) | st.sampled_from(["1,200", "yes", "", "x" * 300, "m-1", "1e9", "-0"])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner,
                                                                max_size=3),
    max_leaves=6,
)  # fmt: skip
MEMBERS = st.sampled_from(
    ["type", "event", "name", "messageId", "userId", "anonymousId", "timestamp", "properties",
     "traits", "context", "sentAt", "batch", "distinct_id", "login_id", "identities", "time",
     "flush_time", "_track_id", "lib", "ids", "ms", "flags", "channel"]
)  # fmt: skip
PROPERTIES = st.sampled_from(["a", "b", "", "price", "$ip"])
FIXES = st.one_of(
    st.builds(lambda to: {"do": "rename_event", "to": to}, st.text(max_size=9)),
    st.builds(lambda a, b: {"do": "rename", "property": a, "to": b}, PROPERTIES, PROPERTIES),
    st.builds(
        lambda a, to: {"do": "cast", "property": a, "to": to},
        PROPERTIES,
        st.sampled_from(["number", "integer", "text", "boolean"]),
    ),
    st.builds(lambda a: {"do": "drop", "property": a}, PROPERTIES),
    st.builds(lambda a, v: {"do": "set", "property": a, "value": v}, PROPERTIES, JSON),
    st.sampled_from(
        [
            {"do": "time", "to": "received"},
            {"do": "time", "to": "2026-11-01T00:00:00Z"},
            {"do": "type", "to": "track"},
            {"do": "type", "to": "profile_set"},
            {"do": "new_id"},
            {"do": "identify", "kind": "user_id", "value": "lin"},
            {"do": "identify", "kind": "phone", "property": "a"},
            {"do": "identify", "kind": "nobody's", "value": "x"},
            {"do": "rename_event", "to": "A"},
        ]
    ),
    st.builds(
        lambda patch: {"do": "patch", "patch": patch},
        st.dictionaries(MEMBERS, JSON, max_size=3),
    ),
    st.builds(
        lambda body: {"do": "replace", "body": body}, st.dictionaries(MEMBERS, JSON, max_size=3)
    ),
)
BODIES = st.one_of(
    st.builds(lambda more: json.dumps(track(**more)), st.dictionaries(MEMBERS, JSON, max_size=3)),
    st.builds(lambda more: json.dumps(record(**more)), st.dictionaries(MEMBERS, JSON, max_size=3)),
    st.builds(json.dumps, st.dictionaries(MEMBERS, JSON, max_size=6)),
    st.builds(json.dumps, JSON),
    st.text(max_size=40),
    st.sampled_from(['{"a":1e999}', '{"a":"\\ud800"}', "[" * 3000, '{"properties":{"a":1e30}}']),
)
REQUESTS = st.sampled_from(
    ["", "{", '{"path":"/sa"}', '{"path":"/v1/track","type":"track","sentAt":5}', '{"path":"/x"}',
     '{"path":"/v1/b","context":{"channel":"app"},"sentAt":"?","public":true}', '{"path":7}']
)  # fmt: skip
MENDER = Mender(Judge(SETTINGS), SourceFacts, lambda pairs: {})


@given(
    body=BODIES, request=REQUESTS, recorded=st.booleans(), fixes=st.lists(FIXES, max_size=4),
    message=st.sampled_from(["", "m-1", "x" * 256]),
)  # fmt: skip
@QUICK
def test_every_fix_of_every_body_ends_in_a_verdict(
    body: str, request: str, recorded: bool, fixes: list[dict[str, Any]], message: str
) -> None:
    entry = Entry(5, recorded, "shop", NOW, message, "too_old", "", body, request, "")
    (first,) = MENDER.outcomes([entry], fixes_of(fixes))
    (second,) = MENDER.outcomes([entry], fixes_of(fixes))
    assert first == second
    assert first.verdict in ("accepted", "refused", "unmendable")
    assert (first.event is not None) is (first.verdict == "accepted")
    assert first.passes or first.detail
    if first.event is not None and message and {"do": "new_id"} not in fixes:
        assert first.event.message_id == message


GOOD = st.builds(
    track,
    messageId=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=9),
    event=st.sampled_from(["A", "产品"]),
    properties=st.dictionaries(st.text(max_size=5), JSON, max_size=3),
    context=st.sampled_from([{}, {"channel": "app"}, {"library": {"name": "js"}, "ip": "1.2.3.4"}]),
    userId=st.sampled_from(["lin", "wu"]),
)


@given(good=GOOD, sent=st.sampled_from([None, "2026-11-22T05:00:00Z", 1_700_000_000]))
@QUICK
def test_what_is_mended_is_what_would_have_come_right(good: dict[str, Any], sent: Any) -> None:
    events, _ = send("/v1/batch", batch(good, sentAt=sent))
    if not events:
        return
    broken = {**good, "event": None}
    _, (refused,) = send("/v1/batch", batch(broken, sentAt=sent))
    entry = Entry(
        1, False, "shop", NOW, refused.message_id, refused.reason, "", refused.body,
        refused.request, "",
    )  # fmt: skip
    (outcome,) = MENDER.outcomes([entry], fixes_of([{"do": "rename_event", "to": good["event"]}]))
    assert outcome.event is not None
    assert kept(outcome.event) == kept(events[0])


@given(value=JSON)
@QUICK
def test_a_fix_is_read_or_refused_and_tells_nothing_about_people(value: Any) -> None:
    try:
        made = fixes_of([value, {"do": "set", "property": "a", "value": value}])
    except BadRequest:
        made = fixes_of([{"do": "set", "property": "a", "value": value},
                         {"do": "identify", "kind": "phone", "value": "13800138000"},
                         {"do": "patch", "patch": {"userId": value}}])  # fmt: skip
    assert [fix.summary for fix in made] == ["set a", "identify phone", "patch"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory):
    numbers = iter(range(1_000_000))
    root = tmp_path_factory.mktemp("wards")
    return lambda: root / f"{next(numbers)}"


CALLS = st.lists(
    st.builds(
        lambda n, user, event, when, price: track(
            messageId=f"m{n}", userId=user, event=event, timestamp=when,
            properties={"price": price},
        ),
        st.integers(0, 5),
        st.sampled_from(["lin", "wu", None]),
        st.sampled_from(["Order Completed", None, 5]),
        st.sampled_from([NOW - 5, NOW - 5, "?"]),
        st.sampled_from([1, 2]),
    ),
    max_size=6,
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        CALLS,
        st.sampled_from(
            [
                [{"do": "rename_event", "to": "Order Completed"}],
                [{"do": "time", "to": "received"}],
                [{"do": "identify", "kind": "user_id", "value": "wu"}, {"do": "new_id"}],
                [],
                None,
            ]
        ),
        st.sampled_from(["go on", "crash", "seal", "save", "close"]),
    ),
    min_size=1,
    max_size=4,
)


@given(steps=STEPS)
@FEW
def test_whatever_is_mended_is_so_after_a_restart_and_a_rebuild(folders, steps) -> None:
    folder: Path = folders()
    before = None
    for calls, fixes, ending in steps:
        with Ward(folder) as ward:
            assert before is None or ward.whole() == before
            ward.receive("/v1/batch", batch(*calls))
            if fixes is None:
                ward.refusals.drop({"source": "shop"}, "not needed", "ann", False)
            else:
                passed = ward.replay(*fixes)["verdicts"]
                again = ward.replay(*fixes)
                assert not again["verdicts"].get("accepted"), passed
            before = ward.whole()
            assert ward.app.pipeline.replace_by_rebuild()
            assert ward.whole() == before
            if ending == "close":
                ward.close()
            elif ending in ("seal", "save"):
                getattr(ward.app, ending)()
    ids = [row["message_id"] for row in before[0]]
    assert len(ids) == len(set(ids))


def test_the_law_of_mending_sees_a_difference() -> None:
    (event,), _ = send("/v1/batch", batch(track()))
    assert kept(event) != kept(Event(**{**kept(event), "message_id": "m", "ms": 1}))
