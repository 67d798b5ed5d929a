"""Writes docs/en/reference.md and docs/zh/reference.md from the code itself."""

from __future__ import annotations

import ast
import importlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import typer.main

from hotspring.analytics import report
from hotspring.measure import CATALOGUE
from hotspring.settings import IDENTIFIER_KINDS, Settings
from hotspring.store import Operations
from hotspring.temperature import rules
from hotspring.web import create_api
from tools.reference_zh import COMMANDS, ENDPOINTS, OPTIONS
from tools.settings_zh import SETTINGS
from tools.words_zh import METRICS, REASONS, WORDS

ROOT: Final = Path(__file__).resolve().parents[1]
LANGUAGES: Final = ("en", "zh")


def reference(language: str) -> str:
    """The whole reference in one language."""
    words = WORDS[language]
    parts = [f"# {words['title']}", "", words["about"], ""]
    for name, table in (
        ("commands", commands), ("settings", settings), ("identifiers", identifiers),
        ("endpoints", endpoints), ("analyses", analyses), ("reasons", reasons),
        ("metrics", metrics), ("rules", default_rules),
    ):  # fmt: skip
        parts += [f"## {words[name]}", "", *table(language), ""]
    return "\n".join(parts).rstrip() + "\n"


def commands(language: str) -> Iterator[str]:
    """Every command with its arguments and options."""
    # The parser lies behind the door of the room: only the command line itself is public.
    app = importlib.import_module("hotspring.cli.commands").app
    for name, command in _leaves(typer.main.get_command(app), ()):
        told = command.help or ""
        yield f"### hotspring {name}"
        yield ""
        yield COMMANDS[name] if language == "zh" else told
        yield ""
        yield _row(WORDS[language]["option"], WORDS[language]["default"], WORDS[language]["what"])
        yield "|---|---|---|"
        for option in command.params:
            usage = " ".join(f"`{text}`" for text in option.opts)
            if option.param_type_name == "argument":
                usage = f"`{(option.name or '').upper()}`"
            meaning = str(getattr(option, "help", "") or "")
            if language == "zh":
                meaning = OPTIONS[meaning]
            yield _row(usage, _default(option.default), meaning)
        yield ""


def _leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path), command
    else:
        for name, child in below.items():
            yield from _leaves(child, (*path, name))


def _default(value: object) -> str:
    if value is None or value is False or value == "" or callable(value):
        return ""
    return f"`{value}`"


def settings(language: str) -> Iterator[str]:
    """Every setting with its default."""
    meanings = _documented(ROOT / "hotspring/settings.py", "Settings")
    yield _row(WORDS[language]["setting"], WORDS[language]["default"], WORDS[language]["what"])
    yield "|---|---|---|"
    for field in msgspec.structs.fields(Settings):
        made = field.default_factory is not msgspec.NODEFAULT
        default = field.default_factory() if made else field.default
        shown = f"`{msgspec.json.encode(default).decode()}`"
        if field.name == "identifier_kinds":
            shown = WORDS[language]["see_below"]
        told = SETTINGS[field.name]
        meaning = told[1] if language == "zh" else meanings.get(field.name) or told[0]
        yield _row(f"`{field.name}`", shown, meaning)


