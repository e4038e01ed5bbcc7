"""How a letter is signed, told under the place where it is signed: by hand on a screen, or in ink.

The words stand in `resources/letters/signed.<language>.md` and are the same for every kind of letter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xincai.letters.letter import Block, Signing
from xincai.letters.template import Answers, letter_text

_STATEMENT = "statement"


def tell_how_signed(blocks: Sequence[Block], answers: Answers) -> tuple[Block, ...]:
    """The blocks, each place to sign followed by how it is signed."""
    return tuple(_told(blocks, answers))


def _told(blocks: Sequence[Block], answers: Answers) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Signing) and any(line.blank for line in block.lines):
            drawn = any(line.image for line in block.lines)
            how = _in_record(answers) if drawn else _in_ink(answers)
            yield from letter_text("signed", answers.language).fill(how)


def _in_record(answers: Answers) -> Answers:
    """Drawn: with a statement of its own, or when the record was filled in."""
    drawn = "" if answers.shown.get(_STATEMENT) else "1"
    return replace(answers, shown={**answers.shown, "drawn": drawn})


def _in_ink(answers: Answers) -> Answers:
    return replace(
        answers,
        shown={**answers.shown, _STATEMENT: "", "statement_signer": ""},
        raw={**answers.raw, _STATEMENT: "", "statement_signer": ""},
    )
