"""The main job, once, on real parts: from a form to a verified receipt.

    python tests/journeys/demo.py FOLDER

A gateway with its embedded database, the program's own windows, one farm and one firm (nothing real: see
`synthetic`). Everything a step claims is looked up again afterwards; a step that did not happen ends the
program with a non-zero code. FOLDER is made anew and holds what a person would keep: letters, pictures of
every step, the batches with the signer's public key, the receipts, and a summary.
"""

import contextlib
import csv
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "forms")]

import farms  # noqa: E402
from person import Person  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

from xincai import clock  # noqa: E402
from xincai.desk import RecordCard  # noqa: E402
from xincai.letters import verify_letter  # noqa: E402
from xincai.wire.suites import PublicKey  # noqa: E402

OFFICE = "410499000000"
PASSPHRASE = "春天的麦田里有风车转"
FARM = dataclasses.replace(farms.farm(), name="测试县柳河䶮𬭚家庭农场", person="王䶮𬭚")
SLIP = "测试县柳河䶮𬭚家庭农扬"
"""场 typed as 扬: what the platform's register does not know."""
FIRM = farms.firm()
FARM_FORMS = (farms.ff_collect, farms.land_transfer, farms.agri_insurance, farms.subsidy)
LETTERS = (farms.commitment, farms.authorisation)
STEPS = 15


