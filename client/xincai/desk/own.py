"""What is a person's own, as it may stand in a passphrase: name and office, written, spelt and abbreviated.

Everything is told as bare letters: no marks, spaces, punctuation or capitals. What is short (a surname, two
or three initials) stands in many a word by accident: it counts only where no letter is next to it.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from xincai.desk import sounds
from xincai.desk.sounds import Sounds

_LONG: Final = 5
"""Latin letters that do not stand together by accident; of Chinese characters two do."""
_GRAM: Final = 4
"""Characters of an office's name that are its own."""
_SEAT: Final = re.compile(r".+?(?:省|市|县|区|旗|州|盟|乡|镇|街道|村|社区)")
_SURNAMES_OF_TWO: Final = """
欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 司徒 长孙 宇文 端木 轩辕 南宫 独孤 闻人 申屠 太史 澹台
公冶 宗政 濮阳 淳于 单于 太叔 钟离 鲜于 闾丘 司空 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷
宰父 谷梁 百里 呼延 东郭 南门 羊舌 微生 左丘 东门 西门 第五 万俟 赫连 哥舒 完颜 纳兰
"""


def bare(text: str) -> tuple[str, tuple[int, ...]]:
    """The letters and digits of a text without marks and capitals, and the place of each in it."""
    pairs = [
        (letter, place)
        for place, character in enumerate(text)
        for letter in unicodedata.normalize("NFKD", character).casefold()
        if letter.isalnum()
    ]
    return "".join(letter for letter, _ in pairs), tuple(place for _, place in pairs)


@functools.lru_cache(8)
def parts(name: str, office: str) -> frozenset[str]:
    """All that is the person's own, forwards and backwards."""
    found = {
        part
        for part in (*_of_name(name), *_of_office(name), *_of_office(office))
        if len(part) > 1 or not part.isascii()
    }
    return frozenset(found | {part[::-1] for part in found})


def is_long(part: str) -> bool:
    """Whether it stands nowhere by accident."""
    return len(part) >= (_LONG if part.isascii() else 2)


def _of_name(name: str) -> Iterator[str]:
    words = [word for each in re.split(r"[\W_]+", name) if (word := bare(each)[0])]
    whole = "".join(words)
    yield whole
    if len(words) > 1:  # Anna Smith, 阿依古丽·买买提
        yield from (*words, "".join(reversed(words)), "".join(word[0] for word in words))
        for word in words:
            yield from _of_reading(sounds.readings(word))
    elif 2 <= len(whole) <= _GRAM:
        cut = 2 if whole[:2] in _SURNAMES_OF_TWO.split() and len(whole) > 2 else 1
        yield from (whole[:cut], whole[cut:], whole[cut:] + whole[:cut])
        for reading in sounds.readings(whole):
            yield from _spelt(reading[:cut], reading[cut:])


def _spelt(surname: Sounds, given: Sounds) -> Iterator[str]:
    """Surname and given name, each spelt or as initials, in either order; the syllables backwards."""
    yield "".join(reversed(surname + given))
    ways = [("".join(each), "".join(sound[0] for sound in each)) for each in (surname, given)]
    for family in ways[0]:
        for own in ways[1]:
            yield from (family + own, own + family)
    yield from (ways[0][0], *ways[1])


def _of_reading(readings: Iterable[Sounds]) -> Iterator[str]:
    """A text spelt, and its initials."""
    for reading in readings:
        yield "".join(reading)
        yield "".join(sound[0] for sound in reading)


def _of_office(office: str) -> Iterator[str]:
    """An office, its seat (also without its kind), what is left, and all runs of a few characters."""
    whole = bare(office)[0]
    seats = _SEAT.findall(whole)
    rest = whole[len("".join(seats)) :]
    pieces = {whole, rest, *seats, *(seat[:-1] for seat in seats)}
    pieces |= {whole[place : place + _GRAM] for place in range(len(whole) - _GRAM + 1)}
    for piece in pieces:
        if len(piece) > 1:
            yield piece
            for reading in sounds.readings(piece, 4):
                yield "".join(reading)
                if piece in {whole, rest, *seats}:
                    yield "".join(sound[0] for sound in reading)
