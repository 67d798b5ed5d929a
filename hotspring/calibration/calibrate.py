"""Learns the rules of temperature from a pool's own past, and tests them on what came later."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo
from typing import Final

import msgspec
import numpy as np

from hotspring.calibration import measures
from hotspring.calibration.fit import FOLDS, Fitted, Tell, learn
from hotspring.calibration.history import Floats, Frame, History, Mask, Slots, frame
from hotspring.calibration.learnt import E_HALF, kept_rules, learnt_rules, rounded
from hotspring.calibration.result import Calibration, Group, Weight
from hotspring.calibration.rivals import rivals
from hotspring.calibration.traces import Kind, cooled, kinds
from hotspring.errors import HistoryTooThin
from hotspring.temperature import Heat, RuleSet, Weigher, law, rules

HALF_LIVES_DAYS: Final = (1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 120.0, 180.0, 365.0)
LEAST_REACHED: Final = 50
"""So many profiles must have reached the goal, and as many not, to learn and to test."""
LEARN_FROM: Final = 40_000
"""Profiles; more would cost time and tell nothing new."""
MORE_THAN_HISTORY: Final = 2.0
"""A half-life this many times as long as the history cannot be told from none."""
HOT: Final = math.log2(6)
"""A profile is hot above this many E_half: 80 degrees."""


class Question(msgspec.Struct, frozen=True):
    """What a calibration is to find out."""

    goal: str
    horizon_ms: int
    cut: int
    """Moment in ms since 1970 UTC: learning reads nothing from here on."""
    share: float = 0.05
    """Of the profiles at the cut that are to be hot."""

    def check_span(self, first: int, last: int) -> None:
        """Does a history from `first` to `last` (ms) hold all that is read? `HistoryTooThin`."""
        _check_span(self, first, last)


def calibrate(
    history: History, question: Question, force: RuleSet, zone: zoneinfo.ZoneInfo, tell: Tell
) -> Calibration:
    """Which rules tell best who reaches the goal, and how well do they on what came later?

    Weights and half-lives are learnt at an earlier cut, one horizon before the one given; E_half
    is set by the profiles at the cut, of whose later deeds nothing is read. The test reads the
    temperatures of the resulting rules at the cut and what happened in the horizon after it.
    `force` are the rules in force. Raises `HistoryTooThin` with what to do.
    """
    earlier = frame(history, question.goal, question.cut - question.horizon_ms, question.horizon_ms)
    later = frame(history, question.goal, question.cut, question.horizon_ms)
    check_frames(question.goal, earlier, later)
    learner = earlier.where(np.arange(len(earlier.profiles)) < LEARN_FROM)
    found = kinds(history, learner, force, question.goal)
    tell(0.05)
    span_days = (earlier.at - int(history.ms.min())) / rules.DAY_MS
    lives = [days for days in HALF_LIVES_DAYS if days <= MORE_THAN_HISTORY * span_days]
    grid = cooled(history, found, force, zone, learner, lives)
    tell(0.2)
    parts = folds(history, learner)
    events, most = [kind.event for kind in found], rules.MOST_HALF_LIVES
    fitted = learn(grid, learner.reached, parts, events, most, _part(tell, 0.2, 0.85))
    chosen, scale = _rules(history, question, force, zone, later, found, fitted)
    tell(0.9)
    scores = rivals(history, question.goal, learner, later, parts)
    energy = energies(history, chosen, zone, later)
    scores = {"temperature": law.degrees(energy, chosen.e_half), **scores}
    before = energies(history, force, zone, later)
    groups = by_band(energy, chosen.e_half, later.reached)
    return Calibration(
        goal=question.goal,
        horizon_days=question.horizon_ms / rules.DAY_MS,
        cut=question.cut,
        learnt_at=earlier.at,
        share=question.share,
        hot=round(groups["hot"].profiles / len(later.profiles), 4),
        learning=Group.of(earlier.reached),
        test=Group.of(later.reached),
        auc={name: round(measures.auc(later.reached, score), 4) for name, score in scores.items()},
        auc_error=_error(later, scores["temperature"]),
        auc_in_force=round(measures.auc(later.reached, before), 4),
        bands={name: group.rate for name, group in groups.items()},
        band_profiles={name: group.profiles for name, group in groups.items()},
        bands_in_force=by_band(before, force.e_half, later.reached),
        deciles=measures.deciles(later.reached, energy, fitted.chance(energy / scale)),
        curves={name: measures.roc(later.reached, score) for name, score in scores.items()},
        weights=_weights(chosen, found),
        without_weight=_without(found, fitted),
        kept=[rule.id for rule in chosen.rules if not _is_learnt(rule, found)],
        dropped=[rule.id for rule in force.rules if rules.ANY in rule.events],
        rules=chosen,
    )


def _check_span(question: Question, first: int, last: int) -> None:
    """Does a history from `first` to `last` (ms) hold all that is read before and after the cut?

    Raises `HistoryTooThin` that says what to do.
    """
    horizon = question.horizon_ms
    days = horizon / rules.DAY_MS
    if last - first < 3 * horizon:
        span = (last - first) / rules.DAY_MS
        raise HistoryTooThin(
            f"the history is {span:.0f} days long; a horizon of {days:g} days needs {3 * days:g}: "
            f"choose a horizon of at most {span // 3:.0f} days, or wait until there is more of it"
        )
    if last < question.cut + horizon - rules.DAY_MS:
        raise HistoryTooThin(
            f"the {days:g} days after the cut are not over in the history, which ends on "
            f"{_date(last)}: choose {_date(last - horizon)} or earlier, or a shorter horizon"
        )
    if first > question.cut - 2 * horizon:
        raise HistoryTooThin(
            f"the history begins {max(question.cut - first, 0) / rules.DAY_MS:.0f} days before the "
            f"cut; with a horizon of {days:g} days learning needs {2 * days:g}: choose "
            f"{_date(first + 2 * horizon + rules.DAY_MS)} or later, or a shorter horizon"
        )


def check_frames(goal: str, earlier: Frame, later: Frame) -> None:
    """Did enough reach the goal, and enough not? Raises `HistoryTooThin`."""
    for when, there in (("in the horizon before the cut", earlier), ("after the cut", later)):
        reached, rest = int(there.reached.sum()), int((~there.reached).sum())
        if reached < LEAST_REACHED:
            raise HistoryTooThin(
                f"only {reached} known profiles did {goal!r} {when}; {LEAST_REACHED} are needed: "
                "choose a longer horizon, another cut, or an event that happens more often"
            )
        if rest < LEAST_REACHED:
            raise HistoryTooThin(
                f"all but {rest} known profiles did {goal!r} {when}: choose a shorter horizon or "
                "an event that tells people apart"
            )


def _date(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).date().isoformat()


def energies(history: History, chosen: RuleSet, zone: zoneinfo.ZoneInfo, there: Frame) -> Floats:
    """Which energy have the profiles of a frame at its moment, by the product's own law?"""
    past = history.at(history.ms < there.at)
    heat = Heat(chosen, zone, size=len(history.key))
    heat.add(past.profile, past.ms, Weigher(chosen, zone).weigh(past.events))
    return heat.energy(there.at, there.profiles)


