"""The judge at the door: every raw event becomes an `Event`, or a `Refused` with its reason."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import numpy as np
from isal.isal_zlib import crc32

from hotspring.bots import Networks
from hotspring.collect import again, consent, context, moment, money, naming, places
from hotspring.collect.bulk import Bulk, Facts
from hotspring.collect.call import Call, Envelope, Told
from hotspring.collect.context import Context
from hotspring.collect.fragment import fragment
from hotspring.collect.identifiers import Identifiers
from hotspring.collect.lay import NAME_ENTRY
from hotspring.collect.passers import Salt, own_salt, passer
from hotspring.collect.places import Locator, Places
from hotspring.collect.protocol import PACKAGE, Protocol
from hotspring.collect.quotes import quotes, request_of
from hotspring.collect.scan import ODD, PROPERTIES
from hotspring.collect.sitting import Sitting, SourceFacts
from hotspring.collect.traits import Claims, said
from hotspring.collect.verdict import Reason, Unfit, Unreadable, refused
from hotspring.collect.words import Body, Words
from hotspring.delivery import Columns, columns_of
from hotspring.event import Event, Flag, Refused
from hotspring.plan import Checks, Plan
from hotspring.plugin import leaves
from hotspring.settings import Settings

CACHED: Final = 16_384
CACHED_CONTEXT: Final = 4_096
"""A longer context is read every time, so that the cache stays small whatever is sent."""
BATCH: Final = "/v1/batch"
CONSENT_NAMES: Final = frozenset(consent.NAMES)
FIXED_NAMES: Final = frozenset(naming.FIXED.values())
_read_properties: Final = msgspec.json.Decoder(dict[str, Any]).decode
TELLING: Final = frozenset((*money.FIELDS, *places.FIELDS))
"""Properties that say more than what is stored of them."""

SKEW_CORRECTED: Final = Flag.SKEW_CORRECTED.value
CLAMPED: Final = Flag.CLAMPED.value
BREACH: Final = Flag.BREACH.value
PASSER_BY: Final = Flag.PASSER_BY.value
# Members of an enumeration are slow to find.
BAD_PROPERTIES: Final = Reason.BAD_PROPERTIES


class Judge:
    """Judges events by the settings of a pool; what it remembers of them are only caches."""

    fixed_names = FIXED_NAMES
    """Names of events that clients do not choose."""

    def __init__(
        self, settings: Settings, atlas: Locator | None = None, salt: Salt | None = None
    ) -> None:
        """`salt` is that of the day, by which passers-by are counted."""
        self.identifiers = Identifiers(settings)
        self._future_ms = settings.future_hours * moment.HOUR_MS
        self._oldest_ms = moment.start_of_year(settings.oldest_year)
        self._largest = settings.max_event_kilobytes * 1024
        self._cached_context = min(CACHED_CONTEXT, self._largest)
        networks = Networks(settings.scanner_networks_file)
        self._read = functools.partial(context.read, networks=networks)
        self._context = functools.lru_cache(CACHED)(self._read)
        self._known_name = functools.lru_cache(CACHED)(naming.event_name)
        self._places = Places(atlas) if atlas is not None else None
        self._finds_addresses = atlas is not None and atlas.knows_addresses
        self._salt = salt or own_salt()
        self._planned = Checks(Plan(), 0).of
        self._plans = False
        """Is there anything in the plan?"""
        shaped = self.identifiers.shape()
        self._bulk = (
            Bulk(shaped, self._plain_name, self._plain_context, self._oldest_ms, self._largest)
            if shaped is not None and not self._finds_addresses
            else None
        )
        """The short way; none where every event must be looked at in full."""
        self._protocols: Mapping[str, Protocol] = {
            path: leaf for leaf in leaves(PACKAGE, Protocol).values() for path in leaf.paths
        }

    def judge(
        self, envelope: Envelope, source: SourceFacts, received_ms: int, address: str = ""
    ) -> tuple[list[Event], list[Refused]]:
        """Which events of a request are accepted, and which are refused and why?"""
        sitting = self._sitting(envelope, source, received_ms, address)
        events: list[Event] = []
        unfit: list[tuple[int, Call | Unfit, Unfit]] = []
        plain = envelope.plain
        calls = envelope.calls if plain is None else plain.calls(envelope.body)
        for index, call in enumerate(calls):
            if isinstance(call, Unfit):
                unfit.append((index, call, call))
                continue
            try:
                events.append(self.event(call, sitting, index))
            except Unfit as problem:
                unfit.append((index, call, problem))
        return events, _refusals(envelope, unfit, source.public)

    def columns(
        self, envelope: Envelope, source: SourceFacts, received_ms: int, address: str = ""
    ) -> tuple[Columns, list[Refused]]:
        """The same, with the events as columns: the quicker way for a plain batch."""
        plain, bulk = envelope.plain, self._bulk
        if plain is None or bulk is None:
            events, refused = self.judge(envelope, source, received_ms, address)
            return columns_of(events), refused
        sitting = self._sitting(envelope, source, received_ms, address)
        facts = bulk.judge(envelope.body, plain.rows, sitting)
        if self._plans:
            self._set_breaches_apart(envelope.body, plain.rows, facts)
        others: dict[int, Event] = {}
        unfit: list[tuple[int, Call | Unfit, Unfit]] = []
        for index in np.flatnonzero(plain.rows[:, ODD]).tolist():
            call = plain.call(envelope.body, index)
            try:
                others[index] = self.event(call, sitting, index)
            except Unfit as problem:
                unfit.append((index, call, problem))
        columns = bulk.columns(envelope.body, plain.rows, facts, others)
        return columns, _refusals(envelope, unfit, source.public)

    def rehearse(self) -> Columns:
        """A made-up batch, judged: what is compiled at its first use is compiled then."""
        event = (
            '{"type":"track","event":"a","messageId":"b","anonymousId":"c","properties":{"d":1},'
            '"timestamp":"2026-01-01T00:00:00Z","context":{}}'
        )
        body = f'{{"batch":[{",".join([event] * 20)}]}}'.encode()
        envelope = self._protocols[BATCH].decode(BATCH, b"", {}, body, len(body))
        return self.columns(envelope, SourceFacts("rehearsal"), 0)[0]

    @property
    def protocols(self) -> Mapping[str, Protocol]:
        """Which protocol serves a path? Keys without trailing slashes."""
        return self._protocols

    def read(self, text: str, request: str, recorded: bool) -> tuple[Body, Words]:
        """What does a refused event say, and in which words? Raises `Unfit`.

        `recorded` says that it was decoded once and contradicted another event.
        """
        try:
            body = again.read(text, recorded)
        except (msgspec.DecodeError, RecursionError):
            raise Unfit(Reason.BAD_JSON) from None
        if recorded:
            return body, again.RECORDED
        return body, self._protocol(body, again.request(request)).words

    def judge_again(
        self,
        body: Body,
        *,
        quoted: str,
        request: str,
        source: SourceFacts,
        received_ms: int,
        message_id: str,
        otherwise: str,
        recorded: bool,
    ) -> Event | Refused:
        """Is this event fit by now? Judged as if it came as it is here, when it came at first.

        `quoted` is the text of the event as it came at first, `message_id` the id to keep,
        `otherwise` that of an event with neither id nor time.
        """
        told = again.request(request)
        if told.public is not None:
            source = msgspec.structs.replace(source, public=told.public)
        try:
            if recorded:
                envelope = again.recorded(body, quoted, message_id)
            else:
                protocol = self._protocol(body, told)
                envelope = again.carried(body, quoted, told, protocol, message_id, otherwise)
        except Unreadable as error:
            return refused(0, message_id, Unfit(Reason.BAD_JSON, error.detail), "")
        events, problems = self.judge(envelope, source, received_ms)
        return events[0] if events else problems[0]

    def _protocol(self, body: Body, request: again.Request) -> Protocol:
        return self._protocols[again.path_of(body, request, self._protocols)]

    def follow(self, plan: Plan, version: int) -> None:
        """Hold events to this plan from now on. Raises `PlanError` and changes nothing."""
        self._planned = Checks(plan, version, FIXED_NAMES).of
        self._plans = bool(plan.events) or plan.others != "allow"

    def event(self, call: Call, sitting: Sitting, index: int = 0) -> Event:
        """Which event is the call at `index` of its request? Raises `Unfit`."""
        # Most of what a busy door does happens in these lines: they call little.
        kind = call.type
        tracked = kind == "track"
        if tracked:
            given = call.event
            name = self._known_name(given) if type(given) is str else naming.event_name(given)
        else:
            name = naming.fixed(kind)
        raw, properties = fragment(call.properties, BAD_PROPERTIES, self._largest)
        around = self._around(call)
        traits, claims = "", around.claims
        if not tracked or type(call) is Told:
            others = said(call, raw, properties, self._largest)
            raw, traits, claims = others.properties, others.traits, claims + others.claims
        passing = around.flags & PASSER_BY
        ids = () if claims or passing else self.identifiers.pair(call.user_id, call.anonymous_id)
        if passing:
            ids, traits = (self._passer(kind, name, around, sitting),), ""
        elif not ids:
            ids = self._ids(call, claims)
        when, ms, flags = self._when(call, sitting)
        check = self._planned(name)
        if check is not None and not check.holds(properties):
            if check.strict:
                raise Unfit(Reason.PLAN_BREACH, check.detail(properties))
            flags |= BREACH
        text = raw.decode()
        telling = not TELLING.isdisjoint(properties)
        amount, currency = money.amount(properties) if telling and tracked else (None, "")
        if tracked and name in CONSENT_NAMES:
            kind, text = "consent", consent.decisions(name, properties, around.choices)
        place = None
        if self._places and (telling or self._finds_addresses or around.location is not None):
            place = self._places.of(call, around, properties, sitting)
        # Tried again from another network, or tomorrow, it is the same event.
        who = "" if passing else "\0".join(ids)
        head = f"{kind}\0{name}\0{when}\0{who}\0{traits}".encode()
        return Event(
            naming.message_id(call.message_id) or _derived_id(head, around, raw, sitting, index),
            kind,
            name,
            ms,
            ids,
            crc32(raw, around.mark) << 31 | crc32(head) >> 1,
            text,
            traits,
            around.text,
            around.channel,
            around.device,
            flags | around.flags,
            place,
            amount,
            currency,
        )

    def _sitting(
        self, envelope: Envelope, source: SourceFacts, received_ms: int, address: str
    ) -> Sitting:
        return Sitting(
            received_ms,
            received_ms + self._future_ms,
            moment.shift(received_ms, envelope.sent_at),
            Flag.PUBLIC.value if source.public else 0,
            address,
            source.datum,
            source.name,
        )

    def _plain_name(self, raw: bytes) -> str | None:
        """The name written so in JSON; None where it cannot be used, or more is asked of events."""
        try:
            name = self._known_name(msgspec.json.decode(b'"%b"' % raw, type=str))
        except Unfit:
            return None
        return None if name in CONSENT_NAMES else name

    def _set_breaches_apart(self, body: bytes, rows: np.ndarray, facts: Facts) -> None:
        """Give ODD to those of the plain events that break the plan: they are judged in full."""
        plain = rows[:, ODD] == 0
        for entry, name in facts.named(plain):
            check = self._planned(name)
            if check is not None:
                for at in np.flatnonzero(plain & (facts.of[:, NAME_ENTRY] == entry)).tolist():
                    raw = body[rows[at, PROPERTIES] : rows[at, PROPERTIES + 1]]
                    rows[at, ODD] = not check.holds(_read_properties(raw))

    def _plain_context(self, raw: bytes) -> Context | None:
        """The context written so; None where it cannot be used, or says where or who."""
        try:
            around = context.read(raw) if len(raw) <= self._cached_context else None
        except Unfit:
            return None
        if around is None or around.claims or around.location is not None:
            return None
        if around.flags & PASSER_BY:
            return None
        return around

    def _around(self, call: Call) -> Context:
        if type(call) is Told:
            return call.surroundings
        raw = bytes(call.context)
        if len(raw) <= self._cached_context:
            return self._context(raw)
        if len(raw) > self._largest:
            raise Unfit(Reason.TOO_LARGE)
        return self._read(raw)

    def _ids(self, call: Call, claims: Claims) -> tuple[str, ...]:
        write = self.identifiers
        user, anonymous = call.user_id, call.anonymous_id
        ids: list[str] = []
        problems: dict[str, str] = {}
        for kind, value in (("user_id", user), ("anonymous_id", anonymous), *claims):
            if value is not None:
                text = write(kind, value)
                if isinstance(text, str):
                    ids.append(text)
                else:
                    problems[kind[:64]] = text.value
        # An unbind of two of which one cannot be read must not become one of the other alone.
        if not ids or (problems and call.type == "unbind"):
            detail = "; ".join(f"{kind}: {problem}" for kind, problem in problems.items())
            raise Unfit(Reason.NO_IDENTIFIER, detail)
        return write.ordered(ids)

    def _passer(self, kind: str, name: str, around: Context, sitting: Sitting) -> str:
        told = "consent" if name in CONSENT_NAMES else kind
        return passer(self._salt, told, sitting.address, around.agent, sitting.source)

    def _when(self, call: Call, sitting: Sitting) -> tuple[object, int, int]:
        """What the client wrote, the time by the pool's clock, and flags of what was changed."""
        when = call.timestamp or call.original_timestamp
        received_ms = sitting.received_ms
        if when is None or when == "":
            return None, received_ms, sitting.flags
        ms = moment.milliseconds(when)
        shift = sitting.shift_ms
        if call.sent_at is not None:
            shift = moment.shift(received_ms, call.sent_at)
        flags = sitting.flags
        if shift:
            ms += shift
            flags |= SKEW_CORRECTED
        if ms > received_ms:
            if ms > sitting.latest_ms:
                raise Unfit(Reason.FUTURE_TIMESTAMP)
            return when, received_ms, flags | CLAMPED
        if ms < self._oldest_ms:
            raise Unfit(Reason.TOO_OLD)
        return when, ms, flags


def _refusals(
    envelope: Envelope, unfit: list[tuple[int, Call | Unfit, Unfit]], public: bool
) -> list[Refused]:
    if not unfit:
        return []
    texts = quotes(envelope, [index for index, _, _ in unfit])
    return [
        refused(index, _quoted_id(call), problem, text, request_of(envelope, call, public))
        for (index, call, problem), text in zip(unfit, texts, strict=True)
    ]


def _derived_id(head: bytes, around: Context, raw: bytes, sitting: Sitting, index: int) -> str:
    """The id of an event without one: equal content at an equal time is one event.

    Where the client gave no time either, every event is a new one.
    """
    digest = hashlib.sha256(b"\0".join((head, around.text.encode(), raw))).hexdigest()
    unlike = "" if head.split(b"\0", 3)[2] != b"None" else f"-{sitting.received_ms}-{index}"
    return digest[:32] + unlike


def _quoted_id(call: Call | Unfit) -> str:
    try:
        return naming.message_id(call.message_id)
    except Unfit:
        return ""
