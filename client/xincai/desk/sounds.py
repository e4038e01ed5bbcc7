"""How a Chinese text is spelt in Latin letters, for telling a passphrase that is only what is its owner's.

The sounds of some 42,000 characters stand in `resources/passphrases/sounds.txt` with where they come from and
their licence. Of a character with several sounds all are tried, the usual one first; tones are left out.
"""

import functools
import itertools
from typing import Final

from xincai import paths

Sounds = tuple[str, ...]
"""One syllable per character."""
_MOST: Final = 24


def readings(text: str, most: int = _MOST) -> tuple[Sounds, ...]:
    """The ways a Chinese text may be read, the usual one first; () when it is anything else."""
    known = [_table().get(character, ()) for character in text]
    return tuple(itertools.islice(itertools.product(*known), most)) if text else ()


@functools.cache
def _table() -> dict[str, tuple[str, ...]]:
    text = (paths.resources() / "passphrases" / "sounds.txt").read_text("utf-8")
    table: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        syllable, characters = line.split()
        # v, where u has two dots: on a keyboard v, without its dots u, in a passport yu
        spelt = (syllable, *(syllable.replace("v", u) for u in ("u", "yu") if "v" in syllable))
        for character in characters:
            table[character] = table.get(character, ()) + spelt
    return table
