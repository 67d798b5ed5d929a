"""What is told of people, under one name and in one form: the ground on which they are compared."""

from __future__ import annotations

import re
from typing import Final

import duckdb
import pyarrow as pa

TOLD: Final = pa.schema(
    [
        pa.field("person", pa.int32(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("ms", pa.int64(), nullable=False),
    ]
)
"""What is told of each person: name of a trait or kind of identifier, its value as JSON, when."""

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "account": ("user_id",),
    "given": ("first_name", "given_name", "forename", "名"),
    "surname": ("last_name", "surname", "family_name", "姓"),
    "name": ("name", "full_name", "real_name", "姓名", "真实姓名", "客户姓名", "会员姓名",
             "收货人"),
    "birthday": ("birthday", "birth_date", "date_of_birth", "dob", "生日", "出生日期"),
    "gender": ("gender", "sex", "性别"),
    "address": ("address", "street", "address_1", "address_line_1", "line_1", "地址", "收货地址",
                "详细地址"),
    "postcode": ("postcode", "postal_code", "zip", "zip_code", "邮编", "邮政编码"),
    "city": ("city", "suburb", "town", "城市"),
    "phone": ("phone", "mobile", "mobile_phone", "phone_number", "telephone", "tel", "手机",
              "手机号", "电话", "联系电话"),
    "mailbox": ("email", "e_mail", "mail", "邮箱", "电子邮箱"),
    "national_id": ("national_id", "id_number", "id_card", "soc_sec_id", "ssn", "身份证",
                    "身份证号"),
}  # fmt: skip
"""Attributes by the names under which pools keep them; case, spaces and dashes do not count."""

JUNK: Final = (
    "",
    "null",
    "none",
    "nil",
    "n a",
    "na",
    "unknown",
    "test",
    "无",
    "未知",
    "暂无",
    "匿名",
)
DEFAULT_BIRTHDAYS: Final = ("19000101", "19700101", "19800101", "20000101")
"""What forms write where nobody chose a day."""
SHARED_MAILBOXES: Final = (
    "info", "admin", "service", "sales", "support", "contact", "office", "hello", "mail", "test",
    "noreply", "kefu",
)  # fmt: skip

_SPACING: Final = re.compile(r"[\s_$.-]+")
_COMPARED: Final = {_SPACING.sub("", name) for names in NAMES.values() for name in names}
_TEXT: Final = "[^\\p{L}\\p{N}]+"
_MACROS: Final = (
    "CREATE MACRO key_of(x) AS regexp_replace(lower(x), '[\\s_$.-]+', '', 'g')",
    "CREATE MACRO half(x) AS translate(x, '０１２３４５６７８９＠．＋－', '0123456789@.+-')",
    f"CREATE MACRO joined(x) AS regexp_replace(lower(x), '{_TEXT}', '', 'g')",
    # Chinese is written without spaces, but not by everyone.
    "CREATE MACRO words(x) AS CASE WHEN regexp_matches(x, '\\p{Han}') THEN joined(x) ELSE "
    f"trim(regexp_replace(lower(strip_accents(x)), '{_TEXT}', ' ', 'g')) END",
    "CREATE MACRO digits(x) AS regexp_replace(x, '\\D', '', 'g')",
    "CREATE MACRO tail(x) AS CASE WHEN length(x) >= 7 THEN right(x, 10) END",
    "CREATE MACRO day_of(x) AS regexp_extract(x, '^(\\d{4})\\D?(\\d{1,2})\\D?(\\d{1,2})', "
    "['y', 'm', 'd'])",
    "CREATE MACRO day(d) AS CASE WHEN d.y <> '' THEN d.y || lpad(d.m, 2, '0') || lpad(d.d, 2, '0') "
    "END",
    "CREATE MACRO local(x) AS regexp_replace(split_part(x, '@', 1), '\\+.*$', '')",
    "CREATE MACRO domain(x) AS replace(split_part(x, '@', 2), 'googlemail.com', 'gmail.com')",
    "CREATE MACRO box(x) AS CASE WHEN contains(x, '@') THEN CASE WHEN domain(x) = 'gmail.com' "
    "THEN replace(local(x), '.', '') ELSE local(x) END || '@' || domain(x) END",
    "CREATE MACRO sorted(x) AS array_to_string(list_sort(string_split(x, ' ')), ' ')",
)
_FORMS: Final = """
    CASE attribute
        WHEN 'account' THEN text
        WHEN 'birthday' THEN day(day_of(text))
        WHEN 'phone' THEN tail(digits(text))
        WHEN 'mailbox' THEN box(lower(trim(text)))
        WHEN 'gender' THEN CASE WHEN lower(left(text, 1)) IN ('m', '男') THEN 'm'
                                WHEN lower(left(text, 1)) IN ('f', 'w', '女') THEN 'f' END
        WHEN 'national_id' THEN joined(text)
        WHEN 'postcode' THEN joined(text)
        WHEN 'name' THEN sorted(words(text))
        ELSE words(text)
    END"""


def facts(con: duckdb.DuckDBPyConnection, told: pa.Table) -> None:
    """Make the table `facts` (person, attribute, value, ms) from rows of `TOLD`.

    One row per person, attribute and value in its normal form, `ms` the latest time it was told.
    """
    for macro in _MACROS:
        con.execute(macro)
    names = [(key, attribute) for attribute, keys in NAMES.items() for key in keys]
    aliases = pa.table({"key": [n[0] for n in names], "attribute": [n[1] for n in names]})
    con.register("told", told)
    con.register("aliases", aliases)
    con.execute("CREATE TABLE names AS SELECT key_of(key) AS key, attribute FROM aliases")
    # An address may come as one object, as Segment's libraries send it.
    con.execute(
        f"""
        CREATE TABLE facts AS
        WITH parts AS (
            SELECT person, name, value, ms FROM told WHERE left(value, 1) <> '{{'
            UNION ALL
            SELECT person, part, json_extract(value, '$."' || part || '"')::varchar, ms
            FROM (SELECT *, unnest(json_keys(value)) AS part FROM told
                  WHERE left(value, 1) = '{{' AND key_of(name) IN ('address', '地址'))
            WHERE regexp_full_match(part, '[^"\\\\]+')
        ), named AS (
            SELECT person, attribute, half(json_extract_string(value, '$')) AS text, ms
            FROM parts JOIN names ON names.key = key_of(parts.name) WHERE left(value, 1) <> '['
        ), formed AS (SELECT person, attribute, {_FORMS} AS value, ms FROM named)
        SELECT person, attribute, value, max(ms) AS ms FROM formed
        WHERE value IS NOT NULL AND value NOT IN {JUNK}
            AND NOT (attribute = 'birthday' AND value IN {DEFAULT_BIRTHDAYS})
        GROUP BY ALL"""
    )
    con.unregister("told")
    con.unregister("aliases")
    _derive(con)


def _derive(con: duckdb.DuckDBPyConnection) -> None:
    """Add the whole name where its parts were told, and the local part of mailboxes."""
    con.execute(
        """
        INSERT INTO facts
        SELECT g.person, 'name', sorted(g.value || ' ' || s.value), max(greatest(g.ms, s.ms))
        FROM facts g JOIN facts s USING (person)
        WHERE g.attribute = 'given' AND s.attribute = 'surname'
            AND NOT EXISTS (SELECT 1 FROM facts n WHERE n.person = g.person
                            AND n.attribute = 'name')
        GROUP BY ALL"""
    )
    con.execute(
        f"""
        INSERT INTO facts
        SELECT person, 'mailbox_name', split_part(value, '@', 1) AS name, max(ms) FROM facts
        WHERE attribute = 'mailbox' AND length(name) >= 6 AND name NOT IN {SHARED_MAILBOXES}
        GROUP BY ALL"""
    )


def is_compared(name: str) -> bool:
    """Is a trait of this name looked at?"""
    return _SPACING.sub("", name.lower()) in _COMPARED
