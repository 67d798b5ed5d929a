"""Options that many commands share."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder of the pool; else HOTSPRING_DATA, else ./hotspring-data.",
        show_default=False,
    ),
]
DemoData = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder of the pool; else HOTSPRING_DATA, else ./demo-data.",
        show_default=False,
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="File of settings; else HOTSPRING_CONFIG, else hotspring.toml in the folder.",
        show_default=False,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="One setting; before all other places."),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")]


class Band(enum.StrEnum):
    """The bands of temperature."""

    hot = "hot"
    warm = "warm"
    cool = "cool"
    cold = "cold"
