"""JSON whose bytes can be signed: the RFC 8785 subset in which sorted compact `json.dumps` is canonical.

Rules for signed documents: ASCII member names, no floats, integers within ±(2^53 - 1), NFC text without lone
surrogates, at most 32 levels and 8 MiB. `strict_json` refuses what Python's own reader lets pass: duplicate
names, NaN, floats, a byte order mark, endless digits, deep nesting. `read_canonical` besides refuses any
bytes that are not exactly what `canonical` would write, so one fact has one form.
"""

import contextlib
import json
import unicodedata
from typing import TypeAlias

from xincai.errors import Problem

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1


def canonical(value: Json, *, limit: int = MAX_BYTES) -> bytes:
    """The one byte form of a value; raise Problem when the value is outside the subset or the form longer
    than `limit` bytes.
    """
    _check(value)
    data = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
    _size(data, limit)
    return data


def read_canonical(data: bytes) -> Json:
    """Read signed bytes; refuse any that are not canonical: read quickly, and only where that does not give
    the same bytes again, looked for what is wrong.
    """
    _size(data, MAX_BYTES)
    with contextlib.suppress(ValueError, RecursionError, Problem):
        quick: Json = json.loads(data.decode("utf-8"))
        if canonical(quick) == data:
            return quick
    canonical(_read(data, MAX_BYTES))
    raise Problem("wire.not_canonical")


def strict_json(data: bytes, *, limit: int = MAX_BYTES) -> Json:
    """Read JSON of at most `limit` bytes, refusing everything that two readers could understand
    differently.
    """
    value = _read(data, limit)
    _check(value, signed=False)
    return value


def _read(data: bytes, limit: int) -> Json:
    _size(data, limit)
    try:
        value: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_float=_refused,
            parse_constant=_refused,
            parse_int=_integer,
        )
    except RecursionError as error:
        raise Problem("wire.too_deep", limit=MAX_DEPTH) from error
    except ValueError as error:
        raise Problem("wire.not_json") from error
    return value


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Problem("wire.duplicate_key")
    return members


def _refused(text: str) -> Json:
    raise Problem("wire.bad_number", text=text[:20])


def _integer(text: str) -> int:
    if len(text) > 17:
        raise Problem("wire.bad_number", text=text[:20])
    if text == "-0":
        raise Problem("wire.bad_number", text=text)
    return int(text)


def _size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise Problem("wire.too_large", size=len(data), limit=limit)


def _check(value: Json, *, signed: bool = True) -> None:
    """Raise Problem when a value is outside the subset: asked quickly, and only then looked for."""
    if not _fits(value):
        _find(value, 0, "$", signed=signed)


def _fits(value: Json) -> bool:
    """Whether a value is inside the subset, as far as can be told quickly: level by level."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Json] = []
        for item in level:
            if isinstance(item, str):
                if not (item.isascii() or _is_text(item)):
                    return False
            elif isinstance(item, dict):
                if not all(map(str.isascii, item)):
                    return False
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif item is not None and not (isinstance(item, int) and abs(item) <= MAX_INTEGER):
                return False
        level = below
        if not level:
            return True
    return False


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return unicodedata.is_normalized("NFC", text)


def _find(value: Json, depth: int, path: str, *, signed: bool) -> None:
    """Raise Problem with the path of the first thing that is outside the subset."""
    if depth > MAX_DEPTH:
        raise Problem("wire.too_deep", limit=MAX_DEPTH)
    if isinstance(value, str):
        _find_in_text(value, path, signed=signed)
    elif value is None or isinstance(value, int):
        if abs(value or 0) > MAX_INTEGER:
            raise Problem("wire.bad_number", text=path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _find(item, depth + 1, f"{path}[{index}]", signed=signed)
    elif isinstance(value, dict):
        for name, item in value.items():
            if signed and not name.isascii():
                raise Problem("wire.bad_field", path=path)
            _find_in_text(name, path, signed=signed)
            _find(item, depth + 1, f"{path}.{name}", signed=signed)
    else:
        raise Problem("wire.bad_field", path=path)


def _find_in_text(text: str, path: str, *, signed: bool) -> None:
    if text.isascii():
        return
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Problem("wire.bad_field", path=path)
    if signed and not unicodedata.is_normalized("NFC", text):
        raise Problem("wire.bad_field", path=path)
