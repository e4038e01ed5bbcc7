"""Everything a person can do at the desk, over a real vault and real forms."""

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pypdfium2
import pytest
from desk_office import PASSPHRASE, Office

from forms import farms
from xincai import clock
from xincai.desk import Answer, Beginning, Desk, Preferences, Profile, RecordCard, Step
from xincai.errors import Problem
from xincai.shelf import Shelf, build
from xincai.shelf.store import keep
from xincai.sync import PracticeGateway
from xincai.vault import KdfParams, Vault
from xincai.wire.manifest import decode
from xincai.wire.receipt import Outcome, Receipt, SignedReceipt, encode_receipt
from xincai.wire.suites import PublicKey

NAME = "/data/subject/subject_name"
SIGN = "/data/signature_group/subject_sign"
FARM = farms.farm()


def never() -> bool:
    return False


def answers(office: Office, card: RecordCard, language: str = "zh") -> dict[str, Answer]:
    detail = office.desk.record(card.record_id, card.version, language)  # type: ignore[arg-type]
    return {answer.ref: answer for section in detail.sections for answer in section.answers}


def returned(office: Office, *, ref: str = NAME) -> None:
    """The platform's signed word that the only record of the last batch is wrong."""
    stored = office.vault.batch(office.vault.last_manifest() or "")
    manifest = decode(stored.manifest)
    (record,) = manifest.records
    outcome = Outcome(
        record.record, record.version, "rejected", "3002", ref, "名称与登记不一致", fixable=True
    )
    receipt = Receipt(
        kind="B",
        receipt_id=clock.new_id(),
        manifest=stored.manifest_id,
        device=manifest.device,
        office=manifest.office,
        sequence=manifest.sequence,
        records=1,
        blobs=1,
        size=1,
        platform_time=clock.stamp(clock.now()),
        audit_head=manifest.audit_head,
        gateway="gw",
        signer="0123456789abcdef",
        suite="SM2-SM3",
        outcomes=(outcome,),
    )
    office.vault.add_receipt(stored.manifest_id, SignedReceipt(encode_receipt(receipt), b"s"), receipt)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow, as on a disk that takes nothing more."""
    resource = pytest.importorskip("resource", reason="needs POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# --- the door


def test_a_person_begins_leaves_and_comes_back(office: Office) -> None:
    assert office.desk.door() == "open"
    assert office.desk.check_recovery(office.code)
    desk = office.again()
    assert desk.door() == "locked"
    desk.unlock(PASSPHRASE)
    assert desk.profile() == Profile("officer", "李秀兰", "柳河镇农业服务中心")
    assert desk.overview().records == 0


def test_the_first_run_is_where_there_is_no_vault(tmp_path: Path, shelf: Shelf) -> None:
    desk = Desk(tmp_path, shelf=shelf, kdf=KdfParams.for_tests())
    assert desk.door() == "first_run"
    with pytest.raises(Problem, match=r"desk\.passphrase_personal"):
        desk.begin(Beginning(Profile("filer", "禾田公司"), "我在禾田公司上班的日子"))
    assert desk.door() == "first_run"
    with pytest.raises(Problem, match=r"vault\.not_here"):
        desk.unlock(PASSPHRASE)


def test_a_vault_is_never_made_over_another(office: Office, shelf: Shelf) -> None:
    office.desk.close()
    with pytest.raises(Problem, match=r"vault\.already_there"):
        office.desk.begin(Beginning(Profile("filer", "别人"), PASSPHRASE))


def test_a_vault_that_is_there_knows_its_person(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that may fail comes between the vault and the recovery code."""

    def fails(*_: object) -> None:
        raise Problem("vault.disk_full")

    monkeypatch.setattr(Vault, "set_setting", fails)
    desk = Desk(tmp_path, shelf=shelf, kdf=KdfParams.for_tests())
    profile = Profile("filer", "阿依·古丽", "", "ENT")
    assert desk.begin(Beginning(profile, PASSPHRASE))
    assert desk.profile() == profile
    assert {card.form_id for card in desk.forms()} == {
        card.form_id for card in shelf.cards() if "ENT" in card.subjects
    }
    desk.close()


