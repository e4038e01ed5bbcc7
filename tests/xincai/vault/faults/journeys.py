# ruff: noqa: PT017 - no pytest here: a child must tell whatever went wrong
"""What people do with a vault, as journeys during which a disk may fail and a process may be killed.

After a kill or a power cut: all that was acknowledged is there, the step in flight is there whole or not at
all, nothing later is, the chain holds, every page proves genuine, the vault opens without a question, and no
file of a half-done work stays. After an error: the step raised a Problem that tells a person what to do and
left nothing (unless it says `unsure`), and the journey goes on to its end once the disk works again.
"""

import ctypes
import errno
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Protocol

from xincai import clock
from xincai.errors import Problem, explain
from xincai.records import Record, Subject, manifest_record
from xincai.vault import Device, Draft, KdfParams, Vault, migrations
from xincai.vault.backup import read_backup
from xincai.vault.restore import STAGING, WHOLE, finish, has_file, moved_aside, restore
from xincai.wire.digest import sha256, sm3
from xincai.wire.manifest import Manifest, encode
from xincai.wire.receipt import Outcome, Receipt, SignedReceipt, encode_receipt
from xincai.wire.suites import SM2_SM3, PrivateKey

FAULTS = {
    "kill": (1, 0),
    "half": (2, 0),
    "full-once": (3, errno.ENOSPC),
    "full": (4, errno.ENOSPC),
    "eio-once": (3, errno.EIO),
    "eio": (4, errno.EIO),
    "readonly": (4, errno.EROFS),
    "refused-once": (3, errno.EACCES),
    "refused": (4, errno.EACCES),
    "no-handles": (3, errno.EMFILE),
}
"""What happens at a system call: how the shim behaves, and with which errno."""
DATA, NAMES, OPENS = range(3)
KINDS = {errno.EACCES: {NAMES, OPENS}, errno.EMFILE: {OPENS}}
"""The kinds of system calls that alone know an errno."""
TOLD = {"vault.disk_full", "vault.disk_error", "vault.read_only", "vault.unsure", "vault.rekey_unsure"}
MISSING = {"vault.no_attachment", "vault.no_form", "vault.no_letter", "vault.no_record", "vault.no_draft"}
OLD, NEW = "旧口令", "新口令"
FORM = "f" * 64
LATEST = max(migrations.steps())
SHIM = ctypes.CDLL(None)
SEEN: list[int] = []
"""How many system calls each journey of this process has made."""
FIRED: list[int] = []
"""Whether the fault that was armed has come to pass."""
KEPT = {"vault.db", "vault.json", "vault.json.bak", "vault.lock", "head.json", "vault.ballast"}
RECORD = 5


def knows(fault: str, nth: int) -> bool:
    """Whether a fault can come to pass at a system call of the journey that was run last."""
    return SHIM.shim_kind(ctypes.c_long(nth)) in KINDS.get(FAULTS[fault][1], {DATA, NAMES, OPENS})


def arm(folder: Path, nth: int, fault: str) -> None:
    mode, error = (RECORD, 0) if fault == "record" else FAULTS[fault]
    if mode == RECORD:
        SHIM.shim_record(str(folder).encode(), nth)
    else:
        SHIM.shim_arm(str(folder).encode(), ctypes.c_long(nth), mode, error)


def seen() -> None:
    """Keep how often the disk was asked since it was armed."""
    SEEN.append(SHIM.shim_seen())


def disarm() -> None:
    """Let the disk work; how often it was asked stays known."""
    seen()
    FIRED.append(SHIM.shim_fired())
    SHIM.shim_arm(b"", ctypes.c_long(0), 0, 0)


def told(problem: Problem, more: Iterable[str] = ()) -> None:
    """A Problem in the disk's trouble names it, and says in both languages what to do."""
    assert problem.code in TOLD | set(more), problem.code
    assert all(explain(problem, language).next for language in ("zh", "en")), problem.code


def sound(vault: Vault, *, thorough: bool = True) -> None:
    """Every event, fact, page and index of a vault is as it should be, and nothing is held.

    A page in use proves genuine when it is read, and all of them are; with `thorough` the others are too.
    A free page, which holds nothing, may be torn until it is written anew.
    """
    assert vault.doubt() is None, vault.doubt()
    vault.verify_chain()
    with vault._database.reading() as cursor:
        assert cursor.one("PRAGMA integrity_check").text("integrity_check") == "ok"
        assert cursor.all("PRAGMA foreign_key_check") == []
    if thorough:
        vault._database.renew_free_pages()
        with vault._database.reading() as cursor:
            assert cursor.all("PRAGMA cipher_integrity_check") == []


