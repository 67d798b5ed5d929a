"""What a calibration found: numbers for people, a rule set for the pool."""

from __future__ import annotations

import msgspec

from hotspring.calibration.history import Mask
from hotspring.calibration.measures import Decile
from hotspring.temperature import RuleSet


class Group(msgspec.Struct, frozen=True):
    """Some profiles, and how many of them reached the goal."""

    profiles: int
    reached: int
    rate: float | None
    """None where there is no profile."""

    @classmethod
    def of(cls, reached: Mask) -> Group:
        """The group of these profiles."""
        count, hits = len(reached), int(reached.sum())
        return cls(count, hits, round(hits / count, 4) if count else None)


class Weight(msgspec.Struct, frozen=True):
    """One learnt rule in words' reach."""

    rule: str
    event: str
    amount: bool
    """By log1p of the amount."""
    points: float
    half_life_days: float
    cap: float | None
    worth: float
    """Points of one such event; where it counts by amount, of the median amount."""
    alone: float
    """The temperature of a profile with one such event and no other, °C."""


class Calibration(msgspec.Struct, frozen=True):
    """What was learnt, how well it tells, and against what."""

    goal: str
    horizon_days: float
    cut: int
    """ms since 1970 UTC."""
    learnt_at: int
    """The earlier cut: weights and half-lives tell at it what came until `cut`."""
    share: float
    """Of the profiles at the cut that were to be hot."""
    hot: float
    """The share that is."""
    learning: Group
    test: Group
    auc: dict[str, float]
    """Area under the ROC curve after the cut: temperature, recency, frequency, rfm, boosting."""
    auc_error: float
    """Standard error of the temperature's."""
    auc_in_force: float
    """Of the temperature by the rules in force before."""
    bands: dict[str, float | None]
    """Rate of the goal after the cut by band at the cut."""
    band_profiles: dict[str, int]
    bands_in_force: dict[str, Group]
    deciles: list[Decile]
    curves: dict[str, list[tuple[float, float]]]
    weights: list[Weight]
    without_weight: list[str]
    """Events that were looked at and tell nothing beyond the others."""
    kept: list[str]
    """Rules taken over from those in force, for events too rare to learn from."""
    dropped: list[str]
    """Rules for every event: they would count twice what was learnt."""
    rules: RuleSet
