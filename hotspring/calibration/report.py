"""The report of a calibration as one HTML page: nothing is loaded, it reads in light and dark."""

from __future__ import annotations

import datetime as dt
import html
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hotspring.calibration.measures import interval
from hotspring.calibration.plots import Axis, Bar, Line, bars, lines
from hotspring.calibration.result import Calibration, Group
from hotspring.calibration.style import STYLE
from hotspring.calibration.words import WORDS, Language

LONGEST: Final = 24
"""Letters of an event's name in a plot; the table has all of them."""
SHOWN: Final = 8
"""So many weights are drawn; the table has all of them."""


def report(found: Calibration, language: Language, zone: zoneinfo.ZoneInfo, made_ms: int) -> str:
    """The page that shows what a calibration found, made at `made_ms`."""
    page = _Page(found, language, zone)
    lang = {"zh": "zh-CN", "en": "en"}[language]
    parts = [
        page.head(), page.scores(), page.bands(), page.weights(), page.deciles(), page.roc(),
        page.rest(), page.rules(made_ms),
    ]  # fmt: skip
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{_text(page.say('title'))}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


class _Page:
    """One calibration in one language."""

    def __init__(self, found: Calibration, language: Language, zone: zoneinfo.ZoneInfo) -> None:
        self._found = found
        self._language: Language = language
        self._words = WORDS[language]
        self._zone = zone

    def say(self, word: str, **given: object) -> str:
        return self._words[word].format(**given)

    # --- parts of the page ---

    def head(self) -> str:
        found, say = self._found, self.say
        days = f"{found.horizon_days:g}"
        told = [
            self._group("learnt", found.learnt_at, found.learning),
            self._group("tested", found.cut, found.test),
            say("zone", zone=self._zone.key),
        ]
        return (
            f"<h1>{_text(say('title'))}</h1>"
            f'<p class="asked">{_text(say("asked", goal=found.goal, days=days))}</p>'
            f'<p class="verdict">{_text(self._verdict())}</p>'
            f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in told)}</ul>"
        )

    def _group(self, word: str, at: int, group: Group) -> str:
        return self.say(
            word, moment=self._moment(at), reached=f"{group.reached:,}",
            profiles=f"{group.profiles:,}", rate=_percent(group.rate),
        )  # fmt: skip

    def _verdict(self) -> str:
        found = self._found
        rivals = {name: value for name, value in found.auc.items() if name != "temperature"}
        rival = max(rivals, key=lambda name: rivals[name])
        mine, best, force = found.auc["temperature"], rivals[rival], found.auc_in_force
        error = found.auc_error
        word = "best" if mine > best + error else "level" if mine >= best - error else "behind"
        gain = mine - force
        than = "level" if abs(gain) < error else "better" if gain > 0 else "worse"
        between = " " if self._language == "en" else ""
        return between.join([
            self.say(f"verdict_{word}", mine=f"{mine:.3f}", rival=self.say(rival),
                     best=f"{best:.3f}"),
            self.say(f"force_{than}", force=f"{force:.3f}"),
            self.say("error", error=f"{error:.3f}"),
        ])  # fmt: skip

    def scores(self) -> str:
        found, say = self._found, self.say
        values = {**found.auc, "force": found.auc_in_force}
        reach = 1.96 * found.auc_error
        rows = [
            Bar(
                say(name), value, f"{value:.3f}",
                "mine" if name == "temperature" else "before" if name == "force" else "rival",
                value - reach if name == "temperature" else None,
                value + reach if name == "temperature" else None,
            )
            for name, value in values.items()
        ]  # fmt: skip
        top = min(1.0, max(0.7, max(values.values()) + 0.08))
        plot = bars(say("scores"), rows, Axis(say("auc"), 0.5, top, lambda v: f"{v:.2f}"))
        return self._section("scores", plot)

    def bands(self) -> str:
        found, say = self._found, self.say
        rows, table = [], []
        for name, rate in found.bands.items():
            count, before = found.band_profiles[name], found.bands_in_force[name]
            low, high = interval(round((rate or 0) * count), count) if count else (0.0, 0.0)
            told = say("of", rate=_percent(rate), count=f"{count:,}") if count else say("nobody")
            rows.append(
                Bar(
                    say(name), rate or 0.0, told, name, low if count else None,
                    high if count else None, before.rate,
                )
            )  # fmt: skip
            table.append(
                (say(name), f"{count:,}", _percent(rate), f"{_percent(low)} – {_percent(high)}",
                 f"{before.profiles:,}", _percent(before.rate))
            )  # fmt: skip
        plot = bars(say("bands"), rows, Axis(say("rate"), 0.0, 1.0, lambda v: f"{v * 100:.0f}"))
        heading = ("group", "profiles", "reached", "interval", "force", "reached")
        return self._section("bands", plot, heading, table, days=f"{found.horizon_days:g}")

    def weights(self) -> str:
        found, say = self._found, self.say
        drawn = found.weights[:SHOWN]
        names = [self._name(w.event, w.amount, LONGEST) for w in drawn]
        high = max(0.0, *(w.worth for w in drawn)) or 1.0
        rows = [
            Bar(name, abs(w.worth), f"{w.worth:+.3g}", "mine" if w.worth > 0 else "minus")
            for name, w in zip(names, drawn, strict=True)
        ]
        most = max(abs(w.worth) for w in drawn) * 1.05
        plot = bars(say("weights"), rows, Axis(say("points"), 0.0, most, lambda v: f"{v:g}"))
        reach = min(3 * max(w.half_life_days for w in drawn), 730.0)
        fading = [
            Line(
                f"{name}, {say('day', days=f'{w.half_life_days:g}')}",
                [(reach * i / 80, abs(w.worth) * 2 ** (-reach * i / 80 / w.half_life_days))
                 for i in range(81)],
                f"s{n % 5}",
            )
            for n, (name, w) in enumerate(zip(names, drawn, strict=True))
        ]  # fmt: skip
        across = Axis(say("days"), 0.0, reach, lambda v: f"{v:g}")
        up = Axis(say("left"), 0.0, max(most, high), lambda v: f"{v:g}")
        table = [
            (self._name(w.event, w.amount),
             f"{w.points:+g}" + (f" {say('by_amount')}" if w.amount else ""),
             say("day", days=f"{w.half_life_days:g}"),
             say("none") if w.cap is None else f"{w.cap:g}", f"{w.alone:.1f} °C")
            for w in found.weights
        ]  # fmt: skip
        heading = ("event", "weight", "half_life", "cap", "alone")
        return self._section(
            "weights", plot, heading, table, e_half=f"{found.rules.e_half:g}"
        ) + self._section("fading", lines(say("fading"), fading, across, up, 320))

    def deciles(self) -> str:
        say, found = self.say, self._found
        points = [(d.foretold, d.came) for d in found.deciles]
        spread = [(d.low, d.high) for d in found.deciles]
        top = min(1.0, 1.05 * max(*(d.high for d in found.deciles),
                                  *(d.foretold for d in found.deciles)))  # fmt: skip
        rows = [
            Line(say("same"), [(0.0, 0.0), (top, top)], "chance"),
            Line(say("groups"), points, "mine", dots=True, spread=spread),
        ]
        across = Axis(say("foretold"), 0.0, top, lambda v: f"{v * 100:g}")
        up = Axis(say("came"), 0.0, top, lambda v: f"{v * 100:g}")
        table = [
            (str(n), f"{d.profiles:,}", _percent(d.foretold), _percent(d.came),
             f"{_percent(d.low)} – {_percent(d.high)}")
            for n, d in enumerate(found.deciles, 1)
        ]  # fmt: skip
        heading = ("group", "profiles", "foretold", "came", "interval")
        return self._section("deciles", lines(say("deciles"), rows, across, up), heading, table)

    def roc(self) -> str:
        say, found = self.say, self._found
        rows = [Line(say("chance"), [(0.0, 0.0), (1.0, 1.0)], "chance")]
        rivals = [name for name in found.curves if name != "temperature"]
        rows += [Line(say(name), found.curves[name], f"s{n + 1}") for n, name in enumerate(rivals)]
        rows.append(Line(say("temperature"), found.curves["temperature"], "mine"))
        across = Axis(say("misses"), 0.0, 1.0, lambda v: f"{v * 100:.0f}")
        up = Axis(say("hits"), 0.0, 1.0, lambda v: f"{v * 100:.0f}")
        names = ["temperature", *rivals]
        table = [
            (f"{found.curves[names[0]][i][0]:.0%}",
             *(f"{found.curves[name][i][1]:.1%}" for name in names))
            for i in range(0, len(found.curves[names[0]]), 6)
        ]  # fmt: skip
        return self._section("roc", lines(say("roc"), rows, across, up), ("misses", *names), table)

    def rest(self) -> str:
        say, found = self.say, self._found
        titles = {rule.id: getattr(rule.title, self._language) for rule in found.rules.rules}
        kept = [titles.get(name, name) for name in found.kept]
        lists = (("without", found.without_weight), ("kept", kept), ("dropped", found.dropped))
        told = "".join(
            f"<dt>{_text(say(word))}</dt><dd>{_text(', '.join(names) or say('nothing'))}</dd>"
            for word, names in lists
        )
        doubts = ("doubt_season", "doubt_new", "doubt_cause", "doubt_today")
        items = "".join(f"<li>{_text(say(word))}</li>" for word in doubts)
        return (
            f"<section><h2>{_text(say('rest'))}</h2><dl>{told}</dl></section>"
            f"<section><h2>{_text(say('doubt'))}</h2><ul>{items}</ul></section>"
        )

    def rules(self, made_ms: int) -> str:
        text = msgspec.json.format(self._found.rules.to_json(), indent=2)
        made = self.say("made", moment=self._moment(made_ms))
        return (
            f"<details><summary>{_text(self.say('rules'))}</summary><pre>{_text(text)}</pre>"
            f"</details><footer>{_text(made)}</footer>"
        )

    # --- pieces ---

    def _section(
        self, word: str, plot: str, heading: Sequence[str] = (),
        rows: Iterable[Sequence[str]] = (), **given: object,
    ) -> str:  # fmt: skip
        numbers = ""
        if heading:
            columns = "".join(f"<th>{_text(self.say(name))}</th>" for name in heading)
            body = "".join(
                f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows
            )
            numbers = (
                f"<details><summary>{_text(self.say('numbers'))}</summary><div><table><thead><tr>"
                f"{columns}</tr></thead><tbody>{body}</tbody></table></div></details>"
            )
        note = self.say(f"{word}_note", **given)
        return (
            f"<section><h2>{_text(self.say(word))}</h2><p>{_text(note)}</p>"
            f"<figure>{plot}</figure>{numbers}</section>"
        )

    def _name(self, event: str, amount: bool, most: int = 256) -> str:
        event = event if len(event) <= most else f"{event[: most - 1]}…"
        return f"{event} {self.say('by_amount')}" if amount else event

    def _moment(self, ms: int) -> str:
        moment = dt.datetime.fromtimestamp(ms / 1000, self._zone)
        return moment.strftime("%Y-%m-%d %H:%M")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f} %"


def _text(text: str) -> str:
    return html.escape(text)
