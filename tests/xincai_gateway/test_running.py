"""What RUNNING.md says of a backup and of a proxy, done: with pg_dump and nginx where they are installed."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

import gateways
import xincai_gateway
from offices import PASSPHRASE, serving
from postgres import Postgres
from xincai import clock
from xincai.records import Record, Subject
from xincai.sync import DeliveryReport, Line, Platform, deliver, enrol, line_of, make_batch, set_line
from xincai.vault import KdfParams, Vault
from xincai.wire.digest import sha256, sm3
from xincai_gateway import schema
from xincai_gateway.gateway import Gateway, Settings

KEPT = ("identity.json", "blobs.key", "forms", "blobs")
"""What RUNNING.md names besides the database, in its order."""
Form = tuple[str, str, str]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made, _ = Vault.create(
        tmp_path / "vault", "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests()
    )
    with made:
        yield made


def seal(vault: Vault, form: Form, photo: bytes) -> str:
    """Seal a record with a photo; its id."""
    kept = vault.add_attachment(photo, "image/jpeg")
    instance = f"uuid:{clock.new_id()}"
    submission = (
        f'<data id="{form[0]}" version="{form[1]}"><code>91410499MX0000001A</code><name>甲社</name>'
        f"<photo>{kept.name}</photo><meta><instanceID>{instance}</instanceID></meta></data>"
    ).encode()
    record = Record(
        record_id=clock.new_id(),
        version=1,
        form_id=form[0],
        form_version=form[1],
        form_sm3=form[2],
        instance_id=instance,
        subject=Subject("COLL", "91410499MX0000001A", "甲社"),
        submission=submission,
        submission_sm3=sm3(submission),
        submission_sha256=sha256(submission),
        attachments=(kept,),
        title="走访",
    )
    vault.seal(record, None)
    return record.record_id


def bring(vault: Vault, url: str) -> DeliveryReport:
    device = vault.device()
    assert device is not None
    with Platform(url, device.token, line=line_of(vault)) as platform:
        return deliver(vault, platform)


def back_up(url: str, folder: Path, copy: Path) -> None:
    """The database first, then the files."""
    copy.mkdir()
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy / 'tables'}", url], check=True)
    for name in KEPT:
        source = folder / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)


def restore(copy: Path, url: str, folder: Path) -> None:
    folder.mkdir()
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={url}", copy / "tables"], check=True)
    for name in KEPT:
        source = copy / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)


@pytest.mark.skipif(not shutil.which("pg_dump"), reason="pg_dump is not installed")
def test_after_a_restore_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, pg: Postgres, forms: tuple[Path, Form], vault: Vault
) -> None:
    shelf, form = forms
    lost, found = pg.database(), pg.database()
    photos = [f"photo {n}".encode() * 3000 for n in range(4)]
    gateway = gateways.launch(tmp_path / "first", shelf, lost)
    enrol(vault, gateway.url, gateway.ready["enrol_code"])
    sealed = [seal(vault, form, photos[0]), seal(vault, form, photos[1])]
    make_batch(vault)
    assert bring(vault, gateway.url).accepted == 2
    back_up(lost, tmp_path / "first", tmp_path / "copy")
    sealed += [seal(vault, form, photos[1]), seal(vault, form, photos[2])]
    make_batch(vault)
    assert bring(vault, gateway.url).accepted == 2
    receipts = {row.manifest_id: vault.receipts(row.manifest_id) for row in vault.batches()}
    gateway.kill()
    shutil.rmtree(tmp_path / "first")

    restore(tmp_path / "copy", found, tmp_path / "second")
    with gateways.running(tmp_path / "second", shelf, found) as again:
        assert bring(vault, again.url).problem is None
        sealed.append(seal(vault, form, photos[3]))
        make_batch(vault)
        assert bring(vault, again.url).accepted == 1
        assert bring(vault, again.url).problem is None
    assert {row.state for row in vault.batches()} == {"settled"}
    for name, rows in receipts.items():
        assert set(rows) <= set(vault.receipts(name))
    check(tmp_path / "second", found, sealed, photos)


def check(folder: Path, url: str, sealed: list[str], photos: list[bytes]) -> None:
    """Every record is there once, with its answers, and every file can be read."""
    gateway = Gateway.open(Settings(folder, url, practice=True))
    try:
        records = gateway.database.rows(schema.records.select())
        assert sorted(row["record"] for row in records) == sorted(sealed)
        answers = gateway.database.rows(sa.select(schema.answers.c.record, schema.answers.c.ref))
        assert len(answers) == 4 * len(sealed)
        digests = {row["submission_sm3"] for row in records} | {sm3(photo) for photo in photos}
        assert gateway.store.read(gateways.OFFICE, digests).keys() == digests
        assert len(gateway.database.rows(schema.batches.select())) == 3
        (device,) = gateway.database.rows(schema.devices.select())
        assert (device["batches"], device["sequence"]) == (3, 3)
    finally:
        gateway.close()


RUNNING = Path(xincai_gateway.__file__).parent / "RUNNING.md"
AROUND = """daemon off;
{user}
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
access_log off;
{places}
{lines}
}}
"""


def lines(ports: dict[str, int], folder: Path) -> str:
    """The proxy's lines of RUNNING.md, with the ports of this test and its certificate."""
    text = re.findall(r"(?:^    .*\n)+", RUNNING.read_text("utf-8"), re.MULTILINE)
    (found,) = (each for each in text if "upstream xincai" in each)
    for port, here in ports.items():
        assert re.search(rf"\b{port}\b", found), port
        found = re.sub(rf"\b{port}\b", str(here), found)
    return found.replace("/etc/xincai/", f"{folder}/")


