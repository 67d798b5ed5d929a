"""Tiers of an open pool: schemes that are kept, who stands in which, who moved, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.errors import BadRequest, Conflict
from hotspring.named import Kept
from hotspring.pipeline import Pipeline
from hotspring.pool.export import Export
from hotspring.pool.listing import Listing
from hotspring.pool.moments import clock, iso
from hotspring.pool.numbers import Asked, Ground
from hotspring.pool.scores import Scores, named, subject, told
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue, Question, read, sentence
from hotspring.scores import spread
from hotspring.store import Store
from hotspring.tiers import Scheme, classes, schemes

EVER: Final = {"behaviour": {"event": None}}
"""True of who did anything by then."""


class Stood(NamedTuple):
    """In which tier known profiles stood at a moment."""

    slots: np.ndarray
    """int32, ascending."""
    codes: np.ndarray
    """int8: the tier of each, -1 of who was not there yet."""
    numbers: np.ndarray
    """float64: a column for each metric or rule."""


Held = Callable[[Kept[Scheme], np.ndarray, np.ndarray, int], np.ndarray]
"""The tiers that slots hold, given those that their numbers say at a moment."""
Recorded = Callable[[Kept[Scheme], int], Stood]
"""How everybody stood at a past moment, by what was written down."""


def _unkept(kept: Kept[Scheme], at: int) -> Stood:
    raise Conflict(f"{kept.name!r} cannot be told of the past")


class Tiers:
    """Keeps schemes of tiers and tells who is in which. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, lists: tuple[Listing, Export], scores: Scores,
        ground: Ground, decide: Callable[[str, str, str], None],
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._listing, self._export = lists
        self._scores = scores
        self._ground = ground
        self.shelf = Shelf(store, decide, schemes())
        self.held: Held = lambda kept, slots, codes, now: codes
        """By grace."""
        self.recorded: Recorded = _unkept
        self.hurry: Callable[[], None] = lambda: None
        """Something was decided about schemes."""
        ground.vocabulary.also(self.shelf)
        ground.asking.tiers = self._column

    # --- what is kept ---

    def all(self, language: Any) -> list[dict[str, Any]]:
        """Every scheme, by name."""
        there = self._there()
        return [self._told(one, there, language) for one in self.shelf.book().listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        """A scheme by its id. `NotFound` where there is none."""
        return self._told(self.shelf.book().one(id_), self._there(), language)

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        """Keep a scheme, a new one where `id_` is empty; `version` is the one that was looked at.

        Raises `RuleRefused` with every fault, `Conflict` where a rule names a tier that would go,
        `Changed` where another version stands.
        """
        old = self.shelf.book().one(id_).said if id_ else None
        own = id_ or self.shelf.new_id("tr")
        scheme = self._checked(said, own)
        if old is not None and old.fixed_ms and old.same_number(scheme) and _wide(old, scheme):
            cuts = old.cuts if scheme.shares else scheme.cuts
            scheme = msgspec.structs.replace(
                scheme, cuts=cuts, yardsticks=old.yardsticks, fixed_ms=old.fixed_ms
            )
        else:
            scheme = self._fixed(scheme)
        kept = self.shelf.keep(scheme, by, self._there(), version)
        self.hurry()
        return self.one(kept.id, language)

    def refresh(self, id_: str, by: str, language: Any) -> dict[str, Any]:
        """Read quantiles and yardsticks off the pool as it is now."""
        kept = self.shelf.book().one(id_)
        self.shelf.keep(self._fixed(kept.said), by, self._there())
        self.hurry()
        return self.one(id_, language)

    def delete(self, id_: str, by: str) -> str:
        """Forget a scheme; its name. Raises `Conflict` where something uses it."""
        gone = self.shelf.delete(id_, self._there(), by).name
        self.hurry()
        return gone

    # --- who stands where ---

    def preview(self, said: dict[str, Any], language: Any) -> dict[str, Any]:
        """How many would be in which tier? Nothing is kept."""
        scheme = self._fixed(self._checked({"name": "-", **said}, ""))
        now = clock()
        found = self.read(scheme, [read(one, None) for one in scheme.asks()], now)
        return self._counted(scheme, found, now)

    def standing(self, id_: str, language: Any) -> dict[str, Any]:
        """How many are in which tier, and how is the number spread that decides?"""
        kept, now = self.shelf.book().one(id_), clock()
        return self._counted(kept.said, self.stand(kept, now), now)

    def movement(self, id_: str, since: int, until: int | None) -> dict[str, Any]:
        """Who went from which tier to which between two moments?"""
        kept, now = self.shelf.book().one(id_), clock()
        until = now if until is None else min(until, now)
        if since >= until:
            raise BadRequest("`from` must lie before `to`")
        before, after = self._at(kept, since, now), self._at(kept, until, now)
        size = 1 + max(int(one.slots.max(initial=-1)) for one in (before, after))
        sides = []
        for one in (before, after):
            side = np.full(size, -1, np.int8)
            side[one.slots] = one.codes
            sides.append(side)
        names = (*kept.said.words(), None)
        return {
            "from": iso(since),
            "to": iso(until),
            "tiers": list(kept.said.words()),
            "moves": [
                {"from": names[one.before], "to": names[one.after], "profiles": one.profiles}
                for one in classes.moves(sides[0], sides[1], len(kept.said.tiers))
            ],
        }

    def members(
        self, id_: str, tier: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of who is in a tier, the hottest first."""
        now = clock()
        among = self.among(id_, tier, now)
        return self._listing.page(None, None, None, "temperature", limit, cursor, False, now, among)

    def export(self, id_: str, tier: str) -> Iterator[list[dict[str, Any]]]:
        """Who is in a tier, with identifiers and traits, a portion at a time."""
        now = clock()
        return self._export.of(self.among(id_, tier, now), now)

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        """In which tier of every scheme is a profile, and what is missing to the next one?"""
        now = clock()
        slot, name = self._scores.whose(key, now)
        there, book = self._there(), self.shelf.book()
        items = [self._of_one(one, slot, now, there, language) for one in book.listed()]
        return {"as_of": iso(now), "profile": name, "items": items}

    def read(
        self, scheme: Scheme, rules: Sequence[Any], now: int, slots: Any = None, also: Any = None
    ) -> Stood:
        """The tiers that numbers say at a moment, whatever the grace."""
        asks = [Asked(rule) for rule in rules]
        if scheme.metrics:
            asks = [Asked(a, b.measure) for a, b in zip(rules, scheme.metrics, strict=True)]
        asks += [] if also is None else [Asked(also)]
        found = self._ground.read(asks, self._ground.vocabulary.catalogue(clock()), now, slots)
        numbers = found.values[:, : len(rules)]
        codes = scheme.codes(numbers)
        if also is not None:
            codes = np.where(found.values[:, -1] > 0, codes, -1).astype(np.int8)
        return Stood(found.slots, codes, numbers)

    def stand(self, kept: Kept[Scheme], now: int, slots: Any = None) -> Stood:
        """The tiers that profiles hold now."""
        found = self.read(kept.said, kept.rules, now, slots)
        return found._replace(codes=self.held(kept, found.slots, found.codes, now))

    # --- inside ---

    def _there(self) -> Catalogue:
        return self._ground.vocabulary.catalogue(clock())

    def among(self, id_: str, tier: str, now: int) -> np.ndarray:
        """The slots of who is in a tier."""
        kept = self.shelf.book().one(id_)
        words = kept.said.words()
        if tier not in words:
            raise BadRequest(f"there is no tier {tier!r} in {kept.name!r}")
        stood = self.stand(kept, now)
        found: np.ndarray = stood.slots[stood.codes == words.index(tier)]
        return found

    def _checked(self, said: dict[str, Any], own: str) -> Scheme:
        scheme = Scheme.of(said, own)
        if scheme.shares:
            scheme = msgspec.structs.replace(scheme, cuts=())
        return self._ground.checked(clock(), own, scheme.checked)

    def _fixed(self, scheme: Scheme) -> Scheme:
        if scheme.by != "composite" and not scheme.shares:
            return scheme
        now = clock()
        rules = [read(one, None) for one in scheme.asks()]
        asks = [Asked(a, b.measure) for a, b in zip(rules, scheme.metrics, strict=True)]
        found = self._ground.read(asks, self._there(), now)
        if not np.isfinite(found.values).any():
            raise Conflict("nobody has this number yet; say the numbers at which to cut")
        return scheme.fixed(found.values, now)

    def _at(self, kept: Kept[Scheme], at: int, now: int) -> Stood:
        """How everybody stood at a moment: by numbers of then where these are told by what
        happened alone, else as it was written down."""
        if at >= now:
            return self.stand(kept, now)
        measured = [(rule, None) for rule in kept.rules] if kept.said.metrics else []
        rules = () if kept.said.metrics else kept.rules
        several = Question.several(rules, self._there(), measured)
        if kept.said.grace or not several.dated:
            return self.recorded(kept, at)
        return self.read(kept.said, kept.rules, at, also=read(EVER, None))

    def _column(self, id_: str, now: int, among: np.ndarray | None) -> pa.Array:
        """The names of tiers by slot, or in the order of some; null for who is not known."""
        kept = self.shelf.book().one(id_)
        found = self.stand(kept, now, among)
        size = int(found.slots.max(initial=-1)) + 1 if among is None else len(among)
        codes = np.full(size, -1, np.int8)
        where = found.slots if among is None else np.searchsorted(among, found.slots)
        codes[where] = found.codes
        words = pa.array(kept.said.words(), pa.string())
        return words.take(pa.array(codes, pa.int8(), mask=codes < 0))

    def _counted(self, scheme: Scheme, found: Stood, now: int) -> dict[str, Any]:
        size = len(scheme.tiers)
        many = np.bincount(found.codes, minlength=size).tolist()
        values = scheme.value(found.numbers) if scheme.metrics else None
        means: list[float | None] = [None] * size
        if values is not None:
            for at in range(size):
                mine = values[(found.codes == at) & np.isfinite(values)]
                means[at] = float(mine.mean()) if len(mine) else None
        starts = (None, *scheme.cuts) if scheme.metrics else (None,) * size
        return {
            "as_of": iso(now),
            "profiles": len(found.slots),
            "fixed_at": iso(scheme.fixed_ms or None),
            "tiers": [
                {
                    "name": one.name, "from": starts[at], "profiles": many[at],
                    "share": many[at] / len(found.slots) if many[at] else 0.0, "mean": means[at],
                }
                for at, one in enumerate(scheme.tiers)
            ],
            "spread": None if values is None else told(spread.Spread.of(values)),
        }  # fmt: skip

    def _of_one(
        self, kept: Kept[Scheme], slot: int, now: int, there: Catalogue, language: Any
    ) -> dict[str, Any]:
        scheme, words = kept.said, kept.said.words()
        found = self.read(scheme, kept.rules, now, np.array([slot], np.int32))
        head = {"id": kept.id, "name": kept.name, "tiers": list(words)}
        if not len(found.slots):
            return {**head, "tier": None, "by_numbers": None, "value": None, "next": None}
        (raw,) = found.codes.tolist()
        (code,) = self.held(kept, found.slots, found.codes, now).tolist()
        value = float(scheme.value(found.numbers)[0]) if scheme.metrics else np.nan
        known = float(value) if np.isfinite(value) else None
        following = None
        if code + 1 < len(words):
            following = self._missing(kept, slot, code, known, now, there, language)
        return {
            **head, "tier": words[code], "by_numbers": words[raw], "value": known,
            "next": following,
        }  # fmt: skip

    def _missing(
        self, kept: Kept[Scheme], slot: int, code: int, value: float | None, now: int,
        there: Catalogue, language: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """What is missing to the tier above."""
        scheme, name = kept.said, kept.said.words()[code + 1]
        if scheme.metrics:
            start = scheme.cuts[code]
            short = None if value is None else max(start - value, 0.0)
            return {"tier": name, "from": start, "missing": short, "conditions": []}
        rule = scheme.tiers[code + 1].rule or {}
        parts = [read(one, None) for one in rule.get("and", [rule])]
        found = self._ground.read(
            [Asked(one) for one in parts], there, now, np.array([slot], np.int32)
        )
        met = found.values[0] > 0 if len(found.slots) else np.zeros(len(parts), bool)
        return {
            "tier": name, "from": None, "missing": None,
            "conditions": [
                {"sentence": sentence(one, there, language), "met": bool(is_met)}
                for one, is_met in zip(parts, met.tolist(), strict=True)
            ],
        }  # fmt: skip

    def _told(self, kept: Kept[Scheme], there: Catalogue, language: Any) -> dict[str, Any]:
        said = kept.said
        rules = iter(kept.rules)
        tiers = [
            {
                "name": one.name,
                "rule": one.rule,
                "sentence": "" if one.rule is None else sentence(next(rules), there, language),
            }
            for one in said.tiers
        ]
        return {
            **named(kept, there),
            "by": said.by,
            "tiers": tiers,
            "metrics": [
                {**msgspec.to_builtins(one), "sentence": subject(leaf, there, language)}
                for one, leaf in zip(said.metrics, kept.rules, strict=False)
            ],
            "shares": list(said.shares),
            "cuts": list(said.cuts),
            "fixed_at": iso(said.fixed_ms or None),
            "grace": said.grace,
        }


def _wide(old: Scheme, new: Scheme) -> bool:
    return len(old.tiers) == len(new.tiers)
