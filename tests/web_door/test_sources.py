"""Which source a request comes from: by key, by project, by name."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

from hotspring.store import Operations, Source
from hotspring.web.sources import Sources
from tests.web_door.conftest import KEY, source


def test_a_key_finds_its_source_and_a_wrong_one_none() -> None:
    sources = Sources(lambda: [source()], lambda: 0, lambda: 0.0)
    found = sources.find(KEY, "")
    assert found is not None
    assert found.name == "shop"
    assert sources.find("wk_wrong", "shop") is None


def test_a_project_finds_its_source_as_it_was_set_up() -> None:
    sources = Sources(lambda: [source("till", project="tea")], lambda: 0, lambda: 0.0)
    found = sources.find("", "tea")
    assert found is not None
    assert (found.name, found.public) == ("till", False)
    assert sources.find("", "till") is None


def test_a_source_without_a_project_is_found_by_name_and_trusted_less() -> None:
    sources = Sources(lambda: [source("till", project="")], lambda: 0, lambda: 0.0)
    found = sources.find("", "till")
    assert found is not None
    assert (found.name, found.public) == ("till", True)
    with_key = sources.find(KEY, "")
    assert with_key is not None
    assert not with_key.public


def test_a_project_comes_before_the_name_of_another_source() -> None:
    rows = [source("tea", key="wk_a", project=""), source("till", key="wk_b", project="tea")]
    found = Sources(lambda: rows, lambda: 0, lambda: 0.0).find("", "tea")
    assert found is not None
    assert found.name == "till"


def test_a_new_source_is_known_at_once_whoever_tries_keys(tmp_path: Path) -> None:
    with closing(Operations(tmp_path)) as records, closing(Operations(tmp_path)) as elsewhere:
        looks = 0

        def look() -> list[Source]:
            nonlocal looks
            looks += 1
            return records.sources()

        sources = Sources(look, records.version, lambda: 0.0)
        for n in range(100):
            assert sources.find(f"wk_tried_{n}", "") is None
        # At most the first of them finds records that were made before anybody watched.
        assert looks <= 2
        for by, key in ((elsewhere, "wk_there"), (records, "wk_here")):
            by.add_source(
                name=key,
                key_hash=hashlib.sha256(key.encode()).hexdigest(),
                key_prefix="wk",
                public=False,
                datum="wgs84",
                project="",
                created_ms=0,
            )
            found = sources.find(key, "")
            assert found is not None
            assert found.name == key
            assert sources.find("wk_wrong", "") is None
