"""What happens to the bytes of a vault: one flipped, a page or a file put back, a row altered with the key.

Damaged bytes are refused, or change nothing that is read; what was put back or altered is found. What the
chain cannot prove (drafts, settings: decision 0010) is told apart by name.
"""

import importlib.util
import os
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from xincai.errors import Problem
from xincai.vault import KdfParams, Vault, keys
from xincai.vault.backup import read_backup
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.events import CHILDREN
from xincai.vault.header import decode

SMALL = ("vault.json", "head.json")
PARTS = 8
PAGE = 4096
UNPROVEN = {
    "drafts",
    "draft_attachments",
    "settings",
    "retention",
    "device",
    "next_device_key",
    "imported_forms",
    "secrets",
    "plain_records",
    "migrations",
    "entities",
}
"""Tables that are no facts: an old page of theirs alone proves nothing and is not promised to be found."""
Contents = dict[str, list[tuple[object, ...]]]


def _office() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vault_office", Path(__file__).parents[1] / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def filled(folder: Path) -> bytes:
    """A vault with one of everything, closed; its data key."""
    office = _office()
    made, _ = Vault.create(folder, office.PASSPHRASE, name="李采集", params=KdfParams.for_tests())
    with made as vault:
        office.Office(vault).everything()
    return data_key(folder, office.PASSPHRASE)


def data_key(folder: Path, passphrase: str) -> bytes:
    """The data key of a vault of tests."""
    header = decode((folder / "vault.json").read_bytes())
    assert header is not None
    found = keys.unwrap(header.slot("passphrase"), passphrase, header.vault_id)
    assert found is not None
    return found


def contents(path: Path, key: bytes, salt: bytes) -> Contents:
    """All that a vault file holds, read past the slow door of the passphrase."""
    database = Database(path, keys.database_key(key), salt, read_only=True)
    try:
        with database.reading() as cursor:
            return _contents(cursor)
    finally:
        database.close()


