"""How a profile will cool: the live heat read ahead, with the bands it passes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hotspring.event import Event
from hotspring.pool.moments import clock, iso
from hotspring.temperature import law
from tests.laws.folding import DAY, Folding


def test_the_forecast_is_what_later_readings_will_say(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        now = clock()
        names = ("Order Completed", "Product Viewed", "Product Added") * 3
        pool.deliver(
            [
                Event(f"m{n}", "track", name, now - n * DAY, ("user_id:u",), n, amount=900.0)
                for n, name in enumerate(names)
            ],
            received=now,
        )
        drawn = pool.app.pool.curve("user_id:u", now - DAY, now, 20, 400 * DAY)
        profile = pool.app.pool.profile("user_id:u")
        state = pool.app.pipeline.state
        for point in drawn["forecast"]:
            ms = round(dt.datetime.fromisoformat(point["at"]).timestamp() * 1000)
            read = float(law.degrees(state.heat.energy(ms, [0]), state.rules.e_half)[0])
            assert point["temperature"] == pytest.approx(read, abs=2e-3)
        assert len(drawn["forecast"]) >= 20
        first = drawn["crossings"][0]
        assert (first["band"], first["at"]) == (profile["next_band"], profile["next_band_at"])
        assert drawn["crossings"][-1]["band"] == "cold"
        assert all(one["at"] in {p["at"] for p in drawn["forecast"]} for one in drawn["crossings"])
        assert "forecast" not in pool.app.pool.curve("user_id:u", now - DAY, now, 20)
        assert drawn["forecast"][0]["at"] >= iso(now)
