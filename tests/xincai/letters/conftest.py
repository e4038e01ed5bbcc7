import datetime
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from xincai import clock
from xincai.letters import Kind, Letter, compose
from xincai.records import Record, seal_record
from xincai.shelf import Shelf
from xincai.wire.suites import SM2_SM3, PrivateKey
from xincai.xforms import Form, Session

AT = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)


USCC = "93410499MXABCD12"


def uscc(stem: str = USCC) -> str:
    """A credit code with right inner and outer check digits that belongs to nobody."""
    plain, wide = "0123456789ABCDEFGHJKLMNPQRTUWXY", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    inner = sum(wide.index(c) * w for c, w in zip(stem[8:], (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    stem += "0X987654321"[inner]
    total = sum(plain.index(c) * 3**n for n, c in enumerate(stem))
    return stem + plain[-total % 31]


class Scenario:
    """Fill a form as a person would: answers by the names of the questions, until nothing more opens."""

    def __init__(self, form_id: str) -> None:
        self.form: Form = Shelf().open(form_id)
        self.session = Session.new(self.form, properties={"username": "李测试", "deviceid": "TEST"})

    def fill(self, **answers: str) -> "Scenario":
        left = dict(answers)
        for _ in range(6):
            for ref, name in tuple(self._open()):
                if name in left:
                    self.session.answer(ref, left.pop(name))
            if not left:
                return self
        raise AssertionError(f"never asked: {sorted(left)}")

    def seal(self) -> Record:
        return seal_record(
            self.form, self.session, record_id="3f6c9c1e-6f8e-4e29-9a61-0b8d3a7f3d11", form_sm3="0" * 64
        )

    def _open(self, ref: str | None = None) -> Iterator[tuple[str, str]]:
        for entry in self.session.children(ref):
            if not entry.relevant:
                continue
            if entry.kind == "question":
                yield entry.ref, entry.name
            else:
                yield from self._open(entry.ref)


@pytest.fixture(scope="session")
def key() -> PrivateKey:
    return PrivateKey.generate(SM2_SM3)


@pytest.fixture(scope="session")
def make(key: PrivateKey) -> Callable[..., Letter]:
    """Compose a letter with the facts a test does not care about."""

    def compose_letter(kind: Kind, filled: tuple[Record, Form], **other: Any) -> Letter:
        facts: dict[str, Any] = {
            "number": "HZ-410499-20261122-000123",
            "office": "测试县融资信用服务中心",
            "issued": AT,
            "sign": key.sign,
            "key_id": key.public.key_id,
        }
        return compose(kind, *filled, **(facts | other))

    return compose_letter


@pytest.fixture(scope="session")
def commitment() -> tuple[Record, Form]:
    with clock.fixed(AT, seed="letters"):
        scenario = Scenario("commitment").fill(
            subject_kind="COOP",
            subject_name="测试县䶮堃农业专业合作社",
            uscc=uscc(),
            pc_handler="测试县柳河镇人民政府",
            pc_hotline="0375-1234567",
            pc_read="1",
            pc_general="1",
            cm_legal_rep="王测𬭚",
            cm_public="1",
            cm_org="测试县发展和改革委员会",
            cm_valid_to="2027-03-05",
            tr_modules="ent_basic agri_insurance",
            tr_agree="1",
            signer_kind="3",
            collector2="李测试",
        )
        return scenario.seal(), scenario.form


@pytest.fixture(scope="session")
def authorisation() -> tuple[Record, Form]:
    with clock.fixed(AT, seed="letters"):
        scenario = Scenario("authorisation").fill(
            subject_kind="HH",
            subject_name="阿依测试·古丽样例",
            code_kind="LOCAL",
            local_code="柳河-023",
            pc_handler="测试县柳河镇人民政府",
            pc_hotline="0375-1234567",
            pc_read="1",
            pc_general="1",
            pc_id="0",
            au_grantee="410499314",
            au_scope="11 12 16",
            au_purpose="1",
            au_use="query",
            au_to="2027-11-20",
            au_risk_read="1",
            au_revoke_contact="0375-1234567",
            signer_kind="3",
            collector2="李测试",
        )
        return scenario.seal(), scenario.form
