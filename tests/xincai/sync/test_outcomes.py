"""From a filled form to the platform's word on it, and back to the question that must be corrected."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gateway_here import GatewayHere, Office, running

from xincai import clock
from xincai.records import seal_record
from xincai.shelf import Shelf, build
from xincai.shelf.store import keep
from xincai.sync import make_batch
from xincai.vault import Vault
from xincai.xforms import Session
from xincai_gateway.register import import_file

FORM = """
| settings | form_title | form_id | version | default_language | namespaces |
|---|---|---|---|---|---|
| | 走访 | visit | 2026.1 | 中文 (zh) | xc="urn:xincai:xforms:1" |

| survey | type | name | label::中文 (zh) | required | bind::xc:subject |
|---|---|---|---|---|---|
| | text | name | 名称 | yes | name |
| | text | uscc | 信用代码 | yes | code |
"""
CODE = "91410499MX00000000"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    keep([build(FORM, blocks={}, rules={}, lists={})], folder)
    return folder


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, forms: Path) -> Iterator[GatewayHere]:
    folder = tmp_path_factory.mktemp("gateway")
    with running(folder, forms) as here:
        (folder / "register.csv").write_text(f"code,name\n{CODE},测试公司\n", encoding="utf-8")
        import_file(here.gateway.database, folder / "register.csv")
        yield here


def _seal(vault: Vault, forms: Path, record_id: str, version: int, name: str) -> None:
    shelf = Shelf(forms)
    form = shelf.open("visit")
    session = Session.new(form)
    session.answer("/data/name", name)
    session.answer("/data/uscc", CODE)
    sealed = seal_record(form, session, record_id=record_id, version=version, form_sm3=shelf.sm3("visit"))
    vault.seal(sealed, None)


def test_a_good_record_is_accepted(gateway: GatewayHere, new_vault: Callable[[], Vault], forms: Path) -> None:
    office = Office.enrolled(new_vault(), gateway)
    record_id = clock.new_id()
    _seal(office.vault, forms, record_id, 1, "测试公司")
    make_batch(office.vault)
    report = office.deliver()
    assert (report.accepted, report.rejected, report.problem) == (1, 0, None)
    assert office.vault.status(record_id, 1) == "accepted"
    assert office.vault.corrections() == ()


def test_a_returned_record_is_corrected_and_accepted(
    gateway: GatewayHere, new_vault: Callable[[], Vault], forms: Path
) -> None:
    office = Office.enrolled(new_vault(), gateway)
    record_id = clock.new_id()
    _seal(office.vault, forms, record_id, 1, "测试公可")
    make_batch(office.vault)
    report = office.deliver()
    assert (report.settled, report.rejected) == (1, 1)
    (correction,) = office.vault.corrections()
    assert (correction.code, correction.path, correction.fixable) == ("3002", "/data/name", True)
    assert correction.text
    _seal(office.vault, forms, record_id, 2, "测试公司")
    make_batch(office.vault)
    assert office.deliver().accepted == 1
    assert office.vault.status(record_id, 2) == "accepted"
    assert office.vault.corrections() == ()
