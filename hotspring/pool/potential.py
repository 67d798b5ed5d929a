"""Potential customers of an open pool: who never did something, ranked by a score, with reasons."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.calibration import Question, first_time_apart
from hotspring.errors import Conflict, NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.calibrations import Calibrations
from hotspring.pool.export import Export
from hotspring.pool.learning import Past
from hotspring.pool.moments import clock, iso
from hotspring.pool.profiles import Profiles
from hotspring.pool.remembered import Remembered
from hotspring.pool.scores import Scores
from hotspring.pool.underway import Underway
from hotspring.pool.work import INTERRUPTED, Ended, Worker, told
from hotspring.scores import Points

DAY_MS: Final = 86_400_000
KEPT: Final = 50
"""Runs that are told of."""
SHARES: Final = (0.05, 0.1, 0.2)


class Run(msgspec.Struct):
    """One run that learns a score: what was asked, how far it is, what came of it."""

    id: str
    question: Question
    language: str
    by: str
    started_ms: int
    state: str = "queued"
    progress: float = 0.0
    error: str = ""
    result: Any = None
    score: str | None = None
    """The id of the score."""
    finished_ms: int | None = None


class _Ranked(NamedTuple):
    slots: np.ndarray
    """The most points first."""
    points: Points


class Potential:
    """Ranks who never did something, and learns scores for it. From any thread."""

    def __init__(
        self, folder: Path, pipeline: Pipeline, profiles: Profiles, export: Export, scores: Scores,
        calibrations: Calibrations,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._profiles = profiles
        self._export = export
        self._scores = scores
        self._calibrations = calibrations
        self._answers = Remembered(lambda: pipeline.position, most=2)
        self._underway = Underway(folder, "potential", Run)
        self._runs = self._underway.left()
        """The oldest first; those that a restart ended are told as failed."""
        for run in self._runs.values():
            run.state, run.error = "failed", INTERRUPTED
        self._worker = Worker("potential", "learning")

    # --- who ---

    def ranked(
        self, goal: str, score: str, limit: int, cursor: str | None, language: Any
    ) -> dict[str, Any]:
        """One page of the known profiles that never did `goal`, those with the most points by
        `score` first, each with what gave the points.

        Raises `RuleRefused` for an event nobody did, `NotFound` for a score that is not there.
        """
        found, now = self._found(goal, score), clock()
        after = 0
        if cursor is not None:
            total, slot = cursors.read(cursor, (int, int))
            sums = found.points.total
            after = int(((sums > total) | ((sums == total) & (found.slots <= slot))).sum())
        rows = slice(after, after + limit)
        shown, points = found.slots[rows], found.points.points[rows].tolist()
        titles = self._scores.titles(score, language)
        with self._pipeline.lock:
            there = np.isin(shown, self._pipeline.state.who.slots(known_only=True)).tolist()
            told = iter(self._profiles.summary(shown[there], now))
        items = [
            {**next(told), "points": sum_, **_reasons(titles, gave)}
            for still, sum_, gave in zip(
                there, points, found.points.gave[rows].tolist(), strict=True
            )
            if still
        ]
        following = None
        if after + limit < len(found.slots):
            last = after + limit - 1
            following = cursors.write((int(found.points.total[last]), int(found.slots[last])))
        return {
            "as_of": iso(now),
            "goal": goal,
            "score": score,
            "candidates": len(found.slots),
            "cuts": _cuts(found),
            "items": items,
            "next": following,
        }

    def export(self, goal: str, score: str) -> Iterator[list[dict[str, Any]]]:
        """All of them in this order with identifiers and traits, and the points, in portions."""
        found = self._found(goal, score)
        points = [f"{one:g}" for one in found.points.points.tolist()]
        return self._export.of(found.slots, clock(), points)

    def _found(self, goal: str, score: str) -> _Ranked:
        now = clock()
        return self._answers.get((goal, score), now, lambda: self._rank(goal, score, now))

    def _rank(self, goal: str, score: str, now: int) -> _Ranked:
        never = {"behaviour": {"event": goal, "op": "eq", "value": 0}}
        slots, points = self._scores.of_whom(score, never, now)
        order = np.lexsort((slots, -points.total))
        return _Ranked(slots[order], Points(points.lines[order], points.total[order]))

    # --- a score that is learnt ---

    def learn(self, goal: str, horizon_ms: int, by: str, language: Any) -> dict[str, Any]:
        """Learn a score of who does `goal` for the first time within the horizon; the run as it
        stands. Its cut is one horizon before the end of the history, so that it is tested."""
        _, last = self._calibrations.reach()
        cut = (last or 0) + 1 - horizon_ms
        question = Question(goal, horizon_ms, cut)
        self._calibrations.check(question)
        run = Run(secrets.token_hex(8), question, language, by, clock())
        for old in list(self._runs.values()):
            if old.error == INTERRUPTED and old.question.goal == goal:
                # It is started again: nobody needs to hear of it any more.
                self._underway.end(self._runs.pop(old.id).id)
        self._runs[run.id] = run
        self._underway.begin(run.id, run)
        for gone in list(self._runs)[:-KEPT]:
            del self._runs[gone]
            self._underway.end(gone)
        self._worker.add(run.id, lambda: self._learn(run), lambda ended: self._end(run, ended))
        return _told(run)

    def runs(self) -> list[dict[str, Any]]:
        """The runs since the server started and those that this ended, the latest first."""
        return [_told(run) for run in reversed(self._runs.values())]

    def run(self, run_id: str) -> dict[str, Any]:
        return _told(self._run(run_id))

    def cancel(self, run_id: str) -> dict[str, Any]:
        """End a run; nothing was kept of it."""
        self._worker.cancel(self._run(run_id))
        return self.run(run_id)

    def close(self) -> None:
        """End the run under way."""
        self._worker.close()

    def _run(self, run_id: str) -> Run:
        if run_id not in self._runs:
            raise NotFound(f"there is no run {run_id!r}")
        return self._runs[run_id]

    def _learn(self, run: Run) -> Any:
        def tell(share: float) -> None:
            self._worker.check(run.id)
            run.progress = share

        run.state = "running"
        tell(0.0)
        past = Past(self._pipeline, run.question)
        history = past.read(lambda share: tell(0.3 * share))
        zone = self._pipeline.settings.zone
        found = first_time_apart(
            history, run.question, past.rules, zone, lambda share: tell(0.3 + 0.6 * share)
        )
        tell(0.95)
        run.score = self._keep(run, found, past.rules.currency)
        return found

    def _end(self, run: Run, ended: Ended[Any]) -> None:
        if ended.error != INTERRUPTED:
            self._underway.end(run.id)
        run.result, run.error, run.finished_ms = ended.result, ended.error, clock()
        if ended.state == "done":
            run.progress = 1.0
        run.state = ended.state

    def _keep(self, run: Run, found: Any, currency: str) -> str:
        """The lines as a score of the pool, under a name that is free."""
        zh, goal = run.language == "zh", run.question.goal
        days = f"{run.question.horizon_ms / DAY_MS:g}"
        head = f"潜客：{goal}" if zh else f"Potential: {goal}"
        figures = f"AUC {found.auc:.2f} ± {found.auc_error:.2f}"
        text = (
            f"谁会在 {days} 天内第一次「{goal}」。检验于 {_day(found.cut)}：{figures}，"
            f"前十分之一的可能性是平均的 {found.lift:g} 倍。"
            if zh
            else f"Who does “{goal}” for the first time within {days} days. Tested on "
            f"{_day(found.cut)}: {figures}; the first tenth was {found.lift:g} times as likely."
        )
        lines = [
            {
                "points": line.points, "cap": line.cap,
                "title": _title(line, zh), "amount": _amount(line, currency),
            }
            for line in found.lines
        ]  # fmt: skip
        for number in range(1, KEPT):
            name = head[:90] + (f" {number}" if number > 1 else "")
            said = {"name": name, "description": text, "lines": lines}
            try:
                made: str = self._scores.save("", said, run.by, run.language)["id"]
            except Conflict:
                continue
            return made
        raise Conflict("too many scores of this goal are kept already; delete some first")


def _reasons(titles: list[str], gave: list[float]) -> dict[str, Any]:
    """What gave the points, the most first; with what was limited it comes to them."""
    lines = [
        {"title": title, "points": points}
        for title, points in zip(titles, gave[:-1], strict=True)
        if points
    ]
    lines.sort(key=lambda line: -abs(float(str(line["points"]))))
    return {"reasons": lines, "limited": gave[-1]}


def _cuts(found: _Ranked) -> list[dict[str, Any]]:
    """Where shares of them part: the points that they have at least, and how many have these.

    Shares that part at the same points are one.
    """
    cuts = list[dict[str, Any]]()
    for share in SHARES:
        size = int(len(found.slots) * share)
        least = int(found.points.total[size - 1]) if size else 0
        if size and all(cut["points"] != least / 1_000 for cut in cuts):
            many = int((found.points.total >= least).sum())
            cuts.append({"share": share, "points": least / 1_000, "profiles": many})
    return cuts


def _title(line: Any, zh: bool) -> str:
    days, within = line.half_life_days, line.within_days
    told = f"（{days:g} 天减半）" if zh else f" (half gone in {days:g} days)"
    if line.measure == "sum":
        told = f"：{within} 天内的金额" if zh else f": money of {within} days"
    elif line.measure == "mean":
        told = "：平均每次的金额" if zh else ": mean money of one"
    return f"{line.event}{told}" if len(line.event + told) <= 100 else str(line.event)[:100]


def _amount(line: Any, currency: str) -> dict[str, Any]:
    """What a line counts, as a score asks it."""
    if line.measure == "times":
        asked = {"behaviour": {"event": line.event}}
        return {"of": asked, "half_life": line.half_life_days}
    told = {"event": line.event, "measure": line.measure, "field": "amount"}
    window = {"window": {"from": {"ago": line.within_days}}} if line.within_days else {}
    return {"of": {"behaviour": {**told, "currency": currency, **window}}}


def _day(ms: int) -> str:
    return (iso(ms) or "")[:10]


def _told(run: Run) -> dict[str, Any]:
    found = run.result
    return told(
        run,
        goal=run.question.goal,
        horizon_days=run.question.horizon_ms / DAY_MS,
        cut=iso(run.question.cut),
        error=run.error,
        score=run.score,
        auc=found.auc if found else None,
        auc_error=found.auc_error if found else None,
        lift=found.lift if found else None,
        tested=found.test.profiles if found else None,
        reached=found.test.reached if found else None,
    )
