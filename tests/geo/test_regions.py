"""Places of IP addresses, on files of the xdb format written here."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

import pytest

from hotspring.errors import SettingsError
from hotspring.geo import Atlas

HEADER, COLUMNS = 256, 256
REGIONS = {
    "1.0.0.0/24": "中国|0|浙江省|杭州市|电信",
    "1.0.1.0/24": "中国|浙江省|杭州市|电信|CN",
    "1.0.2.0/24": "中国|广东省|0|移动|CN",
    "1.0.3.0/24": "美国|0|加利福尼亚|0|0",
    "1.0.4.0/24": "中国|0|0|0|0",
    "1.0.5.0/24": "",
    "1.0.6.0/24": "中国|0|北京|北京市|联通",
    "1.0.7.0/24": "中国|0|澳门|0|0",
    "2.0.0.0/24": "中国|0|海南省|儋州市|电信",
}


def write(file: Path, regions: dict[str, str], version: int = 4) -> Path:
    """A file of structure 3.0: header, vector index by the first two bytes, texts, segments."""
    width = 4 if version == 4 else 16
    vector = bytearray(COLUMNS * COLUMNS * 8)
    at = HEADER + len(vector)
    texts, index = b"", b""
    where = {}
    for text in regions.values():
        where[text] = (len(text.encode()), at + len(texts))
        texts += text.encode()
    at += len(texts)
    for block, text in regions.items():
        net = ipaddress.ip_network(block)
        bounds = [ip.packed for ip in (net[0], net[-1])]
        if version == 4:
            bounds = [bound[::-1] for bound in bounds]
        start = at + len(index)
        index += bounds[0] + bounds[1] + struct.pack("<HI", *where[text])
        slot = (net[0].packed[0] * COLUMNS + net[0].packed[1]) * 8
        first = struct.unpack_from("<I", vector, slot)[0] or start
        struct.pack_into("<II", vector, slot, first, start)
    header = struct.pack("<HHIIIHH", 3, 1, 0, at, at + len(index) - 2 * width - 6, version, 4)
    file.write_bytes(header.ljust(HEADER, b"\0") + bytes(vector) + texts + index)
    return file


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas(region_file=str(write(tmp_path_factory.mktemp("geo") / "v4.xdb", REGIONS)))


@pytest.mark.parametrize(
    ("ip", "code"),
    [
        ("1.0.0.7", 330100),
        ("1.0.1.255", 330100),
        ("1.0.2.0", 440000),
        ("1.0.6.1", 110000),
        ("1.0.7.1", 820000),
        ("2.0.0.1", 460400),
        ("1.0.3.1", None),
        ("1.0.4.1", None),
        ("1.0.5.1", None),
        ("9.9.9.9", None),
        ("::1", None),
        ("not an address", None),
        ("1.0.0.7, 1.0.2.0", None),
        ("", None),
        ("1" * 100_000, None),
        (["1.0.0.7"], None),
        (16777223, None),
    ],
)
def test_an_address_gives_its_city(atlas: Atlas, ip: object, code: int | None) -> None:
    for _ in range(2):
        place = atlas.locate(ip=ip)
        assert (place and place.adcode) == code
        assert place is None or place.origin == "ip"


def test_an_address_is_known_to_twenty_kilometres_at_best(atlas: Atlas) -> None:
    macao, hangzhou = atlas.locate(ip="1.0.7.1"), atlas.locate(ip="1.0.0.7")
    by_name = atlas.locate(city="澳门")
    assert macao is not None
    assert hangzhou is not None
    assert by_name is not None
    assert by_name.precision < macao.precision == 20_000
    assert hangzhou.precision > 20_000


def test_an_address_comes_last(atlas: Atlas) -> None:
    place = atlas.locate(city="苏州", ip="1.0.0.7")
    assert place is not None
    assert (place.origin, place.adcode) == ("city", 320500)
    place = atlas.locate({"latitude": 0, "longitude": 0}, "x", "Nowhere at all", ip="1.0.0.7")
    assert place is not None
    assert (place.origin, place.adcode) == ("ip", 330100)


def test_without_a_file_an_address_says_nothing() -> None:
    assert Atlas().locate(ip="1.0.0.7") is None


def test_addresses_of_version_six(tmp_path: Path) -> None:
    file = write(tmp_path / "v6.xdb", {"2408::/32": "中国|江苏省|苏州市|电信|CN"}, version=6)
    atlas = Atlas(region_file=str(file))
    place = atlas.locate(ip="2408::1")
    assert place is not None
    assert place.adcode == 320500
    assert atlas.locate(ip="1.0.0.7") is None


@pytest.mark.parametrize(
    "body", [b"", b"\x03", b"\x09\x00" + b"\0" * 600_000, b"\x03\x00" + b"\0" * 700]
)
def test_a_broken_file_is_named(body: bytes, tmp_path: Path) -> None:
    file = tmp_path / "broken.xdb"
    file.write_bytes(body)
    with pytest.raises(SettingsError, match=r"region_file .*broken\.xdb cannot be read"):
        Atlas(region_file=str(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="region_file"):
        Atlas(region_file=str(tmp_path / "none.xdb"))


def test_a_damaged_record_is_no_error(tmp_path: Path) -> None:
    file = write(tmp_path / "v4.xdb", REGIONS)
    file.write_bytes(file.read_bytes().replace("中国|0|浙江".encode(), b"\xff" * 15))
    assert Atlas(region_file=str(file)).locate(ip="1.0.0.7") is None
