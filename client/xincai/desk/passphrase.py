"""What makes a passphrase too weak to guard a vault that may be stolen with its laptop.

The strength is an estimate of guesses, in bits, of someone who knows how people choose: a passphrase is read
as the cheapest row of pieces (well-known phrases, runs on the keyboard or in the alphabet, repetitions, words
of our own list, what is left), and the bits of the pieces are added. What is the person's own counts nothing:
name and office as `own` tells them, which are refused, and every identity number, telephone number and date,
for these may be the person's, and the program does not know them: what is left must be strong by itself.

Rules: at least ten characters and `LEAST` bits. Six words of our own list are good whatever else they spell,
as long as they have the bits. An estimate can be wrong about a human mind; words drawn by
lot (`words.offer`) are counted, not estimated.
"""

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from xincai import paths
from xincai.desk import own, words
from xincai.desk.views import Profile, Strength
from xincai.errors import Problem

LEAST: Final = 40
_LEAST_LENGTH: Final = 10
_LEAST_KINDS: Final = 5
_RUN: Final = 3
_RUN_BITS: Final = 6.0
_COMMON_BITS: Final = 9.0
_WORD_BITS: Final = 11.0
_HAN_BITS: Final = 5.5
"""A Chinese character of a sentence that somebody makes up; one by lot would be 11."""
_ROWS: Final = (
    "`1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "一二三四五六七八九十",
    "甲乙丙丁戊己庚辛壬癸",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "147258369",
    "159357",
)
_YEAR: Final = r"(?:19|20)\d\d"
_DAY: Final = r"(?:0?[1-9]|1[0-2])[-/.月]?(?:0?[1-9]|[12]\d|3[01])"
_DATE: Final = re.compile(
    rf"{_YEAR}[-/.年]?{_DAY}[月日号]?|\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:[0-2]\d|3[01])|{_YEAR}"
)
_NUMBERS: Final = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dx]|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")


def weakness(chosen: str, profile: Profile) -> str:
    """The code of a Problem, or "" when the passphrase is good."""
    return strength(chosen, profile).weakness


def refuse_weak(chosen: str, profile: Profile) -> None:
    """Raise the Problem of a passphrase that is too weak."""
    why = weakness(chosen, profile)
    if why:
        raise Problem(why)


def strength(chosen: str, profile: Profile) -> Strength:
    """How many bits a passphrase is worth, and why it is too weak."""
    plain = unicodedata.normalize("NFKC", chosen).strip().casefold()
    named = _named(plain, own.parts(profile.name, profile.office))
    worthless = named | _numbered(plain, _NUMBERS) | _numbered(plain, _DATE)
    bits = int(_bits("".join(each for place, each in enumerate(plain) if place not in worthless)))
    if len(plain) < _LEAST_LENGTH:
        return Strength(bits, "desk.passphrase_short")
    if plain.isdigit() or len(set(plain)) < _LEAST_KINDS:
        return Strength(bits, "desk.passphrase_simple")
    if named and not _is_drawn(plain):
        return Strength(bits, "desk.passphrase_personal")
    if bits < LEAST:
        return Strength(bits, _reason(plain))
    return Strength(bits)


def _named(plain: str, parts: Iterable[str]) -> frozenset[int]:
    """The places that the person's own name or office takes up."""
    taken: set[int] = set()
    letters, places = own.bare(plain)
    alone = [(letter, place) for letter, place in zip(letters, places, strict=True) if not letter.isdigit()]
    lines = {(letters, places), ("".join(letter for letter, _ in alone), tuple(place for _, place in alone))}
    for line, where in lines:
        for part in parts:
            start = line.find(part)
            while start >= 0:
                first, last = where[start], where[start + len(part) - 1]
                if own.is_long(part) or _stands_free(plain, first, last):
                    taken.update(range(first, last + 1))
                start = line.find(part, start + 1)
    return frozenset(taken)


def _stands_free(plain: str, first: int, last: int) -> bool:
    """Whether no letter of the same script is next to what stands there."""
    before, after = plain[first - 1 : first] if first else "", plain[last + 1 : last + 2]
    return _script(before) != _script(plain[first]) and _script(after) != _script(plain[last])


def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    return "latin" if unicodedata.normalize("NFD", character)[0].isascii() else "other"


