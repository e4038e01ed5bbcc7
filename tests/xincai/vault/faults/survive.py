# ruff: noqa: PT017, BLE001 - no pytest here: a child must tell whatever went wrong
"""Run a journey through the vault once per system call that changes a file, with a fault at it.

Called under LD_PRELOAD of the shim: `survive.py JOURNEY FAULT STRIDE FOLDER`, where FAULT is a name of
`FAULTS` or `each` (in turn). Prints one JSON line: how many points there are, how many were tried, and what
went wrong at which.

After a kill: all that was acknowledged is there, the step in flight is there whole or not at all, nothing
later is, the chain holds, and the vault opens without a question. After an error: the step raised a Problem
and left nothing (unless it says `unsure`), and the journey goes on to its end once the disk works again.
"""

import ctypes
import errno
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from xincai.errors import Problem
from xincai.records import Record, Subject, manifest_record
from xincai.vault import Draft, KdfParams, Vault, migrations
from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import Manifest, encode
from xincai.wire.receipt import Outcome, Receipt, SignedReceipt, encode_receipt

FAULTS = {
    "kill": (1, 0),
    "half": (2, 0),
    "full-once": (3, errno.ENOSPC),
    "full": (4, errno.ENOSPC),
    "eio-once": (3, errno.EIO),
    "eio": (4, errno.EIO),
    "readonly": (4, errno.EROFS),
}
TOLD = {"vault.disk_full", "vault.disk_error", "vault.read_only", "vault.unsure"}
OLD, NEW = "旧口令", "新口令"
FORM = "f" * 64
LATEST = max(migrations.steps())
SHIM = ctypes.CDLL(None)
SEEN: list[int] = []
"""How many system calls each journey of this process has made."""


def arm(folder: Path, nth: int, fault: str) -> None:
    mode, error = FAULTS[fault]
    SHIM.shim_arm(str(folder).encode(), ctypes.c_long(nth), mode, error)


def disarm() -> None:
    SEEN.append(SHIM.shim_seen())
    SHIM.shim_arm(b"", ctypes.c_long(0), 0, 0)


@dataclass(frozen=True)
class Step:
    """Something done to a vault, and how to see whether it has been done."""

    act: Callable[[Vault], object]
    done: Callable[[Vault], bool]


def draft(draft_id: str, turn: int) -> Draft:
    return Draft(draft_id, "form", "1", FORM, "王", f"<d turn='{turn}'>{'柳' * 6000}</d>".encode())


def turn_of(vault: Vault, draft_id: str) -> int:
    found = [row for row in vault.drafts() if row.draft_id == draft_id]
    return int(vault.draft(draft_id).xml.split(b"'")[1]) if found else 0


PHOTO = bytes(range(256)) * 1200


def record(vault: Vault, version: int) -> Record:
    body = f"<data v='{version}'/>".encode()
    return Record(
        record_id="record",
        version=version,
        form_id="form",
        form_version="1",
        form_sm3=FORM,
        instance_id=f"uuid:{version}",
        subject=Subject("HH", "code", "王"),
        submission=body,
        submission_sm3=sm3(body),
        submission_sha256=sha256(body),
        attachments=vault.draft_attachments("d") if version == 1 else (),
    )


def whole(vault: Vault, version: int, draft_id: str) -> bool:
    """Whether a version is sealed; half of a seal is an error."""
    sealed = version in vault.versions("record")
    assert not (sealed and turn_of(vault, draft_id)), "a record and its draft are both there"
    if sealed:
        kept = vault.record("record", version)
        assert all(vault.attachment(item.sm3) == PHOTO for item in kept.attachments)
        assert len(kept.attachments) == (version == 1)
        assert vault.records()[0].version == max(vault.versions("record"))
    return sealed


def add_batch(vault: Vault) -> None:
    manifest = Manifest(
        "SM2-SM3", "k", "dev", "o", 1, None, vault.audit_head(), "gw", "2026-11-22T00:00:00Z", "unverified",
        (manifest_record(vault.record("record", 1)),),
    )  # fmt: skip
    vault.add_batch(encode(manifest), b"signature")


