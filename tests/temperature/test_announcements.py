"""The rows that announcements and rule versions leave."""

from __future__ import annotations

from hotspring.temperature import RuleSet, announcements, rules
from hotspring.temperature.announcements import Announcement

TOLD = [
    Announcement("p_a", "cold", "hot", 85.5, 1_760_000_000_000, "events"),
    Announcement("p_b", "hot", "warm", 78.0, 1_760_000_000_000, "silence"),
]


def test_announcements_know_their_direction_and_keep_their_ids() -> None:
    rows = announcements.announcement_rows([10, 11], TOLD)
    assert rows.schema == announcements.ANNOUNCEMENTS.schema
    assert rows.column("kind").to_pylist() == ["temperature.risen", "temperature.fallen"]
    assert rows.column("after").to_pylist() == ["hot", "warm"]
    assert rows == announcements.announcement_rows([10, 11], TOLD)
    many = announcements.announcement_rows(range(10, 14), [*TOLD, *TOLD])
    assert len(set(many.column("id").to_pylist())) == 4


def test_no_announcements_make_no_rows() -> None:
    assert announcements.announcement_rows([], []).num_rows == 0


def test_a_rule_version_can_be_read_back() -> None:
    shipped = rules.sets()["content"].to_json()
    row = announcements.RULE_VERSIONS.row(version=3, seq=77, at_ms=5, by="operator", body=shipped)
    assert row.schema == announcements.RULE_VERSIONS.schema
    assert RuleSet.from_json(row.column("body")[0].as_py()) == rules.sets()["content"]
    assert row.column("version").to_pylist() == [3]
