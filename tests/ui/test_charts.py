"""What is measured along the axes of a chart is written on it, in the language of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import Opened


@pytest.mark.parametrize(
    ("locale", "title", "minutes", "heads", "arrived", "events"),
    [
        ("zh-CN", "实时", "每分钟的事件和人数", "事件（次） · 人数（人）",
         "每分钟收到的事件", "事件"),
        ("en-US", "Live", "Events and people by minute", "Events · People and passers-by",
         "Events received by the minute", "Events"),
    ],
)  # fmt: skip
def test_axes_are_named(
    desk: Opened, locale: str, title: str, minutes: str, heads: str, arrived: str, events: str
) -> None:
    seat = desk("operator", locale=locale)
    seat.server.send(
        seat.server.source(f"axes-{locale}"),
        {"type": "track", "userId": "u-axes", "event": "Tea", "messageId": f"axes-{locale}"},
    )
    seat.open("/live")
    seat.heading(title)
    drawn = seat.page.get_by_role("img", name=minutes)
    expect(drawn).to_have_attribute("aria-description", heads)
    seat.open("/")
    expect(seat.page.get_by_role("img", name=arrived)).to_have_attribute("aria-description", events)
