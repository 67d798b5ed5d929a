"""All commands, and how they end."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hotspring import __version__
from hotspring.cli import (
    access,
    analyze,
    boards,
    bots,
    calibrate,
    cluster,
    concentration,
    config,
    copies,
    cost,
    erasure,
    files,
    folder,
    group,
    heatmap,
    lifecycle,
    members,
    people,
    person,
    plan,
    potential,
    quarantine,
    rfm,
    rules,
    running,
    score,
    segment,
    suggestions,
    tag,
    template,
    territory,
    tier,
    traits,
)
from hotspring.errors import HotspringError

app = typer.Typer(
    name="hotspring",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a brand's own users warm: events in, people known, live temperatures in °C.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def hotspring(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Keeps a brand's own users warm: events in, people known, live temperatures in °C."""


app.command("serve")(running.serve)
app.command("demo")(running.demo)
app.command("import")(files.import_file)
app.command("status")(people.status)
app.command("top")(people.top)
app.command("profile")(people.profile)
app.command("map")(heatmap.heatmap)
app.command("segment")(segment.segment)
app.command("score")(score.score)
app.add_typer(tag.tags, name="tag")
app.command("traits")(traits.traits)
app.command("tier")(tier.tier)
app.command("group")(group.group)
app.command("cluster")(cluster.cluster)
app.command("potential")(potential.potential)
app.command("template")(template.template)
app.command("analyze")(analyze.analyze)
app.command("report")(boards.report)
app.command("dashboard")(boards.dashboard)
app.command("alerts")(boards.alerts)
app.command("rfm")(rfm.rfm)
app.command("lifecycle")(lifecycle.lifecycle)
app.command("concentration")(concentration.concentration)
app.add_typer(territory.outlets, name="outlet")
app.add_typer(territory.areas, name="area")
app.add_typer(cost.costs, name="cost")
app.command("export")(people.export)
app.add_typer(bots.bots, name="bots")
app.add_typer(plan.commands, name="plan")
app.add_typer(person.persons, name="person")
app.command("erase")(erasure.erase)
app.command("readmit")(erasure.readmit)
app.add_typer(rules.rules, name="rules")
app.add_typer(suggestions.suggestions, name="suggestions")
app.add_typer(quarantine.commands, name="quarantine")
app.add_typer(access.sources, name="source")
app.add_typer(access.tokens, name="token")
app.add_typer(members.users, name="user")
app.command("calibrate")(calibrate.calibrate)
app.command("rebuild")(folder.rebuild)
app.command("doctor")(folder.doctor)
app.command("config")(config.config)
app.command("backup")(copies.backup)
app.command("restore")(copies.restore)
app.add_typer(running.benches, name="bench")


def main() -> None:
    """Run the command line; an error is one line on stderr and a status other than 0."""
    try:
        app()
    except BrokenPipeError:
        # Who read our output has had enough.
        sys.stderr.close()
        sys.exit(0)
    except (HotspringError, OSError) as error:
        print(f"hotspring: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
