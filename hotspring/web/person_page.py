"""The page that tells a person all that is held of them: plain, in two languages, no scripts."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "我们保存的关于您的全部数据",
        "as_of": "截至", "empty": "没有。",
        "profile": "概况", "identifiers": "标识", "names": "内部编号", "traits": "属性",
        "trait_history": "属性的变更记录", "consent": "现行的同意", "consent_history": "同意记录",
        "merges": "归并依据", "suggestions": "未归并的线索", "decisions": "人工决定",
        "quarantine": "拒收的事件", "announcements": "温层变化", "imports": "导入文件",
        "audit": "谁查看或更改过", "events": "事件",
    },
    "en": {
        "title": "All data that we hold about you",
        "as_of": "As of", "empty": "None.",
        "profile": "Overview", "identifiers": "Identifiers", "names": "Internal ids",
        "traits": "Traits", "trait_history": "How traits changed",
        "consent": "Consent in force", "consent_history": "Consent decisions",
        "merges": "Why this is one person", "suggestions": "Clues that joined nobody",
        "decisions": "Decisions by people", "quarantine": "Events that were refused",
        "announcements": "Changes of temperature band", "imports": "Imported files",
        "audit": "Who looked or changed", "events": "Events",
    },
}  # fmt: skip
STYLE: Final = (
    "body{font:15px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
)
TABLES: Final = (
    "trait_history", "consent", "consent_history", "merges", "suggestions", "decisions",
    "quarantine", "announcements", "imports", "audit",
)  # fmt: skip


def page(
    facts: dict[str, Any], events: Iterable[list[dict[str, Any]]], lang: str
) -> Iterator[bytes]:
    """The page in pieces, as they are read."""
    words = WORDS[lang]
    profile = dict(facts["profile"])
    identifiers, traits = profile.pop("identifiers"), profile.pop("traits")
    code = "zh-CN" if lang == "zh" else "en"
    yield (
        f'<!doctype html><html lang="{code}"><meta charset="utf-8">'
        f"<title>{words['title']}</title><style>{STYLE}</style>"
        f"<h1>{words['title']}</h1><p>{words['as_of']} {html.escape(facts['as_of'])}</p>"
    ).encode()
    parts: list[tuple[str, list[dict[str, Any]]]] = [
        ("profile", [{"": name, " ": value} for name, value in profile.items()]),
        ("identifiers", identifiers),
        ("names", [{"id": name} for name in facts["names"]]),
        ("traits", [{"name": name, **trait} for name, trait in traits.items()]),
        *((name, facts[name]) for name in TABLES),
    ]
    for name, rows in parts:
        yield f"<h2>{words[name]}</h2>{_table(rows) if rows else words['empty']}".encode()
    yield f"<h2>{words['events']}</h2>".encode()
    some = False
    for rows in events:
        some = True
        yield _table(rows).encode()
    yield (b"" if some else words["empty"].encode()) + b"</html>"


def _table(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{html.escape(name)}" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(name))}" for name in columns) for row in rows
    )
    return f"<table><tr>{head}{body}</table>"


def _cell(value: Any) -> str:
    if value is None or value == {} or value == []:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return html.escape(text)
