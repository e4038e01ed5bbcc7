import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from gateway_here import GatewayHere, Office, running

from xincai import clock
from xincai.errors import Problem
from xincai.sync import Progress, deliver, enrol, make_batch
from xincai.sync.courier import CURSOR
from xincai.sync.platform import Reply
from xincai.sync.trouble import Trouble
from xincai.sync.trust import check_clock, trusted_keys
from xincai.vault import Vault
from xincai.wire.canonical import canonical
from xincai.wire.codes import Help
from xincai.wire.keys import GatewayKey, KeyList, SignedDocument, encode_key_list, sign_document
from xincai.wire.manifest import decode
from xincai.wire.messages import KeysModel, Wellknown
from xincai.wire.receipt import SignedReceipt
from xincai.wire.suites import PrivateKey
from xincai_gateway.commit import FEW


def test_a_batch_is_brought_and_settled_by_its_receipts(office: Office) -> None:
    name = office.batch(3, photo=b"\xff\xd8" + bytes(5000))
    report = office.deliver()
    assert report.problem is None
    assert (report.settled, report.accepted + report.rejected) == (1, 3)
    assert office.vault.batch_states() == {name: "settled"}
    assert sorted(receipt.kind for receipt in office.vault.receipts(name)) == ["A", "B"]
    assert office.there() == 1


def test_delivering_again_changes_nothing(office: Office) -> None:
    office.batch()
    office.deliver()
    before = office.vault.receipts()
    assert office.deliver().problem is None
    assert office.vault.receipts() == before
    assert office.there() == 1


def test_batches_form_a_chain(office: Office) -> None:
    names = [office.batch() for _ in range(3)]
    manifests = [decode(office.vault.batch(name).manifest) for name in names]
    assert [each.sequence for each in manifests] == [1, 2, 3]
    assert [each.previous for each in manifests] == [None, *names[:2]]
    assert office.deliver().settled == 3


def test_progress_tells_the_steps_and_the_bytes(office: Office) -> None:
    office.batch(2, photo=b"\xff\xd8" + bytes(2_000_000))
    seen: list[Progress] = []
    with office.platform() as platform:
        deliver(office.vault, platform, seen.append)
    assert list(dict.fromkeys(each.step for each in seen)) == [
        "connect",
        "commit",
        "blobs",
        "receipt",
    ]
    sent = [each.done for each in seen if each.step == "blobs"]
    assert sent == sorted(sent)
    assert sent[-1] == seen[-2].total > 2_000_000


def test_cancelling_leaves_the_batch_in_the_outbox(office: Office) -> None:
    name = office.batch(1, photo=b"\xff\xd8" + bytes(2_000_000))
    seen: list[Progress] = []
    with office.platform() as platform:
        report = deliver(
            office.vault,
            platform,
            seen.append,
            lambda: any(each.done > 0 for each in seen if each.step == "blobs"),
        )
    assert (report.cancelled, report.problem, report.unknown) == (True, None, 1)
    assert office.vault.batch_states() == {name: "unknown"}
    assert office.deliver().settled == 1
    assert office.there() == 1


def test_the_intent_stands_before_the_first_byte(office: Office) -> None:
    name = office.batch()
    with office.platform() as platform:
        real = platform.commit

        def commit(*arguments: object) -> object:
            assert office.vault.batch_states()[name] == "unknown"
            return real(*arguments)  # type: ignore[arg-type]

        platform.commit = commit  # type: ignore[method-assign,assignment]
        assert deliver(office.vault, platform).settled == 1


def test_without_a_platform_nothing_changes(office: Office) -> None:
    name = office.batch()
    report = office.deliver("http://127.0.0.1:9")
    assert report.problem is not None
    assert report.problem.code == "sync.unreachable"
    assert office.vault.batch_states() == {name: "batched"}


def test_a_batch_that_the_gateway_refuses_blocks_no_other(office: Office) -> None:
    device = office.vault.device()
    assert device is not None
    office.vault.save_device(replace(device, recipient="another-gateway"))
    bad = office.batch()
    office.vault.save_device(device)
    good = office.batch()
    report = office.deliver()
    assert (report.settled, report.quarantined) == (1, 1)
    assert office.vault.batch_states() == {bad: "quarantined", good: "settled"}
    assert report.problem is not None
    assert len(office.vault.waiting_records()) == 1
    make_batch(office.vault)
    assert office.deliver().settled == 1
    assert office.vault.waiting_records() == ()


def test_a_device_that_was_shut_out_keeps_everything(office: Office) -> None:
    from xincai_gateway.enrol import revoke

    name = office.batch()
    device = office.vault.device()
    assert device is not None
    revoke(office.gateway.gateway.database, device.office, device.device_id, "县管理员")
    report = office.deliver()
    assert report.problem is not None
    assert report.problem.code == "sync.not_authorised"
    assert office.vault.batch_states() == {name: "batched"}


