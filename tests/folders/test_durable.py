"""Small files: whole or not at all, durable, for their owner only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspring import durable


@pytest.fixture(autouse=True)
def open_mask() -> Iterator[None]:
    """No umask: what is for the owner only is so by itself."""
    mask = os.umask(0)
    yield
    os.umask(mask)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made durable, in order: with how many bytes a file, by its name a folder."""
    found: list[str] = []
    fsync = os.fsync

    def told(handle: int) -> None:
        facts = os.fstat(handle)
        folder = stat.S_ISDIR(facts.st_mode)
        found.append("folder" if folder else f"{facts.st_size} bytes")
        fsync(handle)

    monkeypatch.setattr("hotspring.durable.os.fsync", told)
    return found


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_file_is_replaced_durably(tmp_path: Path, synced: list[str]) -> None:
    file = tmp_path / "manifest.json"
    file.write_text("the former one")
    (tmp_path / "manifest.json.new").write_text("what a killed process left")
    durable.put(file, b"12345")
    assert file.read_bytes() == b"12345"
    assert synced == ["5 bytes", "folder"]
    assert modes(tmp_path) == {"manifest.json": 0o600}
    durable.put(file, b"123", mode=0o640)
    assert modes(tmp_path) == {"manifest.json": 0o640}


def test_what_need_not_last_costs_no_sync(tmp_path: Path, synced: list[str]) -> None:
    durable.put(tmp_path / "address", b"here", lasting=False)
    assert (tmp_path / "address").read_bytes() == b"here"
    assert synced == []
    assert modes(tmp_path) == {"address": 0o600}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_the_former_file_stays_where_writing_fails(tmp_path: Path, error: BaseException) -> None:
    file = tmp_path / "tombstones"
    file.write_text("the former one")

    def half() -> None:
        with durable.replacing(file) as out:
            out.write(b"half")
            raise error

    with pytest.raises(type(error)):
        half()
    assert file.read_text() == "the former one"
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_takes_the_place_before_its_bytes_are_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "manifest.json"
    file.write_text("the former one")

    def full(_: int) -> None:
        assert file.read_text() == "the former one"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hotspring.durable.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        durable.put(file, b"the next one")
    assert file.read_text() == "the former one"


def test_a_new_file_is_never_one_that_is_there(tmp_path: Path, synced: list[str]) -> None:
    durable.write(tmp_path / "pool.key", b"secret")
    assert synced == ["6 bytes"]
    with pytest.raises(FileExistsError):
        durable.write(tmp_path / "pool.key", b"another")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        durable.private(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "link").unlink()
    assert modes(tmp_path) == {"pool.key": 0o600}


def test_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    durable.private_folder(tmp_path / "a/b")
    durable.private_folder(tmp_path / "a/b")
    assert modes(tmp_path) == {"a": 0o700}
    assert modes(tmp_path / "a") == {"b": 0o700}


def test_files_and_folders_are_made_durable(tmp_path: Path, synced: list[str]) -> None:
    (tmp_path / "block").write_bytes(b"1234567")
    durable.sync_file(tmp_path / "block")
    durable.sync_folder(tmp_path)
    assert synced == ["7 bytes", "folder"]
