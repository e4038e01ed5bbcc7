"""What is held on a subject besides accepted records: returned, not judged yet, in rosters, registered."""

import dataclasses
import shutil
from pathlib import Path

import pytest

import gateways
from gateways import OFFICE
from offices import TOLD, VILLAGE, Office, opened, person
from xincai import clock
from xincai.errors import Problem
from xincai.wire.published import Assignment, Given, Visit
from xincai_gateway import commit, judging, ledger, publishing, register, rights, schema, subjects
from xincai_gateway.__main__ import main
from xincai_gateway.accesses import Asking
from xincai_gateway.rights import Report
from xincai_gateway.subjects import Looked, Whose

ASKING = Asking("admin", "主体来函查询")
CODE = person(1)["code"]
LOCAL = "LH-023"


def states(report: Report) -> list[tuple[object, object]]:
    return [(entry["record"], entry["state"]) for entry in report.held]


def told(entry: dict[str, object]) -> set[str]:
    return {line["value"] for line in entry["answers"]}  # type: ignore[attr-defined]


def waiting(office: Office, *filled: dict[str, str]) -> list[str]:
    """Records of one batch in custody, which nobody has judged yet."""
    made = [office._record(dict(answers), {}) for answers in filled]
    office.keep(*made)
    return [each.record for each, _ in made]


def settle(office: Office) -> dict[tuple[str, int], tuple[str, str]]:
    """Judge what waits; status and code of every record version so far."""
    judging.settle_open(office.gateway)
    rows = office.gateway.database.rows(schema.outcomes.select())
    return {(row["record"], row["version"]): (row["status"], row["code"]) for row in rows}


def roster(office: Office, name: str, *visits: tuple[str, str, str]) -> None:
    """Publish a roster of visits: code, name and region of each."""
    made = tuple(
        Visit(str(at), "HH", code, who, region, "村", (Given("office_test", "note", f"原有 {who}"),))
        for at, (code, who, region) in enumerate(visits)
    )
    assignment = Assignment(name, "走访", "2026-12-31", ("office_test",), made)
    publishing.publish_assignment(office.gateway, assignment, OFFICE)


