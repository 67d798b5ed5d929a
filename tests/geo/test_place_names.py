"""Names of places: whole and short, with and without a province, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.geo import Atlas

ATLAS = Atlas()


def located(city: str, province: str = "") -> tuple[str, int] | None:
    place = ATLAS.locate(city=city, province=province)
    if place is None:
        return None
    assert place.origin == "city"
    return ATLAS.name(place.adcode), place.adcode


@pytest.mark.parametrize(
    ("city", "province", "name", "code"),
    [
        ("杭州市", "浙江省", "杭州市", 330100),
        ("杭州", "", "杭州市", 330100),
        (" 苏州市 ", "江苏", "苏州市", 320500),
        ("北京", "", "北京市", 110000),
        ("上海市", "上海市", "上海市", 310000),
        ("恩施", "湖北", "恩施土家族苗族自治州", 422800),
        ("延边州", "", None, 0),
        ("延边朝鲜族自治州", "", "延边朝鲜族自治州", 222400),
        ("锡林郭勒", "", "锡林郭勒盟", 152500),
        ("喀什", "新疆", "喀什地区", 653100),
        ("昆山", "", "昆山市", 320583),
        ("浦东", "上海", "浦东新区", 310115),
        ("长白", "", "长白朝鲜族自治县", 220623),
        ("仙桃", "湖北", "仙桃市", 429004),
        ("香港", "", "香港特别行政区", 810000),
        ("台北市", "台湾", "台北市", 710009),
        ("", "内蒙古", "内蒙古自治区", 150000),
        ("", "广西壮族自治区", "广西壮族自治区", 450000),
        # A town by its Latin name: its place, within no district that the name tells.
        ("Hangzhou", "", "", 0),
        ("", "Zhejiang", None, 0),
        ("市", "", None, 0),
        ("杭州" * 40, "", None, 0),
    ],
)
def test_names_as_people_write_them(city: str, province: str, name: str | None, code: int) -> None:
    assert located(city, province) == (None if name is None else (name, code))


def test_an_ambiguous_name_needs_a_province() -> None:
    assert located("朝阳区") is None
    assert located("朝阳区", "北京") == ("朝阳区", 110105)
    assert located("朝阳区", "吉林省") == ("朝阳区", 220104)
    assert located("东区") is None


def test_two_of_one_name_in_a_province_leave_the_province() -> None:
    assert located("鼓楼区", "江苏") == ("江苏省", 320000)


def test_a_city_goes_before_a_district_of_its_name() -> None:
    assert located("朝阳") == ("朝阳市", 211300)
    assert located("长沙") == ("长沙市", 430100)
    assert located("长沙县") == ("长沙县", 430121)


def test_a_city_that_bears_the_name_of_its_province_is_the_city() -> None:
    assert located("吉林") == ("吉林市", 220200)
    assert located("", "吉林") == ("吉林省", 220000)


def test_a_name_of_a_province_and_of_a_city_elsewhere_is_ambiguous() -> None:
    assert located("海南") is None
    assert located("海南", "青海") == ("海南藏族自治州", 632500)
    assert located("海南", "海南") == ("海南省", 460000)


def test_an_unknown_city_leaves_its_province() -> None:
    assert located("雄安新区", "河北省") == ("河北省", 130000)
    assert located("市辖区", "上海市") == ("上海市", 310000)
    assert located("杭州", "江苏") == ("江苏省", 320000)


def test_an_unknown_province_does_not_hide_a_city() -> None:
    assert located("杭州", "East") == ("杭州市", 330100)


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_answered(city: str, province: str) -> None:
    located(city, province)
