"""What the gateway writes down of its work: enough to find trouble, and nothing that belongs to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
import sqlalchemy as sa

import gateways
from gateways import OFFICE, record
from offices import PASSPHRASE, opened, person, serving
from xincai import clock
from xincai_gateway.database import Database
from xincai_gateway.enrol import issue_code

Forms = tuple[Path, tuple[str, str, str]]
CODE, NAME, PHONE, REMARK = "91410425MX0000001A", "试验合作社䶮", "13800000000", "家里三口人"


def submission(code: str = CODE, area: str = "2") -> bytes:
    return (
        f'<data id="visit_test" version="1"><code>{code}</code><name>{NAME}</name><region>{REMARK}</region>'
        f"<area>{area}</area><meta><instanceID>uuid:{clock.new_id()}</instanceID></meta></data>"
    ).encode()


@contextmanager
def database_of(folder: Path, url: str) -> Iterator[Database]:
    database = Database.open(folder, url)
    try:
        yield database
    finally:
        database.close()


def test_no_answer_name_code_or_key_is_in_the_log_whatever_happens(
    tmp_path: Path, db_url: str, forms: Forms
) -> None:
    """Taken, rejected, damaged and strange batches, wrong tokens and codes; then tables break under it."""
    folder, attachment = tmp_path / "data", f"{NAME} {PHONE}".encode()
    with gateways.running(folder, forms[0], db_url) as running, database_of(folder, db_url) as database:
        code = issue_code(database, OFFICE, "0" * 16, practice=True)
        device = gateways.Device(running.url, running.ready["gateway"])
        assert device.enrol(code).ok
        token = device.token
        for body in (submission(), submission(area="-1"), submission(code="x"), NAME.encode(), b"<data"):
            made, blobs = record(forms[1], body, {f"{PHONE}.jpg": attachment})
            assert device.send(device.batch(made, blobs=blobs)).status_code == 201
        assert gateways.Device(running.url, running.ready["gateway"]).enrol(code).status_code >= 400
        device.token = f"{OFFICE}.{NAME.encode().hex()}.secret"
        assert device.request("GET", "/head").status_code == 401
        requests.get(f"{running.url}/v1/{CODE}?name={NAME}&phone={PHONE}", timeout=20)
        device.token = token
        for table in ("answers", "batches"):
            database.write(lambda connection, table=table: _break(connection, table))  # type: ignore[misc]
            made, blobs = record(forms[1], submission())
            batch = device.batch(made, blobs=blobs)
            for blob in batch.blobs.values():
                device.put(blob)
            last = device.commit(batch).status_code
        assert last == 500
    told = (folder / "diary.log").read_text("utf-8")
    assert f"of office {OFFICE}: taken" in told
    assert "refused: gateway.no_token" in told
    assert "ProgrammingError" in told or "OperationalError" in told
    secrets = (CODE, NAME, PHONE, REMARK, token, token.rpartition(".")[2], code, device.key.dump().hex())
    assert [secret for secret in secrets if secret in told] == []
    assert f"{CODE[:8]}" not in told


def _break(connection: sa.Connection, table: str) -> None:
    connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {table}_gone"))


def test_the_pages_write_down_no_one(tmp_path: Path) -> None:
    whom = person(1, note=REMARK)
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        office.deliver(whom)
        session = requests.Session()
        for passphrase in ("a wrong passphrase", PASSPHRASE):
            session.post(f"{url}/admin/login", data={"name": NAME, "passphrase": passphrase}, timeout=20)
            session.post(f"{url}/admin/login", data={"name": "admin", "passphrase": passphrase}, timeout=20)
        page = session.get(f"{url}/admin/devices", timeout=20).text
        mark = page.partition('name="csrf" value="')[2].partition('"')[0]
        for form in (
            {"code": whom["code"], "purpose": REMARK},
            {"code": whom["code"], "purpose": ""},
            {"code": CODE, "purpose": REMARK},
        ):
            session.post(f"{url}/admin/report", data={"csrf": mark, **form}, timeout=20)
        session.get(f"{url}/admin/flag?office={OFFICE}&flag={NAME}", timeout=20)
        office.gateway.database.write(lambda connection: _break(connection, "accesses"))
        broken = session.post(
            f"{url}/admin/report", data={"csrf": mark, "code": whom["code"], "purpose": REMARK}, timeout=20
        )
        assert broken.status_code == 500
    told = (tmp_path / "data" / "admin.log").read_text("utf-8")
    assert "OperationalError" in told
    secrets = (whom["code"], whom["name"], REMARK, PASSPHRASE, NAME, CODE, mark, *session.cookies.values())
    assert [secret for secret in secrets if secret in told] == []
