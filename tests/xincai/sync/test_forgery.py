"""What a hostile or confused far side may answer: the outbox believes a verified receipt and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from gateway_here import Office
from strange_server import reply, say, strange

from xincai.errors import Problem
from xincai.sync import DeliveryReport, Platform, Trouble, deliver, enrol, make_batch
from xincai.vault import Vault
from xincai.wire.codes import Help
from xincai.wire.manifest import decode
from xincai.wire.messages import ReceiptModel, ReceiptPage
from xincai.wire.receipt import SignedReceipt, decode_receipt, sign_receipt
from xincai.wire.suites import PrivateKey

Receipts = tuple[SignedReceipt, ...]


def _answering(office: Office, change: Callable[[Receipts], Receipts]) -> DeliveryReport:
    """Deliver to a gateway whose receipts are changed on their way."""
    with office.platform() as platform:
        real = platform.commit
        platform.commit = lambda *facts: change(real(*facts))  # type: ignore[method-assign]
        platform.batch_receipts = lambda _: ()  # type: ignore[method-assign]
        platform.receipts = lambda _: ReceiptPage(receipts=[], cursor="")  # type: ignore[method-assign]
        return deliver(office.vault, platform, pause=lambda _: None)


def _flipped(receipts: Receipts) -> Receipts:
    return tuple(
        replace(each, signature=bytes([each.signature[0] ^ 1]) + each.signature[1:]) for each in receipts
    )


def _improved(receipts: Receipts) -> Receipts:
    return tuple(replace(each, data=each.data.replace(b'"rejected"', b'"accepted"')) for each in receipts)


def _own(receipts: Receipts) -> Receipts:
    key = PrivateKey.generate("Ed25519")
    mine = (
        replace(decode_receipt(each.data), signer=key.public.key_id, suite=key.suite) for each in receipts
    )
    return tuple(sign_receipt(each, key) for each in mine)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_flipped, "wire.bad_signature"),
        (lambda receipts: _improved(receipts)[1:], "wire.bad_signature"),
        (_own, "wire.unknown_key"),
        (lambda _: (SignedReceipt(b"{}", b""),), "wire.bad_field"),
        (lambda _: (SignedReceipt(b"\xff", b""),), "wire.not_json"),
        (lambda _: (), "sync.no_receipt"),
    ],
    ids=["flipped signature", "changed outcome", "own key", "empty", "garbage", "none"],
)
def test_a_forged_receipt_settles_nothing(
    office: Office, change: Callable[[Receipts], Receipts], code: str
) -> None:
    name = office.batch()
    report = _answering(office, change)
    assert report.problem is not None
    assert (report.problem.code, report.settled) == (code, 0)
    assert office.vault.batch_states() == {name: "unknown"}
    assert office.vault.receipts() == ()
    assert office.deliver().settled == 1
    assert office.there() == 1


def test_a_genuine_receipt_of_another_batch_settles_nothing(office: Office) -> None:
    office.batch()
    kept: list[Receipts] = []
    _answering(office, lambda receipts: (kept.append(receipts), receipts)[1])
    second = office.batch()
    report = _answering(office, lambda _: kept[0])
    assert report.problem is not None
    assert report.problem.code == "wire.other_manifest"
    assert office.vault.batch_states()[second] == "unknown"


def test_a_forged_receipt_for_one_batch_blocks_no_other(office: Office) -> None:
    first, second = office.batch(), office.batch()

    def change(receipts: Receipts) -> Receipts:
        return _flipped(receipts) if decode_receipt(receipts[0].data).manifest == first else receipts

    report = _answering(office, change)
    assert report.problem is not None
    assert report.problem.code == "wire.bad_signature"
    assert office.vault.batch_states() == {first: "unknown", second: "settled"}


def test_a_forged_receipt_in_the_page_does_not_stop_the_cursor(office: Office) -> None:
    first = office.batch()
    _answering(office, lambda _: ())
    office.batch()
    with office.platform() as platform:
        real = platform.receipts

        def page(after: str) -> ReceiptPage:
            whole = real(after)
            forged = _flipped(tuple(item.receipt() for item in whole.receipts))
            forged = (SignedReceipt(b"\xff", b""), *forged)
            return ReceiptPage(receipts=[ReceiptModel.of(each) for each in forged], cursor=whole.cursor)

        platform.receipts = page  # type: ignore[method-assign]
        report = deliver(office.vault, platform, pause=lambda _: None)
    assert report.problem is not None
    assert report.settled == 2
    assert office.vault.batch_states()[first] == "settled"


def test_a_gateway_that_stumbles_over_one_batch_takes_the_others(office: Office) -> None:
    first, second = office.batch(), office.batch()
    with office.platform() as platform:
        real = platform.commit

        def commit(name: str, *facts: object) -> Receipts:
            if name == first:
                raise Trouble("sync.busy", status=500, code="5000", code_there="5000")
            return real(name, *facts)  # type: ignore[arg-type]

        platform.commit = commit  # type: ignore[method-assign,assignment]
        report = deliver(office.vault, platform, pause=lambda _: None)
    assert report.problem is not None
    assert office.vault.batch_states() == {first: "unknown", second: "settled"}


def test_a_batch_that_is_too_large_comes_back_as_smaller_ones(office: Office) -> None:
    office.batch(4)
    with office.platform() as platform:
        real = platform.commit

        def commit(name: str, manifest: bytes, *facts: object) -> Receipts:
            if len(decode(office.vault.batch(name).manifest).records) > 2:
                raise Trouble("sync.refused", helps=Help.SHRINK, status=413, code="4002", code_there="4002")
            return real(name, manifest, *facts)  # type: ignore[arg-type]

        platform.commit = commit  # type: ignore[method-assign,assignment]
        report = deliver(office.vault, platform, pause=lambda _: None)
        assert (report.quarantined, report.settled) == (1, 2)
    assert [row.records for row in office.vault.batches()] == [4, 2, 2]
    assert office.vault.waiting_records() == ()
    for _ in range(3):
        office.seal()
    assert make_batch(office.vault).records == 2


def test_custody_alone_does_not_settle(office: Office) -> None:
    name = office.batch()
    report = _answering(office, lambda receipts: receipts[:1])
    assert (report.custody, report.settled, report.problem) == (1, 0, None)
    assert office.vault.batch_states() == {name: "custody"}
    assert office.deliver().settled == 1


def test_a_login_page_changes_nothing(office: Office) -> None:
    name = office.batch()
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nhi!\n"
    with strange(say(page)) as portal:
        report = office.deliver(portal.url)
    assert report.problem is not None
    assert report.problem.code == "sync.captive_portal"
    assert office.vault.batch_states() == {name: "batched"}


def test_a_success_without_receipts_is_no_success(office: Office) -> None:
    name = office.batch()
    with (
        office.platform() as platform,
        strange(say(reply(201, receipts=[]))) as liar,
        Platform(liar.url) as lying,
    ):
        platform.commit = lying.commit  # type: ignore[method-assign]
        assert deliver(office.vault, platform, pause=lambda _: None).settled == 0
    assert office.vault.batch_states() == {name: "unknown"}


def test_duplicate_delivery_gives_the_same_receipts(office: Office) -> None:
    name = office.batch()
    doubled = _answering(office, lambda receipts: receipts + receipts)
    assert (doubled.settled, doubled.problem) == (1, None)
    assert len(office.vault.receipts(name)) == 2


def test_a_wrong_code_enrols_nobody(office: Office, new_vault: Callable[[], Vault]) -> None:
    vault = new_vault()
    good = office.gateway.code()
    other_key = good.split(".")[0] + "." + "0" * 16
    with pytest.raises(Problem, match=r"sync\.code_refused"):
        enrol(vault, office.gateway.url, "410499101-XXXX-XXXX-XXXX")
    with pytest.raises(Problem, match=r"sync\.code_of_other_key"):
        enrol(vault, office.gateway.url, other_key)
    assert vault.device() is None


def test_a_lost_answer_costs_no_second_code(
    office: Office, new_vault: Callable[[], Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, code = new_vault(), office.gateway.code()
    real = Platform.enrol

    def lost(self: Platform, request: object) -> object:
        real(self, request)  # type: ignore[arg-type]
        raise Problem("sync.cut")

    with monkeypatch.context() as patch:
        patch.setattr(Platform, "enrol", lost)
        with pytest.raises(Problem, match=r"sync\.cut"):
            enrol(vault, office.gateway.url, code)
    assert vault.device() is None
    device = enrol(vault, office.gateway.url, code)
    assert vault.device() == device
    other = Office(vault, office.gateway)
    other.batch()
    assert other.deliver().settled == 1
    with pytest.raises(Problem, match=r"sync\.code_refused"):
        enrol(new_vault(), office.gateway.url, code)