@dataclass
class Demo:
    """One run."""

    out: Path
    work: Path
    url: str
    person: Person
    started: float = field(default_factory=clock.monotonic)
    step: int = 0
    records: dict[str, list[RecordCard]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        """Say that a step is done."""
        self.step += 1
        line = f"[{self.step:2}/{STEPS}] {words}"
        self.said.append(line)
        print(f"{line}  ({clock.monotonic() - self.started:.1f} s)", flush=True)

    # --- the steps
    def first_run(self) -> None:
        """Who works here, passphrase, recovery code typed back."""
        person = self.person
        person.look("first-run")
        person.click("firstrun.role.officer")
        person.type("firstrun.name", farms.OFFICER)
        person.type("firstrun.office", farms.OFFICE)
        person.click("firstrun.who.next")
        person.type("firstrun.passphrase", PASSPHRASE)
        person.type("firstrun.again", PASSPHRASE)
        person.look("passphrase")
        person.click("firstrun.create")
        code = person.words("firstrun.code")
        person.look("recovery-code")
        person.type("firstrun.typed", code)
        person.click("firstrun.check")
        held = (self.work / "home" / "vault" / "vault.db").read_bytes()
        check(not held.startswith(b"SQLite format 3"), "the vault is not encrypted")
        self.tell("vault created with a passphrase; the recovery code was typed back")

    def enrol(self) -> None:
        """The one-time code from the county, typed in."""
        person = self.person
        code = gateway_says("enrol-code", self.work, "--office", OFFICE)["enrol_code"]
        person.type("firstrun.url", self.url)
        person.type("firstrun.one_time", code)
        person.look("enrolment")
        person.click("firstrun.enrol")
        connection = person.desk.connection()
        check(connection is not None and connection.office == OFFICE, "the device is not enrolled")
        person.look("home")
        self.tell(f"device enrolled with a one-time code at {self.url}")

    def fill(self, subject: farms.Subject, makers: tuple[farms.Maker, ...], photo: Path) -> None:
        """Fill and seal forms, question by question."""
        person = self.person
        for maker in makers:
            steps = maker(subject, 11)
            if maker is farms.agri_insurance:
                steps = [slipped(step) for step in steps]
            person.click("rail.choose")
            if maker is makers[0]:
                person.look("choose-a-form")
            person.click(f"choose.start.{maker.__name__}")
            self.person.fill(steps, photo)
            person.look(f"filled-{maker.__name__}")
            person.click("filling.seal")
            person.look(f"review-{maker.__name__}")
            person.click("filling.confirm")
            record = person.desk.records(limit=1)[0]
            check(record.form_id == maker.__name__ and record.status == "sealed", "the record is not sealed")
            self.records.setdefault(subject.kind, []).append(record)
            if maker in LETTERS:
                self.letter(record, maker.__name__)
            self.letter(record, "receipt")
        names = ", ".join(maker.__name__ for maker in makers)
        self.tell(f"{subject.name}: filled in the windows and sealed: {names}; letters printed")

    def letter(self, record: RecordCard, kind: str) -> None:
        """Make a letter from the record in view and keep its PDF."""
        person = self.person
        if person.window.place != "record":
            person.click("topbar.back")
        person.click(f"record.write.{kind}")
        person.look(f"letter-{kind}-{record.form_id}")
        made = next(each for each in person.desk.record(record.record_id).letters if each.kind == kind)
        pdf = person.desk.export_letter(made.letter_id, self.out / "letters")
        seal = verify_letter(pdf.read_bytes(), self.keys(), sm3=made.sm3)
        check(seal.valid, f"the QR of letter {made.number} does not verify")

    def keys(self) -> dict[str, PublicKey]:
        """This device's public key, read back from where the desk shows it."""
        connection = self.person.desk.connection()
        check(connection is not None, "not enrolled")
        pem = self.out / "device.pem"
        if not pem.exists():
            pem.write_text(self.person.desk.device_pem(), "ascii")
        key = PublicKey.from_pem(pem.read_text("ascii"))
        return {key.key_id: key}

    def send(self, *, records: int, rejected: int) -> None:
        """Sign what waits as one batch, deliver it, and see the receipts verified."""
        person = self.person
        person.click("rail.outbox")
        person.look("outbox-waiting")
        check(len(person.desk.waiting()) == records, "not everything waits")
        person.click("outbox.sign")
        person.look("outbox-signed")
        batch = person.desk.outbox()[0]
        check(batch.records == records and batch.state == "batched", "the batch is not signed")
        (container,) = person.desk.export_batch(batch.manifest_id, self.out / "batches")
        self.tell(f"batch {batch.sequence} of {batch.records} record(s) signed: {container.name}")
        self.openssl(container)
        person.click("outbox.deliver")
        person.look("outbox-delivered")
        batch = person.desk.outbox()[0]
        check(batch.state == "settled", f"the batch is {batch.state}")
        check((batch.accepted, batch.rejected) == (records - rejected, rejected), "other outcomes than told")
        person.click("rail.receipts")
        person.look("receipts")
        kinds = {
            receipt.kind for receipt in person.desk.receipts() if receipt.manifest_id == batch.manifest_id
        }
        check(kinds == {"A", "B"}, "a receipt is missing")
        self.tell(
            f"delivered; receipts A and B verified: {batch.accepted} accepted, {batch.rejected} returned"
        )

    def openssl(self, container: Path) -> None:
        """Check a batch with stock tools alone."""
        name = f"batch {container.stem[-8:]}"
        tool = shutil.which("openssl")
        if tool is None:
            self.tell(f"{name}: openssl is not on this machine, not checked with it")
            return
        opened = self.work / container.stem
        shutil.unpack_archive(container, opened)
        manifest, signature = opened / "manifest.json", next(opened.glob("manifest.*.sm2"))
        verdict = verify_with_openssl(tool, container.with_suffix(".pem"), signature, manifest)
        check("Verified OK" in verdict, f"openssl says: {verdict}")
        for blob in (opened / "blobs").iterdir():
            check(
                run(tool, "dgst", "-sm3", "-r", str(blob)).split()[0] == blob.name,
                f"{blob.name} is not its digest",
            )
        self.tell(f"{name}: signature and digests verified by the openssl command line")

    def correct(self) -> None:
        """The returned record: reason, question, new version."""
        person = self.person
        returned = person.desk.corrections()
        check(len(returned) == 1, "no correction came back")
        task = returned[0]
        check(task.form_id == "agri_insurance" and task.code == "3002", f"returned for {task.code}")
        person.click("receipts.correct.0")
        person.look("correction")
        check(bool(person.filling.returned), "the reason is not at the filling")
        person.answer(task.ref, FARM.name)
        person.look("corrected")
        person.seal()
        record = person.desk.record(task.record_id)
        check(record.card.version == 2, "no second version was sealed")
        self.tell(f"returned with {task.code} «{task.text}»; corrected in the window, version 2 sealed")

    def look_back(self) -> None:
        """Everything is accepted; nothing was lost, nothing doubled."""
        person = self.person
        records = person.desk.records(limit=100)
        check(len(records) == 9, f"{len(records)} records")
        check({record.status for record in records} == {"accepted"}, "not every record is accepted")
        person.click("rail.dossiers")
        person.look("dossiers")
        person.desk.export_receipts(self.out / "receipts")
        self.check_receipts()
        person.click("topbar.language")
        person.click("rail.home")
        person.look("home-in-english")
        self.tell("9 records accepted, receipts exported and verified, the window in English too")

    def check_receipts(self) -> None:
        """The receipts as exported verify with openssl too."""
        tool, folder = shutil.which("openssl"), self.out / "receipts"
        receipts = sorted(folder.glob("receipt-*.json"))
        check(len(receipts) == 4, f"{len(receipts)} receipts")
        if tool is None:
            return
        keys = sorted(folder.glob("gateway-*.pem"))
        for receipt in receipts:
            verdicts = [verify_with_openssl(tool, key, receipt.with_suffix(".sm2"), receipt) for key in keys]
            check(any("Verified OK" in verdict for verdict in verdicts), f"{receipt.name} does not verify")

    def summarise(self) -> None:
        """Write down what is in the folder and how to check it."""
        lines = ["# 演练小结 / What this run did", "", *(f"- {line}" for line in self.said), ""]
        lines += ["| form | record | version | subject | status |", "|---|---|---|---|---|"]
        lines += [
            f"| {r.form_title['zh']} | {r.record_id} | {r.version} | {r.subject_name} | {r.status} |"
            for r in self.person.desk.records(limit=100)
        ]
        lines += [
            "",
            "Check a batch with stock tools (unzip it first):",
            "",
            "    openssl dgst -sm3 -verify BATCH.pem -sigopt distid:1234567812345678 \\",
            "        -signature manifest.*.sm2 manifest.json",
            "",
            "| folder | what |",
            "|---|---|",
            "| letters/ | the letters, as PDF; each page carries a QR that verifies offline |",
            "| screens/ | the window at each step |",
            "| batches/ | the signed containers and the signer's public key |",
            "| receipts/ | the gateway's receipts, their signatures and its public key |",
            "",
        ]
        (self.out / "summary.md").write_text("\n".join(lines), "utf-8")
        self.tell(f"summary written: {self.out / 'summary.md'}")


def slipped(step: farms.Step) -> farms.Step:
    """The step with a slip of the pen in the farm's name."""
    if isinstance(step, farms.Answer) and step.value == FARM.name:
        return dataclasses.replace(step, value=SLIP)
    return step


def check(held: bool, otherwise: str) -> None:
    """End the run when something did not really happen."""
    if not held:
        raise SystemExit(f"demo failed: {otherwise}")


def run(*command: str) -> str:
    """What a command says, on either stream."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def verify_with_openssl(tool: str, key: Path, signature: Path, data: Path) -> str:
    """What the openssl command line says of an SM2 signature."""
    return run(
        tool, "dgst", "-sm3", "-verify", str(key), "-sigopt", "distid:1234567812345678",
        "-signature", str(signature), str(data),
    )  # fmt: skip


def gateway_says(command: str, work: Path, *rest: str) -> dict[str, str]:
    """Run a command of the gateway's own command line."""
    line = [sys.executable, "-m", "xincai_gateway", *command.split(), *rest]
    done = subprocess.run(
        [*line, "--practice", "--data", str(work / "gateway")], capture_output=True, text=True, check=False
    )
    check(done.returncode == 0, f"xincai-gateway {command}: {done.stderr}")
    said: dict[str, str] = json.loads(done.stdout)
    return said


@contextlib.contextmanager
def gateway(work: Path) -> Iterator[str]:
    """A gateway on 127.0.0.1 with its embedded database and a register of subjects; its address."""
    register = work / "register.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name"), (FARM.uscc, FARM.name), (FIRM.uscc, FIRM.name)])
    gateway_says("register import", work, str(register))
    command = [sys.executable, "-m", "xincai_gateway", "serve", "--practice", "--port", "0"]
    with subprocess.Popen([*command, "--data", str(work / "gateway")], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline() or "{}")
            check(ready.get("ready") is True, "the gateway did not start")
            yield ready["url"]
        finally:
            process.terminate()