def _numbered(plain: str, pattern: re.Pattern[str]) -> frozenset[int]:
    """The places that numbers of a kind take up, written with spaces and signs or in Chinese digits too."""
    letters, places = own.bare(plain)
    digits, count = letters.translate(_DIGITS), len(letters)
    taken: set[int] = set()
    for line, backwards in ((digits, False), (digits[::-1], True)):
        for start in range(count):
            found = pattern.match(line, start)
            if found:
                first, last = start, found.end() - 1
                if backwards:
                    first, last = count - 1 - last, count - 1 - first
                taken.update(range(places[first], places[last] + 1))
    return frozenset(taken)


def _is_drawn(plain: str) -> bool:
    """Whether it is a row of words of our own list, as many as are drawn, or more."""
    letters, _ = own.bare(plain)
    row = {letters[place : place + 2] for place in range(0, len(letters), 2)}
    return len(letters) >= 2 * words.COUNT and row <= _listed()


def _reason(plain: str) -> str:
    """What makes it cheap, the most telling first."""
    if any(phrase in plain for phrase in _common()):
        return "desk.passphrase_common"
    if _numbered(plain, _NUMBERS):
        return "desk.passphrase_number"
    if _numbered(plain, _DATE):
        return "desk.passphrase_date"
    if any(max(_run(plain, place), _repeat(plain, place)) > _RUN for place in range(len(plain))):
        return "desk.passphrase_run"
    return "desk.passphrase_guessable"


def _bits(plain: str) -> float:
    """The cheapest way to put together what is not worthless."""
    best = [0.0] + [math.inf] * len(plain)
    for place in range(len(plain)):
        for length, cost in _pieces(plain, place):
            best[place + length] = min(best[place + length], best[place] + cost)
    return best[-1]


def _pieces(plain: str, place: int) -> Iterator[tuple[int, float]]:
    """Pieces that begin at a place: their length and what they are worth."""
    yield 1, _alone(plain, place)
    for phrase in _common():
        if plain.startswith(phrase, place):
            yield len(phrase), _COMMON_BITS
    for length in (_run(plain, place), _repeat(plain, place)):
        if length:
            yield length, _RUN_BITS + math.log2(length)
    if plain[place : place + 2] in _listed():
        yield 2, _WORD_BITS


def _alone(plain: str, place: int) -> float:
    """A character for itself; letters in a row are mostly words, which are cheaper than letters by lot."""
    character = plain[place]
    if place and plain[place - 1] == character:
        return 1.0
    if character.isdigit():
        return math.log2(10)
    if character.isascii() and character.isalpha():
        return 2.4 if _in_word(plain, place) else math.log2(26)
    if "一" <= character <= "鿿":
        return _HAN_BITS
    return 1.0 if character == " " else 5.0


def _in_word(plain: str, place: int) -> bool:
    """Whether a letter stands among letters, with a vowel near."""
    near = plain[max(place - 2, 0) : place + 3]
    return near.isascii() and near.replace(" ", "").isalpha() and any(vowel in near for vowel in "aeiou")


def _run(plain: str, place: int) -> int:
    """How far a row of the keyboard or the alphabet is followed from a place, either way."""
    longest = 0
    for row in _ROWS:
        for line in (row, row[::-1]):
            start = line.find(plain[place])
            length = 0
            while (
                start >= 0
                and start + length < len(line)
                and place + length < len(plain)
                and line[start + length] == plain[place + length]
            ):
                length += 1
            longest = max(longest, length)
    return longest if longest >= _RUN else 0


def _repeat(plain: str, place: int) -> int:
    """How far from a place something is only said again: aaaa, abcabc; the length of all of it."""
    longest = 0
    for unit in range(1, (len(plain) - place) // 2 + 1):
        first, length = plain[place : place + unit], unit
        while plain.startswith(first, place + length):
            length += unit
        if length >= max(2 * unit, _RUN) and unit <= 3:
            longest = max(longest, length)
    return longest


@functools.cache
def _common() -> tuple[str, ...]:
    text = (paths.resources() / "passphrases" / "common.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(word.casefold() for line in lines for word in line.split())


@functools.cache
def _listed() -> frozenset[str]:
    return frozenset(words.words())
