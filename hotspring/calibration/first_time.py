"""Who will do something for the first time? A score learnt before a cut, tested on what came later.

The points are sums of lines, one for each kind of event: so much for each time somebody did it,
half of that after some days, and at most so much. Where events carry money, there are lines for
what they came to lately, and for what one of them comes to. So every score is explained by its
lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow.compute as pc

from hotspring.calibration import fit, measures
from hotspring.calibration.calibrate import Question, check_frames, folds
from hotspring.calibration.fit import Tell
from hotspring.calibration.history import Floats, Frame, History, frame
from hotspring.calibration.learnt import rounded
from hotspring.calibration.result import Group
from hotspring.errors import HistoryTooThin
from hotspring.temperature import rules

HALF_LIVES_DAYS: Final = (3.0, 14.0, 60.0)
LEARN_FROM: Final = 20_000
"""Profiles; more would cost time and tell nothing new."""
MOST_KINDS: Final = 20
MONEY: Final[tuple[tuple[Literal["sum", "mean"], int | None], ...]] = (
    ("sum", 30), ("sum", 90), ("mean", None),
)  # fmt: skip
"""What is read of the amounts of an event, in the last so many days or ever."""
LEAST_PROFILES: Final = 20
"""So many must have done something for it to be a line."""
OFTEN: Final = 0.99
"""More times than this share of those who did it at all do not count."""
TOP: Final = 100.0
"""Points that one profile in a hundred passes."""
TENTH: Final = 0.1
SURE: Final = 2.0
"""Standard errors by which the area under the curve must lie above chance."""


class Line(msgspec.Struct, frozen=True):
    """What somebody is given for one kind of event."""

    event: str
    half_life_days: float
    """0 of money, which does not fade."""
    points: float
    """For each time, or unit of money; below 0 they are taken off."""
    cap: float
    """At most so many points, whatever their sign."""
    measure: Literal["times", "sum", "mean"] = "times"
    """How often it was done, or the sum or the mean of its amounts."""
    within_days: int | None = None
    """Of money: in the last so many days, or ever."""


class Potential(msgspec.Struct, frozen=True):
    """A score that was learnt, and how well it told who did it later."""

    lines: tuple[Line, ...]
    learnt_at: int
    cut: int
    learning: Group
    test: Group
    auc: float
    auc_error: float
    lift: float
    """How much likelier the first tenth was to do it than all."""

    @classmethod
    def learn(
        cls, history: History, question: Question, force: rules.RuleSet, tell: Tell
    ) -> Potential:
        """Which lines tell best who does the goal for the first time within the horizon?

        Learnt one horizon before the cut, tested at the cut, both times on those who had never
        done it. Money counts at the rates of the rules in force. Raises `HistoryTooThin` with what
        to do, also where they tell no better than chance.
        """
        cuts = question.cut - question.horizon_ms, question.cut
        earlier, later = (_new(history, question, cut) for cut in cuts)
        check_frames(question.goal, earlier, later)
        learner = earlier.where(np.arange(len(earlier.profiles)) < LEARN_FROM)
        money = _money(history, force)
        found = _kinds(history, money, question.goal, learner)
        tell(0.1)
        span_days = (learner.at - int(history.ms.min())) / rules.DAY_MS
        lives = [days for days in HALF_LIVES_DAYS if days <= 2 * span_days] or [HALF_LIVES_DAYS[0]]
        grid = {days: _traces(history, money, found, learner, days) for days in lives}
        tell(0.3)
        parts = folds(history, learner)
        fitted = fit.learn(
            grid, learner.reached, parts, [kind.event for kind in found.kinds], 2,
            lambda done: tell(0.3 + 0.6 * done),
        )  # fmt: skip
        made = dict[tuple[int, float], float]()
        for one, weight in zip(fitted.columns, fitted.weight, strict=True):
            if weight > 0:
                # Money is the same under every half-life: together it is one line.
                days = one.half_life_days if found.kinds[one.kind].measure == "times" else 0.0
                made[one.kind, days] = made.get((one.kind, days), 0.0) + float(weight)
        raw = sum(
            (grid[days or lives[0]][:, kind] * weight for (kind, days), weight in made.items()),
            np.zeros(len(learner.profiles)),
        )
        top = float(np.quantile(raw, 0.99))
        if not made or top <= 0:
            raise HistoryTooThin(_no_better(question.goal))
        lines = tuple(
            Line(
                found.kinds[kind].event, days,
                rounded(weight * TOP / top * float(found.signs[kind]), 4),
                rounded(weight * TOP / top * float(found.most[kind]), 4), *found.kinds[kind][1:],
            )
            for (kind, days), weight in made.items()
        )  # fmt: skip
        return _tested(points(history, lines, later, force), question, lines, learner, later)


class _Kind(NamedTuple):
    event: str
    measure: Literal["times", "sum", "mean"] = "times"
    within_days: int | None = None


class _Kinds(NamedTuple):
    kinds: list[_Kind]
    signs: Floats
    most: Floats
    """Times of each that count, or money."""


def points(history: History, lines: Sequence[Line], there: Frame, force: rules.RuleSet) -> Floats:
    """What the lines give the profiles of a frame at its moment, money at the rates of rules."""
    total, money = np.zeros(len(there.profiles)), _money(history, force)
    for line in lines:
        kind = _Kind(line.event, line.measure, line.within_days)
        times = _felt(history, money, kind, there, line.half_life_days)
        total += np.clip(times * line.points, -line.cap, line.cap)
    return total


def _tested(
    given: Floats, question: Question, lines: tuple[Line, ...], learner: Frame, later: Frame
) -> Potential:
    reached = later.reached
    value = measures.auc(reached, given)
    error = measures.auc_error(value, int(reached.sum()), int((~reached).sum()))
    if value - SURE * error <= 0.5:
        raise HistoryTooThin(_no_better(question.goal))
    first = np.argsort(-given, kind="stable")[: max(int(len(given) * TENTH), 1)]
    return Potential(
        lines=lines,
        learnt_at=learner.at,
        cut=later.at,
        learning=Group.of(learner.reached),
        test=Group.of(reached),
        auc=round(value, 4),
        auc_error=round(error, 4),
        lift=round(float(reached[first].mean() / reached.mean()), 2),
    )


def _no_better(goal: str) -> str:
    return (
        f"what people did before tells no better than chance who does {goal!r} for the first "
        "time: choose another event or a longer horizon, or rank by a score of your own"
    )


def _new(history: History, question: Question, at: int) -> Frame:
    """Who had never done the goal before a moment."""
    there = frame(history, question.goal, at, question.horizon_ms)
    did = np.zeros(len(history.key), bool)
    before = history.named(question.goal) & (history.ms < at)
    did[history.profile[before]] = True
    return there.where(~did[there.profiles])


def _kinds(history: History, money: Floats, goal: str, there: Frame) -> _Kinds:
    """What enough of them did, and whether it speaks for the goal or against it."""
    inside = np.zeros(len(history.key), bool)
    inside[there.profiles] = True
    mine = history.at(history.people() & (history.ms < there.at) & inside[history.profile])
    words = pc.dictionary_encode(mine.events.column("name"))
    code, names = words.indices.to_numpy(), words.dictionary.to_pylist()
    pairs = np.unique(code.astype(np.int64) * len(history.key) + mine.profile)
    many = np.bincount(pairs // len(history.key), minlength=len(names))
    ranked = sorted(range(len(names)), key=lambda at: (-many[at], names[at] or ""))
    kinds, signs, most = list[_Kind](), list[float](), list[float]()
    overall = float(there.reached.mean())
    for at in ranked[:MOST_KINDS]:
        if many[at] < LEAST_PROFILES or not names[at] or names[at] == goal:
            continue
        for kind in (_Kind(names[at]), *(_Kind(names[at], *how) for how in MONEY)):
            felt = _felt(history, money, kind, there, None)
            did = felt > 0
            if did.sum() < LEAST_PROFILES and kind.measure != "times":
                continue
            rate = float(there.reached[did].mean()) if did.any() else overall
            kinds.append(kind)
            signs.append(1.0 if rate >= overall else -1.0)
            most.append(max(float(np.quantile(felt[did], OFTEN)), 1.0))
    if not kinds:
        raise HistoryTooThin(_no_better(goal))
    return _Kinds(kinds, np.array(signs), np.array(most))


def _traces(history: History, money: Floats, found: _Kinds, there: Frame, days: float) -> Floats:
    """float64[profiles, kinds]: what each did of each, cooled, capped, and with its sign."""
    columns = [_felt(history, money, kind, there, days) for kind in found.kinds]
    return np.minimum(np.stack(columns, axis=1), found.most) * found.signs


def _money(history: History, force: rules.RuleSet) -> Floats:
    """What each event came to in the currency of the rules; not a number where that is unknown."""
    words = pc.dictionary_encode(pc.fill_null(history.events.column("currency"), ""))
    rates = np.array([force.rate(word) for word in words.dictionary.to_pylist()] or [1.0])
    amount = history.events.column("amount").to_numpy(zero_copy_only=False)
    return np.asarray(np.asarray(amount, np.float64) * rates[words.indices.to_numpy()])


def _felt(history: History, money: Floats, kind: _Kind, there: Frame, days: float | None) -> Floats:
    """What the profiles of a frame did of one kind before it: times, each of which fades, or the
    sum or mean of their money."""
    if kind.measure == "times":
        return _times(history, kind.event, there, days)
    mine = history.people() & history.named(kind.event) & (history.ms < there.at)
    mine &= np.isfinite(money)
    if kind.within_days is not None:
        mine &= history.ms >= there.at - kind.within_days * rules.DAY_MS
    size, who = len(history.key), history.profile[mine]
    total = np.bincount(who, weights=money[mine], minlength=size)
    many = np.bincount(who, minlength=size) if kind.measure == "mean" else np.ones(size)
    return np.asarray((total / np.maximum(many, 1))[there.profiles], np.float64)


def _times(history: History, event: str, there: Frame, days: float | None) -> Floats:
    """How often the profiles of a frame did something before it, of which each fades."""
    mine = history.people() & history.named(event) & (history.ms < there.at)
    age = (there.at - history.ms[mine]) / rules.DAY_MS
    weight = np.ones(len(age)) if days is None else np.exp2(-age / days)
    counts = np.bincount(history.profile[mine], weights=weight, minlength=len(history.key))
    return np.asarray(counts[there.profiles], np.float64)
