"""The scrub: the bytes of all attachments proven in turn, as file systems do it, behind the work.

Rules: a chunk at a time, so that others can work between; over days if need be, since a vault may hold 50 GB
and a computer is on for an hour. What is found is held as the history's is.
"""

import contextlib
import datetime
from collections.abc import Iterator
from typing import Final

from xincai import clock
from xincai.errors import Problem
from xincai.vault.blobs import Blobs
from xincai.vault.history import History
from xincai.vault.proof import Cancelled, Step
from xincai.vault.settings import Settings, set_value

_TO: Final = "scrubbed-to"
_ON: Final = "scrubbed-on"
_DUE: Final = datetime.timedelta(days=30)
_DAMAGED: Final = "vault.attachment_damaged"
_GONE: Final = frozenset({"vault.erased", "vault.no_attachment"})
_STRETCH: Final = 64 * 1024 * 1024
"""After so many bytes it is written down how far it has come."""


class Scrub(Settings, Blobs, History):
    """The scrub."""

    def scrub(self, step: Step, cancelled: Cancelled, *, due: bool = False) -> bool:
        """Prove the bytes of all attachments; steps count bytes; whether it came to its end.

        With `due` it goes on where it was stopped last, and there is nothing to do within 30 days of having
        come to the end.
        """
        if self.doubt() is not None or (due and self._scrubbed_lately()):
            return True
        blob_id = int(self.setting(_TO) or 0) if due else 0
        with self._database.reading() as cursor:
            query = "SELECT coalesce(sum(size), 0) AS n FROM blobs WHERE blob_id > ?"
            total = cursor.one(query, blob_id).whole("n")
        done = written = 0
        damaged: list[str] = []
        while found := self._next(blob_id):
            blob_id, sm3 = found
            for size in self._proven(sm3, damaged):
                if cancelled():
                    self.hold_for(tuple(damaged))
                    return False
                done += size
                step(min(done, total), total)
            if done - written >= _STRETCH:
                written = done
                self._write_down({_TO: str(blob_id)})
        self._write_down({_TO: None, _ON: clock.stamp(clock.now())})
        self.hold_for(tuple(damaged))
        return True

    def _scrubbed_lately(self) -> bool:
        now, on = clock.now(), self.setting(_ON)
        return on is not None and clock.stamp(now - _DUE) < on <= clock.stamp(now)

    def _next(self, blob_id: int) -> tuple[int, str] | None:
        query = "SELECT blob_id, sm3 FROM blobs WHERE blob_id > ? ORDER BY blob_id LIMIT 1"
        with self._database.reading() as cursor:
            row = cursor.first(query, blob_id)
        return (row.whole("blob_id"), row.text("sm3")) if row else None

    def _proven(self, sm3: str, damaged: list[str]) -> Iterator[int]:
        """The sizes of an attachment's chunks as they are read; its place is added when they prove wrong."""
        try:
            yield from map(len, self.attachment_reader(sm3))
        except Problem as problem:
            if problem.code not in _GONE | {_DAMAGED}:
                raise
            if problem.code == _DAMAGED and self._is_damaged(sm3):
                damaged.append(f"attachments {sm3[:8]}")

    def _is_damaged(self, sm3: str) -> bool:
        """Look once more with nobody else at work, who may just have swept or erased it."""
        with self._database.reading():
            try:
                for _ in self.attachment_reader(sm3):
                    pass
            except Problem as problem:
                if problem.code not in _GONE | {_DAMAGED}:
                    raise
                return problem.code == _DAMAGED
        return False

    def _write_down(self, values: dict[str, str | None]) -> None:
        if self._database.writable:  # where that fails, the next scrub begins earlier
            with contextlib.suppress(Problem), self._database.writing() as cursor:
                for key, value in values.items():
                    set_value(cursor, key, value)
