"""Where a line of Chinese ends: 避头尾, words of Latin and digits kept whole, both margins straight.

Rules: no line begins with closing punctuation or ends with opening punctuation (GB/T 15834, CLREQ); ——
and …… and a number with its unit mark stay together; a quarter em stands between Han and Latin or digits
and may give or take; two full-width marks side by side share one em's blank; what is left over is spread
over the gaps of the line. A word wider than the line (a digest) breaks anywhere, which is the one
exception.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from xincai.letters.faces import FALLBACK, FaceName, choose, choose_whole, face
from xincai.letters.letter import Span

NO_START = frozenset("，。、；：？！）】》〉」』〕〗｝］”’·•‧％‰℃°′″々〻ー,.;:?!)]}%")
NO_END = frozenset("（【《〈「『〔〖｛［“‘￥¥$([{№")
_HALF_LEFT = frozenset("（【《〈「『〔〖｛［“‘")
_HALF_RIGHT = frozenset("，。、；：）】》〉」』〕〗｝］”’")
_PAIRED = frozenset("—…")
# Dashes and dots follow their word, though a line may begin with them (GB/T 15834-2011, 5.1.4).
_TRAILING = frozenset("—…～")
_SPACES = frozenset(" \u3000")
_QUOTES = frozenset("“”‘’…—·")
# A line that would need wider gaps than this part of an em stays ragged.
_LOOSE, _LOOSE_LATIN = 0.4, 0.1
# The longest value that is set solid.
_SOLID = 20


@dataclass(frozen=True)
class Style:
    """How text is set: size in points, the faces for Han and for Latin, and the faces a whole value may
    take.
    """

    size: float
    han: tuple[FaceName, ...]
    latin: tuple[FaceName, ...]

    @property
    def chain(self) -> tuple[FaceName, ...]:
        return tuple(dict.fromkeys((*self.han, *FALLBACK)))


@dataclass(frozen=True)
class Glyph:
    """One character placed: the face, its advance, and how far its ink moves inside the advance.

    `value` numbers the short value that the character belongs to (0: none); a short value is set solid,
    so that a name copied from the page is the name.
    """

    character: str
    face: FaceName
    width: float
    shift: float = 0.0
    value: int = 0


@dataclass(frozen=True)
class Line:
    """One set line: glyphs with their x, and the width they take."""

    glyphs: tuple[tuple[float, Glyph], ...]
    width: float
    last: bool

    @property
    def text(self) -> str:
        return "".join(glyph.character for _, glyph in self.glyphs)


@dataclass(frozen=True)
class _Piece:
    """What no line may split: glyphs, with the room before it and how much that room may give and take."""

    glyphs: tuple[Glyph, ...]
    before: float = 0.0
    give: float = 0.0
    take: float = 0.0
    space: bool = False
    forced: bool = False
    solid: bool = False

    @property
    def width(self) -> float:
        return sum(glyph.width for glyph in self.glyphs)


@lru_cache(maxsize=65_536)
def is_wide(character: str) -> bool:
    """Whether a character takes a full Han square in running Chinese."""
    return character in _QUOTES or unicodedata.east_asian_width(character) in "WF"


def glyphs_of(spans: Sequence[Span], style: Style) -> tuple[Glyph, ...]:
    """Dress every character in a face; the Han of a value take one face throughout.

    Raises:
        Problem: letters.missing_glyph or letters.hidden_character, naming the character.
    """
    found: list[Glyph] = []
    known = _known(style)
    for number, span in enumerate(spans, 1):
        text = _plain(span.text)
        faces = _value_faces(text, style) if span.value else ()
        value = number if span.value and len(text) <= _SOLID else 0
        for character in text:
            if character == "\n":
                found.append(Glyph("\n", style.han[0], 0.0))
                continue
            whole = faces if faces and is_wide(character) else ()
            dressed = known.get((character, whole))
            if dressed is None:
                name = choose(character, whole or _chain(character, style))
                dressed = Glyph(character, name, face(name).width(ord(character)) * style.size / 1000)
                known[character, whole] = dressed
            found.append(Glyph(character, dressed.face, dressed.width, value=value) if value else dressed)
    return tuple(found)


@lru_cache(maxsize=32)
def _known(style: Style) -> dict[tuple[str, tuple[FaceName, ...]], Glyph]:
    """What characters were dressed in before, in a style: letters share nearly all of theirs."""
    del style
    return {}


def _plain(text: str) -> str:
    """Every kind of line end as one, every kind of plain space as one."""
    return "\n".join(text.splitlines()).replace("\t", " ").replace("\xa0", " ")


def _value_faces(text: str, style: Style) -> tuple[FaceName, ...]:
    """The one face that draws all Han of a value; where none does, the song face and its like for all."""
    wide = "".join(character for character in text if is_wide(character))
    whole = choose_whole(wide, style.chain) if wide else None
    return (whole,) if whole else FALLBACK


def _chain(character: str, style: Style) -> tuple[FaceName, ...]:
    return style.chain if is_wide(character) else tuple(dict.fromkeys((*style.latin, *style.chain)))


def widest_word(spans: Sequence[Span], style: Style) -> float:
    """The width of the widest thing that no line may split, in points."""
    clusters = _clusters(_squeeze(glyphs_of(spans, style), style.size))
    return max((sum(glyph.width for glyph in cluster) for cluster in clusters), default=0.0)


def break_lines(
    spans: Sequence[Span], style: Style, measure: float, indent: float = 0.0, *, ragged: bool = False
) -> tuple[Line, ...]:
    """Set text into lines of at most `measure` points, the first one indented; all but the last justified,
    unless `ragged`.
    """
    return _break_lines(tuple(spans), style, measure, indent, ragged)


@lru_cache(maxsize=2048)
def _break_lines(
    spans: tuple[Span, ...], style: Style, measure: float, indent: float, ragged: bool
) -> tuple[Line, ...]:
    """Letters of a batch share their fixed paragraphs, so what was set once is kept."""
    lines: list[Line] = []
    pieces = list(_pieces(glyphs_of(spans, style), style, measure))
    start = 0
    while start < len(pieces):
        room = measure - (0.0 if lines else indent)
        end, forced = _fit(pieces, start, room)
        last = forced or end >= len(pieces)
        shift = 0.0 if lines else indent
        lines.append(_set(pieces[start:end], room, style.size, last=last or ragged, shift=shift))
        start = end
        while start < len(pieces) and pieces[start].space and not forced:
            start += 1
    return tuple(lines) or (Line((), 0.0, last=True),)


def _pieces(glyphs: Sequence[Glyph], style: Style, measure: float) -> Iterator[_Piece]:
    """Cut the text where a line may end."""
    em = style.size
    previous: Glyph | None = None
    for cluster in _clusters(_squeeze(glyphs, em)):
        first = cluster[0]
        if first.character == "\n":
            yield _Piece((), forced=True)
            previous = None
            continue
        if first.character in _SPACES and len(cluster) == 1:
            yield _Piece(cluster, take=em / 3, give=em / 20, space=True)
            previous = None
            continue
        before = give = 0.0
        if previous is not None and _meets(previous.character, first.character):
            before, give = em / 4, em / 8
        if sum(glyph.width for glyph in cluster) <= measure:
            solid = previous is not None and 0 < previous.value == first.value
            yield _Piece(cluster, before, give, before, solid=solid)
        else:
            for n, part in enumerate(_cut(cluster, measure)):
                yield _Piece(part, before if n == 0 else 0.0)
        previous = cluster[-1]


def _cut(cluster: Sequence[Glyph], measure: float) -> Iterator[tuple[Glyph, ...]]:
    """Cut what is wider than a line, but leave no mark where it may not stand; marks alone, anywhere."""
    part: list[Glyph] = []
    for glyph in cluster:
        held = bool(part) and (glyph.character in NO_START or part[-1].character in NO_END)
        if part and not (held and sum(each.width for each in (*part, glyph)) <= measure):
            yield tuple(part)
            part = []
        part.append(glyph)
    yield tuple(part)


def _clusters(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, ...]]:
    """Group what stays together: a word of Latin and digits, a mark with the character it may not leave."""
    joins = _joins([glyph.character for glyph in glyphs])
    group: list[Glyph] = []
    for glyph, joined in zip(glyphs, joins, strict=True):
        if group and not joined:
            yield tuple(group)
            group = []
        group.append(glyph)
    if group:
        yield tuple(group)


def _joins(characters: Sequence[str]) -> list[bool]:
    """For each character, whether it may not leave the one before; a space between follows its neighbours."""
    joins = [False] * len(characters)
    solid = [n for n, character in enumerate(characters) if character not in _SPACES]
    for before, here in pairwise(solid):
        left, right = characters[before], characters[here]
        if "\n" in {left, right}:
            continue
        marked = right in NO_START or left in NO_END
        if marked or (here == before + 1 and _together(left, right)):
            joins[before + 1 : here + 1] = [True] * (here - before)
    return joins


def _together(left: str, right: str) -> bool:
    """Whether two neighbours stay on one line for a reason other than 避头尾."""
    return right in _TRAILING or (not is_wide(left) and not is_wide(right))


def _meets(left: str, right: str) -> bool:
    """Whether Han meets a Latin letter or digit, where a quarter em belongs."""
    return (_is_han(left) and _is_latin(right)) or (_is_latin(left) and _is_han(right))


def _is_han(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W" and unicodedata.category(character) == "Lo"


def _is_latin(character: str) -> bool:
    return not is_wide(character) and character.isalnum()


def _squeeze(glyphs: Sequence[Glyph], em: float) -> tuple[Glyph, ...]:
    """Let two full-width marks side by side share their blank halves."""
    done = list(glyphs)
    for n, (left, right) in enumerate(pairwise(glyphs)):
        if left.character in _HALF_RIGHT and right.character in _HALF_RIGHT | _HALF_LEFT:
            if done[n].width > em * 0.9:
                done[n] = replace(done[n], width=left.width - em / 2)
        elif left.character in _HALF_LEFT and right.character in _HALF_LEFT and right.width > em * 0.9:
            done[n + 1] = replace(right, width=right.width - em / 2, shift=-em / 2)
    return tuple(done)


def _fit(pieces: Sequence[_Piece], start: int, room: float) -> tuple[int, bool]:
    """Where the line that begins at `start` ends, and whether the text forces it to."""
    width = give = 0.0
    best = start
    for n in range(start, len(pieces)):
        piece = pieces[n]
        if piece.forced:
            return n + 1, True
        width += piece.width + (piece.before if n > start else 0.0)
        give += piece.give if n > start else 0.0
        hang = _hang(piece)
        if width - hang - give > room + 0.01:
            return max(best, start + 1), False
        if not piece.space or width <= room:
            best = n + 1
    return len(pieces), False


def _hang(piece: _Piece) -> float:
    """The blank half of a closing mark, which a line's end may drop."""
    if piece.glyphs and piece.glyphs[-1].character in _HALF_RIGHT:
        last = piece.glyphs[-1]
        return last.width / 2 if last.width > 0 else 0.0
    return 0.0


