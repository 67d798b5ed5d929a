"""Analyses of an open pool: asked with parameters, answered at once or as a job, remembered."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.analytics import report
from hotspring.days import days_of
from hotspring.errors import BadRequest, NotFound, ParametersRefused, RuleFault, RuleRefused
from hotspring.pipeline import Pipeline
from hotspring.pool import dimensions
from hotspring.pool.costs import Costs
from hotspring.pool.event_rows import Among, EventRows
from hotspring.pool.listing import Listing
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.portable import Portable
from hotspring.pool.segments import Segments
from hotspring.pool.work import Ended, Worker
from hotspring.pool.work import told as job_told
from hotspring.rules import Catalogue, Question, read
from hotspring.store import Store
from hotspring.temperature import law

GOOD_MS: Final = 600_000
"""After so long time itself may have changed an answer."""
MOST: Final = 64
"""Answers that are held, and runs that are told of."""
MOST_FOUND: Final = 4
"""What passes found: much to hold."""


Key = tuple[str, bytes, int, int]
"""Analysis, parameters with the costs it needs, what was applied, and the day: periods that end
today move with it."""


class Asked(NamedTuple):
    """One question."""

    name: str
    params: Any
    key: Key
    """The same for the same answer, while time itself changes none."""


class Passed(NamedTuple):
    """What one pass found."""

    found: Any
    setting: report.Setting
    people: int
    """Slots from here on are those of passers-by, who are nobody."""


class Run(msgspec.Struct):
    """One run: how far it is, and what came of it."""

    id: str
    name: str
    by: str
    started_ms: int
    ended: threading.Event
    state: str = "queued"
    progress: float = 0.0
    error: str = ""
    answer: dict[str, Any] | None = None
    finished_ms: int | None = None


class Analyses:
    """Answers the analyses. From any thread; passes run one after the other."""

    def __init__(
        self, pipeline: Pipeline, store: Store, segments: Segments, listing: Listing,
        orders: Orders, costs: Costs,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._rows = EventRows(pipeline, store)
        self.portable = Portable(pipeline, store, self._rows)
        """What engines beside the pool need."""
        self._segments = segments
        self._listing = listing
        self._orders = orders
        self._costs = costs
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, tuple[int, dict[str, Any]]] = OrderedDict()
        self._found: OrderedDict[Key, Passed] = OrderedDict()
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._under_way: dict[Key, Run] = {}
        self._worker = Worker("analysis", "an analysis")

    # --- what there is ---

    @staticmethod
    def all() -> dict[str, Any]:
        """Every analysis with the schema of its parameters and its words; the dimensions."""
        return {
            "items": [
                {
                    "name": name,
                    "words": msgspec.to_builtins(one.words),
                    "parameters": msgspec.json.schema(one.params, ref_template="#/$defs/{name}"),
                    "example": dict(one.example),
                    "drills": one.who is not None,
                }
                for name, one in sorted(report.analyses().items())
            ],
            "dimensions": dimensions.names(),
        }

    # --- asking ---

    def ask(self, name: str, given: Any, wait: float, by: str, age: float = 0.0) -> dict[str, Any]:
        """The answer where it is there within `wait` seconds, else the run that works on it.

        An answer that is at most `age` seconds old will do, whatever was applied since. Raises
        `ParametersRefused` with the place of each fault.
        """
        asked = self._asked(name, given)
        known = self._known(asked) or self._recent(asked, age)
        if known is not None:
            return known
        run = self._start(asked, by)
        run.ended.wait(wait)
        return self._outcome(run)

    def checked(self, name: str, given: Any) -> None:
        """Raises `ParametersRefused` for what cannot be asked, `NotFound` for no analysis."""
        self._asked(name, given)

    def faults(self, name: str, given: Any, there: Catalogue) -> Sequence[RuleFault]:
        """What keeps this from being asked of what there is?"""
        if name not in report.analyses():
            return [RuleFault("/", "unknown_name", f"there is no analysis {name!r}")]
        try:
            params = report.read(report.analyses()[name].params, given)
            reads = report.analyses()[name].reads(params, self._setting(params, clock()))
            _checked(params, reads, there)
        except ParametersRefused as refused:
            return refused.faults
        return ()

    def query(self, name: str, given: Any, engine: str) -> dict[str, Any]:
        """The question as SQL for an engine that reads the blocks itself.

        Raises `ParametersRefused` for what only the pool can be asked.
        """
        asked, now = self._asked(name, given), clock()
        there = self._segments.ground.looked(now, lambda there: there)
        setting = self._setting(asked.params, now)
        return self.portable.query(name, asked.params, setting, there, engine)

    def run(self, run_id: str) -> dict[str, Any]:
        """How far is a run? Its answer, once it is there."""
        return _told(self._run(run_id))

    def cancel(self, run_id: str) -> dict[str, Any]:
        """End a run."""
        run = self._run(run_id)
        self._worker.cancel(run)
        return _told(run)

    def close(self) -> None:
        """End the run under way."""
        self._worker.close()

    def rehearse(self) -> None:
        """Go through the example of each analysis, so that its pass is compiled."""
        for name, one in report.analyses().items():
            self._pass(self._asked(name, dict(one.example)), lambda _: None)

    # --- who is behind a number ---

    def profiles(
        self, name: str, given: Any, cell: dict[str, Any], limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of the known profiles behind a number of a table, the hottest first."""
        slots = self._who(name, given, cell)
        return self._listing.page(
            None, None, None, "temperature", limit, cursor, True, clock(), slots
        )

    def segment(
        self, name: str, given: Any, cell: dict[str, Any], called: tuple[str, str], by: str,
        language: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Keep the known profiles behind a number as a list, which is a segment."""
        slots = self._who(name, given, cell)
        with self._pipeline.lock:
            slots = slots[self._pipeline.state.who.are_known(slots)]
        return self._segments.keep_list(*called, slots, by, language)

    def _who(self, name: str, given: Any, cell: dict[str, Any]) -> Any:
        asked, analysis = self._asked(name, given), report.analyses()[name]
        with self._lock:
            held = self._found.get(asked.key)
        if held is None:
            held = self._pass(asked, lambda _: None)
        slots = None
        if analysis.who is not None:
            slots = analysis.who(asked.params, held.found, cell, held.setting)
        if slots is None:
            raise NotFound("there are no profiles behind such a number")
        return slots[slots < held.people].astype(np.int32)

    # --- inside ---

    def _asked(self, name: str, given: Any) -> Asked:
        analyses, now = report.analyses(), clock()
        if name not in analyses:
            raise NotFound(f"there is no analysis {name!r}")
        params = report.read(analyses[name].params, given)
        reads = analyses[name].reads(params, self._setting(params, now))
        self._segments.ground.looked(now, lambda there: _checked(params, reads, there))
        day = int(days_of(self._pipeline.settings.zone).of(np.array([now]))[0])
        position = self._pipeline.position
        told = msgspec.json.encode(params)
        if analyses[name].costs:
            told += self._costs.stamp()
        return Asked(name, params, (name, told, position, day))

    def _known(self, asked: Asked) -> dict[str, Any] | None:
        with self._lock:
            at, answer = self._answers.get(asked.key, (0, None))
        return answer if answer is not None and 0 <= clock() - at < GOOD_MS else None

    def _recent(self, asked: Asked, age: float) -> dict[str, Any] | None:
        """The last answer to the same question of the same day, where it is young enough."""
        name, params, _, day = asked.key
        since = clock() - age * 1_000
        with self._lock:
            for key, (at, answer) in reversed(self._answers.items()):
                if (key[0], key[1], key[3]) == (name, params, day) and at > since:
                    return answer
        return None

    def _start(self, asked: Asked, by: str) -> Run:
        with self._lock:
            run = self._under_way.get(asked.key)
            if run is not None:
                return run
            run = Run(secrets.token_hex(8), asked.name, by, clock(), threading.Event())
            self._runs[run.id] = self._under_way[asked.key] = run
            while len(self._runs) > MOST:
                self._runs.popitem(last=False)
        self._worker.add(
            run.id, lambda: self._work(run, asked), lambda ended: self._end(run, asked.key, ended)
        )
        return run

    def _work(self, run: Run, asked: Asked) -> dict[str, Any]:
        def tell(share: float) -> None:
            self._worker.check(run.id)
            run.progress = share

        run.state = "running"
        tell(0.0)
        found, setting, _ = self._pass(asked, tell)
        result = report.analyses()[asked.name].tell(asked.params, found, setting)
        answer = self._answer(asked, setting, result)
        with self._lock:
            _keep(self._answers, asked.key, (setting.now, answer), MOST)
        return answer

    def _end(self, run: Run, key: Key, ended: Ended[dict[str, Any]]) -> None:
        run.answer, run.error, run.finished_ms = ended.result, ended.error, clock()
        run.state = ended.state
        if ended.state == "done":
            run.progress = 1.0
        with self._lock:
            self._under_way.pop(key, None)
        run.ended.set()

    def _outcome(self, run: Run) -> dict[str, Any]:
        return run.answer if run.answer is not None else _told(run)

    def _run(self, run_id: str) -> Run:
        with self._lock:
            if run_id not in self._runs:
                raise NotFound(f"there is no run {run_id!r}")
            return self._runs[run_id]

    def _pass(self, asked: Asked, tell: Callable[[float], None]) -> Passed:
        """What the analysis finds in the rows of this moment."""
        analysis, now = report.analyses()[asked.name], clock()
        setting = self._setting(asked.params, now)
        if analysis.costs:
            setting = setting._replace(costs=self._costs.converted())
        reads = analysis.reads(asked.params, setting)
        there = self._segments.ground.looked(
            now, lambda there: _checked(asked.params, reads, there)
        )
        held = self._rows.held()
        groups = {
            name: self._group(name, there, now) for name in reads.by if dimensions.of_owner(name)
        }
        among = Among(self._among(asked.params, there, now), asked.params.channels,
                      asked.params.sources)  # fmt: skip
        source = self._rows.source(reads, held, among, there, now, groups, tell)
        found = analysis.find(asked.params, source, setting)
        passed = Passed(found, setting, held.people)
        with self._lock:
            _keep(self._found, asked.key, passed, MOST_FOUND)
        return passed

    def _setting(self, params: Any, now: int) -> report.Setting:
        """Raises `ParametersRefused` for days that are none."""
        zone, terms = self._pipeline.settings.zone, self._orders.terms(Counted(days=None), now)
        return report.Setting(
            now,
            zone,
            report.period(params, days_of(zone), now),
            tuple(report.Step(event=name) for name in terms.orders),
            tuple(report.Step(event=name) for name in terms.refunds),
        )

    def _among(self, params: Any, there: Catalogue, now: int) -> Any:
        """bool by slot: whose events count? None for everybody's."""
        who = self._pipeline.state.who
        if params.rule is not None:
            slots = self._segments.ground.asking.slots(
                Question(read(params.rule, there), there, now)
            )
        elif params.people == "known":
            with self._pipeline.lock:
                slots = who.slots(known_only=True)
        else:
            return None
        inside = np.zeros(int(slots.max(initial=-1)) + 1, bool)
        inside[slots] = True
        return inside

    def _group(self, name: str, there: Catalogue, now: int) -> tuple[Any, list[str]]:
        """A dimension of owners: int32 by slot, -1 where it has none, and its words."""
        asking = self._segments.ground.asking
        if name.startswith(dimensions.TIER):
            tiers = asking.tiers(name[len(dimensions.TIER) :], now, None).dictionary_encode()
            codes = tiers.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            return codes.astype(np.int32), tiers.dictionary.to_pylist()
        with self._pipeline.lock:
            state = self._pipeline.state
            slots = state.who.slots(known_only=True)
            codes = np.full(int(slots.max(initial=-1)) + 1, -1, np.int32)
            if name == dimensions.BAND:
                energies = state.heat.energy(now, slots)
                codes[slots] = law.band(energies, state.rules.e_half)
                return codes, list(law.BANDS)
        inside = asking.slots(
            Question(read({"segment": {"id": name[len(dimensions.SEGMENT) :]}}, there), there, now)
        )
        codes[slots], codes[inside] = 1, 0
        return codes, ["in", "out"]

    def _answer(
        self, asked: Asked, setting: report.Setting, result: report.Result
    ) -> dict[str, Any]:
        first, last = setting.period
        return {
            "state": "done",
            "name": asked.name,
            "parameters": msgspec.to_builtins(asked.params),
            "as_of": iso(setting.now),
            "version": asked.key[2],
            "timezone": self._pipeline.settings.timezone,
            "currency": self._pipeline.state.rules.currency,
            "from": report.dated(first),
            "until": report.dated(last),
            **msgspec.to_builtins(result),
        }

    def table(self, name: str, given: Any, table: str) -> tuple[list[str], list[list[Any]]]:
        """A table of the answer, the first where none is named: names of columns and rows."""
        asked = self._asked(name, given)
        answer = self._known(asked)
        if answer is None:
            found, setting, _ = self._pass(asked, lambda _: None)
            result = report.analyses()[name].tell(asked.params, found, setting)
            answer = self._answer(asked, setting, result)
        for one in answer["tables"]:
            if table in ("", one["name"]):
                return [column["name"] for column in one["columns"]], one["rows"]
        raise BadRequest(f"this analysis has no table {table!r}")


def _checked(params: Any, reads: report.Reads, there: Catalogue) -> Catalogue:
    """Raises `ParametersRefused` for steps and a rule that the pool cannot be asked."""
    faults = list[RuleFault]()
    asked = [(place, {"event": step.event, "where": list(step.where)}, "/behaviour")
             for place, step in params.places().items()]  # fmt: skip
    for place, step, prefix in asked:
        if there.events or step["where"]:
            faults += _faults({"behaviour": step}, there, place, prefix)
    if params.rule is not None:
        faults += _faults(params.rule, there, "/rule", "")
    for name in dict.fromkeys(reads.by):
        if name not in reads.own:
            faults += dimensions.faults(name, there, params.place(name))
    if faults:
        raise ParametersRefused(faults)
    return there


def _faults(rule: Any, there: Catalogue, place: str, prefix: str) -> list[RuleFault]:
    try:
        read(rule, there)
    except RuleRefused as refused:
        return [
            RuleFault(place + fault.place.removeprefix(prefix).removesuffix("/"), *fault[1:])
            for fault in refused.faults
        ]
    return []


def _keep(held: OrderedDict[Key, Any], key: Key, value: Any, most: int) -> None:
    held.pop(key, None)
    held[key] = value
    while len(held) > most:
        held.popitem(last=False)


def _told(run: Run) -> dict[str, Any]:
    return job_told(run, name=run.name, error=run.error, answer=run.answer)
