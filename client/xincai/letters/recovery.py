"""The sheet for a recovery code: printed once, kept apart from the computer, never in the vault.

It names the person only masked and the vault only by the head of its id, so that whoever finds the sheet does
not know which computer it opens. It has no number, no seal and no QR code: it proves nothing, it opens.
"""

import datetime

from xincai.letters import values
from xincai.letters.letter import Language, Letter
from xincai.letters.template import Answers, letter_text
from xincai.records import mask_name

_HEAD = 8


def recovery_sheet(
    code: str, *, name: str, vault_id: str, made: datetime.datetime, language: Language = "zh"
) -> bytes:
    """The sheet as a PDF: the code group by group, whose it is, and what to do with it."""
    from xincai.letters.layout import lay_out
    from xincai.letters.pdf import Facts, write

    day = values.date(made.astimezone(values.BEIJING).date(), language)
    fields = {f"g{number}": group for number, group in enumerate(code.split("-"), 1)}
    fields |= {"name": mask_name(name), "vault": vault_id[:_HEAD], "day": day}
    text = letter_text("recovery", language)
    letter = Letter(
        kind="recovery",
        language=language,
        number="",
        title=text.title,
        blocks=text.fill(Answers(language, fields, fields)),
        payload="",
        code="",
        issued=made,
        practice=False,
        record_id="",
        record_version=0,
        subject_masked=fields["name"],
        text_version=text.version,
    )
    at = made.astimezone(datetime.UTC)
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    return write(lay_out(letter), Facts(text.title, text.title, stamp, "zh-CN" if language == "zh" else "en"))
