"""The people of a vault: who they are, what they may do, who sealed what, and whose second look it had.

Rules: a person's rows are facts; the last one is what stands. The first person, whose id is "", is in no row
until their roles are changed, and is everything: a vault of one keeps nothing of this. There is always an
administrator who can open the vault. Roles are kept by the program, for people who use the program: whoever
opens the vault holds its data key, so roles part duties, not readers (client/decisions).

With four eyes switched on, a sealed version goes into a batch only after somebody else has approved it. Who
had a hand in filling it in, or sealed it, is not somebody else. What is given back is a correction.
"""

import json
from collections.abc import Iterable
from typing import Final, cast, get_args

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor, Row, Value
from xincai.vault.events import add_event, add_fact
from xincai.vault.header import Header
from xincai.vault.rows import PersonRole, PersonRow, RecordKey

ROLES: Final[tuple[PersonRole, ...]] = get_args(PersonRole)
FOUR_EYES: Final = "four-eyes"
MOST_WORDS: Final = 500
FIRST: Final = ""
"""The id of the person who made the vault."""


class People:
    """Persons, roles, approvals."""

    _database: Database
    _header: Header
    vault_id: str
    person: str
    """Id of who opened the vault."""

    def people(self) -> tuple[PersonRow, ...]:
        """Those who have a key, the first person first, then in the order they came."""
        with self._database.reading() as cursor:
            return _people(cursor, self._header)

    def me(self) -> PersonRow:
        """Who opened the vault, as things stand now."""
        return _one(self.people(), self.person)

    def person_name(self, person_id: str) -> str:
        """The name of anybody who ever had a key."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT name FROM people_now WHERE person_id = ?", person_id)
            return row.text("name") if row else cursor.one("SELECT name FROM identity").text("name")

    def set_roles(self, person_id: str, roles: Iterable[PersonRole]) -> None:
        """Change what somebody may do; Problem when nobody would be left to manage people."""
        with self._database.writing() as cursor:
            people = _people(cursor, self._header)
            person = _one(people, person_id)
            chosen = tuple(role for role in ROLES if role in set(roles))
            if not chosen:
                raise Problem("vault.no_role")
            others = [each for each in people if each.person_id != person_id]
            stayers = [*others, PersonRow(person_id, person.name, chosen)]
            refuse_headless(stayers, four_eyes=four_eyes(cursor))
            add_person(cursor, self.vault_id, person_id, person.name, chosen)

    def four_eyes(self) -> bool:
        """Whether records wait for a second person's approval."""
        with self._database.reading() as cursor:
            return four_eyes(cursor)

    def set_four_eyes(self, wanted: bool) -> None:
        """Switch the second look on or off; on only where there is a second person to look."""
        with self._database.writing() as cursor:
            people = _people(cursor, self._header)
            reviewers = [person for person in people if "reviewer" in person.roles]
            if wanted and (len(people) < 2 or not reviewers):
                raise Problem("vault.no_second_person")
            cursor.run("DELETE FROM settings WHERE key = ?", FOUR_EYES)
            if wanted:
                cursor.insert("settings", key=FOUR_EYES, value="1")
            add_event(cursor, self.vault_id, "four_eyes", {"on": int(wanted)})

    def to_approve(self) -> tuple[RecordKey, ...]:
        """Versions that wait for the second look of whoever opened the vault, in order of sealing."""
        query = f"{_TO_APPROVE} AND NOT {APPROVED} ORDER BY seq"
        with self._database.reading() as cursor:
            if not four_eyes(cursor):
                return ()
            rows = cursor.all(query, self.person)
        return tuple((row.text("record_id"), row.whole("version")) for row in rows)

    def approve(self, record_id: str, version: int) -> None:
        """Approve a version that somebody else sealed; again changes nothing."""
        with self._database.writing() as cursor:
            key = (record_id, version)
            _refuse_own(cursor, key, self.person)
            if cursor.first("SELECT 1 AS n FROM refusals WHERE record_id = ? AND version = ?", *key):
                raise Problem("vault.looked_at")
            if cursor.first("SELECT 1 AS n FROM approvals WHERE record_id = ? AND version = ?", *key):
                return
            values: dict[str, Value] = {
                "record_id": record_id,
                "version": version,
                "person_id": self.person,
                "at": clock.stamp(clock.now()),
            }
            add_fact(
                cursor, self.vault_id, "approved", "approvals", values, record=record_id, version=version
            )

    def refuse(self, record_id: str, version: int, reason: str) -> None:
        """Give a version that somebody else sealed back to be corrected, with the reason.

        Raises Problem `vault.own_record`, `vault.no_refusal_reason`, or `vault.looked_at` when it was
        approved, given back or put into a batch already.
        """
        if not reason.strip():
            raise Problem("vault.no_refusal_reason")
        with self._database.writing() as cursor:
            key = (record_id, version)
            _refuse_own(cursor, key, self.person)
            stands = cursor.first(
                "SELECT status FROM record_states WHERE record_id = ? AND version = ?", *key
            )
            approved = cursor.first("SELECT 1 AS n FROM approvals WHERE record_id = ? AND version = ?", *key)
            if approved is not None or stands is None or stands.text("status") != "sealed":
                raise Problem("vault.looked_at")
            values: dict[str, Value] = {
                "record_id": record_id,
                "version": version,
                "person_id": self.person,
                "reason": reason.strip()[:MOST_WORDS],
                "at": clock.stamp(clock.now()),
            }
            add_fact(cursor, self.vault_id, "refused", "refusals", values, record=record_id, version=version)


