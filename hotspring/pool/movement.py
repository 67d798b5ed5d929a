"""What other rules would do: how many profiles move between which bands, with examples."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from hotspring.identity import Who
from hotspring.temperature import Heat, law

EXAMPLES: Final = 3
"""Profiles named for each way from one band to another."""
STATES: Final = (*law.BANDS[:3], "never_warm", "cooled")
"""The bands, with cold told apart."""


class _Side(NamedTuple):
    degrees: np.ndarray
    state: np.ndarray
    """Position in STATES, by slot."""


def movement(who: Who, before: Heat, after: Heat, now: int) -> dict[str, Any]:
    """How would the known profiles move from their bands in one heat to those in another?

    Both heats must stand at the same moment, and nothing may change while this reads.
    """
    slots = who.slots()
    here = slots[who.known[slots]]
    strangers = slots[~who.known[slots]]
    old, new = _side(before, now, here), _side(after, now, here)
    matrix = _matrix(old, new)
    aside = _matrix(_side(before, now, strangers), _side(after, now, strangers))
    return {
        "total": len(here),
        "before": _counts(matrix.sum(axis=1)),
        "after": _counts(matrix.sum(axis=0)),
        "moved": _moved(matrix),
        "mean_change": round(float((new.degrees - old.degrees).mean()), 3) if len(here) else 0.0,
        "matrix": {
            a: {b: int(matrix[i, j]) for j, b in enumerate(STATES)} for i, a in enumerate(STATES)
        },
        "moves": _moves(who, here, old, new),
        "anonymous": {"total": len(strangers), "moved": _moved(aside)},
    }


def _side(heat: Heat, now: int, slots: np.ndarray) -> _Side:
    energy = heat.energy(now, slots)
    band = law.band(energy, heat.rules.e_half).astype(np.int64)
    cooled = (band == law.COLD) & heat.warmed(slots)
    return _Side(law.degrees(energy, heat.rules.e_half), band + cooled)


def _matrix(old: _Side, new: _Side) -> np.ndarray:
    size = len(STATES)
    return np.bincount(old.state * size + new.state, minlength=size * size).reshape(size, size)


def _counts(by_state: np.ndarray) -> dict[str, Any]:
    hot, warm, cool, never_warm, cooled = by_state.tolist()
    return {
        "bands": {"hot": hot, "warm": warm, "cool": cool, "cold": never_warm + cooled},
        "cold": {"never_warm": never_warm, "cooled": cooled},
    }


def _moved(matrix: np.ndarray) -> int:
    """How many left their band? Cold is one band here."""
    inside = np.trace(matrix) + matrix[3, 4] + matrix[4, 3]
    return int(matrix.sum() - inside)


def _moves(who: Who, slots: np.ndarray, old: _Side, new: _Side) -> list[dict[str, Any]]:
    """Every way from one band to another that somebody goes, the most travelled first."""
    was, now = np.minimum(old.state, law.COLD), np.minimum(new.state, law.COLD)
    found = []
    for pair in np.unique((was * 4 + now)[was != now]).tolist():
        way = np.flatnonzero(was * 4 + now == pair)
        chosen = _typical(way, new.degrees[way] - old.degrees[way])
        found.append(
            {
                "from": law.BANDS[pair // 4],
                "to": law.BANDS[pair % 4],
                "profiles": len(way),
                "examples": [
                    {"profile": name, "before": before, "after": after}
                    for name, before, after in zip(
                        who.public_ids(slots[chosen]),
                        old.degrees[chosen].round(3).tolist(),
                        new.degrees[chosen].round(3).tolist(),
                        strict=True,
                    )
                ],
            }
        )
    return sorted(found, key=lambda move: -int(move["profiles"]))


def _typical(way: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Those that change the most, in the middle and the least."""
    order = np.argsort(-np.abs(change), kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(EXAMPLES, len(order))).astype(int))
    return np.asarray(way[order[places]])
