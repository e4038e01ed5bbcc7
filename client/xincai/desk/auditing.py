"""What happened here and whether that is the truth; and looking at what is masked.

Rules: an event tells ids, counts and digests, never an answer. Whoever looks at a masked answer, or at a file
of a record that is no plain answer, says why, and that is written down before it is shown; where nothing can
be written, nothing is shown. The export is the chain as it stands: a table to read, and lines whose digests
anybody can work out again, signed.
"""

import base64
import csv
import datetime
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from xincai import clock
from xincai.desk import dossier
from xincai.desk.filling import form_language
from xincai.desk.part import Part
from xincai.desk.views import EventCard, EventFilter, HistoryState, Proving
from xincai.errors import Problem
from xincai.records import delicate_paths
from xincai.vault import Event, RecordKey
from xincai.wire.digest import sm3
from xincai.wire.suites import PrivateKey
from xincai.xforms import Session

REASONS: Final = ("verify", "correct", "print", "dispute", "other")
FORMAT: Final = "xincai-events-1"
_PIECE: Final = 500
_HANDFUL: Final = 50
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_SILENT: Final = frozenset({"table", "row", "digest", "person", "hands", "note", "name"})
_NAME: Final = "xincai-events"


class Auditing(Part):
    """The part of the desk that looks on."""

    _verified_at: datetime.datetime | None = None

    # --- is it the truth
    def history_state(self) -> HistoryState:
        """Whether anything does not add up, which holds the vault until somebody decides."""
        doubt = self._vault.doubt()
        missing = self._vault.head_was_missing
        if doubt is not None:
            return HistoryState(doubt.code, doubt.first, missing)
        return HistoryState(head_missing=missing, verified_at=self._verified_at)

    def verify_history(
        self,
        progress: Callable[[tuple[Proving, int, int]], None],
        cancelled: Callable[[], bool],
        *,
        due: bool = False,
    ) -> HistoryState:
        """Rear lane: prove the whole history and then all attachments, beside the work; may be cancelled.

        With `due` attachments are proven only as far as it is time to.
        """
        vault = self._vault
        whole = vault.verify_history(
            lambda done, total: progress(("history", done, total)), cancelled
        ) and vault.scrub(lambda done, total: progress(("attachments", done, total)), cancelled, due=due)
        if whole:
            self._verified_at = clock.now()
        return self.history_state()

    def accept_history(self, note: str = "") -> None:
        """Go on with the vault as it is."""
        self._vault.accept_history(note)

    def enclose_old(self, cancelled: Callable[[], bool]) -> int:
        """Rear lane: see to records sealed before answers of level L4 were enclosed; how many.

        A record whose form is not kept stays as it is for good; one whose form cannot be read today is left
        for another day.
        """
        vault, done, left = self._vault, 0, set[RecordKey]()
        while not vault.read_only and vault.doubt() is None:
            unseen = [each for each in vault.unseen_records(_HANDFUL + len(left)) if each[0] not in left]
            if not unseen:
                break
            for key, form_sm3 in unseen:
                if cancelled():
                    return done
                try:
                    paths = delicate_paths(self._form(form_sm3))
                except Problem as problem:
                    if problem.code != "vault.no_form":
                        left.add(key)
                        continue
                    paths = frozenset()
                vault.enclose(key, paths)
                done += 1
        return done

    # --- what happened
    def events_page(self, chosen: EventFilter, *, limit: int = 100, offset: int = 0) -> tuple[EventCard, ...]:
        """Events that the filter lets through, the last first."""
        found = self._vault.find_events(chosen.kind, chosen.since, chosen.until, limit, offset)
        return tuple(map(self._card, found))

    def count_events(self, chosen: EventFilter) -> int:
        return self._vault.count_events(chosen.kind, chosen.since, chosen.until)

    def event_kinds(self) -> tuple[str, ...]:
        """The kinds of event that there are."""
        return self._vault.event_kinds()

    def export_events(
        self, folder: Path, chosen: EventFilter, heads: tuple[str, ...], words: Mapping[str, str]
    ) -> tuple[Path, Path]:
        """Write the events as a table (CSV, UTF-8 with BOM) and as signed JSON lines; both paths.

        `heads` are the six columns' names; `words` what kinds and, after a dot, facts are called.
        """
        vault = self._vault
        if vault.doubt() is None and not vault.read_only:
            vault.add_event("events_exported", count=self.count_events(chosen))
        table, lines = io.StringIO(newline=""), [self._heading(chosen)]
        writer = csv.writer(table)
        writer.writerow(heads)
        for event in self._all(chosen):
            card = self._card(event)
            facts = "；".join(f"{words.get(f'.{name}', name)} {value}" for name, value in card.facts)
            cells = (
                words.get(event.kind, event.kind),
                "；".join(filter(None, (facts, card.note))),
                card.person,
            )
            writer.writerow([event.seq, event.at.isoformat(), *map(_safe, cells), event.sm3])
            lines.append(_line(_told(event)))
        body = "".join(lines).encode()
        stem = f"{_NAME}-{clock.now():%Y%m%d-%H%M%S}"
        files = (folder / f"{stem}.csv", folder / f"{stem}.jsonl")
        try:
            files[0].write_bytes(b"\xef\xbb\xbf" + table.getvalue().encode())
            files[1].write_bytes(body + _line(self._signature(body)).encode())
        except OSError as error:
            raise Problem("desk.cannot_write", reason=error.strerror or "") from error
        return files

    # --- what is masked
    def reveal(self, record_id: str, version: int, ref: str, reason: str, note: str = "") -> str:
        """An answer of level L3 or L4, once it is written down who looked and why."""
        value = dossier.full(self._read(record_id, version), ref)
        self._tell_look(record_id, version, reason, note, ref=ref)
        return value

    def record_image(
        self, record_id: str, version: int, name: str, reason: str = "", note: str = ""
    ) -> bytes:
        """The bytes of a file that a record holds; who looks says why, unless it answers a plain question."""
        record = self._vault.record(record_id, version)
        digest = next((item.sm3 for item in record.attachments if item.name == name), None)
        if digest is None:
            raise Problem("vault.no_attachment")
        data = self._vault.attachment(digest)
        if name not in dossier.plain_files(self._read(record_id, version)):
            self._tell_look(record_id, version, reason, note, file=name)
        return data

    # --- handing over
    def hand_over(self, draft_id: str) -> None:
        """The subject fills alone from now on."""
        self._vault.add_event("handed_over", draft=draft_id)

    def take_back(self, secret: str) -> None:
        """Back to whoever opened the vault; raises Problem for a wrong passphrase."""
        if not self._vault.is_mine(secret):
            raise Problem("desk.not_taken_back")
        if self._vault.doubt() is None and not self._vault.read_only:
            self._vault.add_event("taken_back")

    # --- within
    def _read(self, record_id: str, version: int) -> Session:
        """A record as it was filled, in the language that is worn."""
        record = self._vault.record(record_id, version)
        form = self._form(record.form_sm3)
        speak = form_language(form, self.preferences().language)
        return Session.resume(
            form, record.submission, now=lambda: record.sealed_at, language=speak, opened=False
        )

    def _tell_look(self, record_id: str, version: int, reason: str, note: str, **what: str) -> None:
        """Write down who looks at something masked, and why; raises Problem, and then nothing is shown."""
        if reason not in REASONS or (reason == "other" and not note.strip()):
            raise Problem("desk.no_reason")
        words = {"note": note.strip()[:200]} if note.strip() else {}
        self._vault.add_event("revealed", record=record_id, version=version, reason=reason, **what, **words)

    def _all(self, chosen: EventFilter) -> "list[Event]":
        found: list[Event] = []
        while True:
            after = found[-1].seq if found else 0
            piece = self._vault.find_events(chosen.kind, chosen.since, chosen.until, _PIECE, after=after)
            found += piece
            if len(piece) < _PIECE:
                return found

    def _card(self, event: Event) -> EventCard:
        told = tuple((name, _short(value)) for name, value in event.facts.items() if name not in _SILENT)
        person = self._vault.person_name(str(event.facts.get("person", "")))
        note = str(event.facts.get("note", ""))
        return EventCard(event.seq, event.at, event.kind, told, note, person, event.sm3)

    def _heading(self, chosen: EventFilter) -> str:
        return _line(
            {
                "format": FORMAT,
                "vault": self._vault.vault_id,
                "made": clock.stamp(clock.now()),
                "kind": chosen.kind,
                "head": self._vault.audit_head(),
            }
        )

    def _signature(self, body: bytes) -> dict[str, object]:
        """The last line: the digest of all before it and, once this device is enrolled, its signature."""
        device = self._vault.device()
        if device is None:
            return {"sm3": sm3(body), "signature": None}
        key = PrivateKey.load(device.suite, device.private_key)
        return {
            "sm3": sm3(body),
            "suite": key.suite,
            "signer": key.public.key_id,
            "public_key": key.public.pem,
            "signature": base64.b64encode(key.sign(body)).decode(),
        }


def _told(event: Event) -> dict[str, object]:
    """An event as its digest was made from: [number, at, kind, facts, prev] as JSON without spaces."""
    return {
        "seq": event.seq,
        "at": clock.stamp(event.at),
        "kind": event.kind,
        "facts": dict(event.facts),
        "prev": event.prev,
        "sm3": event.sm3,
    }


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _short(value: str | int) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
