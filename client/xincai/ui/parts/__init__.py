"""What pages are made of: small widgets that look the same everywhere."""

from xincai.ui.parts.badge import Badge
from xincai.ui.parts.box import Card, clear, line, row
from xincai.ui.parts.button import button, choice_button, tool
from xincai.ui.parts.drops import DropPage
from xincai.ui.parts.empty import EmptyState
from xincai.ui.parts.fields import PassphraseField, SearchField, field, labelled
from xincai.ui.parts.notice import Notice
from xincai.ui.parts.page import Page
from xincai.ui.parts.progress import ProgressRow
from xincai.ui.parts.table import Cell, PagingTable, Row
from xincai.ui.parts.text import text
from xincai.ui.parts.trouble import Trouble

__all__ = [
    "Badge",
    "Card",
    "Cell",
    "DropPage",
    "EmptyState",
    "Notice",
    "Page",
    "PagingTable",
    "PassphraseField",
    "ProgressRow",
    "Row",
    "SearchField",
    "Trouble",
    "button",
    "choice_button",
    "clear",
    "field",
    "labelled",
    "line",
    "row",
    "text",
    "tool",
]
