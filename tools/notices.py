"""Writes THIRD_PARTY_NOTICES.txt: what Hotspring needs at run time, with its licences."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "ui"
FILE = ROOT / "THIRD_PARTY_NOTICES.txt"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
RULE = "=" * 80

# Distributions whose metadata name no licence: read from the file in the distribution.
READ_BY_HAND: dict[str, str] = {}


class Notice(NamedTuple):
    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def runtime(root: str = "hotspring") -> list[metadata.Distribution]:
    """Which installed distributions does `root` reach through its run-time requirements?"""
    found: dict[str, metadata.Distribution] = {}
    waiting = [(name, "") for name in _required(metadata.distribution(root), "")]
    while waiting:
        name, _ = waiting.pop()
        if name in found:
            continue
        found[name] = metadata.distribution(name)
        waiting += [(other, "") for other in _required(found[name], "")]
    return [found[name] for name in sorted(found)]


def _required(distribution: metadata.Distribution, extra: str) -> Iterator[str]:
    for line in distribution.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield canonicalize_name(requirement.name)


def licence(distribution: metadata.Distribution) -> str:
    """Under which licence does a distribution say it comes?"""
    meta = distribution.metadata
    name = canonicalize_name(meta["Name"])
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in meta.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    first_line = (meta.get("License") or "").strip().split("\n")[0]
    for said in (meta.get("License-Expression"), "; ".join(classifiers), first_line):
        if said and said.upper() != "UNKNOWN":
            return said
    return READ_BY_HAND[name]


def notices() -> list[Notice]:
    """What must be told about every run-time dependency?"""
    return [
        Notice(
            canonicalize_name(found.metadata["Name"]),
            found.version,
            licence(found),
            tuple(_texts(found)),
        )
        for found in runtime()
    ]


def bundled() -> list[Notice]:
    """What must be told about every package that is built into the pages of the browser?"""
    lock = json.loads((UI / "package-lock.json").read_text("utf-8"))
    found = {}
    for path, told in lock["packages"].items():
        folder = UI / path
        if path and not told.get("dev") and folder.is_dir():
            name = path.rpartition("node_modules/")[2]
            texts = sorted(_lines(file) for file in folder.iterdir() if _is_licence(file))
            found[name, told["version"]] = Notice(
                f"npm:{name}", told["version"], told.get("license", "see below"), tuple(texts)
            )
    return [found[key] for key in sorted(found)]


def _is_licence(file: Path) -> bool:
    return file.is_file() and LICENCE_FILE.match(file.name) is not None


def _lines(file: Path) -> str:
    return "\n".join(line.rstrip() for line in file.read_text("utf-8").strip().splitlines())


def _texts(distribution: metadata.Distribution) -> Iterator[str]:
    seen = set()
    for file in sorted(distribution.files or (), key=str):
        inside = ".dist-info" in file.parts[0] if file.parts else False
        if inside and LICENCE_FILE.search(file.name) and file.name != "METADATA":
            text = _lines(Path(str(distribution.locate_file(file))))
            if text not in seen:
                seen.add(text)
                yield text


def render(found: list[Notice]) -> str:
    """The whole file, as text."""
    lines = [
        "Hotspring is licensed under Apache-2.0 (see LICENSE). It is installed beside the packages",
        "below, each under its own licence; what begins with npm: is built into the pages of the",
        "browser. This file is written by `make reference`.",
        "",
    ]
    width = max(len(f"{notice.name} {notice.version}") for notice in found)
    lines += [f"{f'{n.name} {n.version}'.ljust(width)}  {n.licence}" for n in found]
    told: dict[str, str] = {}
    for notice in found:
        lines += ["", RULE, f"{notice.name}: {notice.licence}", RULE, ""]
        if not notice.texts:
            lines.append("The distribution ships no licence text.")
        for text in notice.texts:
            if text in told:
                lines.append(f"The same text as {told[text]}.")
            else:
                told[text] = notice.name
                lines.append(text)
    for file in sorted(
        [*ROOT.glob("hotspring/**/PROVENANCE.md"), *ROOT.glob("tests/data/*/SOURCE.md")]
    ):
        lines += ["", RULE, f"Data: {file.parent.relative_to(ROOT)}", RULE, ""]
        lines.append(file.read_text("utf-8").strip())
    return "\n".join(lines) + "\n"


def main() -> None:
    text = render([*notices(), *bundled()])
    FILE.write_text(text, "utf-8")
    print(f"{FILE.name}: {text.count(RULE) // 2} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