def tidy(folder: Path) -> None:
    """No file of a half-done work stays beside a vault that was opened and written to."""
    left = {path.name for path in folder.iterdir()} - KEPT
    assert not left, f"left behind: {sorted(left)}"


@dataclass(frozen=True)
class Step:
    """Something done to a vault, and how to see whether it has been done."""

    act: Callable[[Vault], object]
    done: Callable[[Vault], bool]


def draft(draft_id: str, turn: int) -> Draft:
    return Draft(draft_id, "form", "1", FORM, "王", filled(turn), delicate=DELICATE)


def filled(turn: int) -> bytes:
    """What is typed, an answer of level L4 among it."""
    return f"<d turn='{turn}'><n>410499199003070003</n><m>{'柳' * 6000}</m></d>".encode()


def turn_of(vault: Vault, draft_id: str) -> int:
    found = [row for row in vault.drafts() if row.draft_id == draft_id]
    return int(vault.draft(draft_id).xml.split(b"'")[1]) if found else 0


PHOTO = bytes(range(256)) * 150
DELICATE = frozenset({"/d/n"})


def record(vault: Vault, version: int) -> Record:
    body = f"<d v='{version}'><n>410499199003070003</n></d>".encode()
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
        delicate=DELICATE,
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


STEPS = (
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
)


def done(vault: Vault, step: Step) -> bool:
    try:
        return step.done(vault)
    except Problem as problem:
        assert problem.code in MISSING, problem.code
        return False


class Journey(Protocol):
    """What is done while the disk may fail, and how it is judged after a kill."""

    def prepare(self, template: Path) -> None: ...
    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None: ...
    def judge(self, folder: Path, said: list[str]) -> None: ...


class Stepping:
    """One thing after the other in a vault that is there, each acknowledged.

    With `at` the disk fails during that step alone, and the journey begins before it and ends after the next.
    Without `thorough` a judge lets the step in flight be done again, and not all that would follow too.
    """

    steps: tuple[Step, ...]

    def __init__(self, at: int | None = None, *, thorough: bool = True) -> None:
        self.at = at
        self.start = at or 0
        self.end = len(self.steps) if at is None else at + 2
        self.thorough = thorough

    def before(self, vault: Vault) -> None:
        """What is there already."""

    def prepare(self, template: Path) -> None:
        with Vault.create(template, OLD, name="王", params=KdfParams.for_tests())[0] as vault:
            self.before(vault)
            for step in self.steps[: self.start]:
                step.act(vault)

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder, OLD) as vault:
            arm(folder, nth, fault)
            for number, step in enumerate(self.steps[self.start : self.end], self.start):
                try:
                    step.act(vault)
                except Problem as problem:
                    disarm()
                    told(problem)
                    landed = done(vault, step)
                    assert problem.code == "vault.unsure" or not landed, f"step {number} failed and landed"
                    if not landed:
                        step.act(vault)
                say(str(number))
                if number == self.at:
                    seen()
            disarm()
            assert all(done(vault, step) for step in self.steps[: self.end])
            sound(vault, thorough=self.thorough)
        self.finish(folder)

    def judge(self, folder: Path, said: list[str]) -> None:
        acked = self.start + len(said)
        with Vault.open(folder, OLD) as vault:
            sound(vault, thorough=self.thorough)
            found = [done(vault, step) for step in self.steps]
            assert all(found[:acked]), f"acknowledged and lost: {found}"
            assert not any(found[acked + 1 :]), f"came from nowhere: {found}"
            vault.set_setting("after", "works")
            left = [step for step, there in zip(self.steps, found, strict=True) if not there]
            left = left if self.thorough else left[:1]
            for step in left:
                step.act(vault)
            assert all(done(vault, step) for step in left)
            if self.thorough:
                sound(vault)
        if self.thorough:
            self.finish(folder)

    def finish(self, folder: Path) -> None:
        """Open it once more, as the next day does: then nothing of a half-done work is there."""
        Vault.open(folder, OLD).close()
        tidy(folder)


