"""`calibrate`: rules of temperature learnt from the pool's own past, tested, shown, accepted."""

from __future__ import annotations

import enum
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import jobs, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.saving import save
from hotspring.errors import HistoryTooThin
from hotspring.settings import data_folder

PATH = "/api/calibrations"
DAYS = {"d": 1.0, "w": 7.0, "h": 1 / 24, "": 1.0}


class Language(enum.StrEnum):
    """In which the report is written."""

    zh = "zh"
    en = "en"


NAMES = {
    "temperature": "temperature, learnt",
    "recency": "recency",
    "frequency": "frequency",
    "rfm": "RFM, sum of quintiles",
    "boosting": "gradient boosting on RFM",
}


def calibrate(
    goal: Annotated[
        str, typer.Option(metavar="EVENT", help="The event to foretell, such as 'Order Completed'.")
    ],
    horizon: Annotated[
        str, typer.Option(metavar="60d", help="It counts if it comes within so long; d, w or h.")
    ],
    cut: Annotated[
        str, typer.Option(metavar="DATE", help="Learn only from before it, test after it.")
    ],
    share: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of profiles that are to be hot.")
    ] = 0.05,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with plots.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of that page.")] = Language.zh,
    accept: Annotated[
        bool, typer.Option("--accept", help="Make what was learnt the rules in force.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Learn weights and half-lives from the pool's own past, and test them on what came later."""
    body = {"goal": goal, "horizon_days": _days(horizon), "cut": cut, "share": share}
    with connected(data_folder(data)) as client:
        with jobs.bar("learning", as_json) as tell:
            job = jobs.followed(client, PATH, client.post(PATH, body), tell)
        if job["state"] != "done":
            raise HistoryTooThin(job["error"] or f"the calibration was {job['state']}")
        if report is not None:
            save(client, f"{PATH}/{job['id']}/report", report, language=language.value)
        if accept:
            job = client.post(f"{PATH}/{job['id']}/accept")
    found = job["result"]
    if as_json:
        show.document({"id": job["id"], "accepted": job["accepted"], **found})
        return
    _scores(found)
    _bands(found)
    _weights(found)
    _closing(job, found)
    if report is not None:
        show.console().print(f"report: {show.plain(str(report))}")


def _days(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([dwh]?)", text.strip())
    if match is None:
        raise typer.BadParameter("write 60d, 8w or 36h", param_hint="--horizon")
    return float(match[1]) * DAYS[match[2]]


def _scores(found: dict[str, Any]) -> None:
    out = show.console()
    test, learning = found["test"], found["learning"]
    rows = [
        ("goal", f"{show.plain(found['goal'])} within {found['horizon_days']:g} days"),
        ("learnt", f"at {show.moment(found['learnt_at'])}, {_told(learning)}"),
        ("tested", f"at {show.moment(found['cut'])}, {_told(test)}"),
    ]
    out.print(show.pairs(rows))
    best = max(found["auc"].values())
    scores = [
        (NAMES[name], f"[bold]{value:.3f}[/]" if value == best else f"{value:.3f}",
         "█" * round((max(value, 0.5) - 0.5) * 60))
        for name, value in found["auc"].items()
    ]  # fmt: skip
    scores.append(("temperature, rules in force now", f"{found['auc_in_force']:.3f}", ""))
    out.print(show.listing(("after the cut", "AUC", "0.5 is chance"), scores, right="AUC"))
    out.print(f"standard error of an AUC here: {found['auc_error']:.3f}", style="dim")


def _told(group: dict[str, Any]) -> str:
    return (
        f"{show.number(group['reached'])} of {show.number(group['profiles'])} known profiles "
        f"reached it ({group['rate']:.1%})"
    )


def _bands(found: dict[str, Any]) -> None:
    rows = [
        (
            show.band(name),
            show.BANDS[name],
            show.number(found["band_profiles"][name]),
            "-" if rate is None else f"{rate:.1%}",
            "" if rate is None else "█" * round(rate * 30),
        )
        for name, rate in found["bands"].items()
    ]
    heading = ("band at the cut", "", "profiles", "reached", "")
    show.console().print(show.listing(heading, rows, right="profiles reached"))


def _weights(found: dict[str, Any]) -> None:
    rows = [
        (
            show.plain(weight["event"]),
            f"{weight['points']:+g} × log1p(amount)" if weight["amount"] else
            f"{weight['points']:+g}",
            _length(weight["half_life_days"]),
            "-" if weight["cap"] is None else f"{weight['cap']:g} a day",
            f"{weight['alone']:.0f} °C",
        )
        for weight in found["weights"]
    ]  # fmt: skip
    heading = ("event", "points", "half is gone after", "at most", "one alone brings to")
    show.console().print(show.listing(heading, rows))


def _length(days: float) -> str:
    if days < 60:
        return f"{days:g} day{'s' if days != 1 else ''}"
    return f"{days:g} days (about {days / 30.4:.0f} months)"


def _closing(job: dict[str, Any], found: dict[str, Any]) -> None:
    out = show.console()
    if found["without_weight"]:
        out.print(f"no weight, tell nothing more: {show.plain(', '.join(found['without_weight']))}")
    if found["kept"]:
        out.print(f"kept, too rare to learn from: {show.plain(', '.join(found['kept']))}")
    if found["dropped"]:
        out.print(f"left out, for every event: {show.plain(', '.join(found['dropped']))}")
    if job["accepted"] is None:
        out.print("Nothing was changed. To take these rules over, run it again with --accept.")
    else:
        out.print(f"These are the rules in force now, version {job['accepted']}.")
