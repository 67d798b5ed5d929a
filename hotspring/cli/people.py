"""`status`, `top`, `profile` and `export`: what the pool knows."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Band, Data, Json
from hotspring.cli.saving import download
from hotspring.settings import data_folder

PAGE = 500


def status(data: Data = None, as_json: Json = False) -> None:
    """How much the pool holds, how far it is, how warm it is."""
    with connected(data_folder(data)) as client:
        counts = client.get("/api/status")
        if as_json:
            show.document(counts)
            return
        reading = client.get("/api/temperature")
    out = show.console()
    rows = [
        ("events", show.number(counts["events"])),
        ("profiles", f"{show.number(counts['profiles'])} known, "
                     f"{show.number(counts.get('anonymous', 0))} anonymous"),
        ("duplicates", show.number(counts["duplicates"])),
        ("quarantined", show.number(counts["quarantined"])),
        ("lag", f"{counts['lag_seconds']:.1f} s"),
        ("as of", show.moment(counts["as_of"])),
    ]  # fmt: skip
    out.print(show.pairs(rows))
    bands = [
        (show.band(name), show.BANDS[name], show.number(count), _share(count, reading["total"]))
        for name, count in reading["bands"].items()
    ]
    out.print(show.listing(("band", "", "profiles", "share"), bands, right="profiles share"))
    cold = reading["cold"]
    out.print(f"cold: {cold['never_warm']:,} never warm, {cold['cooled']:,} cooled", style="dim")


def top(
    data: Data = None,
    band: Annotated[Band | None, typer.Option(help="Only this band.")] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=100_000, help="How many.")] = 20,
    as_json: Json = False,
) -> None:
    """The hottest profiles."""
    with connected(data_folder(data)) as client:
        found = client.listed("/api/profiles", count, PAGE, band=band)
    if as_json:
        show.document(found)
        return
    rows = [
        (str(i), row["id"], show.degrees(row["temperature"]), show.band(row["band"]))
        for i, row in enumerate(found, 1)
    ]
    out = show.console()
    if not rows:
        out.print("Nobody here yet: import a file, or send events to the server.")
        return
    out.print(show.listing(("", "profile", "temperature", "band"), rows, right="temperature"))
    out.print(f"as of {show.moment(found[0].get('as_of'))}", style="dim")


def profile(
    key: Annotated[str, typer.Argument(metavar="KIND:VALUE", help="An identifier or public id.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """One person: who, how warm, since when, by what."""
    path = f"/api/profiles/{urllib.parse.quote(key, safe='')}"
    with connected(data_folder(data)) as client:
        person = client.get(path)
        if as_json:
            show.document(person)
            return
        heat = client.get(f"{path}/contributions")["items"]
        events = client.get(f"{path}/timeline", limit=10)["items"]
    _shown(person)
    out = show.console()
    if heat:
        rows = [
            (show.plain(part["rule"]), str(part.get("events", "")), f"{part.get('share', 0):+.0%}")
            for part in heat
        ]
        out.print(show.listing(("what heated it", "events", "share"), rows, right="events share"))
    if events:
        rows = [
            (show.moment(e["at"]), show.plain(e["name"]), show.plain(e["source"])) for e in events
        ]
        out.print(show.listing(("latest events", "", "source"), rows))


def export(
    what: Annotated[str, typer.Argument(metavar="profiles|events|owners", help="What to export.")],
    form: Annotated[str, typer.Option("--format", metavar="csv|jsonl", help="Form.")] = "csv",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Else to stdout.")
    ] = None,
    band: Annotated[Band | None, typer.Option(help="Only this band.")] = None,
    deidentify: Annotated[
        bool,
        typer.Option("--deidentify", help="Without names: pseudonyms, coarse places and times."),
    ] = False,
    keep: Annotated[
        str,
        typer.Option(metavar="NAME,...", help="Traits or properties that go along; no others do."),
    ] = "",
    time: Annotated[
        str, typer.Option("--time", metavar="day|hour", help="How exact times are.")
    ] = "day",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """All profiles with their identifiers and traits, as a file; or people without their names."""
    if what not in ("profiles", "events", "owners"):
        raise typer.BadParameter("export what? profiles, events or owners", param_hint="profiles")
    if what == "owners":
        if deidentify or band is not None or form != "csv":
            raise typer.BadParameter("owners go out whole, as Parquet", param_hint="owners")
        if out is None:
            raise typer.BadParameter("name a file with -o", param_hint="owners")
        with connected(data_folder(data)) as client:
            download(client, "/api/export/owners", out, as_json)
        return
    if what == "events" and not deidentify:
        raise typer.BadParameter("events go out with --deidentify", param_hint="events")
    if deidentify and band is not None:
        raise typer.BadParameter("a band cannot be chosen here", param_hint="--deidentify")
    if form not in ("csv", "jsonl"):
        raise typer.BadParameter("csv or jsonl", param_hint="--format")
    if as_json and out is None:
        raise typer.BadParameter("with --json name a file with -o", param_hint="--json")
    with connected(data_folder(data)) as client:
        if deidentify:
            params = {"what": what, "format": form, "keep": keep, "time": time}
            download(client, "/api/export/deidentified", out, as_json, **params)
        else:
            download(client, "/api/export/profiles", out, as_json, format=form, band=band)


def _shown(person: dict[str, Any]) -> None:
    following = (
        f"{show.band(person['next_band'])} on {show.moment(person['next_band_at'])}"
        if person.get("next_band")
        else "none while nothing happens"
    )
    rows = [
        ("profile", person["id"]),
        ("temperature", f"{show.degrees(person['temperature'])}, {show.band(person['band'])}"),
        ("next band", following),
        ("as of", show.moment(person.get("as_of"))),
        *((i["kind"], show.plain(i["value"])) for i in person["identifiers"]),
        *(
            ("flagged", show.plain(f"{flag['verdict']}: {flag['identifier']} {flag['reason']}"))
            for flag in person["flagged"]
        ),
        *(
            (show.plain(name), show.plain(_value(trait)))
            for name, trait in person["traits"].items()
        ),
    ]
    show.console().print(show.pairs(rows))


def _value(trait: Any) -> str:
    return show.plain(trait["value"] if isinstance(trait, dict) and "value" in trait else trait)


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "-"