def add_receipt(vault: Vault, kind: str) -> None:
    name = vault.batches()[0].manifest_id
    outcomes = (Outcome("record", 1, "rejected", "3002"),) if kind == "B" else ()
    receipt = Receipt(
        kind, kind, name, "dev", "o", 1, 1, 1, 1, "2026-11-22T00:00:00Z", "a" * 64, "gw", "k", "SM2-SM3",
        outcomes=outcomes,
    )  # fmt: skip
    vault.add_receipt(name, SignedReceipt(encode_receipt(receipt), b"s"), receipt)


def state(vault: Vault) -> int:
    order = ["batched", "unknown", "custody", "settled"]
    return max((order.index(row.state) + 1 for row in vault.batches()), default=0)


def sealed_or(vault: Vault, version: int, draft_id: str, turn: int) -> bool:
    """Whether a draft has come this far, be it sealed by now."""
    return version in vault.versions("record") or turn_of(vault, draft_id) >= turn


STEPS = [
    Step(lambda v: v.set_setting("s", "1"), lambda v: v.setting("s") == "1"),
    Step(lambda v: v.save_draft(draft("d", 1)), lambda v: sealed_or(v, 1, "d", 1)),
    Step(
        lambda v: v.add_attachment(PHOTO, "image/jpeg", draft_id="d"),
        lambda v: v.attachment(sm3(PHOTO)) == PHOTO,
    ),
    Step(lambda v: v.save_draft(draft("d", 2)), lambda v: sealed_or(v, 1, "d", 2)),
    Step(
        lambda v: v.keep_form(FORM, "form", "1", b"x" * 9000, {"a": b"y"}),
        lambda v: v.form_source(FORM).files == {"a": b"y"},
    ),
    Step(lambda v: v.seal(record(v, 1), "d"), lambda v: whole(v, 1, "d")),
    Step(
        lambda v: v.save_letter("l", "record", 1, "k", "1", b"p" * 20000, "s"),
        lambda v: v.letter("l") == b"p" * 20000,
    ),
    Step(add_batch, lambda v: state(v) >= 1),
    Step(lambda v: v.mark_sending(v.batches()[0].manifest_id), lambda v: state(v) >= 2),
    Step(lambda v: add_receipt(v, "A"), lambda v: state(v) >= 3),
    Step(lambda v: add_receipt(v, "B"), lambda v: state(v) >= 4),
    Step(lambda v: v.save_draft(draft("e", 1)), lambda v: sealed_or(v, 2, "e", 1)),
    Step(lambda v: v.seal(record(v, 2), "e"), lambda v: whole(v, 2, "e")),
]


def done(vault: Vault, step: Step) -> bool:
    try:
        return step.done(vault)
    except Problem as problem:
        assert problem.code in {"vault.no_attachment", "vault.no_form", "vault.no_letter"}, problem.code
        return False


class Journey(Protocol):
    """What is done while the disk may fail, and how it is judged after a kill."""

    def prepare(self, template: Path) -> None: ...
    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None: ...
    def judge(self, folder: Path, said: list[str]) -> None: ...


class Working:
    """Drafts, records, letters, batches, receipts, in a vault that is there."""

    def prepare(self, template: Path) -> None:
        Vault.create(template, OLD, name="王", params=KdfParams.for_tests())[0].close()

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder, OLD) as vault:
            arm(folder, nth, fault)
            for number, step in enumerate(STEPS):
                try:
                    step.act(vault)
                except Problem as problem:
                    disarm()
                    assert problem.code in TOLD, problem.code
                    landed = done(vault, step)
                    assert problem.code == "vault.unsure" or not landed, f"step {number} failed and landed"
                    if not landed:
                        step.act(vault)
                say(str(number))
            disarm()
            assert all(done(vault, step) for step in STEPS)
            vault.verify_chain()

    def judge(self, folder: Path, said: list[str]) -> None:
        acked = len(said)
        with Vault.open(folder, OLD) as vault:
            vault.verify_chain()
            found = [done(vault, step) for step in STEPS]
            assert all(found[:acked]), f"acknowledged and lost: {found}"
            assert not any(found[acked + 1 :]), f"came from nowhere: {found}"
            vault.set_setting("after", "works")
            for step, there in zip(STEPS, found, strict=True):
                if not there:
                    step.act(vault)
            assert all(done(vault, step) for step in STEPS)
            vault.verify_chain()


