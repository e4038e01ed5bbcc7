"""Reading the members of a signed document one by one, each with its shape and its cap.

Rules: a missing member, a wrong type, a value over its cap and (on `finish`) a member nobody asked for raise
`wire.bad_field` with the path, never the value.
"""

from collections.abc import Collection, Mapping
from typing import NoReturn

from xincai import clock
from xincai.errors import Problem
from xincai.wire.canonical import MAX_INTEGER, Json
from xincai.wire.digest import is_digest

MAX_ITEMS = 100_000


class Fields:
    """The members of one JSON object, with the place where it stands."""

    def __init__(self, value: Json, path: str = "$") -> None:
        self._path = path
        if not isinstance(value, dict):
            self._bad("")
        self._members: Mapping[str, Json] = value
        self._read: set[str] = set()

    def text(self, name: str, limit: int = 200) -> str:
        value = self._take(name)
        if not isinstance(value, str) or len(value) > limit:
            self._bad(name)
        return value

    def optional_text(self, name: str, limit: int = 200) -> str | None:
        return None if self._take(name) is None else self.text(name, limit)

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            self._bad(name)
        return value

    def added_text(self, name: str, limit: int = 200) -> str:
        """A member that older documents lack: "" then, and never empty when it is there."""
        if name not in self._members:
            return ""
        return self.text(name, limit) or self._bad(name)

    def digest(self, name: str) -> str:
        value = self.text(name, 64)
        if not is_digest(value):
            self._bad(name)
        return value

    def optional_digest(self, name: str) -> str | None:
        return None if self._take(name) is None else self.digest(name)

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
        return Fields(self._take(name), f"{self._path}.{name}")

    def objects(self, name: str, limit: int = MAX_ITEMS) -> "list[Fields]":
        value = self._take(name)
        if not isinstance(value, list) or len(value) > limit:
            self._bad(name)
        return [Fields(item, f"{self._path}.{name}[{index}]") for index, item in enumerate(value)]

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
        for name in sorted(self._members.keys() - self._read):
            self._bad(name)

    def _take(self, name: str) -> Json:
        if name not in self._members:
            self._bad(name)
        self._read.add(name)
        return self._members[name]

    def _bad(self, name: str) -> NoReturn:
        raise Problem("wire.bad_field", path=f"{self._path}.{name}"[:200])
