"""The documents, as light pages in the language of the reader."""

from __future__ import annotations

import functools
import html
import re
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

LANGUAGES: Final = ("zh", "en")
HERE: Final = Path(__file__).parents[1] / "docs"
CHECKOUT: Final = Path(__file__).parents[2] / "docs"
"""A checkout has them beside the package, a wheel inside it."""
PAGE: Final = re.compile(r"(?:guide/)?[a-z][a-z-]*")
LINK: Final = re.compile(r'href="(?!https?:|#|/)([^"#]+)\.md(#[^"]*)?"')
HEADING: Final = re.compile(r"<(h[1-4])>(.*?)</\1>", re.DOTALL)
WORDS: Final = {
    "zh": ("Hotspring 文档", "开始", "参考", "没有这一页", "zh-CN"),
    "en": ("Hotspring documents", "Start", "Reference", "There is no such page", "en"),
}
STYLE: Final = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d8dee4;
--link:#0b6577}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4af;--paper:#14181d;--line:#2f363d;
--link:#66d9e8}}
body{font:16px/1.75 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;
color:var(--ink);background:var(--paper);margin:0}
.page{display:flex;gap:3rem;max-width:76rem;margin:0 auto;padding:1.5rem}
nav{flex:0 0 12rem;font-size:.9rem;line-height:2}nav a{display:block;text-decoration:none}
nav a[aria-current]{font-weight:600;color:var(--ink)}main{flex:1;min-width:0}
a{color:var(--link)}h1{line-height:1.3;margin-top:0}h2{margin-top:2.2em}
table{border-collapse:collapse;display:block;overflow-x:auto}
td,th{border:1px solid var(--line);padding:.35rem .7rem;text-align:left;vertical-align:top}
pre{background:color-mix(in srgb,var(--ink) 6%,transparent);padding:1rem;overflow-x:auto}
code{font:.9em ui-monospace,monospace}
@media(max-width:48rem){.page{display:block}nav{border-bottom:1px solid var(--line);
margin-bottom:1.5rem;padding-bottom:1rem;columns:2}}
"""


def folder() -> Path:
    """Where the documents lie."""
    return HERE if HERE.exists() else CHECKOUT


@functools.cache
def page(language: str, name: str) -> str | None:
    """One page of the documents as HTML; None where there is none of this name."""
    if not PAGE.fullmatch(name):
        return None
    file = folder() / language / f"{name}.md"
    if not file.exists():
        return None
    text = file.read_text("utf-8")
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    body = LINK.sub(r'href="\1\2"', HEADING.sub(_anchored, body))
    return _whole(language, name, _title(text), body)


def absent(language: str) -> str:
    """What is told of a page that is not there."""
    told = WORDS[language][3]
    return _whole(language, "", told, f"<h1>{told}</h1>")


@functools.cache
def pages(language: str) -> tuple[tuple[str, str], ...]:
    """Every page with its title: the start, the guides, the reference."""
    guides = sorted((folder() / language / "guide").glob("*.md"))
    told = [(f"guide/{file.stem}", _title(file.read_text("utf-8"))) for file in guides]
    return (("start", WORDS[language][1]), *told, ("reference", WORDS[language][2]))


def _title(text: str) -> str:
    return text.partition("\n")[0].lstrip("# ").strip()


def _anchored(match: re.Match[str]) -> str:
    """A heading that can be pointed at by its words, as in most readers of Markdown."""
    words = re.sub(r"<[^>]+>", "", match[2]).lower()
    anchor = re.sub(r"[^\w\- ]", "", html.unescape(words)).replace(" ", "-")
    return f'<{match[1]} id="{html.escape(anchor)}">{match[2]}</{match[1]}>'


def _whole(language: str, name: str, title: str, body: str) -> str:
    about, _, _, _, code = WORDS[language]
    links = "".join(
        f'<a href="/help/{language}/{one}"{" aria-current=page" if one == name else ""}>'
        f"{html.escape(told)}</a>"
        for one, told in pages(language)
    )
    other = "en" if language == "zh" else "zh"
    told = "English" if language == "zh" else "中文"
    switch = f'<a href="/help/{other}/{name or "start"}" lang="{other}">{told}</a>'
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)} · {about}</title><style>{STYLE}</style></head>"
        f'<body><div class="page"><nav aria-label="{about}"><a href="/">Hotspring</a>'
        f"{links}{switch}</nav><main>{body}</main></div></body></html>"
    )