class Working(Stepping):
    """Drafts, records, letters, batches, receipts, a correction."""

    steps = STEPS


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
            told(problem)
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
            sound(vault)
        Vault.open(folder, OLD).close()
        tidy(folder)


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
                told(problem)
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
        with Vault.open(folder, opened[0]) as vault:
            vault.save_draft(draft("d", 1))
            sound(vault)
        tidy(folder)


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
            trouble = ""
            try:
                code = vault.remove_person(OLD, gone)
            except Problem as problem:
                disarm()
                told(problem)
                trouble = problem.code
            else:
                say(code)
            disarm()
            try:
                vault.save_draft(draft("e", 1))
            except Problem as problem:  # the file was opened again just when the disk failed
                told(problem)
                vault.save_draft(draft("e", 1))
            left = gone in {person.person_id for person in vault.people()}
            assert left == bool(trouble) or trouble == "vault.rekey_unsure"
            if trouble:  # whatever came of it, the ways in may be changed
                vault.change_passphrase(OLD, OLD)
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
            assert kept(vault, PHOTO)
            sound(vault)
            code = vault.renew_recovery(OLD)
        assert self.opens(folder, recovery=code)
        (folder / "code").unlink()
        tidy(folder)

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
                told(problem)
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


def of_kind(vault: Vault, kind: str) -> int:
    return vault.count_events(kind)


def kept(vault: Vault, data: bytes) -> bool:
    """Whether bytes are kept whole."""
    return vault.attachment(sm3(data)) == data


LONG = bytes(range(256)) * 2600
"""Bytes of more than two chunks."""


class Attaching(Stepping):
    """Photographs come, one is put in another's place, a draft is thrown away."""

    steps = (
        Step(lambda v: v.save_draft(draft("d", 1)), lambda v: sealed_or(v, 1, "d", 1)),
        Step(lambda v: v.add_attachment(LONG, "image/jpeg", draft_id="d"), lambda v: kept(v, LONG)),
        Step(
            lambda v: v.add_attachment(PHOTO, "image/jpeg", name="a.jpg", draft_id="d"),
            lambda v: kept(v, PHOTO),
        ),
        Step(
            lambda v: v.add_attachment(PHOTO[1:], "image/jpeg", name="a.jpg", draft_id="d"),
            lambda v: kept(v, PHOTO[1:]),
        ),
        Step(lambda v: v.save_draft(draft("e", 1)), lambda v: turn_of(v, "e") >= 1 or v.counts().records > 0),
        Step(lambda v: v.seal(record(v, 1), "d"), lambda v: v.versions("record") == (1,)),
        Step(lambda v: v.delete_draft("e"), lambda v: v.versions("record") == (1,) and turn_of(v, "e") == 0),
    )


class Correcting(Stepping):
    """A returned record is corrected, sealed again, delivered again and accepted."""

    steps = (
        Step(lambda v: v.save_draft(correction(v, 1)), lambda v: sealed_or(v, 2, "e", 1)),
        Step(lambda v: v.save_draft(correction(v, 2)), lambda v: sealed_or(v, 2, "e", 2)),
        Step(lambda v: v.seal(record(v, 2), "e"), lambda v: whole(v, 2, "e")),
        Step(lambda v: deliver(v, 2, "accepted"), lambda v: v.status("record", 2) == "accepted"),
        Step(
            lambda v: v.save_letter("l", "record", 2, "k", "1", b"p" * 20000, "s"),
            lambda v: v.letter("l") == b"p" * 20000,
        ),
    )

    def before(self, vault: Vault) -> None:
        vault.save_device(device("dev"))
        vault.seal(record(vault, 1), None)
        deliver(vault, 1, "rejected")


def correction(vault: Vault, turn: int) -> Draft:
    return replace(draft("e", turn), record_id="record", version=2)


def device(name: str) -> Device:
    key = PrivateKey.generate(SM2_SM3).dump()
    return Device(name, "o", SM2_SM3, key, "http://127.0.0.1:1", "token", (), "gw")


def deliver(vault: Vault, version: int, status: str) -> None:
    """A version goes out, and its receipts come back; whatever of it is done already stays."""
    if vault.status("record", version) == "sealed":
        manifest = Manifest(
            "SM2-SM3", "k", "dev", "o", vault.next_sequence(), vault.last_manifest(),
            vault.audit_head(), "gw", "2026-11-22T00:00:00Z", "unverified",
            (manifest_record(vault.record("record", version)),),
        )  # fmt: skip
        vault.add_batch(encode(manifest), b"signature")
    row = vault.batches()[-1]
    if row.state == "batched":
        vault.mark_sending(row.manifest_id)
    for kind in ("A", "B"):
        if vault.batch_states()[row.manifest_id] != "settled":
            code = "" if status == "accepted" else "3002"
            outcomes = (Outcome("record", version, status, code),) if kind == "B" else ()
            receipt = Receipt(
                kind, f"{kind}{version}", row.manifest_id, "dev", "o", row.sequence, 1, 1, 1,
                "2026-11-22T00:00:00Z", "a" * 64, "gw", "k", "SM2-SM3", outcomes=outcomes,
            )  # fmt: skip
            vault.add_receipt(row.manifest_id, SignedReceipt(encode_receipt(receipt), b"s"), receipt)


