"""A form's words with ODK's markup, made safe to show: bold, italic, headings, links, coloured spans.

Pure. Everything else stands as it is written; nothing of HTML passes but `<span style="color: …">`, and a
link leads to the web or to a mailbox or it stays words.
"""

import html
import re
from collections.abc import Callable

Keep = Callable[[str], str]
_SPAN = re.compile(r"&lt;span\s+style=[\"']([^\"'<>]*)[\"']\s*&gt;(.*?)&lt;/span&gt;", re.DOTALL)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*(#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,24})\s*(?:;|$)")
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?://|mailto:)[^\s()<>\"']+)\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC_STAR = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\w*])")
_ITALIC_LINE = re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]*?[^\s_])_(?!\w)")
_HEADING = re.compile(r"^(#{1,6})[ \t]+([^\n]+?)[ \t]*#*$", re.MULTILINE)
_ESCAPE = re.compile(r"\\([*_#\\])")
_ANY = re.compile(r"[*_#\\]|\]\(|<span", re.IGNORECASE)
_SIZES = ("x-large", "large", "medium")


def rich(words: str) -> str:
    """The words as rich text; "" when nothing in them is markup, so that they are laid out as plain ones."""
    if not _ANY.search(words):
        return ""
    plain_html = html.escape(words, quote=False)
    kept: list[str] = []

    def keep(markup: str) -> str:
        kept.append(markup)
        return f"\x00{len(kept) - 1}\x01"

    made = _ESCAPE.sub(lambda found: keep(found[1]), plain_html)
    made = _LINK.sub(lambda found: keep(f'<a href="{found[2]}">') + found[1] + keep("</a>"), made)
    made = _SPAN.sub(lambda found: _coloured(found, keep), made)
    made = _HEADING.sub(lambda found: _heading(found, keep), made)
    made = _BOLD.sub(r"<b>\2</b>", made)
    made = _ITALIC_STAR.sub(r"<i>\1</i>", made)
    made = _ITALIC_LINE.sub(r"<i>\1</i>", made)
    if made == plain_html:
        return ""
    return re.sub(r"\x00(\d+)\x01", lambda found: kept[int(found[1])], made).replace("\n", "<br>")


def plain(words: str) -> str:
    """The words without their markup, for lists, tables and screen readers."""
    if not _ANY.search(words):
        return words
    shown = re.sub(r"</?span[^>]*>", "", words, flags=re.IGNORECASE)
    shown = _LINK.sub(r"\1", shown)
    shown = _HEADING.sub(r"\2", shown)
    shown = _BOLD.sub(r"\2", shown)
    shown = _ITALIC_STAR.sub(r"\1", shown)
    return _ESCAPE.sub(r"\1", _ITALIC_LINE.sub(r"\1", shown))


def _coloured(found: re.Match[str], keep: Keep) -> str:
    colour = _COLOUR.search(found[1])
    if colour is None:
        return found[2]
    return keep(f'<span style="color:{colour[1]}">') + found[2] + keep("</span>")


def _heading(found: re.Match[str], keep: Keep) -> str:
    size = _SIZES[min(len(found[1]), len(_SIZES)) - 1]
    return keep(f'<span style="font-size:{size}; font-weight:700">') + found[2] + keep("</span>")