class Making:
    """A vault is made."""

    def prepare(self, template: Path) -> None:
        template.mkdir()

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        arm(folder, nth, fault)
        try:
            vault, _ = Vault.create(folder, OLD, name="王", params=KdfParams.for_tests())
        except Problem as problem:
            disarm()
            assert problem.code in TOLD, problem.code
            if Vault.is_there(folder):
                vault = Vault.open(folder, OLD)
            else:
                vault, _ = Vault.create(folder, OLD, name="王", params=KdfParams.for_tests())
        say("0")
        disarm()
        vault.verify_chain()
        vault.close()

    def judge(self, folder: Path, said: list[str]) -> None:
        assert Vault.is_there(folder) or not said
        if Vault.is_there(folder):
            vault = Vault.open(folder, OLD)
        else:
            vault, _ = Vault.create(folder, OLD, name="王", params=KdfParams.for_tests())
        with vault:
            assert vault.name == "王"
            vault.verify_chain()


class Remaking(Making):
    """A vault is made where the making of one was cut before."""

    def prepare(self, template: Path) -> None:
        Vault.create(template, NEW, name="半", params=KdfParams.for_tests())[0].close()
        (template / "vault.db").rename(template / "vault.db.new")


class Passphrase:
    """The passphrase is changed: the vault opens with the old one or the new one."""

    def prepare(self, template: Path) -> None:
        Vault.create(template, OLD, name="王", params=KdfParams.for_tests())[0].close()

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder, OLD) as vault:
            arm(folder, nth, fault)
            try:
                vault.change_passphrase(OLD, NEW)
            except Problem as problem:
                disarm()
                assert problem.code in TOLD, problem.code
                assert problem.code == "vault.unsure" or vault.is_mine(OLD), "refused and changed"
            else:
                say("0")
            disarm()
        self.judge(folder, [])

    def judge(self, folder: Path, said: list[str]) -> None:
        opened = []
        for passphrase in (OLD, NEW):
            try:
                Vault.open(folder, passphrase).close()
            except Problem as problem:
                assert problem.code == "vault.wrong_passphrase", problem.code
            else:
                opened.append(passphrase)
        assert len(opened) == 1, f"opens with {len(opened)} passphrases"
        assert not said or opened == [NEW]


class Removing:
    """Somebody is removed: the vault opens with all of its old slots, or with all of its new ones."""

    THIRD = "第三人的口令"

    def prepare(self, template: Path) -> None:
        vault, code = Vault.create(template, OLD, name="王", params=KdfParams.for_tests())
        with vault:
            vault.add_person(OLD, "李", ("clerk",), NEW)
            vault.add_person(OLD, "赵", ("reviewer",), self.THIRD)
            vault.save_draft(draft("d", 1))
            vault.add_attachment(PHOTO, "image/jpeg", draft_id="d")
        (template / "code").write_text(code, "utf-8")

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder, OLD) as vault:
            gone = next(person.person_id for person in vault.people() if person.name == "李")
            arm(folder, nth, fault)
            told = ""
            try:
                code = vault.remove_person(OLD, gone)
            except Problem as problem:
                disarm()
                assert problem.code in TOLD, problem.code
                told = problem.code
            else:
                say(code)
            disarm()
            try:
                vault.save_draft(draft("e", 1))
            except Problem as problem:  # the file was opened again just when the disk failed
                assert problem.code in TOLD, problem.code
                vault.save_draft(draft("e", 1))
            left = gone in {person.person_id for person in vault.people()}
            assert told == "vault.unsure" or left == bool(told)
        self.judge(folder, [])

    def judge(self, folder: Path, said: list[str]) -> None:
        opened = [self.opens(folder, passphrase=each) for each in (OLD, NEW, self.THIRD)]
        assert opened in ([True, True, True], [True, False, True]), opened
        removed = not opened[1]
        assert removed or not said, "acknowledged and undone"
        assert self.opens(folder, recovery=(folder / "code").read_text("utf-8")) is not removed
        if said:
            assert self.opens(folder, recovery=said[0])
        with Vault.open(folder, OLD) as vault:
            assert [person.name for person in vault.people()] == (
                ["王", "赵"] if removed else ["王", "李", "赵"]
            )
            assert turn_of(vault, "d") == 1
            assert vault.attachment(sm3(PHOTO)) == PHOTO
            vault.verify_chain()
            assert not (folder / "vault.db.next").exists()
            assert vault.doubt() is None, vault.doubt()
            code = vault.renew_recovery(OLD)
        assert self.opens(folder, recovery=code)

    def opens(self, folder: Path, passphrase: str | None = None, recovery: str | None = None) -> bool:
        try:
            Vault.open(folder, passphrase, recovery=recovery).close()
        except Problem as problem:
            assert problem.code in {"vault.wrong_passphrase", "vault.wrong_recovery"}, problem.code
            return False
        return True


