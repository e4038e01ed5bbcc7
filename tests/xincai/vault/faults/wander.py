"""Wandering through the desk beside a model of a dozen lines: what is kept is what the model says.

Hypothesis chooses the way: drafts begun, changed, thrown away, sealed, delivered, returned, corrected; people
who come, change roles and go; passphrases changed; the vault locked, the process killed in the middle of a
step, a backup made and put in the vault's place. After each step the whole is held against the model.
"""

import os
import select
import shutil
import signal
import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from journeys import device, never, nobody
from xincai.desk import Beginning, Desk, Profile
from xincai.shelf import Shelf
from xincai.shelf.reading import read_any
from xincai.vault import KdfParams
from xincai.wire.receipt import Outcome, Receipt, SignedReceipt, encode_receipt

PASSPHRASES = ("horse battery 42 staple", "violin orbit 77 lantern", "saddle pepper 19 window")
SECOND = "glacier mitten 58 harbour"
FORM = """
| settings | form_id | form_title | version |
| | count | 清点 | 1 |
| survey | type | name | label |
| | text | said | 说什么 |
"""
LENGTH = 50
SHELF = Shelf()
WORDS = st.text("柳河村abc<&䶮 ", min_size=1, max_size=12).filter(lambda text: text.strip() == text)


@dataclass
class Model:
    """What is kept, said simply."""

    drafts: dict[str, str] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    """The record that a draft corrects."""
    records: dict[str, list[str]] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    people: int = 1
    passphrase: str = PASSPHRASES[0]


