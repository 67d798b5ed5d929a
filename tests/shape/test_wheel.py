"""`hotspring` works from a wheel in a clean environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.shape.source import ROOT, modules, tracked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = target.glob("hotspring-*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and the dependencies of this one, but not the checkout."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv/bin/python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Only the directory is added: .pth files inside it, such as that of the checkout, are not read.
    shared = "\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (Path(site) / "dependencies.pth").write_text(shared + "\n", "utf-8")
    return python


def clean_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "HOTSPRING"))}


def run(python: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", "import sys; from hotspring.cli import main; sys.exit(main())", *words],
        cwd=folder,
        env=clean_environment() | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        str(path.relative_to(ROOT)) for path in tracked() if path.is_relative_to(ROOT / "hotspring")
    }
    assert wanted <= names
    assert {str(module.relative_to(ROOT)) for module in modules()} <= names
    assert not [name for name in names if name.startswith(("tests", "tools", "docs"))]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/THIRD_PARTY_NOTICES.txt") for name in names)


def test_the_command_runs_from_the_wheel(clean: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [clean, "-c", "import hotspring; print(hotspring.__file__)"],
        cwd=tmp_path,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert not Path(where.strip()).is_relative_to(ROOT)
    version = run(clean, "--version", folder=tmp_path)
    assert version.returncode == 0, version.stderr
    assert version.stdout.strip().endswith("0.1.0")
    told = run(clean, "--help", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    for command in ("serve", "demo", "import", "status", "profile", "doctor"):
        assert command in told.stdout


def test_the_command_opens_a_pool_from_the_wheel(clean: Path, tmp_path: Path) -> None:
    pool = ("--json", "--data", str(tmp_path / "pool"))
    made = run(clean, "source", "create", "website", *pool, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["write_key"]
    status = run(clean, "status", *pool, folder=tmp_path)
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["events"] == 0
