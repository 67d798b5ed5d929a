"""Settings are read once, the nearer source wins, and what makes no sense is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspring.errors import SettingsError
from hotspring.settings import LEAST, Settings, data_folder, read


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert read(tmp_path) == Settings()


def test_flags_come_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hotspring.toml").write_text(
        'timezone = "Europe/Paris"\ncurrency = "EUR"\nduplicate_days = 3\n'
    )
    monkeypatch.setenv("HOTSPRING_CURRENCY", "USD")
    monkeypatch.setenv("HOTSPRING_DUPLICATE_DAYS", "5")
    settings = read(tmp_path, {"duplicate_days": 9, "timezone": None})
    assert (settings.timezone, settings.currency, settings.duplicate_days) == (
        "Europe/Paris", "USD", 9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 1", "colour"),
        ("timezone = 8", "timezone"),
        ('timezone = "Moon/Crater"', "Moon/Crater"),
        ("duplicate_days = ", "hotspring.toml"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "hotspring.toml").write_text(text)
    with pytest.raises(SettingsError, match=told):
        read(tmp_path)


@pytest.mark.parametrize("name", LEAST)
def test_values_below_sense_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be at least"):
        read(tmp_path, {name: LEAST[name] - 1})
    assert getattr(read(tmp_path, {name: LEAST[name]}), name) == LEAST[name]


def test_the_folder_comes_from_flag_environment_or_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOTSPRING_DATA", raising=False)
    assert data_folder() == Path("hotspring-data")
    monkeypatch.setenv("HOTSPRING_DATA", "/srv/pool")
    assert data_folder() == Path("/srv/pool")
    assert data_folder(Path("here")) == Path("here")
