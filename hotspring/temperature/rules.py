"""The rules of temperature as data: what events weigh, how fast they cool, what a day may bring."""

from __future__ import annotations

import importlib.resources
import math
from typing import Any, Final, Literal

import msgspec

from hotspring.errors import RulesError
from hotspring.temperature.conditions import Condition, path_of

DAY_MS: Final = 86_400_000
HOUR_DAYS: Final = 1 / 24
MOST_HALF_LIVES: Final = 4
MOST_RULES: Final = 1_000
ANY: Final = "*"
"""As the only event name: the rule looks at every event."""


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a thing is called, in both languages."""

    zh: str
    en: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the events of some names weigh: `points`, cooling with one half-life.

    With `amount` the weight is `points * log1p(max(amount, 0))`, the amount in the pool's
    currency: the event's own for `true`, else the number at `properties.PATH`. An event without
    an amount, or in a currency without a rate, weighs nothing. A `cap`
    is the most that the events of one profile and day bring, as a sum of |w|; that sum cools from
    the start of the day on.
    """

    id: str
    title: Title
    events: tuple[str, ...]
    points: float
    half_life_days: float
    amount: bool | str = False
    cap: float | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def half_life_ms(self) -> float:
        return self.half_life_days * DAY_MS

    def check(self) -> None:
        """Is the rule valid? Raises `RulesError` that names the rule and what to change."""
        where = f"rule {self.id}"
        if not self.events or not all(self.events) or (ANY in self.events and len(self.events) > 1):
            raise RulesError(f'{where}: name at least one event, or only "{ANY}" for every event')
        if not math.isfinite(self.points) or self.points == 0:
            raise RulesError(f"{where}: points must be a number other than 0")
        if isinstance(self.amount, str) and not path_of(self.amount):
            raise RulesError(
                f"{where}: amount must be true, false or properties.NAME, not {self.amount!r}"
            )
        capped = self.cap is not None
        if self.cap is not None and not (math.isfinite(self.cap) and self.cap > 0):
            raise RulesError(f"{where}: cap must be above 0; leave it out for no cap")
        least = 1.0 if capped else HOUR_DAYS
        if not (math.isfinite(self.half_life_days) and self.half_life_days >= least * (1 - 1e-9)):
            raise RulesError(
                f"{where}: half_life_days must be at least "
                + ("1 day, because the rule has a cap" if capped else "1 hour (0.0416667)")
            )
        for condition in self.conditions:
            condition.check(self.id)


class RuleSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the rules: all that a temperature depends on besides events and time."""

    title: Title
    e_half: float
    """The energy that brings a profile half of the way from -20 to 100 degrees."""
    currency: str
    """The pool's currency; an amount that names no currency is in it."""
    rates: dict[str, float]
    """What one unit of another currency is worth in the pool's."""
    rules: tuple[Rule, ...]

    @classmethod
    def from_json(cls, text: str | bytes) -> RuleSet:
        """Which rule set is written here? Raises `RulesError` that says what to change."""
        try:
            body = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RulesError(f"the rules are no JSON: {error}") from error
        rows = body.get("rules") if isinstance(body, dict) else None
        # One by one, so that what is wrong is said of a rule by its name.
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            name = row.get("id") if isinstance(row, dict) else None
            try:
                msgspec.convert(row, Rule)
            except msgspec.ValidationError as error:
                raise RulesError(f"rule {name or f'number {number}'}: {error}") from error
        try:
            rules = msgspec.convert(body, cls)
        except msgspec.ValidationError as error:
            raise RulesError(f"the rules cannot be read: {error}") from error
        rules.check()
        return rules

    def to_json(self) -> str:
        """The rule set as a JSON object, the same text for the same rules."""
        return msgspec.json.encode(self, order="deterministic").decode()

    @property
    def half_lives_ms(self) -> tuple[float, ...]:
        """The distinct half-lives, shortest first: at most four."""
        return tuple(sorted({rule.half_life_ms for rule in self.rules}))

    def rate(self, currency: str) -> float:
        """What is one unit of `currency` worth in the pool's? Not a number where nobody said."""
        if currency in ("", self.currency):
            return 1.0
        return self.rates.get(currency, math.nan)

    def in_currency(self, currency: str) -> RuleSet:
        """The same rules for a pool that counts in another currency, the rates turned to it."""
        if currency == self.currency:
            return self
        one = self.rate(currency)
        known = {**self.rates, self.currency: 1.0}
        rates = {} if math.isnan(one) else {c: r / one for c, r in known.items() if c != currency}
        return msgspec.structs.replace(self, currency=currency, rates=rates)

    def check(self) -> None:
        """Is the set valid? Raises `RulesError` that names the rule and what to change."""
        if not (math.isfinite(self.e_half) and self.e_half > 0):
            raise RulesError("e_half must be above 0")
        if not self.currency:
            raise RulesError("currency must name the pool's currency, such as CNY")
        if len(self.rules) > MOST_RULES:
            raise RulesError(f"a set has at most {MOST_RULES} rules, this one {len(self.rules)}")
        for currency, rate in self.rates.items():
            if not (math.isfinite(rate) and rate > 0):
                raise RulesError(f"rates: the rate of {currency!r} must be above 0")
        seen: set[str] = set()
        for rule in self.rules:
            if not rule.id or rule.id in seen:
                raise RulesError(f"rule {rule.id or '(without id)'}: every rule needs its own id")
            seen.add(rule.id)
            rule.check()
        self._check_half_lives()

    def _check_half_lives(self) -> None:
        days: list[float] = []
        for rule in self.rules:
            if rule.half_life_days not in days:
                days.append(rule.half_life_days)
            if len(days) > MOST_HALF_LIVES:
                known = ", ".join(f"{d:g}" for d in days[:-1])
                raise RulesError(
                    f"rule {rule.id}: its half-life of {days[-1]:g} days is the fifth; "
                    f"a set has at most {MOST_HALF_LIVES}, take one of {known}"
                )


class Difference(msgspec.Struct, frozen=True):
    """What is not the same in two rule sets: of one rule, or of the set where `rule` is empty."""

    rule: str
    change: Literal["added", "removed", "changed"]
    fields: dict[str, tuple[Any, Any]]
    """What each differing field says before and after."""


def differences(before: RuleSet, after: RuleSet) -> list[Difference]:
    """What must be said to make `after` of `before`? Nothing where they read the same."""
    old, new = _plain(before), _plain(after)
    mine, theirs = ({rule.pop("id"): rule for rule in one.pop("rules")} for one in (old, new))
    found = [Difference("", "changed", fields)] if (fields := _differing(old, new)) else []
    for name in dict.fromkeys([*mine, *theirs]):
        fields = _differing(mine.get(name, {}), theirs.get(name, {}))
        if name not in theirs:
            found.append(Difference(name, "removed", fields))
        elif name not in mine:
            found.append(Difference(name, "added", fields))
        elif fields:
            found.append(Difference(name, "changed", fields))
    return found


def _plain(rules: RuleSet) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    return plain


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = dict.fromkeys([*before, *after])
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def sets() -> dict[str, RuleSet]:
    """Which rule sets come with Hotspring, by the name of their file?"""
    folder = importlib.resources.files("hotspring.temperature") / "sets"
    files = {f.name.removesuffix(".json"): f for f in folder.iterdir() if f.is_file()}
    return {name: RuleSet.from_json(files[name].read_bytes()) for name in sorted(files)}
