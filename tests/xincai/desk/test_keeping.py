"""Looking after the vault: backups and reminders, another computer, and what is erased on arrival."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk_office import PASSPHRASE, Office
from gateway_here import GatewayHere, running
from xincai import clock
from xincai.desk import Beginning, Desk, Profile, Saving
from xincai.errors import Problem
from xincai.shelf import Shelf
from xincai.vault import KdfParams, ballast
from xincai_gateway.schema import batches, records

DAY = datetime.timedelta(days=1)


def nobody(_: object) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayHere]:
    with running(tmp_path_factory.mktemp("gateway")) as here:
        yield here


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def another(tmp_path: Path, shelf: Shelf) -> Iterator[Desk]:
    """The desk of another computer, before its first start."""
    desk = Desk(tmp_path / "another computer", shelf=shelf, kdf=KdfParams.for_tests())
    yield desk
    desk.close()


def send(desk: Desk) -> None:
    while desk.waiting():
        desk.sign_batch()
    desk.deliver(nobody, never)


def platform_rows(gateway: GatewayHere) -> list[tuple[str, int]]:
    import sqlalchemy as sa

    query = sa.select(records.c.record, records.c.version)
    return sorted((row["record"], row["version"]) for row in gateway.gateway.database.rows(query))


def batch_rows(gateway: GatewayHere) -> int:
    import sqlalchemy as sa

    return len(gateway.gateway.database.rows(sa.select(batches.c.manifest_sm3)))


def test_a_restored_vault_sends_nothing_twice(
    office: Office, another: Desk, gateway: GatewayHere, stick: Path
) -> None:
    """Backup; the first computer goes on; the older copy is restored elsewhere, enrols and delivers too."""
    desk, rows, sent = office.desk, set(platform_rows(gateway)), batch_rows(gateway)
    desk.enrol(gateway.url, gateway.code())
    first = office.seal()
    send(desk)  # settled before the backup
    batched = office.seal()
    desk.sign_batch()  # signed, and not yet sent
    waiting = office.seal()  # sealed, and in no batch
    backup = desk.back_up(stick, nobody, never)
    assert backup is not None
    send(desk)  # after the backup: the open batch and the record that waited
    later = office.seal()
    send(desk)
    mine = {each.record_id for each in (first, batched, waiting, later)}
    there = set(platform_rows(gateway)) - rows
    assert {record for record, _ in there} == mine, "all are accepted"

    steps: list[Saving] = []
    assert another.look_at_backup(backup) <= clock.now()
    assert another.restore(backup, PASSPHRASE, steps.append, never)
    assert {step.name for step in steps} == {"copy", "check"}
    assert another.connection() is None
    assert [card.state for card in another.outbox()] == ["batched", "settled"]
    assert [card.record_id for card in another.waiting()] == [waiting.record_id]
    another.enrol(gateway.url, gateway.code())
    send(another)
    assert set(platform_rows(gateway)) - rows == there, "nothing was taken in twice"
    assert len(platform_rows(gateway)) == len(set(platform_rows(gateway)))
    counts = {card.record_id: card.status for card in another.records()}
    assert counts == dict.fromkeys((first.record_id, batched.record_id, waiting.record_id), "accepted")
    assert all(card.state == "settled" for card in another.outbox())
    assert batch_rows(gateway) - sent == 5  # four of the first computer; of the second one alone was new
    fresh = Office(another, "", office.shelf).seal()
    send(another)
    assert set(platform_rows(gateway)) - rows == there | {(fresh.record_id, 1)}
    office.vault.verify_chain()
    another._vault.verify_chain()
    old, new = office.vault.device(), another._vault.device()
    assert old is not None
    assert new is not None
    assert (old.device_id, old.private_key) != (new.device_id, new.private_key)


def test_both_computers_may_go_on_and_a_conflict_becomes_a_task(
    office: Office, another: Desk, gateway: GatewayHere, stick: Path
) -> None:
    """The same draft is sealed on both, with other answers: the platform keeps one, the other is returned."""
    desk = office.desk
    desk.enrol(gateway.url, gateway.code())
    filling = office.fill("commitment")
    backup = desk.back_up(stick, nobody, never)
    assert backup is not None
    desk.seal(filling)
    send(desk)
    assert another.restore(backup, PASSPHRASE, nobody, never)
    another.enrol(gateway.url, gateway.code())
    (draft,) = another.drafts()
    again = another.resume(draft.draft_id)
    another.seal(again)
    send(another)
    (card,) = another.records()
    assert card.record_id == desk.records()[0].record_id
    if card.status == "returned":
        assert [task.record_id for task in another.corrections()] == [card.record_id]
    else:
        assert (
            another._vault.record(card.record_id).submission == office.vault.record(card.record_id).submission
        )


def test_restoring_is_for_a_computer_without_a_vault(office: Office, another: Desk, stick: Path) -> None:
    backup = office.desk.back_up(stick, nobody, never)
    assert backup is not None
    assert another.door() == "first_run"
    with pytest.raises(Problem, match=r"vault\.wrong_passphrase"):
        another.restore(backup, "不对", nobody, never)
    assert another.door() == "first_run"
    assert another.restore(backup, office.code, nobody, never, by_recovery=True)
    assert another.door() == "open"
    assert another.profile() == office.desk.profile()
    with pytest.raises(Problem, match=r"vault\.already_there"):
        another.restore(backup, PASSPHRASE, nobody, never)
    another.close()
    another.unlock(PASSPHRASE)


def test_a_restoring_that_was_cancelled_leaves_a_first_start(
    office: Office, another: Desk, stick: Path
) -> None:
    backup = office.desk.back_up(stick, nobody, never)
    assert backup is not None
    assert not another.restore(backup, PASSPHRASE, nobody, lambda: True)
    assert another.door() == "first_run"
    assert not list(another.folder.iterdir())


def test_a_backup_is_asked_for_when_its_time_has_come(office: Office, stick: Path) -> None:
    desk, now = office.desk, clock.now()
    with clock.fixed(now + 8 * DAY, seed="empty"):
        assert not desk.upkeep().backup_due, "there is nothing to lose yet"
    office.fill("commitment")
    upkeep = desk.upkeep()
    assert (upkeep.last_backup, upkeep.remind_after, upkeep.backup_due) == (None, 7, False)
    with clock.fixed(now + 7 * DAY + DAY / 2, seed="due"):
        assert (desk.upkeep().backup_due, desk.upkeep().days_since_backup) == (True, 7)
    desk.back_up(stick, nobody, never)
    with clock.fixed(now + 6 * DAY, seed="fresh"):
        assert not desk.upkeep().backup_due
    with clock.fixed(now + 9 * DAY, seed="again"):
        assert desk.upkeep().backup_due
    desk.remind_after(30)
    with clock.fixed(now + 9 * DAY, seed="later"):
        assert not desk.upkeep().backup_due
    desk.remind_after(0)
    with clock.fixed(now + 900 * DAY, seed="never"):
        assert not desk.upkeep().backup_due
    desk.remind_after(7)
    with clock.fixed(now - 400 * DAY, seed="back"):
        assert desk.upkeep().backup_due, "a clock that went back proves no backup"


def test_an_officer_erases_after_a_month_and_a_filer_never(
    office: Office, tmp_path: Path, shelf: Shelf
) -> None:
    assert office.desk.upkeep().erase_after == 30
    filer = Desk(tmp_path / "filer", shelf=shelf, kdf=KdfParams.for_tests())
    filer.begin(Beginning(Profile("filer", "柳河家庭农场", subject_kind="FARM"), PASSPHRASE))
    assert filer.upkeep().erase_after == 0
    filer.erase_after(90)
    assert filer.upkeep().erase_after == 90
    filer.close()


def test_what_has_arrived_is_listed_kept_and_erased(office: Office, gateway: GatewayHere) -> None:
    desk, now = office.desk, clock.now()
    desk.enrol(gateway.url, gateway.code())
    goes, stays = office.seal(), office.seal()
    desk.write_letter(goes.record_id, "commitment")
    send(desk)
    assert desk.upkeep().leaving == ()
    assert desk.tidy() == 0
    with clock.fixed(now + 25 * DAY, seed="announced"):
        leaving = desk.upkeep().leaving
        assert {each.record_id for each in leaving} == {goes.record_id, stays.record_id}
        assert all(each.erased_on > clock.now() for each in leaving)
        roles = desk._vault.me().roles
        desk.set_roles("", ("administrator",))
        assert {(each.subject_name, each.subject_code) for each in desk.upkeep().leaving} == {("", "")}
        desk.set_roles("", roles)
        assert desk.tidy() == 0
        desk.keep_content(stays.record_id, kept=True)
        assert {each.record_id: each.kept for each in desk.upkeep().leaving}[stays.record_id]
    with clock.fixed(now + 33 * DAY, seed="due"):
        assert desk.tidy() == 1
        assert desk.tidy() == 0
    detail = desk.record(goes.record_id)
    assert (detail.card.status, detail.card.erased, detail.sections, detail.letters) == (
        "accepted",
        True,
        (),
        (),
    )
    assert detail.erased_at is not None
    assert detail.receipt in {receipt.receipt_id for receipt in desk.receipts()}
    assert len(detail.sm3) == 64
    listed = {card.record_id: card for card in desk.records()}
    assert listed[goes.record_id].erased
    assert listed[goes.record_id].subject_name == ""
    assert not listed[stays.record_id].erased
    assert desk.record(stays.record_id).sections
    desk.erase_now(stays.record_id)
    assert desk.record(stays.record_id).card.erased
    office.vault.verify_chain()


def test_a_clock_known_to_be_wrong_erases_nothing(office: Office, gateway: GatewayHere) -> None:
    desk, now = office.desk, clock.now()
    desk.enrol(gateway.url, gateway.code())
    card = office.seal()
    send(desk)
    office.vault.set_setting("sync-clock", "wrong")
    with clock.fixed(now + 25 * DAY, seed="announced"):
        desk.upkeep()
    with clock.fixed(now + 40 * DAY, seed="due"):
        assert desk.tidy() == 0
    assert desk.record(card.record_id).sections


def test_ballast_is_taken_on_after_opening(office: Office) -> None:
    assert not ballast.is_loaded(office.vault.folder)
    office.desk.tidy()
    assert ballast.is_loaded(office.vault.folder)
    assert not office.desk.upkeep().scarce
    assert (office.vault.folder / ballast.NAME).stat().st_size >= 1 << 16


def test_what_a_cut_restoring_left_is_gone_after_the_next_opening(office: Office) -> None:
    left = office.vault.folder.with_name(f"{office.vault.folder.name}.restoring")
    left.mkdir()
    (left / "vault.db").write_bytes(bytes(5000))
    desk = office.again()
    desk.unlock(PASSPHRASE)
    desk.tidy()
    assert not left.exists()
    assert desk.overview()


def test_a_synced_folder_is_told_before_and_after_opening(
    tmp_path: Path, shelf: Shelf, new_office: Callable[[], Office]
) -> None:
    desk = Desk(tmp_path / "我的坚果云", shelf=shelf, kdf=KdfParams.for_tests())
    problem = desk.place_warning()
    assert problem is not None
    assert problem.code == "vault.in_synced_folder"
    desk.begin(Beginning(Profile("officer", "李秀兰"), PASSPHRASE))
    place = desk.upkeep().place
    assert place is not None
    assert place.code == "vault.in_synced_folder"
    desk.close()
    assert new_office().desk.place_warning() is None