def by_band(energy: Floats, e_half: float, reached: Mask) -> dict[str, Group]:
    """How many of the profiles of each band reached the goal?"""
    band = law.band(energy, e_half)
    return {name: Group.of(reached[band == code]) for code, name in enumerate(law.BANDS)}


def _rules(
    history: History, question: Question, force: RuleSet, zone: zoneinfo.ZoneInfo,
    later: Frame, found: list[Kind], fitted: Fitted,
) -> tuple[RuleSet, float]:  # fmt: skip
    """The fit as a rule set, scaled and with its E_half, and the scale of its points."""
    lives = sorted({column.half_life_days for column in fitted.columns})
    grid = cooled(history, found, force, zone, later, lives)
    columns = [grid[c.half_life_days][:, c.kind] for c in fitted.columns]
    raw = np.stack(columns, axis=1) @ fitted.weight
    top = float(np.quantile(raw, 1 - question.share))
    if top <= 0:
        raise HistoryTooThin(
            f"less than {question.share:.1%} of the profiles have any heat from what tells who "
            "reaches the goal: choose a smaller share, a later cut or another goal"
        )
    scale = E_HALF * HOT / top
    made = learnt_rules(fitted, found, scale)
    kept = kept_rules(force, {kind.event for kind in found}, made)
    title = rules.Title(
        zh=f"从历史学得：{question.goal}", en=f"Learnt from history: {question.goal}"
    )
    chosen = RuleSet(title, E_HALF, force.currency, force.rates, (*made, *kept))
    energy = energies(history, chosen, zone, later)
    e_half = rounded(float(np.quantile(energy, 1 - question.share)) / HOT, 4)
    chosen = msgspec.structs.replace(chosen, e_half=e_half)
    chosen.check()
    return chosen, scale


def folds(history: History, there: Frame) -> Slots:
    """Into which fold falls each profile of a frame? By its key, so it does not hang on order."""
    mixed = history.key[there.profiles] * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(33)) % np.uint64(FOLDS), np.int32)


def _error(there: Frame, score: Floats) -> float:
    reached = int(there.reached.sum())
    value = measures.auc(there.reached, score)
    return round(measures.auc_error(value, reached, len(there.reached) - reached), 4)


def _is_learnt(rule: rules.Rule, found: list[Kind]) -> bool:
    return rule.events[0] in {kind.event for kind in found}


def _weights(chosen: RuleSet, found: list[Kind]) -> list[Weight]:
    typical = {(kind.event, kind.amount): kind.typical for kind in found}
    told = []
    for rule in chosen.rules:
        if not _is_learnt(rule, found):
            continue
        event, amount = rule.events[0], bool(rule.amount)
        worth = rule.points * typical[event, amount]
        alone = round(law.degrees(worth, chosen.e_half), 1)
        half_life, cap = rule.half_life_days, rule.cap
        told.append(
            Weight(rule.id, event, amount, rule.points, half_life, cap, rounded(worth), alone)
        )
    return told


def _without(found: list[Kind], fitted: Fitted) -> list[str]:
    told = {found[column.kind].event for column in fitted.columns}
    return sorted({kind.event for kind in found} - told)


def _part(tell: Tell, start: float, end: float) -> Tell:
    return lambda done: tell(start + (end - start) * done)