APPROVED: Final = (
    "EXISTS (SELECT 1 FROM approvals WHERE approvals.record_id = record_list.record_id"
    " AND approvals.version = record_list.version)"
)
"""Whether the version of a row of `record_list` is approved."""
_TO_APPROVE: Final = """
SELECT record_id, version FROM record_list JOIN record_states USING (record_id, version)
WHERE status = 'sealed'
  AND coalesce((SELECT person_id FROM sealers WHERE sealers.record_id = record_list.record_id
                AND sealers.version = record_list.version), '') <> ?1
  AND NOT EXISTS (SELECT 1 FROM hands WHERE hands.record_id = record_list.record_id
                  AND hands.version = record_list.version AND hands.person_id = ?1)
"""


def four_eyes(cursor: Cursor) -> bool:
    return cursor.first("SELECT 1 AS n FROM settings WHERE key = ?", FOUR_EYES) is not None


def is_approved(cursor: Cursor, record_id: str, version: int) -> bool:
    """Whether a version may go into a batch."""
    query = "SELECT 1 AS n FROM approvals WHERE record_id = ? AND version = ?"
    return not four_eyes(cursor) or cursor.first(query, record_id, version) is not None


def sealer(cursor: Cursor, record_id: str, version: int) -> str:
    """Who sealed a version."""
    query = "SELECT person_id FROM sealers WHERE record_id = ? AND version = ?"
    row = cursor.first(query, record_id, version)
    return row.text("person_id") if row else FIRST


def note_hands(cursor: Cursor, key: RecordKey, hands: Iterable[str]) -> None:
    """Write down whose hands a version went through before it was sealed, those of its sealer apart."""
    for person_id in hands:
        cursor.run("INSERT INTO hands (record_id, version, person_id) VALUES (?, ?, ?)", *key, person_id)


def _refuse_own(cursor: Cursor, key: RecordKey, person: str) -> None:
    """Problem when there is no such version, or this person filled it in or sealed it."""
    if cursor.first("SELECT 1 AS n FROM records WHERE record_id = ? AND version = ?", *key) is None:
        raise Problem("vault.no_record")
    query = "SELECT 1 AS n FROM hands WHERE record_id = ? AND version = ? AND person_id = ?"
    if sealer(cursor, *key) == person or cursor.first(query, *key, person) is not None:
        raise Problem("vault.own_record")


def note_sealer(cursor: Cursor, vault_id: str, record_id: str, version: int) -> None:
    """Write down who seals, inside the transaction of the seal; of the first person nothing is written."""
    if cursor.actor != FIRST:
        values: dict[str, Value] = {"record_id": record_id, "version": version, "person_id": cursor.actor}
        add_fact(cursor, vault_id, "sealer", "sealers", values, record=record_id, version=version)


def add_person(  # noqa: PLR0917 - a row
    cursor: Cursor,
    vault_id: str,
    person_id: str,
    name: str,
    roles: Iterable[PersonRole],
    active: bool = True,
) -> None:
    """Write down how somebody stands from now on."""
    values: dict[str, Value] = {
        "person_id": person_id,
        "name": name,
        "roles": json.dumps(list(roles)),
        "active": int(active),
        "at": clock.stamp(clock.now()),
        "by_person": cursor.actor,
    }
    add_fact(cursor, vault_id, "people", "people", values, whom=person_id, active=int(active))


def refuse_headless(people: Iterable[PersonRow], *, four_eyes: bool) -> None:
    """Problem when nobody would be left to manage people, or to look a second time where that is asked."""
    held = {role for person in people for role in person.roles}
    if "administrator" not in held:
        raise Problem("vault.last_administrator")
    if four_eyes and "reviewer" not in held:
        raise Problem("vault.last_reviewer")


def _people(cursor: Cursor, header: Header) -> tuple[PersonRow, ...]:
    rows = {row.text("person_id"): row for row in cursor.all("SELECT * FROM people_now ORDER BY seq")}
    found = []
    for slot in sorted(header.all("passphrase"), key=lambda slot: slot.holder != FIRST):
        row = rows.get(slot.holder)
        if row is not None and row.whole("active") == 1:
            found.append(PersonRow(slot.holder, row.text("name"), _roles(row)))
        elif row is None and slot.holder == FIRST:
            found.append(PersonRow(FIRST, cursor.one("SELECT name FROM identity").text("name"), ROLES))
    return tuple(found)


def _one(people: tuple[PersonRow, ...], person_id: str) -> PersonRow:
    found = next((person for person in people if person.person_id == person_id), None)
    if found is None:
        raise Problem("vault.no_person")
    return found


def _roles(row: Row) -> tuple[PersonRole, ...]:
    try:
        told = json.loads(row.text("roles"))
    except ValueError as error:
        raise Problem("vault.unreadable") from error
    return cast("tuple[PersonRole, ...]", tuple(role for role in ROLES if role in told))
