"""A letter before it is drawn: blocks of text with roles, and the seal that every page carries."""

import datetime
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Role = Literal["title", "subtitle", "body", "flush", "heading", "subheading", "note"]


@dataclass(frozen=True)
class Span:
    """A piece of text; a value (a name, a number someone gave) is set whole in one face."""

    text: str
    value: bool = False


@dataclass(frozen=True)
class Paragraph:
    """One paragraph in one role."""

    role: Role
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; `columns` are widths as shares of the text width; a heading row repeats on each page."""

    columns: tuple[float, ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    heading: bool = False


@dataclass(frozen=True)
class SignLine:
    """One line of a signing place; `blank` leaves a rule to write on, `image` is the PNG of a handwriting."""

    spans: tuple[Span, ...]
    blank: bool = False
    image: bytes = b""


@dataclass(frozen=True)
class Signing:
    """Where someone signs: lines to write on, then the name centred above the date, and the square for a
    seal.

    `seal` is the light word in the seal's place (（盖章）), or empty where no seal is due. A seal is
    never drawn.
    """

    lines: tuple[SignLine, ...]
    name: tuple[Span, ...]
    date: str
    seal: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


Block = Paragraph | Table | Signing | PageBreak


@dataclass(frozen=True)
class Letter:
    """A letter, complete: whoever holds it can draw it without asking anything else.

    `text_version` and `text_sm3` tell which wording it was made with.
    """

    kind: str
    language: Language
    number: str
    title: str
    blocks: tuple[Block, ...]
    payload: str
    code: str
    issued: datetime.datetime
    practice: bool
    record_id: str
    record_version: int
    subject_masked: str
    text_version: str
    text_sm3: str = ""

    @property
    def file_name(self) -> str:
        """A file name that gives nothing away: date, kind, masked subject, number."""
        masked = self.subject_masked.replace("*", "＊")
        day = self.issued.strftime("%Y%m%d")
        safe = "".join(c for c in f"{day}-{self.title}-{masked}-{self.number}" if c not in '\\/:*?"<>|\0')
        return f"{safe}.pdf"