def draw_photograph(path: Path) -> Path:
    """A wheat field under a sky, drawn: no real place."""
    picture = Image.new("RGB", (1600, 1200), (168, 205, 232))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 520, 1600, 1200), fill=(196, 164, 72))
    for row in range(24):
        y = 540 + row * row * 1.2
        pen.line((0, y, 1600, y + 6), fill=(150, 120, 44), width=3)
    pen.polygon([(1180, 520), (1180, 380), (1290, 310), (1400, 380), (1400, 520)], fill=(214, 205, 190))
    picture.save(path, "JPEG", quality=88)
    return path


def main(folder: Path) -> None:
    """Run the whole story."""
    began = clock.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("letters", "screens", "batches", "receipts"):
        (folder / name).mkdir(parents=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as temporary, gateway(Path(temporary)) as url:
        work = Path(temporary)
        photo = draw_photograph(work / "field.jpg")
        person = Person(work / "home", folder / "screens")
        demo = Demo(folder, work, url, person, began)
        demo.tell(f"gateway started at {url} with its embedded database")
        try:
            demo.first_run()
            demo.enrol()
            demo.fill(FARM, FARM_FORMS, photo)
            demo.fill(FARM, LETTERS, photo)
            demo.fill(FIRM, (farms.ent_basic, *LETTERS), photo)
            demo.send(records=9, rejected=1)
            demo.correct()
            demo.send(records=1, rejected=0)
            demo.look_back()
            demo.summarise()
        finally:
            person.leave()
    print(f"done in {clock.monotonic() - began:.1f} s; see {folder}/summary.md")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
