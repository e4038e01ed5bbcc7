"""Reading the members of a signed document one by one, each with its shape and its cap.

Rules: a missing member, a wrong type, a value over its cap, a NUL, which no database takes, and (on `finish`)
a member nobody asked for raise `wire.bad_field` with the path, never the value.
"""

from collections.abc import Collection
from typing import NoReturn

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import MAX_INTEGER, Json
from xincai.wire.digest import is_digest

MAX_ITEMS = 100_000


class Fields:
    """The members of one JSON object, with the place where it stands."""

    __slots__ = ("_left", "_place", "_within")

    def __init__(self, value: Json, place: str | int = "$", within: "Fields | None" = None) -> None:
        self._place = place
        self._within = within
        if not isinstance(value, dict):
            self._bad("")
        self._left: dict[str, Json] = value.copy()

    def text(self, name: str, limit: int = 200) -> str:
        return self._text(name, self._take(name), limit)

    def optional_text(self, name: str, limit: int = 200) -> str | None:
        value = self._take(name)
        return None if value is None else self._text(name, value, limit)

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            self._bad(name)
        return value

    def added_text(self, name: str, limit: int = 200) -> str:
        """A member that older documents lack: "" then, and never empty when it is there."""
        if name not in self._left:
            return ""
        return self.text(name, limit) or self._bad(name)

    def digest(self, name: str) -> str:
        return self._digest(name, self._take(name))

    def optional_digest(self, name: str) -> str | None:
        value = self._take(name)
        return None if value is None else self._digest(name, value)

    def stamp(self, name: str) -> str:
        value = self.text(name, 20)
        try:
            clock.parse_stamp(value)
        except ValueError:
            self._bad(name)
        return value

    def integer(self, name: str, low: int = 0, high: int = MAX_INTEGER) -> int:
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._bad(name)
        return value

    def truth(self, name: str) -> bool:
        value = self._take(name)
        if not isinstance(value, bool):
            self._bad(name)
        return value

    def object(self, name: str) -> "Fields":
        return Fields(self._take(name), name, self)

    def objects(self, name: str, limit: int = MAX_ITEMS) -> "list[Fields]":
        value = self._take(name)
        if not isinstance(value, list) or len(value) > limit:
            self._bad(name)
        if not value:
            return []
        items = Fields({}, name, self)
        return [Fields(item, index, items) for index, item in enumerate(value)]

    def texts(self, name: str, limit: int = MAX_ITEMS, length: int = 200) -> list[str]:
        """Short texts."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > limit:
            self._bad(name)
        found = [item for item in value if isinstance(item, str) and len(item) <= length]
        if len(found) != len(value):
            self._bad(name)
        return found

    def integers(self, name: str, limit: int = MAX_ITEMS) -> list[int]:
        """Whole numbers from 0 on."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > limit:
            self._bad(name)
        found = [item for item in value if isinstance(item, int) and not isinstance(item, bool) and item >= 0]
        if len(found) != len(value):
            self._bad(name)
        return found

    def finish(self) -> None:
        """Refuse members that nobody asked for."""
        if self._left:
            self._bad(min(self._left))

    def _take(self, name: str) -> Json:
        try:
            return self._left.pop(name)
        except KeyError:
            self._bad(name)

    def _text(self, name: str, value: Json, limit: int) -> str:
        if not isinstance(value, str) or len(value) > limit or "\0" in value:
            self._bad(name)
        return value

    def _digest(self, name: str, value: Json) -> str:
        if not isinstance(value, str) or not is_digest(value):
            self._bad(name)
        return value

    def _bad(self, name: str) -> NoReturn:
        raise Problem("wire.bad_field", path=f"{self.path}.{name}"[:200])

    @property
    def path(self) -> str:
        if self._within is None:
            return str(self._place)
        joined = f"[{self._place}]" if isinstance(self._place, int) else f".{self._place}"
        return self._within.path + joined