@contextlib.contextmanager
def nginx(folder: Path, ports: dict[str, int]) -> Iterator[str]:
    """nginx with the lines of RUNNING.md; the certificate that it shows."""
    folder.mkdir()
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-keyout", folder / "tls.key", "-out", folder / "tls.pem"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *made], check=True, capture_output=True)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    told = AROUND.format(folder=folder, user=user, places=places, lines=lines(ports, folder))
    (folder / "nginx.conf").write_text(told)
    process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"])
    try:
        while not listens(ports["443"]):
            assert process.poll() is None, (folder / "errors").read_text()
            clock.pause(0.02)
        yield (folder / "tls.pem").read_text()
    finally:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_the_lines_for_a_proxy_work(
    tmp_path: Path, pg: Postgres, forms: tuple[Path, Form], vault: Vault
) -> None:
    (shelf, form), url = forms, pg.database()
    shutil.copytree(shelf, tmp_path / "forms")
    with contextlib.ExitStack() as stack:
        left = stack.enter_context(gateways.running(tmp_path / "data", shelf, url))
        right = stack.enter_context(gateways.running(tmp_path / "data", shelf, url))
        pages = stack.enter_context(serving(tmp_path, url))
        ports = {"8765": port_of(left.url), "8766": port_of(right.url), "8780": port_of(pages)}
        ports |= {"443": free_port(), "8443": free_port()}
        shown = stack.enter_context(nginx(tmp_path / "nginx", ports))
        front = f"https://127.0.0.1:{ports['443']}"
        set_line(vault, Line(authorities=shown))
        enrol(vault, front, left.ready["enrol_code"])
        seal(vault, form, clock.random_bytes(3_000_000))  # more than nginx takes by itself
        make_batch(vault)
        assert bring(vault, front).accepted == 1
        left.kill()
        seal(vault, form, b"another photo")
        make_batch(vault)
        assert bring(vault, front).accepted == 1
        trusted = str(tmp_path / "nginx" / "tls.pem")
        for path in ("/healthz", "/metrics"):
            assert requests.get(f"{front}{path}", verify=trusted, timeout=20).status_code == 403
        fields = {"name": "admin", "passphrase": PASSPHRASE}
        desk = f"https://127.0.0.1:{ports['8443']}"
        with requests.Session() as session:
            reply = session.post(f"{desk}/admin/login", data=fields, verify=trusted, timeout=20)
            assert reply.url == f"{desk}/admin/devices"
            assert [cookie.secure for cookie in session.cookies] == [True]