class Migrating:
    """The schema goes up two steps: it is the old, the one between or the new, and goes on from there."""

    def prepare(self, template: Path) -> None:
        vault, _ = Vault.create(template / "vault", OLD, name="王", params=KdfParams.for_tests())
        vault.save_draft(draft("d", 1))
        vault.close()
        steps = template / "steps"
        shutil.copytree(migrations.FOLDER, steps, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        (steps / f"{LATEST + 1:04d}_second.sql").write_text("CREATE TABLE second (a TEXT) STRICT;\n", "utf-8")
        (steps / f"{LATEST + 2:04d}_third.sql").write_text(
            "ALTER TABLE second ADD COLUMN b TEXT;\nUPDATE drafts SET answered = 7;\n", "utf-8"
        )

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder / "vault", OLD) as vault:
            arm(folder, nth, fault)
            try:
                migrations.migrate(vault._database, folder / "steps")
            except Problem as problem:
                disarm()
                assert problem.code in TOLD, problem.code
            else:
                say("0")
            disarm()
            self.finish(vault, folder)

    def judge(self, folder: Path, said: list[str]) -> None:
        with pretending(folder / "steps"), Vault.open(folder / "vault", OLD) as vault:
            self.finish(vault, folder)

    def finish(self, vault: Vault, folder: Path) -> None:
        migrations.migrate(vault._database, folder / "steps")
        with vault._database.reading() as cursor:
            assert migrations.schema(cursor) == LATEST + 2
            assert cursor.one("SELECT count(*) AS n FROM migrations").whole("n") == LATEST + 2
            cursor.all("SELECT a, b FROM second")
        assert vault.draft("d").answered == 7
        vault.verify_chain()


class pretending:  # noqa: N801 - reads as a verb
    """Let opening know the steps of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        self.kept = migrations.migrate.__defaults__
        migrations.migrate.__defaults__ = (self.folder,)

    def __exit__(self, *_: object) -> None:
        migrations.migrate.__defaults__ = self.kept


JOURNEYS: dict[str, type[Journey]] = {
    "working": Working,
    "making": Making,
    "remaking": Remaking,
    "passphrase": Passphrase,
    "removing": Removing,
    "migrating": Migrating,
}


def attempt(journey: Journey, folder: Path, nth: int, fault: str) -> str:
    """Run one journey in a child with one fault; what went wrong."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            journey.child(folder, nth, fault, lambda text: os.write(writer, f"{text}\n".encode()))
        except BaseException:
            disarm()
            os.write(writer, f"wrong {json.dumps(traceback.format_exc()[-1500:])}\n".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    wrong = [line for line in said if line.startswith("wrong")]
    if wrong:
        return wrong[0]
    if os.WIFSIGNALED(status):
        try:
            journey.judge(folder, said)
        except BaseException:
            return traceback.format_exc()[-1500:]
    return ""


def main() -> None:
    name, fault, stride, place = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    journey = JOURNEYS[name]()
    template = place / "template"
    journey.prepare(template)
    points = count(journey, template, place)
    wrong = {}
    tried = range(1, points + 1, stride)
    for nth in tried:
        folder = place / "run"
        shutil.copytree(template, folder)
        faults = [fault] if fault in FAULTS else list(FAULTS)
        chosen = faults[nth // stride % len(faults)]
        trouble = attempt(journey, folder, nth, chosen)
        if trouble:
            wrong[f"{chosen} at {nth}"] = trouble
        shutil.rmtree(folder)
    print(json.dumps({"points": points, "tried": len(tried), "wrong": wrong}))


def count(journey: Journey, template: Path, place: Path) -> int:
    """How many system calls the journey makes, by running it with the fault far away."""
    folder = place / "count"
    shutil.copytree(template, folder)
    journey.child(folder, 1 << 30, "kill", lambda text: None)
    shutil.rmtree(folder)
    return max(SEEN)


if __name__ == "__main__":
    main()