def _documented(file: Path, name: str) -> dict[str, str]:
    """The texts that stand below the fields of a class."""
    (found,) = (
        node
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    texts: dict[str, str] = {}
    field = ""
    for node in found.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            field = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and field:
            texts[field] = " ".join(str(node.value.value).split())
    return texts


def identifiers(language: str) -> Iterator[str]:
    """The kinds of identifiers, in the order in which an event's subject is chosen."""
    words = WORDS[language]
    yield _row(words["kind"], words["strength"], words["form"], words["limit"])
    yield "|---|---|---|---|"
    for kind in IDENTIFIER_KINDS:
        strength = words["strong"] if kind.strong else words["weak"]
        strength += words["claim"] if kind.claim else ""
        name = f"`{kind.name}@…`" if kind.scoped else f"`{kind.name}`"
        yield _row(name, strength, kind.form, str(kind.limit))


def endpoints(language: str) -> Iterator[str]:
    """Every endpoint of the API."""
    yield _row(WORDS[language]["endpoint"], WORDS[language]["parameters"], WORDS[language]["what"])
    yield "|---|---|---|"
    for path, methods in openapi()["paths"].items():
        for method, told in methods.items():
            given = [p["name"] for p in told.get("parameters", ()) if p["in"] == "query"]
            first = str(told.get("description", "")).split("\n\n")[0].replace("\n", " ")
            key = f"{method.upper()} {path}"
            yield _row(
                f"`{key}`",
                ", ".join(f"`{name}`" for name in given),
                ENDPOINTS[key] if language == "zh" else first,
            )


def openapi() -> dict[str, Any]:
    """The description of the API, as a server gives it at /api/openapi.json."""
    with tempfile.TemporaryDirectory() as folder:
        operations = Operations(Path(folder))
        pool: Any = None
        api = create_api(pool, operations, settings=Settings(), uploads=Path(folder))
        operations.close()
        return api.openapi()


def analyses(language: str) -> Iterator[str]:
    """Every analysis with its parameters."""
    words = WORDS[language]
    for name, one in sorted(report.analyses().items()):
        yield f"### {getattr(one.words.title, language)} (`{name}`)"
        yield ""
        yield getattr(one.words.about, language)
        yield ""
        yield _row(words["parameter"], words["default"], words["what"])
        yield "|---|---|---|"
        schema = msgspec.json.schema(one.params)
        for field, told in schema["$defs"][one.params.__name__]["properties"].items():
            said = told if language == "en" else told["x-zh"]
            default = f"`{json.dumps(told['default'])}`" if "default" in told else ""
            about = ": ".join(filter(None, (said["title"], said.get("description", ""))))
            yield _row(f"`{field}`", default, about)
        yield ""


def reasons(language: str) -> Iterator[str]:
    """Why the door refuses an event."""
    yield _row(WORDS[language]["reason"], WORDS[language]["what"])
    yield "|---|---|"
    # Reasons are written by the room of the protocols and read by people, not by other rooms.
    for reason in importlib.import_module("hotspring.collect.verdict").Reason:
        told = REASONS[reason.value] if language == "zh" else reason.description
        yield _row(f"`{reason.value}`", told)


def metrics(language: str) -> Iterator[str]:
    """Every metric in /metrics."""
    words = WORDS[language]
    yield _row(words["metric"], words["kind"], words["labels"], words["what"])
    yield "|---|---|---|---|"
    for measure in CATALOGUE:
        told = METRICS[measure.name] if language == "zh" else measure.text
        labels = ", ".join(f"`{label}`" for label in measure.labels)
        yield _row(f"`{measure.told}`", measure.kind, labels, told)


def default_rules(language: str) -> Iterator[str]:
    """The rule sets that come with Hotspring."""
    words = WORDS[language]
    for name, chosen in rules.sets().items():
        yield f"### {getattr(chosen.title, language)} (`{name}`)"
        yield ""
        yield words["rule_set"].format(e_half=f"{chosen.e_half:g}", currency=chosen.currency)
        yield ""
        yield _row(
            words["rule"], words["events"], words["points"], words["half_life"], words["cap"]
        )
        yield "|---|---|---|---|---|"
        for rule in chosen.rules:
            points = f"{rule.points:g}" + (" × log1p" if rule.amount else "")
            yield _row(
                getattr(rule.title, language),
                ", ".join(rule.events),
                points,
                f"{rule.half_life_days:g}",
                "" if rule.cap is None else f"{rule.cap:g}",
            )
        yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    for language in LANGUAGES:
        (ROOT / f"docs/{language}/reference.md").write_text(reference(language), "utf-8")


if __name__ == "__main__":
    main()
