"""Initial letters of Chinese words, so that 柳河村 is found by `lhc`.

Pure, without a dictionary: the 3,755 common characters of GB 2312 stand in the order of their sound, so the
place of a character gives its initial. For any other character every letter fits.
"""

import functools
import re
from bisect import bisect_right

_FIRST = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_STARTS = [code for code, _ in _FIRST]
_LAST = 0xD7F9
ANY = "?"


@functools.lru_cache(32_768)
def initials(text: str) -> str:
    """One letter or digit per character; `?` where any letter fits."""
    return "".join(_initial(character) for character in text)


def matches(query: str, label: str) -> bool:
    """Whether a label holds the query itself, or its initials hold it in a row."""
    wanted, shown = query.casefold().strip(), label.casefold()
    if not wanted or wanted in shown:
        return True
    if not wanted.isascii():
        return False
    return any(found[1].strip(ANY) for found in _shape(wanted).finditer(initials(shown)))


@functools.lru_cache(64)
def _shape(wanted: str) -> re.Pattern[str]:
    """All places, overlapping ones too, where each letter is the one wanted or fits any."""
    return re.compile(f"(?=({''.join(f'[{re.escape(letter)}{ANY}]' for letter in wanted)}))")


@functools.lru_cache(4096)
def _initial(character: str) -> str:
    if character.isascii():
        return character.casefold()
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ANY
    code = high << 8 | low
    if not _STARTS[0] <= code <= _LAST:
        return ANY
    return _FIRST[bisect_right(_STARTS, code) - 1][1]