def _contents(cursor: Cursor) -> Contents:
    rows = cursor._connection.execute
    tables = [name for (name,) in rows("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    return {table: rows(f"SELECT * FROM {table}").fetchall() for table in tables}


def bits(name: str, part: int, parts: int) -> Iterator[tuple[int, int]]:
    """Places and bits of a file to flip, in so many parts: one bit of a byte, or every one of a small file.

    A part is of whole pages, as a disk damages them.
    """
    for page in range(part, 1 << 30, parts):
        for at in range(page * PAGE, (page + 1) * PAGE):
            yield from ((at, bit) for bit in (range(8) if name in SMALL else [at % 8]))


def flipped(place: Path, name: str, of: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Flip each of these bits of a file of the vault, one after the other."""
    folder = place / "vault"
    key = filled(folder)
    header = decode((folder / "vault.json").read_bytes())
    assert header is not None
    salt = header.file_salt
    if name == "backup":
        path = _back_up(folder, place)
    else:
        path = folder / name
        (folder / "vault.json.bak").unlink(missing_ok=True)
    right = contents(folder / "vault.db", key, salt)
    good = path.read_bytes()
    wrong, refused, tried = {}, 0, 0
    with path.open("r+b", buffering=0) as file:
        for at, bit in of:
            if at >= len(good):
                break
            os.pwrite(file.fileno(), bytes([good[at] ^ (1 << bit)]), at)
            verdict = _seen(name, folder, path, key, salt, right)
            os.pwrite(file.fileno(), good[at : at + 1], at)
            tried += 1
            refused += verdict == "refused"
            if verdict not in {"refused", "same"}:
                wrong[f"{name} byte {at} bit {bit}"] = verdict
    assert path.read_bytes() == good, "what was read was written to"
    return {"tried": tried, "refused": refused, "wrong": wrong}


def _seen(name: str, folder: Path, path: Path, key: bytes, salt: bytes, right: Contents) -> str:  # noqa: PLR0917
    """`refused`, `same`, or what was wrong."""
    try:
        if name == "vault.db":
            found = contents(path, key, salt)
        elif name == "backup":
            backup = read_backup(path)
            header = decode(backup.header)
            if header is None or not header.genuine(key):
                return "refused"
            found = contents(path, key, header.file_salt)
            found = {**found, **{each: right[each] for each in ("events", "settings")}}
        else:
            return _opened(folder, right)
    except Problem as problem:
        return "refused" if problem.code.startswith("vault.") else problem.code
    return "same" if found == right else "read as something else"


def _opened(folder: Path, right: Contents) -> str:
    """A vault whose header or head was flipped is refused or held, or opens with what it holds."""
    again = folder.with_name("again")
    shutil.copytree(folder, again)
    try:
        with Vault.open(again, _office().PASSPHRASE) as vault:
            if vault.doubt() is not None:
                return "refused"
            with vault._database.reading() as cursor:
                found = _contents(cursor)
            changed = {each for each in right if found[each] != right[each]} - {"events"}
            return f"changed: {changed}" if changed else "same"
    except Problem:
        return "refused"
    finally:
        shutil.rmtree(again)


def _back_up(folder: Path, place: Path) -> Path:
    stick = place / "stick"
    stick.mkdir()
    with Vault.open(folder, _office().PASSPHRASE) as vault:
        made = vault.back_up(stick, lambda *_: None, lambda: False)
    assert made is not None
    return made.path


def pages_put_back(place: Path, steps: int, seed: int, stride: int = 1) -> dict[str, Any]:
    """Work in so many steps; after each, put back each page that it changed, as it was before."""
    office, chance = _office(), random.Random(seed)
    folder, spliced = place / "vault", place / "spliced"
    made, _ = Vault.create(folder, office.PASSPHRASE, name="李采集", params=KdfParams.for_tests())
    wrong, tried, found, unproven = {}, 0, 0, 0
    with made as vault:
        before = (folder / "vault.db").read_bytes()
        for number in range(steps):
            _work(office.Office(vault), vault, number, chance)
            after = (folder / "vault.db").read_bytes()
            whole = _snapshot(vault)
            for page in _changed(before, after):
                if chance.randrange(stride):
                    continue
                tried += 1
                shutil.copytree(folder, spliced)
                (spliced / "vault.db").write_bytes(_with_page(after, before, page))
                verdict = _verdict(spliced, office.PASSPHRASE, whole)
                shutil.rmtree(spliced)
                found += verdict == "found"
                unproven += verdict == "unproven"
                if verdict not in {"found", "same", "unproven"}:
                    wrong[f"step {number} page {page} seed {seed}"] = verdict
            before = after
    return {"tried": tried, "found": found, "unproven": unproven, "wrong": wrong}


def _work(office: Any, vault: Vault, number: int, chance: random.Random) -> None:
    """One of the things that are done in a vault."""
    what = chance.choice(("draft", "seal", "letter", "photo", "setting", "batch"))
    if what == "draft":
        vault.save_draft(office.draft(f"d{number % 7}", xml=b"x" * chance.randrange(9000)))
    elif what == "photo":
        vault.add_attachment(chance.randbytes(9000), "image/jpeg", draft_id=f"d{number % 7}")
    elif what == "setting":
        vault.set_setting(f"s{number % 5}", str(number))
    elif what == "letter" and vault.counts().records:
        row = vault.records(limit=1)[0]
        pdf = chance.randbytes(3000)
        vault.save_letter(f"l{number}", row.record_id, 1, "commitment", f"承诺-{number}", pdf, "s")
    elif what == "batch" and vault.waiting_records():
        if vault.device() is None:
            office.enrol()
        office.batch(*(vault.record(*key) for key in vault.waiting_records()))
    else:
        vault.seal(office.record(f"r{number}", body="<b>x</b>" * chance.randrange(300)), None)


def _changed(before: bytes, after: bytes) -> Iterator[int]:
    for page in range(min(len(before), len(after)) // PAGE):
        if before[page * PAGE : (page + 1) * PAGE] != after[page * PAGE : (page + 1) * PAGE]:
            yield page


def _with_page(after: bytes, before: bytes, page: int) -> bytes:
    start, end = page * PAGE, (page + 1) * PAGE
    return after[:start] + before[start:end] + after[end:]


def _snapshot(vault: Vault) -> Contents:
    with vault._database.reading() as cursor:
        return _contents(cursor)


def _verdict(folder: Path, passphrase: str, whole: Contents) -> str:
    """Whether what was put back is found, changes nothing, or touches only what no chain proves.

    Bytes of an attachment that no fact names are found when they are read.
    """
    try:
        with Vault.open(folder, passphrase) as vault:
            if vault.doubt() is not None:
                return "found"
            vault.verify_chain()
            if not vault._database.sound(lambda: True):
                return "found"
            now = _snapshot(vault)
            changed = {table for table in whole if now.get(table) != whole[table]} - UNPROVEN
            vault.scrub(lambda _done, _total: None, lambda: False)
            if vault.doubt() is not None:
                return "found"
    except Problem:
        return "found"
    if changed:
        return f"not found in {sorted(changed)}"
    return "same" if now == whole else "unproven"


class _Back(Exception):  # noqa: N818 - no error
    """Undo what was altered."""


def rows_altered(place: Path, stride: int = 1) -> dict[str, Any]:
    """Alter each value and take away each row of every fact, or one in so many, with the key and without
    triggers.
    """
    folder = place / "vault"
    filled(folder)
    wrong, tried = {}, 0
    with Vault.open(folder, _office().PASSPHRASE) as vault:
        for where, statement in islice(_alterations(vault), 0, None, stride):
            tried += 1
            if not _is_found(vault, statement):
                wrong[where] = "not found"
    return {"tried": tried, "wrong": wrong}


def _alterations(vault: Vault) -> Iterator[tuple[str, str]]:
    children = {child for belonging in CHILDREN.values() for child, _ in belonging}
    with vault._database.reading() as cursor:
        for table in sorted({*CHILDREN, *children, "events", "record_list"}):
            for row in cursor.all(f"SELECT rowid AS place, * FROM {table}"):
                at = row.whole("place")
                where = f"{table} {at}"
                yield f"{where} deleted", f"DELETE FROM {table} WHERE rowid = {at}"
                for column, value in row.items():
                    if column not in {"place", "words"}:
                        changed = (
                            f"{column} + 1" if isinstance(value, int) else f"coalesce({column}, '') || 'x'"
                        )
                        changed = f"CAST({changed} AS BLOB)" if isinstance(value, bytes) else changed
                        yield (
                            f"{where} {column}",
                            f"UPDATE {table} SET {column} = {changed} WHERE rowid = {at}",
                        )


def _is_found(vault: Vault, statement: str) -> bool:
    """Whether the history shows it; it is undone. What the schema itself forbids counts as found."""
    database, found = vault._database, False
    try:
        with database.writing() as cursor:
            cursor.run("PRAGMA defer_foreign_keys = ON")
            for row in cursor.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
                cursor.run(f"DROP TRIGGER {row.text('name')}")
            try:
                cursor.run(statement)
                vault.verify_chain()
            except Problem:
                found = True
            except Exception as error:
                if type(error).__name__ not in {"IntegrityError", "OperationalError"}:
                    raise
                found = True
            raise _Back
    except _Back:
        return found


def files_put_back(place: Path) -> dict[str, Any]:
    """Put the files of each earlier day back, alone and together, and say which are found at opening."""
    office = _office()
    folder = place / "vault"
    made, _ = Vault.create(folder, office.PASSPHRASE, name="李采集", params=KdfParams.for_tests())
    days: list[dict[str, bytes]] = []
    with made as vault:
        worker = office.Office(vault)
        for day in range(20):
            days.append({name: (folder / name).read_bytes() for name in ("vault.db", "head.json")})
            vault.seal(worker.record(f"r{day}"), None)
            vault.save_draft(worker.draft(f"d{day}"))
    wrong, tried = {}, 0
    for number, day in enumerate(days):
        for names, expected in (
            (("vault.db",), True),
            (("head.json",), False),
            (("vault.db", "head.json"), False),
        ):
            tried += 1
            again = place / "again"
            shutil.copytree(folder, again)
            for name in names:
                (again / name).write_bytes(day[name])
            with Vault.open(again, office.PASSPHRASE) as vault:
                if (vault.doubt() is not None) != expected:
                    wrong[f"day {number} {names}"] = f"found: {not expected}"
            shutil.rmtree(again)
    return {"tried": tried, "wrong": wrong}
