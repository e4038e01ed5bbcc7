"""What is printed: a sealed record becomes a letter, a letter becomes PDF bytes.

    letter = compose("commitment", record, form, number=…, office=…, issued=…, sign=key.sign, key_id=…)
    pdf = render(letter)                        # same letter, same bytes
    png = preview(pdf, page=0, width=800)
    verdict = verify_letter(pdf, {key.key_id: key})

Rules: the words of a letter stand in `resources/letters`, never in code; an answer is data and is never
read as a template; a character that no face can draw is refused by name, never dropped; a seal is a place
for ink, never a picture. Nothing here asks the time, the vault or the network.
"""

from xincai.letters.compare import Difference, differences, foot_differences, has_words
from xincai.letters.compose import KINDS, Enclosed, Kind, compose, enclose, read
from xincai.letters.letter import Letter
from xincai.letters.papers import Held, Issue, batch_slip, report, section
from xincai.letters.preview import join, page_count, preview
from xincai.letters.recovery import recovery_sheet
from xincai.letters.render import render, render_all
from xincai.letters.stamp import stamp
from xincai.letters.verify import Verdict, verify_letter, verify_seal
from xincai.letters.wording import Wording, wording_of

__all__ = [
    "KINDS",
    "Difference",
    "Enclosed",
    "Held",
    "Issue",
    "Kind",
    "Letter",
    "Verdict",
    "Wording",
    "batch_slip",
    "compose",
    "differences",
    "enclose",
    "foot_differences",
    "has_words",
    "join",
    "page_count",
    "preview",
    "read",
    "recovery_sheet",
    "render",
    "render_all",
    "report",
    "section",
    "stamp",
    "verify_letter",
    "verify_seal",
    "wording_of",
]