class Wander(RuleBasedStateMachine):
    """One office, from its first day."""

    taken = 0

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.model = Model()
        self.backup: tuple[Path, Model] | None = None
        self.desk = self.fresh()

    def fresh(self) -> Desk:
        return Desk(self.place / "home", shelf=SHELF, kdf=KdfParams.for_tests())

    @initialize()
    def begin(self) -> None:
        self.desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇"), self.model.passphrase))
        form = self.place / "count.md"
        form.write_text(FORM, "utf-8")
        self.form = self.desk.keep_form(read_any(form)).form_sm3
        self.desk._vault.save_device(device("dev"))

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.place)

    # --- fillings
    @rule(said=WORDS)
    def create(self, said: str) -> None:
        filling = self.desk.start_imported(self.form)
        filling.answer("/data/said", said)
        filling.snapshot().save()
        self.model.drafts[filling.draft_id] = said

    @precondition(lambda self: self.model.drafts)
    @rule(said=WORDS, which=st.integers(0, 99))
    def change(self, said: str, which: int) -> None:
        draft_id = self.one(self.model.drafts, which)
        filling = self.desk.resume(draft_id)
        filling.answer("/data/said", said)
        filling.snapshot().save()
        self.model.drafts[draft_id] = said

    @precondition(lambda self: self.model.drafts)
    @rule(which=st.integers(0, 99))
    def throw_away(self, which: int) -> None:
        draft_id = self.one(self.model.drafts, which)
        self.desk.discard(draft_id)
        del self.model.drafts[draft_id]
        self.model.corrections.pop(draft_id, None)

    @precondition(lambda self: self.model.drafts)
    @rule(which=st.integers(0, 99))
    def seal(self, which: int) -> None:
        draft_id = self.one(self.model.drafts, which)
        card = self.desk.seal(self.desk.resume(draft_id))
        self.sealed(draft_id)
        assert card.record_id in self.model.records

    def sealed(self, draft_id: str) -> None:
        record_id = self.model.corrections.pop(draft_id, draft_id)
        self.model.records.setdefault(record_id, []).append(self.model.drafts.pop(draft_id))
        self.model.returned.discard(record_id)
        self.model.sent.discard(record_id)

    @precondition(lambda self: self.model.records.keys() - self.model.sent)
    @rule(good=st.booleans())
    def deliver(self, good: bool) -> None:
        vault = self.desk._vault
        if vault.device() is None:
            vault.save_device(device(f"dev{len(self.model.records)}{vault.counts().events}"))
        card = self.desk.sign_batch()
        vault.mark_sending(card.manifest_id)
        keys = {
            (record, len(self.model.records[record]))
            for record in self.model.records.keys() - self.model.sent
        }
        outcomes = tuple(
            Outcome(*key, "accepted" if good else "rejected", "" if good else "3002") for key in sorted(keys)
        )
        assert card.records == len(outcomes)
        receipt = Receipt(
            "B", card.manifest_id[:20], card.manifest_id, "dev", "o", card.sequence, len(outcomes), 1, 1,
            "2026-11-22T00:00:00Z", "a" * 64, "gw", "k", "SM2-SM3", outcomes=outcomes,
        )  # fmt: skip
        vault.add_receipt(card.manifest_id, SignedReceipt(encode_receipt(receipt), b"s"), receipt)
        self.model.sent |= {record for record, _ in keys}
        if not good:
            self.model.returned |= {record for record, _ in keys}

    @precondition(lambda self: self.model.returned - set(self.model.corrections.values()))
    @rule(which=st.integers(0, 99))
    def correct(self, which: int) -> None:
        open_ones = self.model.returned - set(self.model.corrections.values())
        record_id = self.one(dict.fromkeys(open_ones), which)
        filling = self.desk.correct(record_id)
        self.model.drafts[filling.draft_id] = self.model.records[record_id][-1]
        self.model.corrections[filling.draft_id] = record_id

    @rule()
    def withdraw_and_offer(self) -> None:
        self.desk.withdraw_form("count")
        assert not self.desk.imported()
        self.desk.keep_form(read_any(self.place / "count.md"))

    # --- doors
    @rule()
    def lock(self) -> None:
        self.desk.close()
        self.desk = self.fresh()
        self.desk.unlock(self.model.passphrase)

    @rule(new=st.sampled_from(PASSPHRASES))
    def change_passphrase(self, new: str) -> None:
        self.desk.change_passphrase(self.model.passphrase, new)
        self.model.passphrase = new

    @precondition(lambda self: self.model.people == 1)
    @rule()
    def somebody_comes(self) -> None:
        self.desk.add_person(self.model.passphrase, "周", ("clerk", "reviewer"), SECOND)
        self.model.people = 2

    @precondition(lambda self: self.model.people == 2)
    @rule(roles=st.sampled_from((("clerk",), ("auditor",), ("clerk", "reviewer"))))
    def roles_change(self, roles: Any) -> None:
        self.desk.set_roles(self.desk.access().people[1].person_id, roles)
        assert self.desk.access().people[1].roles == roles

    @precondition(lambda self: self.model.people == 2)
    @rule()
    def somebody_leaves(self) -> None:
        self.desk.remove_person(self.model.passphrase, self.desk.access().people[1].person_id)
        self.model.people = 1

    @rule(said=WORDS, patience=st.integers(0, 40), seals=st.booleans())
    def killed(self, said: str, patience: int, seals: bool) -> None:
        """The process dies while it saves and seals; what it has acknowledged is there."""
        self.desk.close()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                desk = self.fresh()
                desk.unlock(self.model.passphrase)
                filling = desk.start_imported(self.form)
                filling.answer("/data/said", said)
                os.write(writer, f"{filling.draft_id} ".encode())
                filling.snapshot().save()
                os.write(writer, b"saved ")
                if seals:
                    desk.seal(filling)
                    os.write(writer, b"sealed ")
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            told = "" if patience < 20 else pipe.read(37)
            select.select([pipe], [], [], patience / 1000)  # some instructions later
            os.kill(child, signal.SIGKILL)
            told += pipe.read()
        os.waitpid(child, 0)
        self.desk = self.fresh()
        self.desk.unlock(self.model.passphrase)
        self.take_in(told.split(), said)

    def take_in(self, told: list[str], said: str) -> None:
        """What a killed process has acknowledged has to be there; what it has not may be."""
        if not told:
            told = [
                row.draft_id for row in self.desk._vault.drafts() if row.draft_id not in self.model.drafts
            ]
        if not told:
            return
        draft_id = told[0]
        is_sealed = bool(self.desk._vault.versions(draft_id))
        is_saved = draft_id in {row.draft_id for row in self.desk._vault.drafts()}
        assert is_sealed or "sealed" not in told, "sealed and lost"
        assert is_saved or is_sealed or "saved" not in told, "saved and lost"
        assert not (is_saved and is_sealed)
        if is_saved or is_sealed:
            self.model.drafts[draft_id] = said
        if is_sealed:
            self.sealed(draft_id)

    # --- copies
    @precondition(lambda self: self.backup is None or self.backup[1] != self.model)
    @rule()
    def back_up(self) -> None:
        stick = self.place / "stick"
        shutil.rmtree(stick, ignore_errors=True)
        stick.mkdir()
        path = self.desk.back_up(stick, nobody_looks, never)
        assert path is not None
        self.backup = (path, deepcopy(self.model))

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        assert self.backup is not None
        path, model = self.backup
        self.desk.close()
        shutil.rmtree(self.place / "home" / "vault")
        self.desk = self.fresh()
        assert self.desk.restore(path, model.passphrase, nobody_looks, never)
        self.model = deepcopy(model)

    # --- the model
    def one(self, of: dict[str, Any], which: int) -> str:
        return sorted(of)[which % len(of)]

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        type(self).taken += 1
        desk, model, vault = self.desk, self.model, self.desk._open
        if vault is None:
            return
        assert {card.draft_id for card in desk.drafts()} == model.drafts.keys()
        assert {card.record_id for card in desk.records(limit=1000)} == model.records.keys()
        assert {each.record_id for each in desk.corrections()} == model.returned
        for record_id, versions in model.records.items():
            assert vault.versions(record_id) == tuple(range(1, len(versions) + 1))
        for draft_id, said in model.drafts.items():
            assert self.said(vault.draft(draft_id).xml) == said
        assert len(vault.people()) == model.people
        assert vault.doubt() is None
        if type(self).taken % 10 == 0:
            vault.verify_chain()
            for record_id, versions in model.records.items():
                for number, said in enumerate(versions, 1):
                    assert self.said(vault.record(record_id, number).submission) == said

    def said(self, xml: bytes) -> str:
        from lxml import etree

        return etree.fromstring(xml).findtext("said") or ""


def nobody_looks(step: object) -> None:
    nobody(step, 0, 0)


def walked(number: int, steps: int) -> dict[str, Any]:
    """So many steps, chosen by a number; `tried` are those that were taken."""

    class Here(Wander):
        taken = 0

    wrong = {}
    here = settings(
        max_examples=max(1, steps // LENGTH),
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(Here), settings=here)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told
        import traceback

        wrong[f"walk {number}"] = "".join(traceback.format_exception(error))[-2500:]
    return {"tried": Here.taken, "wrong": wrong}