def test_receipts_are_collected_where_the_reply_was_lost(office: Office) -> None:
    name = office.batch()
    office.deliver()
    stored = office.vault.batch(name)
    twin = office.vault.receipts(name)
    with office.platform() as platform:
        again = platform.commit(name, stored.manifest, stored.signer, stored.signature)
        assert {item.data for item in again} == {row.body for row in twin}
        assert {item.data for item in platform.batch_receipts(name)} == {row.body for row in twin}
        assert platform.batch_receipts("0" * 64) == ()


def test_a_gateway_that_forgot_is_offered_everything_again(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A restored gateway: same identity, empty ledger."""
    import shutil

    from gateway_here import running

    folder = tmp_path_factory.mktemp("restored")
    with running(folder / "now") as first:
        enrol(office.vault, first.url, first.code())
        shutil.copytree(folder / "now", folder / "backup")
        other = Office(office.vault, first)
        name = other.batch()
        assert other.deliver().settled == 1
    with running(folder / "backup") as restored:
        other = Office(office.vault, restored)
        assert other.there() == 0
        assert other.deliver(restored.url).settled == 1
        assert other.there() == 1
    assert office.vault.batch_states()[name] == "settled"


def test_an_old_copy_of_the_vault_sends_nothing(office: Office, tmp_path: pytest.TempPathFactory) -> None:
    import shutil

    office.batch()
    folder = office.vault.folder
    office.vault.close()
    shutil.copytree(folder, folder.parent / "copy")
    vault = Vault.open(folder, "柳河村-2026-cashew")
    assert Office(vault, office.gateway).deliver().settled == 1
    Office(vault, office.gateway).batch()
    assert Office(vault, office.gateway).deliver().settled == 1
    vault.close()
    old = Vault.open(folder.parent / "copy", "柳河村-2026-cashew")
    report = Office(old, office.gateway).deliver()
    assert report.problem is not None
    assert report.problem.code == "sync.vault_behind"
    doubt = old.doubt()
    assert doubt is not None
    assert doubt.code == "sync.vault_behind"
    with pytest.raises(Problem, match=r"sync\.vault_behind"):
        Office(old, office.gateway).seal()
    old.accept_history("找不回来")
    Office(old, office.gateway).seal()
    assert [event.kind for event in old.events(1000)][-3:] == ["history_doubt", "history_accepted", "sealed"]
    old.close()


def test_a_receipt_for_a_batch_this_vault_never_made_is_found_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that does not say its head gives the older copy away all the same."""
    import shutil

    from xincai.sync.courier import _Courier

    folder = office.vault.folder
    office.vault.close()
    shutil.copytree(folder, folder.parent / "copy")
    vault = Vault.open(folder, "柳河村-2026-cashew")
    Office(vault, office.gateway).batch()
    assert Office(vault, office.gateway).deliver().settled == 1
    vault.close()
    monkeypatch.setattr(_Courier, "_compare", lambda _self, _head: None)
    old = Vault.open(folder.parent / "copy", "柳河村-2026-cashew")
    report = Office(old, office.gateway).deliver()
    doubt = old.doubt()
    old.close()
    assert report.problem is not None
    assert report.problem.code == "sync.vault_behind"
    assert doubt is not None


def test_another_history_under_the_same_numbers_is_found_out(office: Office) -> None:
    """Both the vault and what stands beside it were put back, and work went on from there."""
    import shutil

    folder = office.vault.folder
    office.vault.close()
    shutil.copytree(folder, folder.parent / "copy")
    vault = Vault.open(folder, "柳河村-2026-cashew")
    Office(vault, office.gateway).batch()
    assert Office(vault, office.gateway).deliver().settled == 1
    vault.close()
    old = Vault.open(folder.parent / "copy", "柳河村-2026-cashew")
    assert old.doubt() is None
    Office(old, office.gateway).batch()
    report = Office(old, office.gateway).deliver()
    doubt = old.doubt()
    old.close()
    assert report.problem is not None
    assert report.problem.code == "sync.history_differs"
    assert doubt is not None


def test_another_gateway_at_the_address_gets_nothing(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from gateway_here import running

    name = office.batch()
    with running(tmp_path_factory.mktemp("other")) as other:
        report = office.deliver(other.url)
    assert report.problem is not None
    assert report.problem.code == "sync.other_gateway"
    assert office.vault.batch_states() == {name: "batched"}


def test_the_same_record_from_two_vaults_is_one_record(
    gateway: GatewayHere, new_vault: Callable[[], Vault]
) -> None:
    one, two = (Office.enrolled(new_vault(), gateway) for _ in range(2))
    record = one.seal()
    two.vault.seal(record, None)
    for each in (one, two):
        make_batch(each.vault)
        assert each.deliver().settled == 1


def test_the_clock_is_checked_against_signed_time(office: Office) -> None:
    import datetime

    assert decode(office.vault.batch(office.batch()).manifest).clock_state == "unverified"
    office.deliver()
    assert decode(office.vault.batch(office.batch()).manifest).clock_state == "verified"
    now = clock.stamp(clock.now())
    key = office.gateway.gateway.identity.key
    keys = trusted_keys(office.vault)
    assert keys is not None
    with office.platform() as platform, clock.fixed(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)):

        def time(nonce: str) -> SignedDocument:
            return sign_document(canonical({"format": "xincai-time-1", "nonce": nonce, "time": now}), key)

        platform.time = time  # type: ignore[method-assign]
        check_clock(office.vault, platform, keys)
        platform.time = lambda _: time("another")  # type: ignore[method-assign]
        with pytest.raises(Problem, match=r"wire\.bad_field"):
            check_clock(office.vault, platform, keys)
    assert decode(office.vault.batch(office.batch()).manifest).clock_state == "wrong"


def test_batches_of_an_earlier_enrolment_are_brought_too(office: Office) -> None:
    names = [office.batch() for _ in range(2)]
    enrol(office.vault, office.gateway.url, office.gateway.code())
    names.append(office.batch())
    assert office.deliver().settled == 3
    assert set(office.vault.batch_states()) == set(names)


def test_a_batch_of_a_device_that_was_shut_out_waits_for_a_new_one(office: Office) -> None:
    from xincai_gateway.enrol import revoke

    name = office.batch()
    device = office.vault.device()
    assert device is not None
    revoke(office.gateway.gateway.database, device.office, device.device_id, "县管理员")
    enrol(office.vault, office.gateway.url, office.gateway.code())
    assert office.deliver().quarantined == 1
    assert office.vault.batch_states() == {name: "quarantined"}
    make_batch(office.vault)
    assert office.deliver().settled == 1


def test_new_keys_of_the_gateway_are_followed_when_the_old_vouch_for_them(office: Office) -> None:
    old, new, stranger = office.gateway.gateway.identity.key, *(PrivateKey.generate() for _ in range(2))
    keys = tuple(GatewayKey(key.public.pem) for key in (old, new))
    fresh = encode_key_list(KeyList(office.gateway.gateway.identity.gateway, 2, "2026-11-22T03:04:05Z", keys))
    name = office.batch()
    with office.platform() as platform:
        platform.keys = lambda: KeysModel.of_lists(sign_document(fresh, new, stranger), ())  # type: ignore[method-assign]
        report = deliver(office.vault, platform, pause=lambda _: None)
        assert report.problem is not None
        assert report.problem.code == "wire.unknown_key"
        assert office.vault.batch_states() == {name: "batched"}
        platform.keys = lambda: KeysModel.of_lists(sign_document(fresh, old, new), ())  # type: ignore[method-assign]
        assert deliver(office.vault, platform, pause=lambda _: None).settled == 1
    device = office.vault.device()
    assert device is not None
    assert device.gateway_keys == (old.public.pem, new.public.pem)
    assert (trouble := office.deliver().problem) is not None
    assert trouble.code == "wire.old_key_list"


def test_the_cursor_moves_on(office: Office) -> None:
    office.batch()
    office.deliver()
    first = office.vault.setting(CURSOR)
    office.deliver()
    assert office.vault.setting(CURSOR) != first or first not in {None, ""}


def test_nothing_to_send_is_said(office: Office, new_vault: Callable[[], Vault]) -> None:
    with pytest.raises(Problem, match=r"sync\.nothing_waiting"):
        make_batch(office.vault)
    with pytest.raises(Problem, match=r"sync\.not_enrolled"):
        make_batch(new_vault())


def test_a_batch_that_the_disk_has_damaged_does_not_hold_up_the_next(office: Office) -> None:
    broken = office.batch(photo=b"\xff\xd8" + bytes(3000))
    with office.vault._database.writing() as cursor:
        cursor.run("UPDATE chunks SET data = x'00'")
    good = office.batch()
    report = office.deliver()
    assert report.problem is not None
    assert report.problem.code == "vault.attachment_damaged"
    assert office.vault.batch_states() == {broken: "quarantined", good: "settled"}


def test_enrolling_anew_forgets_the_earlier_gateway_in_one_stroke(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = office.vault
    office.batch()
    office.deliver()
    office.deliver()
    keys, device = trusted_keys(vault), vault.device()
    assert vault.setting(CURSOR) == "1"

    with running(tmp_path / "other") as other:
        with monkeypatch.context() as patch:
            patch.setattr(Vault, "save_device", _full)
            with pytest.raises(Problem, match=r"vault\.disk_full"):
                enrol(vault, other.url, other.code())
        assert (trusted_keys(vault), vault.device(), vault.setting(CURSOR)) == (keys, device, "1")
        assert office.deliver().problem is None
        enrol(vault, other.url, other.code())
        assert vault.setting(CURSOR) is None
        again = Office(vault, other)
        again.batch()
        assert again.deliver().settled == 1


def test_a_code_typed_carelessly_is_the_same_code(
    gateway: GatewayHere, new_vault: Callable[[], Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the answer that was lost, asked for again, would cost a second code."""
    vault, code = new_vault(), gateway.code()
    secret, _, key = code.partition(".")
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "save_device", _full)
        with pytest.raises(Problem, match=r"vault\.disk_full"):
            enrol(vault, gateway.url, f" {secret.lower()} . {key.upper()}\n".replace("-", "－"))
    assert enrol(vault, f"{gateway.url}/", code) == vault.device()


def _full(*_: object) -> None:
    raise Problem("vault.disk_full")


def test_a_large_batch_is_taken_first_and_judged_while_the_courier_asks(office: Office) -> None:
    name = office.batch(FEW + 1)
    with office.platform() as platform:
        seen: list[int] = []
        real = platform.commit

        def commit(*facts: object) -> tuple[SignedReceipt, ...]:
            receipts = real(*facts)  # type: ignore[arg-type]
            seen.append(len(receipts))
            return receipts

        platform.commit = commit  # type: ignore[method-assign,assignment]
        report = deliver(office.vault, platform)
    assert seen == [1], "receipt A alone"
    assert (report.settled, report.custody, report.problem) == (1, 0, None)
    assert sorted(receipt.kind for receipt in office.vault.receipts(name)) == ["A", "B"]


def test_small_blobs_of_a_batch_travel_in_few_requests(office: Office) -> None:
    office.batch(40)
    asked: list[str] = []
    with office.platform() as platform:
        real = platform.ask

        def ask(method: str, path: str, *facts: object, **more: object) -> Reply:
            asked.append(f"{method} {path.split('/')[2]}")
            return real(method, path, *facts, **more)  # type: ignore[arg-type]

        platform.ask = ask  # type: ignore[method-assign]
        assert deliver(office.vault, platform).settled == 1
    assert asked.count("POST blobs") == 0
    assert asked.count("POST packs") == asked.count("PUT batches") == 1


def test_a_record_that_the_gateway_refuses_ends_up_alone_and_the_others_go(office: Office) -> None:
    bad = office.seal(record_id="王的记录")
    others = [office.seal() for _ in range(6)]
    make_batch(office.vault)
    report = office.deliver()
    assert report.accepted + report.rejected == 6
    assert office.vault.waiting_records() == ((bad.record_id, 1),)
    assert all(office.vault.status(record.record_id, 1) == "returned" for record in others)
    late = office.seal()
    make_batch(office.vault)
    assert office.deliver().settled == 1
    assert office.vault.status(late.record_id, 1) == "returned"
    assert [row.records for row in office.vault.batches("quarantined")][-1] == 1


def test_a_record_whose_photo_the_disk_damaged_holds_back_no_other(office: Office) -> None:
    bad = office.seal(photo=b"\xff\xd8" + bytes(3000))
    with office.vault._database.writing() as cursor:
        cursor.run("UPDATE chunks SET data = x'00'")
    good = [office.seal() for _ in range(3)]
    make_batch(office.vault)
    report = office.deliver()
    assert report.problem is not None
    assert report.problem.code == "vault.attachment_damaged"
    assert office.vault.waiting_records() == ((bad.record_id, 1),)
    assert all(office.vault.status(record.record_id, 1) == "returned" for record in good)


@pytest.mark.parametrize(("asked", "bounds"), [(4.0, (4.0, 6.0)), (None, (0.25, 0.5))])
@pytest.mark.parametrize("chance", [0, 128, 255])
def test_a_wait_that_the_gateway_asked_for_is_waited_out_whole(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    asked: float | None,
    bounds: tuple[float, float],
    chance: int,
) -> None:
    office.batch()
    waits = list[float]()
    with office.platform() as platform:
        real, busy = platform.wellknown, [True]

        def wellknown() -> Wellknown:
            if busy:
                busy.clear()
                raise Trouble("sync.busy", helps=Help.RETRY, wait=asked)
            return real()

        platform.wellknown = wellknown  # type: ignore[method-assign]
        monkeypatch.setattr(
            clock, "random_bytes", lambda count: bytes([chance]) if count == 1 else os.urandom(count)
        )
        assert deliver(office.vault, platform, pause=waits.append).settled == 1
    assert bounds[0] <= sum(waits) <= bounds[1] + 1e-9