def test_a_report_holds_what_was_returned_and_what_is_not_judged_yet(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((good, _, _),) = office.deliver(person(1))
        ((bad, status, code),) = office.deliver(person(1, area="-1"), person(2, area="-1"))[:1]
        assert (status, code) == ("rejected", "2002")
        late, _ = waiting(office, person(1, note="尚未处理"), person(2))
        report = rights.report(office.gateway, CODE, ASKING)
        assert states(report) == [(good, "accepted"), (bad, "rejected"), (late, "custody")]
        _, returned, held = report.held
        assert (returned["code"], returned["path"]) == ("2002", "/data/area")
        assert {"测试1", "-1"} <= told(returned)
        assert {"测试1", "尚未处理"} <= told(held)
        assert returned["title"] == "走访"
        (access,) = office.gateway.database.rows(schema.accesses.select())
        assert access["records"] == 3


def test_a_version_that_was_returned_beside_the_accepted_one_is_told_too(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((good, _, _),) = office.deliver(person(1))
        ((_, status, code),) = office.deliver(person(1, note="别的内容"), record=good)
        assert (status, code) == ("rejected", "3003")
        report = rights.report(office.gateway, CODE, ASKING)
        assert states(report) == [(good, "accepted"), (good, "rejected")]
        assert "别的内容" in told(report.held[1])
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert not office.holds(CODE.encode())


def test_a_withdrawal_erases_what_was_returned(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((bad, _, _),) = office.deliver(person(1, area="-1"))
        ((other, _, _),) = office.deliver(person(2, area="-1"))
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert not office.holds(CODE.encode())
        assert office.holds(person(2)["code"].encode())
        (left,) = office.gateway.database.rows(schema.returned.select())
        assert left["record"] == other
        ((_, status, code),) = office.deliver(person(1), record=bad, version=2)
        assert (status, code) == ("rejected", "3005")
        with pytest.raises(Problem, match="subject_unknown"):
            rights.report(office.gateway, CODE, ASKING)


def test_what_is_withdrawn_before_it_is_judged_is_refused_then(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        mine, others = waiting(office, person(1), person(2))
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert settle(office) == {(mine, 1): ("rejected", "3005"), (others, 1): ("accepted", "0")}
        assert not office.holds(CODE.encode())
        assert office.holds(person(2)["code"].encode())
        assert rights.withdraw(office.gateway, person(2)["code"], ASKING) == 1


def test_a_batch_that_comes_while_one_looks_for_a_subject_is_looked_into_too(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1))
        real, late = subjects.unaccepted, list[str]()

        def beside(*given: object) -> Looked:
            found = real(*given)  # type: ignore[arg-type]
            late.extend(waiting(office, person(1)))
            return found

        monkeypatch.setattr(subjects, "unaccepted", beside)
        assert rights.withdraw(office.gateway, CODE, ASKING) == 2
        assert settle(office)[late[0], 1] == ("rejected", "3005")
        assert not office.holds(CODE.encode())


def test_what_is_judged_while_one_looks_is_told_once_and_withdrawn(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        (mine,) = waiting(office, person(1))
        real = subjects.unaccepted

        def beside(*given: object) -> Looked:
            found = real(*given)  # type: ignore[arg-type]
            judging.settle_open(office.gateway)
            return found

        monkeypatch.setattr(subjects, "unaccepted", beside)
        assert states(rights.report(office.gateway, CODE, ASKING)) == [(mine, "accepted")]
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert not office.holds(CODE.encode())


def test_what_cannot_be_read_is_the_subjects_when_it_names_the_code(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        unknown = ("elsewhere", "1", "0" * 64)
        office.form = unknown
        ((mine, status, code), _) = office.deliver(person(1), person(2))
        assert (status, code) == ("rejected", "2008")
        (entry,) = rights.report(office.gateway, CODE, ASKING).held
        assert (entry["record"], entry["answers"], entry["title"]) == (mine, [], "")
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert not office.holds(CODE.encode())
        assert office.holds(person(2)["code"].encode())


def test_a_record_that_only_mentions_the_code_is_its_own_subjects(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        waiting(office, person(2, note=CODE))
        with pytest.raises(Problem, match="subject_unknown"):
            rights.withdraw(office.gateway, CODE, ASKING)
        office.gateway.database.write(
            lambda connection: connection.execute(schema.returned.update().values(subject_code=None))
        )
        office.deliver(person(2, note=CODE, area="-1"))
        with pytest.raises(Problem, match="subject_unknown"):
            rights.report(office.gateway, CODE, ASKING)


def test_what_an_earlier_release_returned_is_found_too(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((bad, _, _),) = office.deliver(person(1, area="-1"))
        office.gateway.database.write(
            lambda connection: connection.execute(schema.returned.update().values(subject_code=None))
        )
        assert states(rights.report(office.gateway, CODE, ASKING)) == [(bad, "rejected")]
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert not office.holds(CODE.encode())
        assert office.gateway.database.rows(schema.returned.select()) == []


def test_one_returned_record_is_withdrawn_by_itself(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((bad, _, _),) = office.deliver(person(1, area="-1"))
        (late,) = waiting(office, person(1))
        ((good, _, _),) = office.deliver(person(1))
        for record in (bad, late):
            assert rights.withdraw(office.gateway, CODE, ASKING, record) == 1
        assert states(rights.report(office.gateway, CODE, ASKING)) == [(good, "accepted")]
        with pytest.raises(Problem, match="subject_unknown"):
            rights.withdraw(office.gateway, CODE, ASKING, bad)


def test_a_local_number_is_one_subjects_over_returned_and_waiting_versions(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        first, second = VILLAGE, VILLAGE[:-1] + "2"
        office.deliver({**person(1), "code": LOCAL})
        office.deliver({**person(1, area="-1"), "code": LOCAL, "name": "测试一"})
        assert len(rights.report(office.gateway, LOCAL, ASKING).held) == 2, "returned for its name, perhaps"
        waiting(office, {**person(2), "code": LOCAL, "village": second})
        for asked in (rights.report, rights.withdraw):
            with pytest.raises(Problem, match="several_subjects"):
                asked(office.gateway, LOCAL, ASKING)
        assert rights.withdraw(office.gateway, LOCAL, ASKING, region=first) == 2
        (entry,) = rights.report(office.gateway, LOCAL, ASKING).held
        assert (entry["subject_name"], entry["state"]) == ("测试2", "custody")


def test_rosters_and_the_register_tell_what_they_have(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        roster(office, "a1", (CODE, "测试1", VILLAGE), (person(2)["code"], "测试2", VILLAGE))
        roster(office, "a2", (person(3)["code"], "测试3", VILLAGE))
        names = tmp_path / "register.csv"
        names.write_text(f"code,name\n{CODE},测试1\n", encoding="utf-8")
        register.import_file(office.gateway.database, names)
        report = rights.report(office.gateway, CODE, ASKING)
        assert (report.held, report.registered) == ([], "测试1")
        (visit,) = report.rosters
        assert (visit["document"], visit["name"]) == ("a1", "测试1")
        assert "原有 测试1" in str(visit["prefill"])
        assert "测试2" not in str(visit)
        office.deliver(person(1))
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert [visit["document"] for visit in subjects.rosters(office.gateway, Whose(CODE))] == ["a1"]


def test_a_withdrawal_at_the_command_line_says_which_rosters_still_name_the_subject(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1, area="-1"))
        roster(office, "a1", (CODE, "测试1", VILLAGE))
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    assert main(["subject", "withdraw", CODE, "--reason", "主体来函", *place]) == 0
    said = capsys.readouterr().out
    assert '"withdrawn": 1' in said
    assert "a1" in said
    assert "从名单中去掉这一行" in said
    assert main(["subject", "report", CODE, "--reason", "主体来函", *place]) == 0
    assert '"held": []' in capsys.readouterr().out


def test_only_accepted_records_are_objected_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1, area="-1"))
    place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
    assert main(["subject", "object", CODE, "--reason", "面积不对", *place]) == 1
    assert "objections" not in capsys.readouterr().out


def test_a_report_tells_of_a_returned_version_whose_file_is_lost(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        ((bad, _, _),) = office.deliver(person(1, area="-1"))
        shutil.rmtree(tmp_path / "data" / "blobs" / OFFICE)
        (entry,) = rights.report(office.gateway, CODE, ASKING).held
        assert (entry["record"], entry["answers"]) == (bad, [])
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1


def test_a_subject_with_many_records_is_told_and_withdrawn_in_one_go(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url, TOLD) as office:
        form = (
            f"<data id='told_test' version='1'><code>{CODE}</code><name>测试1</name>"
            f"<home><house>brick</house></home><meta><instanceID>uuid:{{}}</instanceID></meta></data>"
        )
        for _ in range(4):
            made = [gateways.record(office.form, form.format(clock.new_id()).encode()) for _ in range(60)]
            office.pack(*(data for _, files in made for data in files.values()))
            batch = office.device.batch(*(each for each, _ in made), blobs={})
            commit.take(office.gateway, batch.data, batch.signature)
            judging.settle(office.gateway, OFFICE, batch.name)
        assert len(rights.report(office.gateway, CODE, ASKING).held) == 240
        assert rights.withdraw(office.gateway, CODE, ASKING) == 240
        assert not office.holds(CODE.encode())
        assert ledger.open_batches(office.gateway.database) == []


@pytest.mark.parametrize("waits", [False, True], ids=["returned", "waiting"])
def test_what_was_accepted_for_another_stays_when_its_first_version_named_the_wrong_subject(
    tmp_path: Path, db_url: str, waits: bool
) -> None:
    with opened(tmp_path, db_url) as office:
        slip = office._record(dict(person(1, area="-1")), {})
        made, blobs = office._record(dict(person(2)), {})
        right = dataclasses.replace(made, record=slip[0].record, version=2)
        if waits:
            office.keep(slip)
        else:
            office.send(slip)
        assert [status for _, status, _ in office.send((right, blobs))] == ["accepted"]
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        (kept,) = office.gateway.database.rows(schema.records.select())
        assert (kept["subject_code"], kept["version"]) == (person(2)["code"], 2)
        assert office.gateway.store.read(OFFICE, [kept["submission_sm3"]])
        settle(office)
        assert not office.holds(CODE.encode())
        again = dataclasses.replace(right, version=3)
        assert [status for _, status, _ in office.send((again, blobs))] == ["accepted"]
        assert rights.withdraw(office.gateway, person(2)["code"], ASKING) == 2
        last = dataclasses.replace(right, version=4)
        assert [code for _, _, code in office.send((last, blobs))] == ["3005"]


def test_who_is_only_mentioned_in_what_nobody_could_read_takes_no_accepted_version_away(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        made, blobs = office._record(dict(person(2, note=CODE)), {})
        office.send((dataclasses.replace(made, form_sm3="0" * 64), blobs))
        better, bytes_of = office._record(dict(person(2)), {})
        right = dataclasses.replace(better, record=made.record, version=2)
        assert [status for _, status, _ in office.send((right, bytes_of))] == ["accepted"]
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        assert [row["version"] for row in office.gateway.database.rows(schema.records.select())] == [2]
        again = dataclasses.replace(right, version=3)
        assert [status for _, status, _ in office.send((again, bytes_of))] == ["accepted"]