def test_a_wrong_passphrase_opens_nothing_and_harms_nothing(office: Office) -> None:
    desk = office.again()
    before = {path.name: path.read_bytes() for path in (desk.folder / "vault").glob("vault.[dj]*")}
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        desk.unlock("not the passphrase")
    with pytest.raises(Problem, match=r"vault\.locked"):
        desk.overview()
    assert {name: (desk.folder / "vault" / name).read_bytes() for name in before} == before
    desk.unlock(PASSPHRASE)


def test_a_forgotten_passphrase_is_renewed_with_the_recovery_code(office: Office) -> None:
    desk = office.again()
    desk.unlock_with_recovery(office.code.lower())
    with pytest.raises(Problem, match=r"desk\.passphrase_simple"):
        desk.set_passphrase(office.code, "1234567890")
    desk.set_passphrase(office.code, "quite another 7 words")
    desk = office.again()
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        desk.unlock(PASSPHRASE)
    desk.unlock("quite another 7 words")
    desk.change_passphrase("quite another 7 words", PASSPHRASE)
    office.again().unlock(PASSPHRASE)


def test_a_vault_opens_on_a_full_disk_and_can_be_read(office: Office) -> None:
    sealed, draft = office.seal(), office.fill("commitment")
    desk = office.again()
    with full_disk():
        desk.unlock(PASSPHRASE)
        assert desk.record(sealed.record_id).card.record_id == sealed.record_id
        with pytest.raises(Problem, match=r"vault\.disk"):
            desk.resume(draft.draft_id).snapshot().save()
    assert desk.resume(draft.draft_id).snapshot().save()


def test_preferences_that_cannot_be_kept_stop_nobody(tmp_path: Path, shelf: Shelf) -> None:
    desk = Desk(tmp_path, shelf=shelf)
    desk.prefer(Preferences("en", "large", 30))
    assert desk.preferences() == Preferences("en", "large", 30)
    with full_disk():
        desk.prefer(Preferences("zh", "large"))
    assert desk.preferences() == Preferences("en", "large", 30)


# --- sealing


def test_a_sealed_filling_is_a_record_and_no_draft(office: Office) -> None:
    filling = office.fill("ff_collect")
    card = office.desk.seal(filling)
    assert office.desk.drafts() == ()
    assert (card.status, card.version, card.subject_name) == ("sealed", 1, FARM.name)
    assert [row.record_id for row in office.desk.waiting()] == [card.record_id]
    assert office.desk.count_records("柳河 91") == 1
    assert {item.name for item in office.vault.record(card.record_id).attachments} == {
        item.name for item in filling.attachments
    }


def test_an_unfinished_filling_stays_a_draft(office: Office) -> None:
    filling = office.fill("commitment")
    filling.answer(NAME, "")
    with pytest.raises(Problem, match=r"xforms\.unfinished"):
        office.desk.seal(filling)
    (draft,) = office.desk.drafts()
    assert office.desk.resume(draft.draft_id).entry(NAME).value == ""


def test_sealing_twice_makes_one_record(office: Office) -> None:
    """A seal whose answer was lost on its way to the screen, and a saving that came late."""
    filling = office.fill("commitment")
    late = filling.snapshot()
    office.desk.seal(filling)
    for again in (late.save, lambda: office.desk.seal(filling)):
        with pytest.raises(Problem, match=r"vault\.already_sealed"):
            again()
    assert (office.desk.drafts(), office.desk.count_records()) == ((), 1)


# --- dossiers


def test_what_is_delicate_is_masked_in_the_detail(office: Office) -> None:
    found = answers(office, office.seal("ff_collect"))
    assert {answer.level for answer in found.values()} >= {"L1", "L2", "L3"}
    for answer in found.values():
        if answer.level in {"L3", "L4"}:
            assert answer.value == "", answer.ref  # it does not leave the desk before it is asked for
        elif answer.level in {"L1", "L2"}:
            assert answer.masked == answer.value
    for secret in (FARM.person_id, FARM.phone):
        assert not [answer for answer in found.values() if secret in (answer.masked, answer.value)]
    photo = found["/data/site/farm_photo"]
    assert photo.image


