"""A letter to PDF bytes: laid out, dressed with its foot, written. Same letter, same bytes."""

import datetime
from collections.abc import Sequence

from xincai.letters.letter import Letter


def render(letter: Letter) -> bytes:
    """The letter as a PDF document."""
    return render_all((letter,))


def render_all(letters: Sequence[Letter]) -> bytes:
    """Letters one after another in one document, for printing a village; each numbers its own pages."""
    from xincai.letters.foot import dress
    from xincai.letters.layout import lay_out
    from xincai.letters.pdf import Facts, write

    pages = [page for letter in letters for page in dress(lay_out(letter), letter)]
    first = letters[0]
    at = first.issued.astimezone(datetime.UTC)
    subject = first.number if len(letters) == 1 else f"{first.number} +{len(letters) - 1}"
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    return write(pages, Facts(first.title, subject, stamp, "zh-CN" if first.language == "zh" else "en"))
