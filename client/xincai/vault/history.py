"""Whether the history is the one made here: looked at when a vault is opened, proven behind the work.

Rules: what does not add up is written into the history itself, and from then on nothing else is written
until a person decides: what is there may be read and exported, nothing is lost. The finding stands in the
vault, so that closing and opening does not make it go away; `head.json` stays as it was meanwhile. Going on
with what is there is a decision, and an event. Places that were decided about are not brought up again.
"""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xincai.errors import Problem
from xincai.vault import head as heads
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.events import Facts, add_event
from xincai.vault.head import Head
from xincai.vault.proof import Cancelled, Proof, Step, latest_broken
from xincai.vault.settings import set_value

HOLD: Final = "history-hold"
DOUBTED: Final = "history_doubt"
ACCEPTED: Final = "history_accepted"
MISSING: Final = "head_missing"
_MOST: Final = 20


@dataclass(frozen=True)
class Doubt:
    """What does not add up: a Problem's code, and the places in the vault."""

    code: str
    places: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[str, ...]:
        """As many of the places as a person reads."""
        return self.places[:_MOST]


class History:
    """The looking and the deciding."""

    folder: Path
    vault_id: str
    _database: Database
    _doubt: Doubt | None = None
    _key: bytes | None = None
    _turn = 0
    _tip: tuple[int, str] | None = None
    head_was_missing = False
    """Whether `head.json` was gone at this opening; it has been written anew, and an event tells it."""

    def doubt(self) -> Doubt | None:
        """Why nothing is written at present; None when all is well."""
        return self._doubt

    def suspect(self, code: str, places: tuple[str, ...] = ()) -> None:
        """Hold everything until a person decides; the first finding stays."""
        with self._database.reading():
            if self._doubt is not None:
                return
            self._doubt = Doubt(code, places)
            if not self._database.read_only:
                with contextlib.suppress(Problem), self._database.writing() as cursor:
                    told = ", ".join(self._doubt.first)
                    facts: Facts = {"code": code, "places": told, "count": len(places)}
                    add_event(cursor, self.vault_id, DOUBTED, facts)
                    set_value(cursor, HOLD, json.dumps([code, list(places)]))
            self._database.held = self._refusal()

    def accept_history(self, note: str = "") -> None:
        """Go on with what is there: a person's decision about every place found, which the history tells
        from now on.
        """
        with self._database.reading():
            doubt = self._doubt
            if doubt is None:
                return
            with self._database.in_spite_of_doubt(), self._database.writing() as cursor:
                facts = {"code": doubt.code, "places": ", ".join(doubt.places), "note": note}
                add_event(
                    cursor, self.vault_id, ACCEPTED, {name: text for name, text in facts.items() if text}
                )
                set_value(cursor, HOLD, None)
            self._doubt, self._database.held = None, None
            self._begin()  # also where this copy is from before there was a key

    def verify_chain(self) -> str:
        """Prove every event and every fact; the head, or Problem("vault.history_broken") with the place."""
        with self._database.reading():
            proof = Proof(self._database, self.vault_id)
            proof.run(lambda _done, _total: None, lambda: False)
        if proof.places:
            raise Problem("vault.history_broken", place=proof.places[0])
        return proof.head

    def verify_history(self, step: Step, cancelled: Cancelled) -> bool:
        """The same a piece at a time, beside the work; what is found is held. Whether it came to its end."""
        if self._doubt is not None:
            return True
        proof = Proof(self._database, self.vault_id)
        if not proof.run(step, cancelled):
            return False
        if proof.places:  # once more with nobody else at work, before anything is said
            with self._database.reading():
                proof = Proof(self._database, self.vault_id)
                if not proof.run(step, cancelled):
                    return False
                self.hold_for(tuple(proof.places))
        return True

    def hold_for(self, places: tuple[str, ...]) -> None:
        """Suspect the history for places that do not add up, those apart that a person has decided about."""
        decided = self._decided()
        open_ones = tuple(place for place in places if place not in decided)
        if open_ones:
            self.suspect("vault.history_broken", open_ones)

    def _watch(self) -> None:
        """At opening: look at the latest events and at `head.json`, and keep that from now on."""
        with self._database.reading() as cursor:
            kept = cursor.first("SELECT value FROM settings WHERE key = ?", HOLD)
            self._key = heads.key_of(cursor)
            place = latest_broken(cursor, self.vault_id)
            found = self._behind(cursor)
            if kept is not None:
                code, places = json.loads(kept.text("value"))
                self._doubt = Doubt(code, tuple(places))
                self._database.held = self._refusal()
            elif place and place not in self._decided():
                self.hold_for((place,))
            elif found:
                self.suspect(found)
            if self._database.read_only:
                return
            if self._doubt is None:
                self._begin()
            self._database.told = self._carry_head

    def _behind(self, cursor: Cursor) -> str:
        """Why `head.json` and the vault do not fit together, as a Problem's code; "" when they do."""
        if self._key is None:  # from before there was such a file, unless it is there all the same
            return "vault.rolled_back" if (self.folder / heads.NAME).exists() else ""
        try:
            told = heads.read(self.folder, self.vault_id, self._key)
        except Problem as problem:
            if problem.code == "vault.head_altered":
                return problem.code
            told = None  # it cannot be read: no reason to keep anybody out, but it is told like a missing one
        if told is None:
            self.head_was_missing = True
            return ""
        row = cursor.first("SELECT sm3 FROM events WHERE seq = ?", told.events)
        if row is None or row.text("sm3") != told.sm3 or self._database.ticket() < told.ticket:
            return "vault.rolled_back"
        return ""

    def _begin(self) -> None:
        """Make the key where there is none, and bring the file up to where the history is."""
        with contextlib.suppress(Problem):  # a full disk: the next opening does it
            if self._key is None or self.head_was_missing:
                with self._database.writing() as cursor:
                    key = self._key or heads.new_key(cursor)
                    if self.head_was_missing:
                        add_event(cursor, self.vault_id, MISSING, {})
                self._key = key
            with self._database.reading() as cursor:
                row = cursor.one("SELECT seq, sm3 FROM events ORDER BY seq DESC LIMIT 1")
            if self._key is not None and self._doubt is None:
                self._tip = row.whole("seq"), row.text("sm3")
                heads.write(self.folder, self.vault_id, self._key, Head(*self._tip, self._database.ticket()))

    def _carry_head(self, tip: tuple[int, str] | None, ticket: int) -> None:
        """Write down how far the file has come: also where a draft alone was saved."""
        if tip is not None:
            self._tip = tip
        if self._key is not None and self._doubt is None and self._tip is not None:
            self._turn += 1
            heads.follow(self.folder, self.vault_id, self._key, Head(*self._tip, ticket), self._turn)

    def _refusal(self) -> Problem | None:
        """What whoever would write is told while a person's decision is waited for."""
        if self._doubt is None:
            return None
        return Problem(self._doubt.code, place="、".join(self._doubt.first))

    def _decided(self) -> frozenset[str]:
        """Places that a person has decided about."""
        with self._database.reading() as cursor:
            rows = cursor.all("SELECT facts FROM events WHERE kind = ?", ACCEPTED)
        return frozenset(
            place
            for row in rows
            for place in str(json.loads(row.text("facts")).get("places", "")).split(", ")
        )
