"""Five figures over the plain tables, on both databases."""

from pathlib import Path

import pytest

from gateways import OFFICE
from offices import VILLAGE, moment, opened, person
from xincai.wire.index import decode_index
from xincai.wire.published import decode_notice
from xincai_gateway import publishing
from xincai_gateway.__main__ import main
from xincai_gateway.gateway import Gateway, Settings
from xincai_gateway.quality import measure


def test_what_is_whole_right_and_in_time_counts_as_such(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(*(person(n, area="2", note="x") for n in range(4)))
        (found,) = measure(office.gateway.database)
        assert found.records == 4
        assert found.figures == {
            "completeness": 1.0,
            "accuracy": 1.0,
            "consistency": None,
            "timeliness": 1.0,
            "uniqueness": 1.0,
        }


def test_an_office_is_told_its_figures_by_one_notice(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.deliver(*(person(n) for n in range(3)), person(4, area="-1"))
        device = office.device.device
    common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    for _ in range(2):
        assert main(["quality", "--tell", *common]) == 0
    gateway = Gateway.open(Settings(tmp_path / "data", practice=True, forms=tmp_path / "forms"))
    try:
        (document,) = decode_index(publishing.signed_index(gateway, OFFICE, device).data).documents
        notice = decode_notice(publishing.read_file(gateway, OFFICE, device, document.files[0].sm3))
        assert decode_index(publishing.signed_index(gateway, "410499101", "d").data).documents == ()
    finally:
        gateway.close()
    assert "已受理 3 件" in notice.zh
    assert "准确性75.0%" in notice.zh
    assert "accuracy 75.0%" in notice.en


def test_each_fault_lowers_its_own_figure(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        late = moment(-9 * 24 * 3600)
        office.deliver(
            person(1, note="x"),
            person(2, note="x"),
            person(3),  # no note, which the others have
            person(4, note="x", end_time=late),
            person(5, area="-1"),  # returned
            person(1, note="x", name="另一个"),  # the same subject on one day, by another name
            person(2, note="x", end_time=moment(-2 * 24 * 3600)),
        )
        (found,) = measure(office.gateway.database, "410499000000")
        assert found.records == 6
        usual = 11  # start, end, code, name, county, village, q1, q2, q3, note, instanceID
        assert found.figures["completeness"] == pytest.approx(1 - 1 / (6 * usual), abs=1e-4)
        assert found.figures["accuracy"] == pytest.approx(6 / 7, abs=1e-4)
        assert found.figures["consistency"] == 0.5
        assert found.figures["timeliness"] == pytest.approx(5 / 6, abs=1e-4)
        assert found.figures["uniqueness"] == pytest.approx(5 / 6, abs=1e-4)
        assert measure(office.gateway.database, "410499000001") == []


def test_figures_are_told_by_village_and_by_form(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        other = "410499102203"
        office.deliver(person(1), person(2, village=other, end_time=moment(-9 * 24 * 3600)))
        found = {each.group: each for each in measure(office.gateway.database, by="region")}
        assert {group: each.figures["timeliness"] for group, each in found.items()} == {
            VILLAGE: 1.0,
            other: 0.0,
        }
        (form,) = measure(office.gateway.database, by="form")
        assert (form.group, form.records, form.figures["accuracy"]) == ("office_test", 2, 1.0)


def test_a_corrected_version_counts_once(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((record, _, _),) = office.deliver(person(1))
        office.deliver(person(1, note="x"), record=record, version=2)
        (found,) = measure(office.gateway.database)
        assert (found.records, found.figures["uniqueness"]) == (1, 1.0)


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from xincai_gateway.__main__ import main

    with opened(tmp_path) as office:
        office.deliver(person(1))
    common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    assert main(["quality", "--office", "410499000000", *common]) == 0
    (said,) = json.loads(capsys.readouterr().out)["quality"]
    assert said["figures"]["accuracy"] == 1.0
