"""Why two profiles may be one person: codes that are kept, and the words that are shown."""

from __future__ import annotations

from typing import Any, Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "name": ("name", "姓名"),
    "given": ("given name", "名"),
    "surname": ("surname", "姓"),
    "birthday": ("birthday", "生日"),
    "gender": ("gender", "性别"),
    "address": ("address", "地址"),
    "postcode": ("postcode", "邮编"),
    "city": ("city", "城市"),
    "phone": ("phone number", "手机号"),
    "mailbox": ("mailbox", "邮箱"),
    "mailbox_name": ("mailbox name at another provider", "换了域名的邮箱名"),
    "national_id": ("identity number", "证件号"),
}
TIED: Final = "tied"
"""An event named identifiers of both, and identity did not join them."""
SAME, LIKE, OTHER, AGAINST = "=", "~", "!", "-"


def told(code: str) -> dict[str, Any]:
    """What a code of evidence says, in English and Chinese.

    `=name+birthday` same, `~name` alike, `!city` different, `-birthday` contradicts.
    """
    if code == TIED:
        en = "an event named identifiers of both"
        return {"code": code, "for": True, "en": en, "zh": "有事件同时提到双方的标识"}
    sign, parts = code[0], code[1:].split("+")
    english = " and ".join(WORDS[part][0] for part in parts)
    chinese = "、".join(WORDS[part][1] for part in parts)
    en, zh = {
        SAME: ("same {}", "{}相同"),
        LIKE: ("similar {}", "{}相近"),
        OTHER: ("different {}", "{}不同"),
        AGAINST: ("against it: different {}", "反证：{}不同"),
    }[sign]
    return {
        "code": code,
        "for": sign in (SAME, LIKE),
        "en": en.format(english),
        "zh": zh.format(chinese),
    }
