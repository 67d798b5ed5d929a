"""Mail scanners are told from people by what they do, not by who they say they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.bots import Networks, scanners
from hotspring.bots.scanners import MailEvent, Suspect
from hotspring.errors import SettingsError

START = 1_760_000_000_000
LATER = START + 3_600_000


def event(name: str, second: float, number: int = 0, person: int = 1, **more: Any) -> MailEvent:
    properties = {"email_id": "spring", **more.pop("properties", {})}
    ms = START + round(second * 1000)
    identity = f"{name} {second} {number} {person}"
    given = {"network": "", "decided": False, "received_ms": ms, **more}
    return MailEvent(
        person=person, source="mail", message_id=identity, origin=person, ms=ms, name=name,
        properties=properties, **given,
    )  # fmt: skip


def delivered(second: float = 0, **more: Any) -> MailEvent:
    return event("Email Delivered", second, **more)


def clicked(second: float, link: str = "a", **more: Any) -> MailEvent:
    return event("Email Link Clicked", second, ord(link), properties={"link_url": link}, **more)


def suspects(*events: MailEvent, now: int = LATER) -> list[Suspect]:
    return scanners.suspects(events, 10, now)


def flagged(*events: MailEvent, now: int = LATER) -> list[str]:
    found = suspects(*events, now=now)
    return sorted(one.message_id for s in found if s.flaggable for one in s.events)


def test_a_click_within_seconds_of_delivery_is_a_scanner() -> None:
    click = clicked(2)
    assert flagged(delivered(), click) == [click.message_id]
    (suspect,) = suspects(delivered(), click)
    assert suspect.evidence == {"clicks": 1, "seconds_after_delivery": 2.0}


def test_a_click_before_the_mail_counts_as_delivered_is_one_too() -> None:
    assert flagged(delivered(), clicked(-20))
    assert not flagged(delivered(), clicked(-2_000))


def test_a_person_clicks_later() -> None:
    assert suspects(delivered(), clicked(600), clicked(660, "b")) == []


def test_every_link_at_once_is_a_scanner() -> None:
    clicks = [clicked(100 + n, link) for n, link in enumerate("abcd")]
    assert len(flagged(delivered(), *clicks)) == 4
    (suspect,) = suspects(delivered(), *clicks)
    assert (suspect.evidence["links"], suspect.evidence["within_seconds"]) == (4, 3.0)


def test_some_of_many_links_say_nothing() -> None:
    known = [clicked(5_000 * n, link, person=9) for n, link in enumerate("abcdefgh", 1)]
    assert suspects(delivered(), clicked(100, "a"), clicked(101, "b"), *known) == []


def test_a_known_network_is_a_sign() -> None:
    assert flagged(delivered(), clicked(500, network="A Scanner"))


def test_who_goes_on_like_a_person_is_one() -> None:
    session = event("Product Viewed", 530)
    assert flagged(delivered(), clicked(500, network="A Scanner"), session) == []
    (suspect,) = suspects(delivered(), clicked(500, network="A Scanner"), session)
    assert suspect.evidence["went_on_like_a_person"]
    at_once = event("Page Viewed", 501)
    assert flagged(delivered(), clicked(500, network="A Scanner"), at_once)


def test_the_session_belongs_to_the_click_before_it() -> None:
    scan, real = clicked(1), clicked(900)
    events = (delivered(), scan, real, event("Product Viewed", 930))
    assert flagged(*events) == [scan.message_id]


def test_opens_around_the_clicks_go_with_them() -> None:
    opened, later = event("Email Opened", 1), event("Email Opened", 600)
    assert opened.message_id in flagged(delivered(), opened, clicked(2), later)
    assert later.message_id not in flagged(delivered(), opened, clicked(2), later)


def test_what_is_doubtful_waits_for_what_comes_next() -> None:
    click = clicked(6)
    assert flagged(delivered(), click, now=click.ms + 30_000) == []
    assert flagged(delivered(), click, now=click.ms + 120_000)
    sure = clicked(1)
    assert flagged(delivered(), sure, now=sure.ms + 1_000)


def test_what_was_decided_is_left_alone() -> None:
    assert flagged(delivered(), clicked(2, decided=True)) == []


def test_messages_and_people_are_told_apart() -> None:
    other = event("Email Delivered", 0, properties={"email_id": "summer"})
    assert suspects(other, clicked(2)) == []
    assert suspects(delivered(person=2), clicked(2)) == []


@given(st.permutations(range(8)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    events = [
        delivered(), clicked(1), clicked(2, "b"), clicked(700), event("Product Viewed", 730),
        delivered(person=2), clicked(400, person=2), event("Email Opened", 2),
    ]  # fmt: skip
    assert suspects(*(events[n] for n in order)) == suspects(*events)


def test_networks_come_with_hotspring_and_from_a_file(tmp_path) -> None:
    networks = Networks()
    assert networks.name("40.107.1.2") == "Microsoft Exchange Online Protection"
    assert networks.name("::ffff:40.107.1.2") == "Microsoft Exchange Online Protection"
    assert networks.name("192.0.2.1") == networks.name("no address") == ""
    own = tmp_path / "own.toml"
    own.write_text('[[network]]\nname = "Ours"\nsource = "us"\ncidrs = ["192.0.2.0/24"]\n')
    assert Networks(str(own)).name("192.0.2.1") == "Ours"
    own.write_text('[[network]]\nname = "Ours"\nsource = "us"\ncidrs = ["192.0.2.7/24"]\n')
    with pytest.raises(SettingsError, match="scanner_networks_file"):
        Networks(str(own))
    with pytest.raises(SettingsError, match="scanner_networks_file"):
        Networks(str(tmp_path / "missing"))
