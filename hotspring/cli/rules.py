"""`rules`: what warms, what other rules would do, which stood when, and how they are changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import jobs, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import HotspringError, RulesError
from hotspring.settings import data_folder

PATH = "/api/temperature/rules"

rules = typer.Typer(no_args_is_help=True, help="The rules of temperature: tried, then changed.")

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A rule set as JSON: what `rules show --json` writes."),
]


@rules.command("show")
def show_rules(
    version: Annotated[
        int | None, typer.Option(help="An earlier version; else the rules in force.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The rules by which temperatures are read."""
    path = PATH if version is None else f"{PATH}/versions/{version}"
    with connected(data_folder(data)) as client:
        found = client.get(path)
        money = [] if as_json else client.get(f"{PATH}/currencies")["items"]
    if as_json:
        show.document(found)
        return
    out = show.console()
    out.print(f"version {found['version']}: half of the way up at an energy of {found['e_half']:g}")
    columns = ("rule", "events", "points", "half-life", "most a day")
    rows = [_rule(rule) for rule in found["rules"]]
    out.print(show.listing(columns, rows, right="points half-life most"))
    for row in money:
        rate = f"{row['rate']:g}" if row["rate"] is not None else "no rate: brings no heat"
        out.print(f"{row['currency']}: {show.number(row['events'])} events, {rate}", style="dim")


@rules.command("preview")
def preview(file: File, data: Data = None, as_json: Json = False) -> None:
    """What rules would do to the whole pool. Nothing changes; Ctrl-C stops it."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        job = _tried(client, {"rules": body}, quiet=as_json)
    if as_json:
        show.document(job["result"])
    else:
        _told(job["result"])


@rules.command("apply")
def apply(file: File, data: Data = None, as_json: Json = False) -> None:
    """Make rules those in force, as a new version. Events go on being applied meanwhile."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        job = _tried(client, {"rules": body}, quiet=as_json)
        changed = client.post(f"{PATH}/previews/{job['id']}/accept")
    if as_json:
        show.document(changed)
        return
    _told(job["result"])
    show.console().print(f"These rules are in force now, as version {changed['version']}.")


@rules.command("versions")
def versions(data: Data = None, as_json: Json = False) -> None:
    """Which rules stood when, and who changed them."""
    with connected(data_folder(data)) as client:
        found = client.get(f"{PATH}/versions")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (str(v["version"]), show.moment(v["at"]), show.plain(v["by"]), str(len(v["rules"])))
        for v in found
    ]
    show.console().print(show.listing(("version", "at", "by", "rules"), rows, right="rules"))


@rules.command("compare")
def compare(
    before: Annotated[int, typer.Argument(help="Number of a version.")],
    after: Annotated[int, typer.Argument(help="Number of a version.")],
    profiles: Annotated[
        bool, typer.Option("--profiles", help="Also how profiles move from one to the other.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What differs between two versions of the rules."""
    with connected(data_folder(data)) as client:
        found = client.get(f"{PATH}/versions/{before}/compare/{after}")
        if profiles:
            wanted = {"version": after, "against": before}
            found["profiles"] = _tried(client, wanted, quiet=as_json)["result"]
    if as_json:
        show.document(found)
    elif profiles:
        _told(found["profiles"])
    else:
        _differences(found["differences"])


@rules.command("restore")
def restore(
    version: Annotated[int, typer.Argument(help="Number of a version.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an earlier version the rules in force, as a new version."""
    with connected(data_folder(data)) as client:
        changed = client.post(f"{PATH}/versions/{version}/restore")
    if as_json:
        show.document(changed)
    else:
        show.console().print(f"Version {version} is in force again, as {changed['version']}.")


@rules.command("test")
def one_profile(
    file: File,
    key: Annotated[str, typer.Argument(metavar="KIND:VALUE", help="An identifier or public id.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """How warm one profile would be by other rules, and why."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        found = client.post(f"{PATH}/test", {"rules": body, "profile": key})
    if as_json:
        show.document(found)
        return
    out = show.console()
    for side, title in (("live", "now"), ("tried", "by these rules")):
        reading = found[side]
        degrees = f"{show.degrees(reading['temperature'])}, {show.band(reading['band'])}"
        out.print(f"{title}: {degrees}")
        rows = [
            (show.plain(part["rule"]), str(part["events"]), f"{part['energy']:+.2f}")
            for part in reading["contributions"]
        ]
        out.print(show.listing(("rule", "events", "energy"), rows, right="events energy"))


def _read(file: Path) -> Any:
    if not file.is_file():
        raise RulesError(f"there is no file {file}")
    try:
        return json.loads(file.read_bytes())
    except ValueError as error:
        raise RulesError(f"{file.name} is no JSON: {error}") from error


def _tried(client: Client, wanted: dict[str, Any], quiet: bool) -> dict[str, Any]:
    """Run a preview to its end, showing how far it is."""
    path = f"{PATH}/previews"
    try:
        with jobs.bar("reading events", quiet) as tell:
            job = jobs.followed(client, path, client.post(path, wanted), tell)
    except KeyboardInterrupt:
        raise HotspringError("stopped; nothing was changed") from None
    if job["state"] != "done":
        raise HotspringError(job["error"] or f"the preview was {job['state']}")
    return job


def _told(found: dict[str, Any]) -> None:
    out = show.console()
    _differences(found["differences"])
    rows = [
        (
            show.band(name),
            show.number(found["before"]["bands"][name]),
            show.number(found["after"]["bands"][name]),
        )
        for name in show.BANDS
    ]
    out.print(show.listing(("band", "now", "then"), rows, right="now then"))
    moved, total = show.number(found["moved"]), show.number(found["total"])
    change = found["mean_change"]
    out.print(f"{moved} of {total} profiles leave their band; {change:+.1f} °C on average")
    for move in found["moves"]:
        way = f"{show.band(move['from'])} → {show.band(move['to'])}"
        out.print(f"{way}: {show.number(move['profiles'])}")
        for one in move["examples"]:
            degrees = f"{show.degrees(one['before'])} → {show.degrees(one['after'])}"
            out.print(f"  {one['profile']}  {degrees}", style="dim")
    for row in found["unpriced"]:
        out.print(
            f"{show.number(row['events'])} events in {row['currency']} bring no heat by amount: "
            "the rules have no rate for it"
        )


def _differences(found: list[dict[str, Any]]) -> None:
    rows = [
        (
            show.plain(one["rule"] or "(the set)"),
            one["change"],
            show.plain(name),
            "" if pair[0] is None else show.plain(pair[0]),
            "" if pair[1] is None else show.plain(pair[1]),
        )
        for one in found
        for name, pair in one["fields"].items()
    ]
    out = show.console()
    if not rows:
        out.print("The same rules.")
        return
    out.print(show.listing(("rule", "", "field", "before", "after"), rows))


def _rule(rule: dict[str, Any]) -> tuple[str, ...]:
    amount = rule.get("amount", False)
    by = f" × log1p({'amount' if amount is True else amount})" if amount else ""
    conditions = "".join(
        f", {c['field']} {c['op']} {json.dumps(c.get('value', True), ensure_ascii=False)}"
        for c in rule.get("conditions", ())
    )
    return (
        show.plain(rule["id"]),
        show.plain(", ".join(rule["events"]) + conditions),
        show.plain(f"{rule['points']:g}{by}"),
        f"{rule['half_life_days']:g} d",
        f"{rule['cap']:g}" if rule.get("cap") else "",
    )
