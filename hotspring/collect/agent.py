"""What a user agent tells: the form of the device, the browser, and whether a machine speaks."""

from __future__ import annotations

import functools
from typing import Final

import ua_parser
from crawlerdetect import CrawlerDetect

LONGEST: Final = 512
CACHED: Final = 16_384

_DESKTOPS: Final = frozenset(
    {"Windows", "Mac OS X", "Linux", "Ubuntu", "Chrome OS", "Fedora", "Debian", "FreeBSD"}
)
_PHONES: Final = frozenset(
    {"Android", "iOS", "Windows Phone", "HarmonyOS", "OpenHarmony", "BlackBerry OS", "KaiOS"}
)
_crawlers: Final = CrawlerDetect()


@functools.lru_cache(CACHED)
def agent(text: str) -> tuple[str, str, bool]:
    """Which device (`desktop`, `mobile`, `tablet`, `other`), browser, and is it a machine?"""
    text = text[:LONGEST]
    if _crawlers.isCrawler(text):
        return "other", "", True
    parsed = ua_parser.parse(text).with_defaults()
    browser = "" if parsed.user_agent.family == "Other" else parsed.user_agent.family
    return _device(text, parsed.os.family), browser, False


def device_of(system: str) -> str:
    """Which form of device runs this operating system? Empty where the name does not tell."""
    name = system.lower()
    if "ipad" in name:
        return "tablet"
    if name.startswith(("ios", "iphone", "android", "harmony", "windows phone")):
        return "mobile"
    return "desktop" if name.startswith(("windows", "mac", "linux", "chrome")) else ""


def _device(text: str, system: str) -> str:
    if "iPad" in text or "Tablet" in text or (system == "Android" and "Mobile" not in text):
        return "tablet"
    if system in _PHONES or "Mobile" in text:
        return "mobile"
    return "desktop" if system in _DESKTOPS else "other"
