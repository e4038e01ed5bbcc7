"""Enrolment slips, from the administrator's page or the command line to a device that is let in."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest
import requests

import gateways
from gateways import OFFICE
from offices import PASSPHRASE, opened, serving
from xincai.errors import Problem
from xincai.wire.slip import EnrolmentSlip, decode_slip, encode_slip
from xincai_gateway import enrol, offices, schema, slips
from xincai_gateway.__main__ import main
from xincai_gateway.gateway import Gateway, Settings

ADDRESS = "https://xincai.example.gov.cn:8443"


def issued(session: requests.Session, url: str, **fields: str) -> requests.Response:
    session.post(f"{url}/admin/login", data={"name": "admin", "passphrase": PASSPHRASE}, timeout=60)
    page = lxml.html.fromstring(session.get(f"{url}/admin/devices", timeout=60).text)
    mark = page.xpath("//input[@name='csrf']/@value")[0]
    return session.post(f"{url}/admin/code", data={"csrf": mark, **fields}, timeout=60)


def test_the_page_shows_a_slip_and_gives_its_file(tmp_path: Path) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url, requests.Session() as session:
        offices.describe(office.gateway.database, OFFICE, "柳河镇便民服务中心")
        page = lxml.html.fromstring(issued(session, url, office=OFFICE, address=f"{ADDRESS}/").text)
        shown = " ".join(page.xpath("//section//text()"))
        (form,) = page.xpath("//form[@action='/admin/slip']")
        fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
        slip = decode_slip(fields["text"])
        assert (slip.office, slip.address) == (OFFICE, ADDRESS)
        for words in (
            "柳河镇便民服务中心",
            OFFICE,
            ADDRESS,
            slip.code,
            office.gateway.identity.key_id,
            "北京时间",
        ):
            assert words in shown
        assert len(page.xpath("//section//*[name()='svg']/*[name()='path']/@d")[0]) > 1000
        file = session.post(f"{url}/admin/slip", data=fields, timeout=60)
        assert (file.text, file.headers["Content-Disposition"]) == (
            encode_slip(slip),
            f'attachment; filename="xincai-enrol-{OFFICE}.txt"',
        )
        strange = session.post(f"{url}/admin/slip", data={**fields, "text": "<html>"}, timeout=60)
        assert (strange.status_code, "不是信采的登记单" in strange.text) == (400, True)
        again = session.get(f"{url}/admin/devices", timeout=60).text
        assert lxml.html.fromstring(again).xpath("//input[@name='address']/@value") == [ADDRESS]


@pytest.mark.parametrize("address", ["http://10.1.2.3", "javascript:alert(1)", f"https://{'x' * 300}.cn"])
def test_a_code_with_a_wrong_address_is_not_issued(tmp_path: Path, address: str) -> None:
    gateway = Gateway.open(Settings(tmp_path, practice=True))
    try:
        with pytest.raises(Problem, match=r"gateway\.bad_address"):
            slips.issue(gateway, OFFICE, address)
        assert offices.standing(gateway.database) == []
        assert slips.address_of(gateway.database) == ""
    finally:
        gateway.close()


def test_the_longest_slip_is_still_a_slip_and_a_code(tmp_path: Path) -> None:
    gateway = Gateway.open(Settings(tmp_path, practice=True))
    try:
        slip = slips.issue(gateway, "9" * 32, "https://" + "甲".encode("punycode").decode() + "x" * 185)
        assert decode_slip(encode_slip(slip)) == slip
        assert slips.qr_svg(encode_slip(slip)).startswith("<svg")
    finally:
        gateway.close()


def test_the_command_writes_the_slip_and_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, file = tmp_path / "slip.html", tmp_path / "slip.txt"
    words = ["enrol-code", "--office", OFFICE, "--data", str(tmp_path / "data"), "--practice"]
    assert main([*words, "--address", ADDRESS, "--slip", str(page), "--file", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    slip = EnrolmentSlip(told["enrol_code"], told["expires"], ADDRESS)
    assert decode_slip(file.read_text("utf-8")) == slip
    assert told["text"] == encode_slip(slip)
    sheet = page.read_text("utf-8")
    assert slip.code in sheet
    assert "http" not in re.sub(f"{ADDRESS}|http://www.w3.org/2000/svg", "", sheet)
    assert [path.stat().st_mode & 0o777 for path in (page, file)] == [0o600, 0o600]
    assert main([*words, "--language", "en", "--slip", str(page)]) == 0
    assert json.loads(capsys.readouterr().out)["address"] == ADDRESS
    assert "Enrolment slip" in page.read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_no_code_is_issued_for_a_slip_that_cannot_be_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["enrol-code", "--office", OFFICE, "--data", str(tmp_path / "data"), "--practice"]
    assert main([*words, "--slip", "/dev/full"]) == 1
    assert "full" in capsys.readouterr().err
    old = tmp_path / "old.html"
    old.write_text("an older slip", "utf-8")
    assert main([*words, "--slip", str(old), "--address", "javascript:alert(1)"]) == 1
    assert old.read_text("utf-8") == "an older slip"
    gateway = Gateway.open(Settings(tmp_path / "data", practice=True))
    try:
        assert gateway.database.rows(schema.enrolment_codes.select()) == []
    finally:
        gateway.close()


def test_no_code_is_issued_for_a_slip_that_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=8192)
    words = ["enrol-code", "--office", OFFICE, "--data", str(tmp_path / "data"), "--practice"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert main([*words, "--slip", str(tmp_path / "slip.html")]) == 1
    assert "slip.html" in capsys.readouterr().err
    gateway = Gateway.open(Settings(tmp_path / "data", practice=True))
    try:
        assert gateway.database.rows(schema.enrolment_codes.select()) == []
    finally:
        gateway.close()


def test_who_shut_a_device_out_first_and_when_stays_known(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        database, device = office.gateway.database, office.device.device
        enrol.revoke(database, OFFICE, device, "李示例")
        (first,) = enrol.standing(database, OFFICE)
        enrol.revoke(database, OFFICE, device, "王示例")
        assert enrol.standing(database, OFFICE) == [first]
        assert first["revoked_by"] == "李示例"
        with pytest.raises(Problem, match=r"gateway\.no_such_device"):
            enrol.revoke(database, OFFICE, "nobody", "王示例")


def test_a_device_is_shut_out_by_whoever_closes_its_office(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        offices.close(office.gateway.database, OFFICE, "李示例")
        (device,) = enrol.standing(office.gateway.database, OFFICE)
        assert device["revoked_by"] == "李示例"


def test_a_rotation_needs_no_restart(tmp_path: Path, forms: tuple[Path, object]) -> None:
    """A process that serves lets in with a paper of before, and answers with the new list."""
    with gateways.running(tmp_path, forms[0]) as running:
        command = [
            sys.executable,
            "-m",
            "xincai_gateway",
            "keys",
            "rotate",
            "--data",
            str(tmp_path),
            "--practice",
        ]
        told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        listed = requests.get(f"{running.url}/v1/keys", timeout=20).json()["signatures"]
        assert told["keys"][0]["key"] in listed
        device = gateways.Device(running.url, running.ready["gateway"])
        reply = device.enrol(running.ready["enrol_code"])
        assert reply.json()["keys"]["signatures"] == listed
        assert running.ready["enrol_code"].partition(".")[2] in listed


def test_no_code_is_issued_for_a_slip_that_cannot_be_written(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        words = ["enrol-code", "--office", OFFICE, "--data", str(tmp_path / "data"), "--practice"]
        codes = len(office.gateway.database.rows(schema.enrolment_codes.select()))
        assert main([*words, "--slip", str(tmp_path / "nowhere" / "slip.html")]) == 1
        assert len(office.gateway.database.rows(schema.enrolment_codes.select())) == codes
