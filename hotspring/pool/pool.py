"""The questions one may ask of an open pool, and the decisions one may make."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from hotspring.backup import Maker
from hotspring.collect import QUARANTINE
from hotspring.errors import BadRequest, JournalUnavailable, NotFound
from hotspring.journal import Journal
from hotspring.measure import Readings
from hotspring.pipeline import EVENTS, Keeper, Pipeline, Runner
from hotspring.pool import cursors
from hotspring.pool.among import Among
from hotspring.pool.analyses import Analyses
from hotspring.pool.analytics import Analytics
from hotspring.pool.arrivals import Arrivals
from hotspring.pool.backups import Backups
from hotspring.pool.boards import boards
from hotspring.pool.bots import Bots
from hotspring.pool.calibrations import Calibrations
from hotspring.pool.check import check
from hotspring.pool.cluster_inputs import Inputs
from hotspring.pool.clusters import Clusters
from hotspring.pool.costs import Costs
from hotspring.pool.deciding import Deciding
from hotspring.pool.deidentify import Deidentified
from hotspring.pool.elsewhere import Elsewhere
from hotspring.pool.erasures import Erasures
from hotspring.pool.export import Export
from hotspring.pool.flags import standing
from hotspring.pool.groups import Groups
from hotspring.pool.happening import Happening
from hotspring.pool.heatmap import HeatMap
from hotspring.pool.imports import Imports, Options
from hotspring.pool.lifecycle import Lifecycle
from hotspring.pool.links import Links
from hotspring.pool.listing import Listing
from hotspring.pool.measures import readings
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Orders
from hotspring.pool.overview import Overview
from hotspring.pool.past import by_band, temperature_at
from hotspring.pool.person import Person
from hotspring.pool.persona import Persona
from hotspring.pool.placed import Placed
from hotspring.pool.plans import Plans
from hotspring.pool.portrait import Portrait
from hotspring.pool.potential import Potential
from hotspring.pool.profiles import Profiles
from hotspring.pool.refusals import Refusals
from hotspring.pool.rulebook import Rulebook
from hotspring.pool.scores import Scores
from hotspring.pool.segments import Segments
from hotspring.pool.sources import Sources
from hotspring.pool.staging import Staging
from hotspring.pool.standings import Standings
from hotspring.pool.suggestions import Suggestions
from hotspring.pool.tags import Tags
from hotspring.pool.templates import Templates
from hotspring.pool.tiers import Tiers
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.traits import Traits
from hotspring.pool.trend import Trend
from hotspring.pool.work import Closes
from hotspring.store import Operations, Store


class Pool:
    """One open pool. Every method may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        pipeline: Pipeline,
        journal: Journal,
        store: Store,
        operations: Operations,
        runner: Runner,
        keeper: Keeper,
        elsewhere: Elsewhere,
    ) -> None:
        self.folder = folder
        self._pipeline = pipeline
        self._journal = journal
        self._operations = operations
        self._store = store
        self._runner = runner
        self._keeper = keeper
        self._deciding = Deciding(pipeline, journal, runner)
        self._decide, self.wait = self._deciding.decide, self._deciding.wait
        self._profiles = Profiles(pipeline, store)
        self._listing = Listing(pipeline, store, self._profiles)
        self._export = Export(pipeline, store, self._profiles)
        self._bots = Bots(pipeline, store, self._profiles)
        self.plans = Plans(pipeline, store, self._decide)
        self._person = Person(pipeline, store, self._profiles, operations)
        self.rulebook = Rulebook(pipeline, store, self._profiles, self._decide)
        """Which rules stand, what others would do, how they change."""
        traits = TraitColumns(pipeline)
        self.heatmap = HeatMap(folder, pipeline, self.rulebook, operations, traits)
        """How warm people are, by area."""
        territory, lists = self.heatmap.territory, (self._listing, self._export)
        said = (self._deciding.say, journal.head())
        self.segments = Segments(
            pipeline, store, self._profiles, territory, traits, lists, self._decide, said
        )
        """Of whom is a rule true, and who is in which segment?"""
        self._sort(lists, traits)
        self.traits = Traits(pipeline, store, traits)
        """What is known of profiles, of how many, since when."""
        self._offer()
        self.erasures = Erasures(pipeline, store, self._profiles, elsewhere, self._decide)
        """Who is to be forgotten."""
        self._imports = Imports(folder, pipeline, journal, store, operations, elsewhere)
        self._staging = Staging(self._imports, pipeline.settings)
        self.sources = Sources(store, operations)
        """Who sends, and who fell silent."""
        self.refusals = Refusals(pipeline, journal, store, operations, self.wait)
        self._backups = Backups(Maker(folder, store, journal, operations), pipeline.settings)
        self.suggestions = Suggestions(
            folder, pipeline, store, self._profiles, self._deciding.decide_all
        )
        """Profiles that may be one person."""
        self._arrivals = Arrivals(pipeline, store, self._profiles)
        self._trend = Trend(folder, pipeline, self.rulebook.number)
        self._overview = Overview(
            store, self.sources, self._trend, self.status, self.temperature, self._backups.all
        )

    def _offer(self) -> None:
        """Begin what stands on what sorts people, on the rules and on the map."""
        sorts = self.segments, self.tags, self.scores
        self.templates = Templates(*sorts, self.rulebook, self.traits)
        """What an industry may switch on."""
        self.happening = Happening(self._pipeline, self._store, self.heatmap.board)
        """What happened in the last minutes."""

    def _sort(self, lists: tuple[Listing, Export], traits: TraitColumns) -> None:
        """Begin what sorts people: analyses, tags, scores, tiers and groups."""
        pipeline, store, ground = self._pipeline, self._store, self.segments.ground
        decide, log = self._decide, self._operations.alerts
        self.analytics = Analytics(pipeline, Orders(pipeline), self.segments)
        """What the events of many come to."""
        self.costs = Costs(self._operations, pipeline)
        """What was paid to reach people."""
        self.analytics.analyses = Analyses(
            pipeline, store, self.segments, lists[0], Orders(pipeline), self.costs
        )
        self.lifecycle = Lifecycle(pipeline, Orders(pipeline), self.segments.stages)
        """In which stage everybody is."""
        self._persona = Persona(pipeline, store, self.analytics, self.segments.stages)
        self.segments.draw = Portrait(pipeline, store, self.analytics, self.segments.stages).draw
        self.scores = Scores(pipeline, store, self._profiles, ground, decide)
        """Points that lines give and take."""
        self.tags = Tags(
            pipeline, store, self._profiles, ground, lists, decide, self._deciding.decided
        )
        """Words that rules and people put on profiles."""
        self.tiers = Tiers(pipeline, store, lists, self.scores, ground, decide)
        """Ordered classes that never overlap."""
        said = (self._deciding.say, self._journal.head())
        self.standings = Standings(pipeline, store, self.tiers, *said)
        """Who stood in which tier, and when."""
        self.groups = Groups(store, lists, self.scores, ground, decide)
        """Named rules that may overlap, each with its claim."""
        sorts = (self.segments, self.tags, self.scores, self.tiers, self.groups)
        self._among = self.heatmap.among = Among(self.analytics, *sorts)
        self._person.placed = Placed(pipeline, store, *sorts).of
        self.boards = boards(store, self.analytics.analyses, ground, decide, log)
        """What people keep of the analyses."""
        self.links = Links(store, self._journal, decide)
        """Short links, and who followed them."""
        inputs = Inputs(pipeline, ground, traits, Orders(pipeline), self.segments.stages)
        self.clusters = Clusters(self.folder, pipeline, store, inputs, ground, self.tags, decide)
        """Groups of alike profiles that nobody named."""
        self.calibrations = Calibrations(self.folder, pipeline, store, self.rulebook)
        """Rules learnt from the pool's own past."""
        self.potential = Potential(
            self.folder, pipeline, self._profiles, self._export, self.scores, self.calibrations
        )
        """Who may do something for the first time."""

    # --- the whole pool ---

    @property
    def version(self) -> int:
        """Changes with everything that is applied."""
        return self._pipeline.position

    def ready(self) -> bool:
        """Is what comes applied?"""
        return self._runner.failure is None

    def status(self) -> dict[str, Any]:
        """How much is there, and how far behind is it?"""
        pipeline, now = self._pipeline, clock()
        with pipeline.lock:
            who = pipeline.state.who
            known, total = who.profiles(known_only=True), who.profiles()
        waiting = self.refusals.counts({})
        return {
            "events": self._store.rows(EVENTS) + self._dropped(),
            "profiles": known,
            "anonymous": total - known,
            "duplicates": pipeline.duplicates,
            "quarantined": sum(waiting.values()),
            "conflicts": waiting.get("conflict", 0),
            "refused": self._store.rows(QUARANTINE),
            "damaged": pipeline.damaged,
            "lag_seconds": round(self.lag(now), 3),
            "applied": pipeline.position,
            "ready": self.ready(),
            "timezone": pipeline.settings.timezone,
            "as_of": iso(now),
        }

    def _dropped(self) -> int:
        """How many events are past their time and gone?"""
        rows = self._store.query("SELECT sum(events) AS n FROM kept_heat WHERE rule = ''")
        return int(rows.column("n")[0].as_py() or 0)

    def lag(self, now: int) -> float:
        """How many seconds has the oldest entry that is not applied yet waited?"""
        try:
            waiting = self._journal.read(self._pipeline.position, 1)
        except JournalUnavailable:
            return 0.0
        return max(0.0, (now - waiting[0].at_ms) / 1000) if waiting else 0.0

    def temperature(self, at_ms: int | None = None) -> dict[str, Any]:
        """How many known profiles are in each band, now or at a past time?"""
        pipeline, now = self._pipeline, clock()
        if at_ms is not None and at_ms < now:
            return temperature_at(pipeline, self.rulebook.number(), at_ms)
        with pipeline.lock:
            who = pipeline.state.who
            bands = by_band(pipeline.state.heat, now, who.known)
            known, total = who.profiles(known_only=True), who.profiles()
        return {
            "as_of": iso(now),
            "total": known,
            **bands,
            "anonymous": total - known,
            "rules": self.rulebook.number(),
        }

    def overview(self) -> dict[str, Any]:
        """How is it, how did it get there, what comes in, and what wants attention?"""
        return self._overview.show(clock())

    # --- profiles ---

    def profiles(
        self,
        q: str | None,
        trait: tuple[str, str] | None,
        band: str | None,
        sort: str,
        limit: int,
        cursor: str | None,
        detail: bool = False,
        among: str | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of profiles found by identifier, trait, band or what sorts them."""
        slots = None if among is None else self._among(among)
        return self._listing.page(q, trait, band, sort, limit, cursor, detail, clock(), slots)

    def export(self, band: str | None) -> Iterator[list[dict[str, Any]]]:
        """All known profiles with identifiers and traits, in portions."""
        return self._export.portions(band, clock())

    def deidentified(
        self, what: str, keep: list[str], hours: bool
    ) -> Iterator[list[dict[str, Any]]]:
        """All known `profiles`, or all `events`, without anything that names a person."""
        export = Deidentified(self._pipeline, self._store, self._profiles, keep, hours)
        return export.profiles(clock()) if what == "profiles" else export.events()

    def person(self, key: str) -> tuple[dict[str, Any], Iterator[list[dict[str, Any]]]]:
        """All that is held of one person, and apart from it the events, in portions."""
        now = clock()
        slot = self._slot(key, now)
        return self._person.facts(slot, now), self._person.events(slot)

    def profile(self, key: str) -> dict[str, Any]:
        return self._profiles.read(key, clock())

    def timeline(
        self, key: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of a profile's events, the newest first."""
        before = cursors.read(cursor, (int, int)) if cursor else None
        rows = self._profiles.timeline(self._slot(key, clock()), limit + 1, before)
        last = rows[limit - 1] if len(rows) > limit else None
        following = cursors.write((last["ms"], last["seq"])) if last else None
        for row in rows:
            del row["ms"], row["seq"]
        return rows[:limit], following

    def curve(
        self, key: str, from_ms: int, to_ms: int, points: int, ahead_ms: int = 0
    ) -> dict[str, Any]:
        """A profile's temperatures over time, by today's rules and identities; and, so far ahead
        as asked, what silence will bring.
        """
        if from_ms >= to_ms:
            raise BadRequest("the start of the curve must lie before its end")
        now = clock()
        slot = self._slot(key, now)
        return {
            "as_of": iso(now),
            "rules": self.rulebook.number(),
            "points": self._profiles.curve(slot, from_ms, to_ms, points),
            "kept_until": self._profiles.kept_until(slot),
            **(self._profiles.forecast(slot, now, now + ahead_ms, points) if ahead_ms else {}),
        }

    def contributions(self, key: str) -> list[dict[str, Any]]:
        now = clock()
        return self._profiles.contributions(self._slot(key, now), now)

    def consent(self, key: str) -> list[dict[str, Any]]:
        return self._profiles.consent(self._slot(key, clock()))

    def persona(self, key: str) -> dict[str, Any]:
        return self._persona.read(self._slot(key, clock()), clock())

    def merges(self, key: str) -> dict[str, Any]:
        return self._profiles.merges(self._slot(key, clock()))

    def undo(self, key: str, merge_id: str, by: str) -> dict[str, Any]:
        """Take a merge back: its two sides are kept apart, until the command is retracted."""
        sides = self.separation(key, merge_id)
        body = {"id": f"u_{merge_id}_{clock()}", **sides}
        self._decide("separate", msgspec.json.encode(body).decode(), by)
        a, b = (self.profile(sides[side][0]) for side in ("a", "b"))
        return {"command": body["id"], "a": a, "b": b}

    def separation(self, key: str, merge_id: str) -> dict[str, list[str]]:
        """Which identifiers would an undo of this merge keep apart?"""
        return self._profiles.sides(self._slot(key, clock()), merge_id)

    def retract(self, command_id: str, by: str) -> dict[str, Any]:
        """Take an earlier decision back."""
        rows = self._store.query(
            "SELECT count(*) AS n FROM commands WHERE json_extract_string(body, '$.id') = ? "
            "AND kind IN ('separate', 'join', 'refuse')",
            [command_id],
        )
        if not rows.column("n")[0].as_py():
            raise NotFound(f"there is no decision {command_id}")
        self._decide("retract", msgspec.json.encode({"command": command_id}).decode(), by)
        return {"retracted": command_id}

    # --- machine traffic ---

    def flags(self, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """One page of the flags of machine traffic that stand, the newest first."""
        return standing(self._store, limit, cursor)

    def flag(
        self,
        keys: Sequence[str],
        events: Sequence[dict[str, str]],
        verdict: Literal["machine", "human"],
        reason: str,
        by: str,
    ) -> dict[str, Any]:
        """Say of identifiers, profiles or events that they are a machine's, or a human's."""
        body = self._bots.body(keys, events, reason, clock()) | {"verdict": verdict}
        self._decide("flag", msgspec.json.encode(body).decode(), by)
        return body

    def unflag(
        self, keys: Sequence[str], events: Sequence[dict[str, str]], reason: str, by: str
    ) -> dict[str, Any]:
        """Take flags back: what the door decided stands again."""
        body = self._bots.body(keys, events, reason, clock())
        self._decide("unflag", msgspec.json.encode(body).decode(), by)
        return body

    def suspects(self, days: float) -> list[dict[str, Any]]:
        """Who looks like a machine in what happened in the last days?"""
        return self._bots.suspects(days, clock())

    def flag_suspects(self, days: float, by: str) -> dict[str, Any]:
        """Flag the clicks of likely mail scanners in the last days."""
        commands = self._bots.scanner_flags(days, by, clock())
        for command in commands:
            self._decide(command.kind, command.body, by)
        told = [msgspec.json.decode(command.body) for command in commands]
        return {
            "flags": [body["id"] for body in told],
            "events": sum(len(body["events"]) for body in told),
        }

    def announcements(
        self, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of the announced crossings of a band, the newest first."""
        return self._listing.announcements(limit, cursor)

    def arrivals(
        self, cursor: str | None, verdict: str, source: str, q: str, limit: int
    ) -> dict[str, Any]:
        """The events that came last, or since `cursor`, accepted or refused, as they came."""
        return self._arrivals.since(cursor, verdict, source, q, limit)

    # --- refused events, imports, the folder ---

    def start_import(self, path: Path, options: dict[str, Any], by: str) -> dict[str, Any]:
        return self._imports.start(path, msgspec.convert(options, Options), by)

    def stage(self, path: Path, name: str) -> dict[str, Any]:
        """Keep a file that was sent, to look at it before it is imported."""
        return self._staging.keep(path, name)

    def staged(self, file_id: str, options: dict[str, Any]) -> dict[str, Any]:
        """How would a file that waits be imported?"""
        return self._staging.look(file_id, msgspec.convert(options, Options))

    def import_staged(self, file_id: str, options: dict[str, Any], by: str) -> dict[str, Any]:
        return self._staging.run(file_id, msgspec.convert(options, Options), by)

    def drop_staged(self, file_id: str) -> None:
        self._staging.drop(file_id)

    def imports(self) -> list[dict[str, Any]]:
        return self._imports.all()

    def import_job(self, job_id: str) -> dict[str, Any]:
        return self._imports.one(job_id)

    def cancel_import(self, job_id: str) -> dict[str, Any]:
        return self._imports.cancel(job_id)

    def import_rejects(self, job_id: str) -> Path:
        return self._imports.rejects(job_id)

    def start_backup(self, target: str | None, keep: int | None, by: str) -> dict[str, Any]:
        return self._backups.start(target, keep, by)

    def backups(self) -> list[dict[str, Any]]:
        return self._backups.all()

    def backup_shelf(self) -> dict[str, Any]:
        return self._backups.shelf()

    def backup_job(self, job_id: str) -> dict[str, Any]:
        return self._backups.one(job_id)

    def cancel_backup(self, job_id: str) -> dict[str, Any]:
        return self._backups.cancel(job_id)

    def rebuild(self, by: str) -> dict[str, Any]:
        """Fold the recorded events anew and put the result in place. Was it the same?"""
        began = time.monotonic()
        same = self._pipeline.replace_by_rebuild()
        seconds = round(time.monotonic() - began, 3)
        return {"events": self._store.rows(EVENTS), "same": same, "seconds": seconds}

    def readings(self) -> Readings:
        """How it does, in numbers, for Prometheus."""
        found = readings(self.folder, self._pipeline, self._journal, self._store)
        found.set("pipeline_up", self.ready())
        found.set("map_frame_seconds", self.heatmap.live.seconds)
        return found

    def check(self) -> list[dict[str, Any]]:
        """What a look at the folder finds: each line says whether it is well and what to do."""
        return check(
            self.folder, self._pipeline, self._journal, self._store, self._runner, self._keeper,
            self._operations,
        )  # fmt: skip

    def start(self) -> None:
        """Begin what goes on beside the pipeline."""
        beside = (self.segments.membership, self.standings, self.clusters, self.boards.alerts)
        for one in beside:
            one.start()

    def close(self) -> None:
        beside: tuple[Closes, ...] = (
            self.boards.alerts, self.happening, self.analytics.analyses, self.potential,
            self.clusters, self.standings, self.segments.membership, self.heatmap, self._trend,
            self.calibrations, self._backups, self.rulebook, self._imports, self.suggestions,
        )  # fmt: skip
        for one in beside:
            one.close()

    def _slot(self, key: str, now: int) -> int:
        with self._pipeline.lock:
            return self._profiles.slot(key, now)
