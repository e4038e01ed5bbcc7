"""Which wording a letter was made with: its seal carries the head of the wording's digest."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from xincai import paths
from xincai.letters.letter import Language
from xincai.letters.template import letter_text


@dataclass(frozen=True)
class Wording:
    """A text of `resources/letters`: its title, its version, its language."""

    title: str
    version: str
    language: Language


def wording_of(kind: str, head: str) -> Wording | None:
    """The wording here of a kind of letter whose digest begins so; None where it was changed since."""
    kept = {path.name for path in Path(paths.resources() / "letters").iterdir()}
    for language in get_args(Language):
        if head and f"{kind}.{language}.md" in kept:
            text = letter_text(kind, language)
            if text.sm3.startswith(head):
                return Wording(text.title, text.version, language)
    return None