def test_a_detail_speaks_both_languages_and_keeps_its_values(office: Office) -> None:
    card = office.seal()
    chinese, english = answers(office, card), answers(office, card, "en")
    assert chinese.keys() == english.keys()
    assert chinese[NAME].value == english[NAME].value == FARM.name
    assert chinese[NAME].label != english[NAME].label


def test_a_picture_of_a_record_is_read_by_its_name(office: Office) -> None:
    card = office.seal()
    image = answers(office, card)[SIGN].image
    assert office.desk.record_image(card.record_id, 1, image, "verify").startswith(b"\x89PNG")
    with pytest.raises(Problem, match=r"vault\.no_attachment"):
        office.desk.record_image(card.record_id, 1, "other.png")


MOVING = """
| survey | | | | | | |
| | type | name | label | calculation | bind::xc:subject |
| | text | code | 代码 | | code |
| | text | name | 名称 | | name |
| | text | seen | 当天 | string(today()) | |
| settings | | | |
| | form_title | form_id | version |
| | 走访 | moving | 1 |
"""


def test_a_record_shows_what_was_sealed_whatever_the_day(tmp_path: Path) -> None:
    keep([build(MOVING, blocks={}, rules={}, lists={})], tmp_path)
    desk = Desk(tmp_path / "home", shelf=Shelf(tmp_path), kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰"), PASSPHRASE))
    noon = datetime.datetime(2026, 3, 5, 4, tzinfo=datetime.UTC)
    with clock.fixed(noon, seed="a"):
        filling = desk.start("moving")
        filling.answer("/data/code", "91410499MX0000001A")
        filling.answer("/data/name", "甲社")
        card = desk.seal(filling)
    with clock.fixed(noon + datetime.timedelta(days=40), seed="b"):
        (section,) = desk.record(card.record_id).sections
        last = section.answers[-1].ref
        assert desk.reveal(card.record_id, 1, last, "verify") == "2026-03-05"
    desk.close()


def test_a_form_that_was_replaced_under_way_is_not_begun(tmp_path: Path) -> None:
    """Else the vault would keep the new form under the old one's digest, for good."""
    keep([build(MOVING, blocks={}, rules={}, lists={})], tmp_path)
    desk = Desk(tmp_path / "home", shelf=Shelf(tmp_path), kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰"), PASSPHRASE))
    desk.forms()
    keep([build(MOVING.replace("当天", "今天"), blocks={}, rules={}, lists={})], tmp_path)
    with pytest.raises(Problem, match=r"desk\.form_replaced"):
        desk.start("moving")
    desk.close()


# --- corrections


def test_a_returned_record_is_corrected_and_goes_again(office: Office) -> None:
    office.enrol()
    card = office.seal()
    office.desk.sign_batch()
    returned(office)
    (task,) = office.desk.corrections()
    assert (task.record_id, task.ref, task.text, task.draft_id) == (
        card.record_id,
        NAME,
        "名称与登记不一致",
        "",
    )
    correction = office.desk.correct(card.record_id)
    assert (correction.version, correction.returned_ref, correction.attached(SIGN) is not None) == (
        2,
        NAME,
        True,
    )
    assert office.desk.corrections()[0].draft_id == correction.draft_id
    assert office.desk.drafts()[0].returned == "名称与登记不一致"
    correction.answer(NAME, "测试县柳河测二家庭农场")
    second = office.desk.seal(correction)
    assert (second.record_id, second.version, second.status) == (card.record_id, 2, "sealed")
    assert office.desk.corrections() == ()
    assert office.desk.record(card.record_id).versions == (1, 2)
    assert answers(office, card)[NAME].value == FARM.name
    assert answers(office, second)[NAME].value == "测试县柳河测二家庭农场"
    assert office.desk.record(card.record_id, 1).returned == ""
    assert office.desk.sign_batch().records == 1


def test_a_correction_is_begun_whole_or_not_at_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any of its steps, it never leaves a draft without the record's pictures."""
    office.enrol()
    card = office.seal()
    office.desk.sign_batch()
    returned(office)
    for step in ("save_draft", "add_attachment", "draft_attachments"):
        with monkeypatch.context() as patch:
            patch.setattr(Vault, step, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            with suppress(KeyboardInterrupt):
                office.desk.correct(card.record_id)
        assert office.desk.correct(card.record_id).attached(SIGN), step
        office.desk.discard(office.desk.drafts()[0].draft_id)
        office.vault.sweep_attachments()


def test_a_discarded_correction_can_be_begun_anew(office: Office) -> None:
    office.enrol()
    card = office.seal()
    office.desk.sign_batch()
    returned(office)
    first = office.desk.correct(card.record_id)
    assert office.desk.correct(card.record_id).draft_id == first.draft_id
    office.desk.discard(first.draft_id)
    assert office.desk.drafts() == ()
    assert office.desk.corrections()[0].draft_id == ""
    office.again().unlock(PASSPHRASE)
    assert office.desk.correct(card.record_id).attached(SIGN)


def test_a_discarded_draft_is_gone(office: Office) -> None:
    filling = office.fill("commitment")
    office.desk.discard(filling.draft_id)
    with pytest.raises(Problem, match=r"vault\.no_draft"):
        office.desk.resume(filling.draft_id)


# --- letters


def test_a_commitment_lists_the_sealed_records_it_covers(office: Office) -> None:
    office.enrol()
    covered, uncovered = office.seal("ff_collect"), office.seal("authorisation")
    letter = office.desk.write_letter(office.seal("commitment").record_id, "commitment")
    pages = pypdfium2.PdfDocument(office.desk.letter_pdf(letter.letter_id))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert office.desk.record(covered.record_id).sm3[:8] in text
    assert office.desk.record(uncovered.record_id).sm3[:8] not in text


def test_letters_are_numbered_through_the_day(office: Office, tmp_path: Path) -> None:
    office.enrol()
    card = office.seal()
    day = datetime.datetime(2026, 3, 5, 4, tzinfo=datetime.UTC)
    numbers = []
    for number, at in enumerate((day, day, day + datetime.timedelta(days=1))):
        with clock.fixed(at, seed=str(number)):
            numbers.append(office.desk.write_letter(card.record_id, "receipt").number)
    assert [number[:14] for number in numbers] == ["41049920260305"] * 2 + ["41049920260306"]
    first, second, next_day = (int(number[14:]) for number in numbers)
    assert (second, next_day) == (first + 1, first)
    letters = office.desk.record(card.record_id).letters
    assert {letter.number for letter in letters} == set(numbers)
    path = office.desk.export_letter(letters[0].letter_id, tmp_path)
    assert path.name == f"receipt-{letters[0].number}.pdf"
    assert path.read_bytes() == office.desk.letter_pdf(letters[0].letter_id)
    with pytest.raises(Problem, match=r"desk\.cannot_write"):
        office.desk.export_letter(letters[0].letter_id, tmp_path / "gone")


def test_letters_need_a_device_and_a_kind_that_fits(office: Office) -> None:
    card = office.seal()
    with pytest.raises(Problem, match=r"desk\.not_enrolled"):
        office.desk.write_letter(card.record_id, "commitment")
    office.enrol()
    with pytest.raises(Problem, match=r"desk\.no_such_letter"):
        office.desk.write_letter(card.record_id, "authorisation")


# --- the wire


def test_practice_goes_from_a_filling_to_receipts_and_starts_again(office: Office, tmp_path: Path) -> None:
    connection = office.desk.start_practice()
    assert (connection.practice, connection.here) == (True, True)
    card = office.seal()
    office.desk.sign_batch()
    steps: list[Step] = []
    delivery = office.desk.deliver(steps.append, never)
    assert (delivery.settled, delivery.accepted, delivery.rejected) == (1, 1, 0)
    assert {step.name for step in steps} >= {"connect", "blobs", "commit", "receipt"}
    assert [receipt.kind for receipt in office.desk.receipts()] == ["B", "A"]
    assert office.desk.record(card.record_id).card.status == "accepted"
    written = office.desk.export_receipts(tmp_path)
    key = PublicKey.from_pem((tmp_path / "gateway-1.pem").read_text())
    for path in written:
        key.verify(path.read_bytes(), path.with_suffix(".sm2").read_bytes())
    office.again().unlock(PASSPHRASE)
    moved = office.desk.start_practice()
    assert (moved.device, moved.here, moved.url != connection.url) == (connection.device, True, True)
    office.desk._practice.stop()  # type: ignore[union-attr]  # as if it had crashed
    office.desk.start_practice()
    assert office.desk.deliver(steps.append, never).settled == 0


def test_a_practice_gateway_made_anew_is_enrolled_at_anew(office: Office) -> None:
    first = office.desk.start_practice()
    office.seal()
    office.desk.sign_batch()
    office.again().unlock(PASSPHRASE)
    shutil.rmtree(office.desk.folder / "practice")
    second = office.desk.start_practice()
    assert (second.here, second.device != first.device) == (True, True)
    with pytest.raises(Problem, match=r"sync\.not_authorised"):
        office.desk.deliver(lambda _: None, never)
    assert office.desk.outbox()[0].state == "quarantined"
    office.desk.sign_batch()
    assert office.desk.deliver(lambda _: None, never).accepted == 1


class Elsewhere:
    """A practice gateway that runs, as far as the desk can tell."""

    running = True
    url, code, gateway = "http://127.0.0.1:9", "c", "practice-here"

    def stop(self) -> None:
        """Nothing to stop."""


@pytest.mark.parametrize("practice", [True, False])
def test_a_device_that_is_enrolled_elsewhere_stays_so(
    office: Office, monkeypatch: pytest.MonkeyPatch, practice: bool
) -> None:
    """Be it for work, or at the county's own practice gateway."""
    monkeypatch.setattr(PracticeGateway, "start", lambda *_: Elsewhere())
    office.enrol("county", practice=practice)
    before = office.vault.device()
    with pytest.raises(Problem, match=r"desk\.enrolled_for_work"):
        office.desk.start_practice()
    assert office.vault.device() == before


def test_enrolment_at_the_own_practice_gateway_is_known_in_the_same_stroke(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed right after it, the vault must still know that this gateway is its own."""
    seen: list[str] = []
    whole = Vault.set_setting

    def told(vault: Vault, key: str, value: str | None) -> None:
        seen.append(key)
        whole(vault, key, value)

    monkeypatch.setattr(Vault, "set_setting", told)
    office.desk.start_practice()
    assert seen == ["sync-enrolment"]


def test_a_stick_carries_the_batch_and_the_public_key(office: Office, tmp_path: Path) -> None:
    office.enrol()
    office.seal()
    batch = office.desk.sign_batch()
    (path,) = office.desk.export_batch(batch.manifest_id, tmp_path)
    assert path.with_suffix(".pem").read_text() == office.desk.device_pem()
    assert office.desk.outbox()[0].state == "unknown"


def test_without_a_device_nothing_is_signed(office: Office) -> None:
    office.seal()
    assert (office.desk.connection(), office.desk.device_pem()) == (None, "")
    for step in (office.desk.sign_batch, lambda: office.desk.deliver(lambda _: None, never)):
        with pytest.raises(Problem, match=r"sync\.not_enrolled"):
            step()


def test_no_file_beside_the_vault_holds_an_answer(office: Office) -> None:
    office.seal("ff_collect")
    office.fill("commitment")
    office.desk.prefer(Preferences("en"))
    secrets = [FARM.name, FARM.person, FARM.person_id, FARM.phone, "李秀兰", PASSPHRASE]
    for path in office.desk.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in data], path.name
