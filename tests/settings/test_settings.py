"""Settings are read once, the nearer source wins, and what makes no sense is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspring.errors import SettingsError
from hotspring.settings import (
    HIDDEN,
    LEAST,
    Settings,
    checked,
    configured,
    data_folder,
    given,
    masked,
    read,
)


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


def test_every_setting_tells_who_said_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "hotspring.toml"
    file.write_text('# ours\n\ncurrency = "EUR"\nduplicate_days=3\n')
    monkeypatch.setenv("HOTSPRING_DUPLICATE_DAYS", "5")
    told = configured(tmp_path, given(["journal_days=2"]))
    assert told.settings.journal_days == 2
    origins = {name: told.origins[name] for name in ("timezone", "currency", "duplicate_days")}
    assert origins == {
        "timezone": "default",
        "currency": f"file {file}:3",
        "duplicate_days": "environment HOTSPRING_DUPLICATE_DAYS",
    }
    assert told.origins["journal_days"] == "flag"
    assert [one["name"] for one in told.shown()] == list(Settings.__struct_fields__)


def test_another_file_takes_the_place_of_the_one_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hotspring.toml").write_text('currency = "EUR"\n')
    other, third = tmp_path / "other.toml", tmp_path / "third.toml"
    other.write_text("\ufeffduplicate_days = 4\n")
    third.write_text("duplicate_days = 2\n")
    monkeypatch.setenv("HOTSPRING_CONFIG", str(other))
    assert (read(tmp_path).currency, read(tmp_path).duplicate_days) == ("CNY", 4)
    assert read(tmp_path, file=third).duplicate_days == 2
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        read(tmp_path, file=tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('currency = "EUR"\ncurency = "EUR"\n', 2, "did you mean currency"),
        ("\n\nduplicate_days = true\n", 3, "duplicate_days: Expected `float`"),
        ("[[identifier_kinds]]\nname = 1\n", 1, "identifier_kinds"),
        ("currency = EUR\n", 1, "Invalid value"),
        ('\nmetrics = "some"\n', 2, "local, token, open"),
        ('\n\n"journal_days" = -1\n', 3, "at least 0"),
    ],
)
def test_a_file_is_checked_by_its_lines(tmp_path: Path, text: str, line: int, told: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=rf"x\.toml:{line}: .*{told}"):
        checked(file)


def test_bytes_that_are_no_text_are_found_by_line(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b'currency = "EUR"\n# \xff\n')
    with pytest.raises(SettingsError, match=r"x\.toml:2: this is not UTF-8"):
        checked(file)


def test_the_environment_may_not_misspell_and_other_names_of_ours_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOTSPRING_PORT_8765_TCP", "HOTSPRING_SERVICE_HOST", "HOTSPRING_PORT"):
        monkeypatch.setenv(name, "tcp://127.0.0.1:8765")
    assert read(tmp_path) == Settings()
    monkeypatch.setenv("HOTSPRING_TIME_ZONE", "UTC")
    with pytest.raises(SettingsError, match=r"HOTSPRING_TIME_ZONE: .*did you mean timezone"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("currency=123", "123"),
        ("timezone=Asia/Tokyo", "Asia/Tokyo"),
        ("trust_forwarded_for=True", True),
        ("cors_origins=https://a.example,https://b.example", ("https://a.example", "https://b.example")),
        ('cors_origins=["*"]', ("*",)),
        ("sweep_seconds=2", 2.0),
    ],
)  # fmt: skip
def test_values_are_written_as_one_would(tmp_path: Path, word: str, value: object) -> None:
    assert getattr(read(tmp_path, given([word])), word.partition("=")[0]) == value


def test_a_word_without_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NAME=VALUE"):
        given(["currency"])
    with pytest.raises(SettingsError, match="flag: there is no setting 'colour'"):
        read(tmp_path, given(["colour=red"]))


def test_secrets_are_hidden() -> None:
    assert masked("mail_password", "x") == HIDDEN
    assert masked("mail_password", "") == ""
    assert masked("database", "postgresql://me:pw@host/x") == f"postgresql://me:{HIDDEN}@host/x"
    assert masked("region_file", "/srv/x") == "/srv/x"
