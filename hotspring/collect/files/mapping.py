"""Which column of a file is which field: guessed from its name, corrected by hand."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hotspring.errors import ImportRefused
from hotspring.settings import Settings

UNIT: Final = re.compile(r"[(（\[【].*?[)）\]】]")
NOISE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Field:
    """One thing a preset wants to know of a row, and the column names it usually goes by."""

    name: str
    meaning: str
    form: str = "text"
    """`text`, `number`, `time` or `identifier`."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row of the mapping as a person sees it."""

    field: str
    meaning: str
    column: str
    how: str
    """`guessed`, `given`, `constant` or `missing`."""


@dataclass(frozen=True)
class Columns:
    """The settled mapping: fields to columns, fields to constants, and what is left over."""

    fields: tuple[Field, ...]
    names: tuple[str, ...]
    """All columns of the file, in its order."""
    taken: dict[str, str]
    """Field to column."""
    constants: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def rest(self) -> tuple[str, ...]:
        """The columns that no field took."""
        used = set(self.taken.values())
        return tuple(name for name in self.names if name not in used)

    def has(self, name: str) -> bool:
        return name in self.taken or name in self.constants

    def identifiers(self) -> list[str]:
        """The identifier fields that have a column, in the order of the settings."""
        known = [f.name for f in self.fields if f.form == "identifier"]
        scoped = [name for name in self.taken if "@" in name]
        order = {name: place for place, name in enumerate(known)}
        found = [name for name in known if name in self.taken] + scoped
        return sorted(found, key=lambda name: order[name.partition("@")[0]])

    def table(self) -> list[Line]:
        """The mapping, to be shown before anything is imported."""
        lines = []
        for wanted in self.fields:
            for name in [wanted.name, *(n for n in self.taken if n.startswith(wanted.name + "@"))]:
                if name in self.constants:
                    lines.append(Line(name, wanted.meaning, self.constants[name], "constant"))
                elif name in self.taken:
                    how = "given" if name in self.given else "guessed"
                    lines.append(Line(name, wanted.meaning, self.taken[name], how))
                elif wanted.form != "identifier":
                    lines.append(Line(name, wanted.meaning, "", "missing"))
        return lines


def identifier_fields(settings: Settings) -> tuple[Field, ...]:
    """The identifiers a row may carry, in the order in which they name the subject."""
    return tuple(
        Field(kind.name, f"identifier {kind.name}", "identifier", IDENTIFIERS.get(kind.name, ()))
        for kind in settings.identifier_kinds
    )


def parse(text: str) -> dict[str, str]:
    """`field=column,field==constant` as a mapping; `field=` leaves the field without a column."""
    given: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, mark, column = part.partition("=")
        if not mark or not name.strip():
            raise ImportRefused(f"--map wants field=column, it got {part!r}")
        given[name.strip()] = column.strip()
    return given


def settle(fields: Sequence[Field], names: Sequence[str], given: Mapping[str, str]) -> Columns:
    """The mapping of a file: what was given, and guesses for the rest.

    Raises `ImportRefused` for a field or column that does not exist, with the closest names.
    """
    by_name = {f.name: f for f in fields}
    taken: dict[str, str] = {}
    constants: dict[str, str] = {}
    for name, column in given.items():
        wanted = by_name.get(name.partition("@")[0])
        if wanted is None or ("@" in name and wanted.form != "identifier"):
            raise ImportRefused(f"there is no field {name!r}{_close(name, by_name)}")
        if column.startswith("="):
            if wanted.form == "identifier":
                raise ImportRefused(f"{name} cannot be the same for all rows; name a column")
            constants[name] = column[1:]
        elif column:
            taken[name] = _column(column, names)
    free = [n for n in names if n not in taken.values()]
    for wanted in fields:
        if wanted.name in given or any(n.startswith(wanted.name + "@") for n in given):
            continue
        column = _guess(wanted, free)
        if column:
            taken[wanted.name] = column
            free.remove(column)
    return Columns(tuple(fields), tuple(names), taken, constants, frozenset(given))


def plain(name: str) -> str:
    """A column name without case, units, blanks and punctuation: what guesses compare."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return NOISE.sub("", UNIT.sub("", text)) or NOISE.sub("", text)


def _guess(wanted: Field, free: Sequence[str]) -> str:
    by_plain: dict[str, str] = {}
    for name in free:
        by_plain.setdefault(plain(name), name)
    for alias in (wanted.name, *wanted.aliases):
        if plain(alias) in by_plain:
            return by_plain[plain(alias)]
    return ""


def _column(wanted: str, names: Sequence[str]) -> str:
    if wanted in names:
        return wanted
    alike = [name for name in names if plain(name) == plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise ImportRefused(f"there is no column {wanted!r}{_close(wanted, names)}")


def _close(wanted: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    shown = ", ".join(close or names[:20])
    return f"; did you mean {shown}?" if close else f"; there are {shown}"


IDENTIFIERS: Final[dict[str, tuple[str, ...]]] = {
    "user_id": (
        "user", "userid", "customer_unique_id", "customerid", "customer_no", "customer", "memberid",
        "member_no", "member", "buyerid", "buyer_id", "clientid", "uid", "account", "accountid",
        "distinct_id", "会员ID", "会员编号", "会员号", "会员", "会员名", "用户ID", "用户编号",
        "用户", "用户名", "客户ID", "客户编号", "客户", "顾客ID", "顾客编号",
        "买家ID", "买家会员名", "买家", "账号",
    ),
    "external_userid": ("externaluserid", "外部联系人ID", "企业微信客户ID"),
    "openid": ("wechat_openid", "微信openid"),
    "unionid": ("wechat_unionid", "微信unionid"),
    "card": ("card_no", "cardnumber", "membercard", "会员卡号", "会员卡", "卡号"),
    "anonymous_id": ("anonymousid", "cookie_id", "cookie", "visitor_id", "访客ID", "匿名ID"),
    "device_id": ("deviceid", "idfa", "oaid", "imei", "设备ID", "设备号"),
    "email": ("mail", "e_mail", "email_address", "邮箱", "电子邮箱", "电子邮件"),
    "phone": (
        "mobile", "mobile_phone", "phone_number", "telephone", "tel", "cellphone",
        "手机号", "手机", "手机号码", "电话", "联系电话", "联系方式", "电话号码", "会员手机号",
    ),
}  # fmt: skip