def gone(vault: Vault) -> bool:
    """Whether a record is erased; half of an erasure is an error."""
    stone, left = vault.erasure("record"), []
    for read in (
        lambda: vault.record("record"),
        lambda: vault.letter("l"),
        lambda: vault.attachment(sm3(PHOTO)),
    ):
        try:
            left.append(bool(read()))
        except Problem as problem:
            assert problem.code in {"vault.erased", *MISSING}, problem.code
            left.append(False)
    with vault._database.reading() as cursor:
        blank = cursor.one("SELECT submission = x'' AS blank FROM records").whole("blank")
    assert (stone is not None) == bool(blank) == (not left[2]), (stone, blank, left)
    return stone is not None


class Erasing(Stepping):
    """What was accepted is put on the list, kept, let go, and erased with all that belongs to it."""

    steps = (
        Step(
            lambda v: v.announce(clock.now(), 1),
            lambda v: v.erasure("record") is not None or bool(v.confirmed(clock.now())[0].announced_at),
        ),
        Step(lambda v: v.keep_content("record", True), lambda v: of_kind(v, "content_kept") > 0),
        Step(lambda v: v.keep_content("record", False), lambda v: of_kind(v, "content_released") > 0),
        Step(lambda v: v.erase("record"), gone),
    )

    def before(self, vault: Vault) -> None:
        vault.save_device(device("dev"))
        vault.save_draft(draft("d", 1))
        vault.add_attachment(PHOTO, "image/jpeg", draft_id="d")
        vault.seal(record(vault, 1), "d")
        vault.save_letter("l", "record", 1, "k", "1", b"p" * 20000, "s")
        deliver(vault, 1, "accepted")


def enrolled(vault: Vault) -> bool:
    found = vault.device()
    assert (found is not None) == (vault.setting("sync-cursor") is not None), "half an enrolment"
    return found is not None and vault.device_signer().public.suite == SM2_SM3


def finish_rotation(vault: Vault) -> None:
    pending = vault.next_device_key()
    assert pending is not None
    vault.finish_key_rotation(PrivateKey.load(SM2_SM3, pending.handle).public.key_id)


class Enrolling(Stepping):
    """The device enrols, and gets a new key that the gateway acknowledges."""

    steps = (
        Step(lambda v: v.save_device(device("dev"), {"sync-cursor": "1"}), enrolled),
        Step(
            lambda v: v.begin_key_rotation(SM2_SM3),
            lambda v: v.next_device_key() is not None or of_kind(v, "key_changed") > 0,
        ),
        Step(finish_rotation, lambda v: of_kind(v, "key_changed") > 0 and not v.next_device_key()),
        Step(lambda v: v.set_setting("sync-cursor", "2"), lambda v: v.setting("sync-cursor") == "2"),
    )


class Bringing(Stepping):
    """A form of others is kept, offered, withdrawn, and a draft of it is begun."""

    steps = (
        Step(
            lambda v: v.keep_form(FORM, "form", "1", LONG, {"a.csv": PHOTO, "b.csv": b"y"}),
            lambda v: v.form_source(FORM).files == {"a.csv": PHOTO, "b.csv": b"y"},
        ),
        Step(lambda v: v.offer_form(FORM, "{}"), lambda v: bool(v.imported_forms())),
        Step(lambda v: v.save_draft(draft("d", 1)), lambda v: turn_of(v, "d") == 1),
        Step(lambda v: v.withdraw_form(FORM), lambda v: of_kind(v, "form_withdrawn") > 0),
    )


class Reviewing(Stepping):
    """Two people: the second look is switched on, a record waits for it, the filling is handed over."""

    steps = (
        Step(lambda v: v.set_four_eyes(True), lambda v: v.four_eyes()),
        Step(lambda v: v.approve("record", 1), lambda v: of_kind(v, "approved") == 1),
        Step(lambda v: v.save_draft(draft("d", 1)), lambda v: turn_of(v, "d") == 1),
        Step(lambda v: v.add_event("handed_over", draft="d"), lambda v: of_kind(v, "handed_over") == 1),
        Step(lambda v: v.add_event("taken_back"), lambda v: of_kind(v, "taken_back") == 1),
        Step(
            lambda v: v.set_roles(v.people()[1].person_id, ("auditor",)),
            lambda v: v.people()[1].roles == ("auditor",),
        ),
    )

    def before(self, vault: Vault) -> None:
        first, second = vault.person, vault.add_person(OLD, "李", ("clerk", "reviewer"), NEW)
        vault._enter(second)
        vault.seal(record(vault, 1), None)
        vault._enter(first)