def _set(pieces: Sequence[_Piece], room: float, em: float, *, last: bool, shift: float) -> Line:
    """Give each glyph its x."""
    kept = [piece for piece in pieces if not piece.forced]
    while kept and kept[-1].space:
        kept.pop()
    natural = sum(p.width + (p.before if n else 0.0) for n, p in enumerate(kept))
    spare = room - natural
    if kept and spare < 0:
        spare += min(_hang(kept[-1]), -spare)
    widths = _spread(kept, spare, em, last=last)
    x, placed = shift, []
    for n, piece in enumerate(kept):
        x += (piece.before if n else 0.0) + (widths[n] if n else 0.0)
        for m, glyph in enumerate(piece.glyphs):
            if m and _parts(piece.glyphs[m - 1].character, glyph.character):
                x += widths[-1]
            placed.append((x + glyph.shift, glyph))
            x += glyph.width
    return Line(tuple(placed), x - shift, last)


def _spread(pieces: Sequence[_Piece], spare: float, em: float, *, last: bool) -> list[float]:
    """Extra room before each piece, and, as the last number, between wide glyphs inside a piece."""
    count = len(pieces)
    extra = [0.0] * (count + 1)
    soft = [(p.give if spare < 0 else p.take) if n else 0.0 for n, p in enumerate(pieces)]
    open_gaps = [n for n, piece in enumerate(pieces) if n and not piece.solid]
    inner = sum(1 for p in pieces for a, b in pairwise(p.glyphs) if _parts(a.character, b.character))
    gaps, total = len(open_gaps) + inner, sum(soft)
    loose = _LOOSE if any(is_wide(glyph.character) for p in pieces for glyph in p.glyphs) else _LOOSE_LATIN
    if count == 0 or (spare >= 0 and (last or spare > total + gaps * loose * em)):
        return extra
    if total > 0:
        part = max(-1.0, min(1.0, spare / total))
        extra = [amount * part for amount in (*soft, 0.0)]
        spare -= total * part
    if gaps > 0 and spare > 0:
        for n in (*open_gaps, count):
            extra[n] += spare / gaps
    return extra


def _parts(left: str, right: str) -> bool:
    """Whether a straight margin may open a gap between two characters that stay on one line."""
    return is_wide(left) and is_wide(right) and not (left in _PAIRED and right in _PAIRED)
