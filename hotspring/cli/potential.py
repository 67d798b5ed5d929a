"""`potential`: who never did something, ranked by a score that people made or that is learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import jobs, saving, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.score import SCORES
from hotspring.errors import BadRequest, HistoryTooThin
from hotspring.settings import data_folder

RUNS = "/api/potential/runs"


def potential(
    goal: Annotated[str, typer.Argument(help="The event that they never did.")],
    score: Annotated[
        str | None, typer.Option(metavar="NAME", help="Rank by this score: its name or id.")
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn a score from the pool's own past.")
    ] = False,
    days: Annotated[
        float, typer.Option(min=1, max=3650, help="With --learn: it counts within so many days.")
    ] = 30,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Profiles to show.")] = 20,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write all of them to a file.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Potential customers: who never did an event, the likeliest first, with reasons."""
    if learn == (score is not None):
        raise BadRequest("say either --score NAME or --learn")
    with connected(data_folder(data)) as client:
        run = None
        if score is None:
            run = client.post(f"{RUNS}?lang=en", {"goal": goal, "horizon_days": days})
            with jobs.bar("learning", as_json) as tell:
                run = jobs.followed(client, RUNS, run, tell)
            if run["state"] != "done":
                raise HistoryTooThin(run["error"] or f"the run was {run['state']}")
            id_ = run["score"]
        else:
            id_ = SCORES.one(client, score)["id"]
        asked = {"goal": goal, "score": id_}
        if out is not None:
            saving.download(client, "/api/export/potential", out, as_json, **asked)
            return
        found = client.get("/api/potential", lang="en", limit=limit, **asked)
    if as_json:
        show.document({**found, "run": run})
        return
    _ranked(found)
    if run is not None:
        show.notes().print(
            f"tested after {show.moment(run['cut'])}: AUC {run['auc']:.2f} ± "
            f"{run['auc_error']:.2f}, the first tenth {run['lift']:g} times as likely; "
            f"kept as the score {id_}"
        )


def _ranked(found: dict[str, Any]) -> None:
    rows = [
        (
            one["id"],
            f"{one['points']:,.1f}",
            show.degrees(one["temperature"]),
            show.plain("; ".join(f"{r['title']} {r['points']:+,.1f}" for r in one["reasons"][:3])),
        )
        for one in found["items"]
    ]
    heads = ("profile", "points", "temperature", "for")
    show.console().print(show.listing(heads, rows, "points temperature"))
    show.notes().print(
        f"{show.number(found['candidates'])} known profiles never did "
        f"{show.plain(found['goal'])}; {show.moment(found['as_of'])}"
    )