class Joining(Stepping):
    """A second person comes, their passphrase is set anew, and the county gets a way in."""

    steps = (
        Step(
            lambda v: v.add_person(OLD, "李", ("clerk",), NEW),
            lambda v: [each.name for each in v.people()] == ["王", "李"],
        ),
        Step(lambda v: v.set_escrow(OLD, COUNTY), lambda v: v.escrow() != ""),
        Step(
            lambda v: v.set_roles(v.people()[1].person_id, ("clerk", "reviewer")),
            lambda v: len(v.people()) > 1 and v.people()[1].roles == ("clerk", "reviewer"),
        ),
    )

    def finish(self, folder: Path) -> None:
        Vault.open(folder, NEW).close()
        super().finish(folder)


COUNTY = PrivateKey.generate(SM2_SM3).public.pem


class Opening:
    """A vault is opened in which the last day left things to sweep, and a draft is saved and it is closed."""

    def prepare(self, template: Path) -> None:
        with Vault.create(template, OLD, name="王", params=KdfParams.for_tests())[0] as vault:
            vault.save_draft(draft("d", 1))
            vault.add_attachment(PHOTO, "image/jpeg", draft_id="d")
            vault.add_attachment(PHOTO[1:], "image/jpeg", draft_id="never saved")
        (template / "head.json").unlink()
        (template / "vault.json.bak").unlink()
        (template / "vault.lock").unlink()

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        arm(folder, nth, fault)
        try:
            self.day(folder)
        except Problem as problem:
            disarm()
            told(problem, {"vault.read_only_old"})
            self.day(folder)
        say("0")
        disarm()
        self.judge(folder, ["0"])

    def day(self, folder: Path) -> None:
        with Vault.open(folder, OLD) as vault:
            vault.sweep_attachments()
            vault.save_draft(draft("d", 2))

    def judge(self, folder: Path, said: list[str]) -> None:
        with Vault.open(folder, OLD) as vault:
            sound(vault)
            assert turn_of(vault, "d") in ({2} if said else {1, 2})
            assert kept(vault, PHOTO)
            vault.sweep_attachments()
            vault.save_draft(draft("d", 3))
            sound(vault)
            assert vault.counts().attachments == 1
        Vault.open(folder, OLD).close()
        tidy(folder)


class Copies:
    """A vault that backups are made of, and the stick they are written to."""

    def prepare(self, template: Path) -> None:
        with Vault.create(template / "vault", OLD, name="王", params=KdfParams.for_tests())[0] as vault:
            vault.save_device(device("dev"))
            vault.save_draft(draft("d", 1))
            vault.add_attachment(PHOTO, "image/jpeg", draft_id="d")
            vault.seal(record(vault, 1), "d")
            (template / "stick").mkdir()
            self.first(vault, template / "stick")

    def first(self, vault: Vault, stick: Path) -> None:
        """What is on the stick already."""

    def back(self, source: Path, folder: Path) -> None:
        """A backup becomes the vault it was made of."""
        made = restore(source, folder, lambda place: Vault.open(place, OLD), nobody, never)
        assert made is not None
        with made as vault:
            sound(vault)
            assert (whole(vault, 1, "d"), vault.device()) == (True, None)
            vault.save_draft(draft("e", 1))
        Vault.open(folder, OLD).close()
        tidy(folder)


def nobody(_part: object, _done: int, _total: int) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


class BackingUp(Copies):
    """A backup is made: what bears its name is good, and the vault does not mind."""

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        with Vault.open(folder / "vault", OLD) as vault:
            arm(folder, nth, fault)
            try:
                made = vault.back_up(folder / "stick", nobody, never)
            except Problem as problem:
                disarm()
                told(problem, BACKUP)
            else:
                assert made is not None
                say(made.path.name)
            disarm()
            sound(vault)
        self.judge(folder, [])

    def judge(self, folder: Path, said: list[str]) -> None:
        stick = folder / "stick"
        assert set(said) <= {path.name for path in stick.iterdir()}, "acknowledged and not there"
        for number, path in enumerate(sorted(stick.glob("*.xcbackup"))):
            self.back(path, folder / f"again{number}")
        with Vault.open(folder / "vault", OLD) as vault:
            sound(vault)
            assert whole(vault, 1, "d")
            assert not said or vault.last_backup() is not None
            with clock.fixed(clock.now().replace(year=2030)):
                vault.back_up(stick, nobody, never)
        assert not list(stick.glob("*.part*")), "half a backup stays on the stick"
        Vault.open(folder / "vault", OLD).close()
        tidy(folder / "vault")


BACKUP = {
    "vault.backup_no_room",
    "vault.backup_disk",
    "vault.backup_bad",
    "vault.restore_no_room",
    "vault.unreadable",
}


class Restoring(Copies):
    """A backup becomes a vault again where one's file is gone: its folder stays, or there is a whole one."""

    OLD_FOLDER: ClassVar = {"vault.json": b"{}", "vault.db-journal": b"old", "desktop.ini": b"[x]"}

    def first(self, vault: Vault, stick: Path) -> None:
        vault.back_up(stick, nobody, never)
        old = stick.with_name("again")
        old.mkdir()
        for name, data in self.OLD_FOLDER.items():
            (old / name).write_bytes(data)

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        arm(folder, nth, fault)
        source, place = next((folder / "stick").iterdir()), folder / "again"
        try:
            made = restore(source, place, lambda where: Vault.open(where, OLD), nobody, never)
        except Problem as problem:
            disarm()
            told(problem, BACKUP)
        else:
            assert made is not None
            made.close()
            say("0")
        disarm()
        self.judge(folder, [])

    def judge(self, folder: Path, said: list[str]) -> None:
        place = folder / "again"
        assert place.exists() or place.with_name(place.name + WHOLE).exists()
        finish(place)
        assert has_file(place) or not said
        read_backup(next((folder / "stick").iterdir()))
        if not has_file(place):
            self.back(next((folder / "stick").iterdir()), place)
        (aside,) = moved_aside(place)
        assert {each.name: each.read_bytes() for each in aside.iterdir()} == self.OLD_FOLDER
        with Vault.open(place, OLD) as vault:
            sound(vault)
            assert (whole(vault, 1, "d"), vault.device()) == (True, None)
            vault.save_draft(draft("e", 1))
        Vault.open(place, OLD).close()
        tidy(place)
        assert not place.with_name(place.name + STAGING).exists(), "half a restoring stays"


class Migrated(Working):
    """A vault of the first schema is opened by this program, and work goes on in it."""

    FIXTURE = Path(__file__).parents[1] / "fixtures" / "0001"
    PASSPHRASE = "柳河村-2026-cashew"

    def prepare(self, template: Path) -> None:
        shutil.copytree(self.FIXTURE, template)

    def child(self, folder: Path, nth: int, fault: str, say: Callable[[str], object]) -> None:
        arm(folder, nth, fault)
        try:
            Vault.open(folder, self.PASSPHRASE).close()
        except Problem as problem:
            disarm()
            told(problem, {"vault.read_only_old"})
        disarm()
        self.judge(folder, [])

    def judge(self, folder: Path, said: list[str]) -> None:
        with Vault.open(folder, self.PASSPHRASE) as vault:
            sound(vault)
            assert [row.record_id for row in vault.records()] == ["third", "other", "record"]
            assert vault.attachment(vault.record("record").attachments[0].sm3) == b"photo" * 100
            vault.save_draft(draft("d", 1))
        Vault.open(folder, self.PASSPHRASE).close()
        (folder / "recovery.txt").unlink()
        tidy(folder)


JOURNEYS: dict[str, type[Journey]] = {
    "working": Working,
    "correcting": Correcting,
    "attaching": Attaching,
    "opening": Opening,
    "making": Making,
    "remaking": Remaking,
    "passphrase": Passphrase,
    "joining": Joining,
    "removing": Removing,
    "reviewing": Reviewing,
    "enrolling": Enrolling,
    "bringing": Bringing,
    "erasing": Erasing,
    "backing-up": BackingUp,
    "restoring": Restoring,
    "migrating": Migrating,
    "migrated": Migrated,
}


def scenes(name: str) -> list[Journey]:
    """A journey in the parts that a disk may fail in, each beginning where the one before ends."""
    journey = JOURNEYS[name]
    if not issubclass(journey, Stepping) or journey is Migrated:
        return [journey()]
    return [journey(at, thorough=False) for at in range(len(journey.steps))]
