"""What a subject may ask: to be told all, to object, to withdraw."""

import functools
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from gateways import OFFICE
from offices import TOLD, VILLAGE, Office, opened, person, told
from postgres import Postgres
from xincai import clock
from xincai.errors import Problem
from xincai.wire.digest import sm3
from xincai.wire.pack import make_packs
from xincai_gateway import clearing, commit, judging, ledger, rights, schema, subjects
from xincai_gateway.accesses import Asking
from xincai_gateway.database import Database
from xincai_gateway.store import Store
from xincai_gateway.subjects import Line, Whose

ASKING = Asking("admin", "主体来函查询")
CODE = person(1)["code"]
TABLES = (schema.records, schema.answers, schema.attachments, schema.objections, schema.flagged)


def count(database: Database, table: sa.Table, **where: object) -> int:
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
    return len(database.rows(query))


def test_a_report_holds_every_answer_of_every_version_and_is_noted(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        office.files = {"a.jpg": b"field"}
        ((first, _, _),) = office.deliver(person(1, photo="a.jpg"))
        office.deliver(person(1, note="更正"), record=first, version=2)
        office.deliver(person(2))
        held = rights.report(office.gateway, CODE, ASKING).held
        assert [(entry["record"], entry["version"]) for entry in held] == [(first, 1), (first, 2)]
        assert {"测试1", CODE} <= {answer["value"] for answer in held[0]["answers"]}  # type: ignore[attr-defined]
        assert [file["name"] for file in held[0]["attachments"]] == ["a.jpg"]  # type: ignore[attr-defined]
        (access,) = database.rows(schema.accesses.select())
        assert (access["what"], access["purpose"], access["records"]) == ("report", "主体来函查询", 2)
        assert CODE not in str(dict(access))
        with pytest.raises(Problem, match="subject_unknown"):
            rights.report(office.gateway, "410499YH9999999999", ASKING)


def words(entry: Line) -> list[tuple[str, ...]]:
    """Part, question, value in words and reference of each answer."""
    return [
        tuple(str(line[key]) for key in ("part", "label", "shown", "ref"))
        for line in entry["answers"]  # type: ignore[attr-defined]
    ]


def test_a_report_speaks_the_words_of_the_form(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url, TOLD) as office:
        told(office, **{"house.jpg": b"house"})
        (entry,) = rights.report(office.gateway, CODE, ASKING).held
        assert entry["title"] == "农户走访"
        assert words(entry)[:-3] == [
            ("", "主体代码", CODE, "/data/code"),
            ("", "主体名称", "测试1", "/data/name"),
            ("住处", "房屋", "砖房", "/data/home/house"),
            ("地块 1", "作物", "小麦、玉米", "/data/field[1]/crops"),
            ("地块 1", "测试1的面积", "3.50", "/data/field[1]/area"),
            ("地块 2", "作物", "玉米", "/data/field[2]/crops"),
            ("地块 2", "测试1的面积", "2", "/data/field[2]/area"),
            ("", "照片", "house.jpg", "/data/photo"),
        ]
        file = entry["attachments"][0]  # type: ignore[index]
        assert (file["label"], file["name"], file["size"]) == ("照片", "house.jpg", 5)
        (entry,) = rights.report(office.gateway, CODE, ASKING, "en").held
        assert entry["title"] == "Household visit"
        assert words(entry)[2:5] == [
            ("Home", "House", "Brick", "/data/home/house"),
            ("Field 1", "Crops", "Wheat, Maize", "/data/field[1]/crops"),
            ("Field 1", "Area of 测试1", "3.50", "/data/field[1]/area"),
        ]


def test_a_report_is_made_without_the_form_too(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url, TOLD) as office:
        told(office)
    shutil.rmtree(tmp_path / "data" / "forms")
    with opened(tmp_path, db_url) as office:
        (entry,) = rights.report(office.gateway, CODE, ASKING).held
        assert entry["title"] == ""
        assert ("", "", "", "/data/home/house") in words(entry)
        assert "wheat maize" in {line["value"] for line in entry["answers"]}  # type: ignore[attr-defined]


def test_an_objection_marks_a_record_until_it_is_closed(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        ((first, _, _),) = office.deliver(person(1))
        mark = rights.object_to(database, OFFICE, first, "面积不对", "admin")
        (entry,) = rights.report(office.gateway, CODE, ASKING).held
        assert [each["closed_at"] for each in entry["objections"]] == [None]  # type: ignore[attr-defined]
        rights.close_objection(database, OFFICE, mark, "已核对", "admin")
        with pytest.raises(Problem, match="objection_closed"):
            rights.close_objection(database, OFFICE, mark, "再办一次", "admin")
        with pytest.raises(Problem, match="record_unknown"):
            rights.object_to(database, OFFICE, "nobody", "面积不对", "admin")


def test_what_is_withdrawn_is_nowhere_and_never_comes_back(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway, database = office.gateway, office.gateway.database
        office.files = {"a.jpg": b"field", "b.jpg": b"shared"}
        ((first, _, _),) = office.deliver(person(1, photo="a.jpg"))
        office.deliver(person(1, area="-1"), record=first, version=2)  # returned, yet here
        office.deliver(person(1, photo="b.jpg"), person(2, photo="b.jpg"))
        blobs = [path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
        assert len(blobs) == 4 + 2
        assert rights.withdraw(gateway, CODE, ASKING) == 3
        left = {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}
        (kept,) = database.rows(schema.records.select())
        assert left == {kept["submission_sm3"], sm3(b"shared")}
        for table in TABLES[1:3]:
            assert {row["record"] for row in database.rows(table.select())} == {kept["record"]}
        assert count(database, schema.erasing) == 0
        assert count(database, schema.withdrawn, read_status=schema.UNREAD) == 3
        assert CODE not in str([dict(row) for row in database.rows(schema.withdrawn.select())])
        for version in (1, 3):
            ((_, status, code),) = office.deliver(person(1), record=first, version=version)
            assert (status, code) == ("rejected", "3005")
        assert count(database, schema.records) == 1


def stored(tmp_path: Path) -> set[str]:
    """The names of the files in the store."""
    return {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}


def test_what_comes_for_a_withdrawn_record_is_refused_and_erased(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.files = {"a.jpg": b"field"}
        ((first, _, _),) = office.deliver(person(1))
        rights.withdraw(office.gateway, CODE, ASKING)
        ((_, status, code),) = office.deliver(person(1, photo="a.jpg"), record=first, version=2)
        assert (status, code) == ("rejected", "3005")
        assert stored(tmp_path) == set()
        assert count(office.gateway.database, schema.erasing) == 0


def withdraw_before_settling(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a withdrawal come between judging the next batch and settling it."""
    real = ledger.settle

    def late(database: Database, settlement: ledger.Settlement) -> None:
        monkeypatch.setattr(ledger, "settle", real)
        assert rights.withdraw(office.gateway, CODE, ASKING) == 1
        real(database, settlement)

    monkeypatch.setattr(ledger, "settle", late)


def test_a_withdrawal_while_a_batch_is_judged_is_heeded(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        ((first, _, _),) = office.deliver(person(1))
        withdraw_before_settling(office, monkeypatch)
        ((_, status, code),) = office.deliver(person(1), record=first, version=2)
        assert (status, code) == ("rejected", "3005")
        assert count(office.gateway.database, schema.records) == 0
        assert stored(tmp_path) == set()


def test_a_withdrawal_waits_for_what_is_being_settled(tmp_path: Path, pg: Postgres) -> None:
    url = pg.database()
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with opened(tmp_path, url) as office, ThreadPoolExecutor(2) as lane:
        ((first, _, _),) = office.deliver(person(1))
        with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watcher:

            def wait_for(count: int) -> None:
                for _ in range(500):
                    if watcher.execute(waiting).fetchone() == (count,):
                        return
                    clock.pause(0.01)
                pytest.fail("nobody waits")

            holder.execute("LOCK TABLE answers IN SHARE MODE")
            settling = lane.submit(office.deliver, person(1), record=first, version=2)
            wait_for(1)  # to write the answers of the second version
            withdrawing = lane.submit(rights.withdraw, office.gateway, CODE, ASKING)
            wait_for(2)
            holder.rollback()
        assert settling.result()[0][1:] == ("accepted", "0")
        assert withdrawing.result() == 2
        assert count(office.gateway.database, schema.records) == 0
        assert stored(tmp_path) == set()


def test_a_withdrawal_that_a_crash_cut_short_is_finished_later(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        office.deliver(person(1))
        gateway.database.write(
            functools.partial(
                rights._withdraw,
                whose=Whose(CODE),
                asking=ASKING,
                looked=subjects.unaccepted(gateway, CODE),
                visits=(),
            )
        )  # and then the power went
        assert list((tmp_path / "data" / "blobs").rglob("*/*/*"))
        assert clearing.erase(gateway) == 1
        assert not [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
        with pytest.raises(Problem, match="subject_unknown"):
            rights.withdraw(gateway, CODE, ASKING)


def test_a_submission_is_cut_out_of_the_body_that_others_share(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        store = office.gateway.store
        pieces = [f"submission {n}".encode() * 20 for n in range(5)]
        ((pack, _),) = make_packs(pieces)
        office.gateway.blobs.put(OFFICE, sm3(pack), pack)
        store.unpack(OFFICE, sm3(pack))
        before = {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}
        store.erase(OFFICE, [sm3(pieces[0]), sm3(pieces[3])])
        after = {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}
        assert not before & after
        kept = [pieces[n] for n in (1, 2, 4)]
        assert list(store.read(OFFICE, [sm3(piece) for piece in kept]).values()) == kept
        assert store.sizes(OFFICE, [sm3(pieces[0])]) == {}
        store.erase(OFFICE, [sm3(piece) for piece in kept])
        assert not [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]


def test_nothing_is_shown_without_a_purpose() -> None:
    for purpose in ("", " ", "x" * 201, "a\nb"):
        with pytest.raises(Problem, match="no_purpose"):
            Asking("admin", purpose)


def test_a_number_that_two_villages_use_is_not_one_subjects(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway, first, second = office.gateway, VILLAGE, VILLAGE[:-1] + "2"
        for number, village in ((1, first), (2, second)):
            office.deliver({**person(number), "code": "LH-023", "county": village[:6], "village": village})
        for asked in (rights.report, rights.withdraw):
            with pytest.raises(Problem, match="several_subjects") as told:
                asked(gateway, "LH-023", ASKING)
            assert first in str(told.value.facts["told"])
            assert "测试1" not in str(told.value.facts["told"])
        (entry,) = rights.report(gateway, "LH-023", ASKING, region=second).held
        assert entry["subject_name"] == "测试2"
        assert rights.withdraw(gateway, "LH-023", ASKING, region=first) == 1
        (kept,) = gateway.database.rows(schema.records.select())
        assert kept["subject_name"] == "测试2"


def test_nobody_is_found_by_no_code(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1))
        office.gateway.database.write(
            lambda connection: connection.execute(schema.records.update().values(subject_code=""))
        )
        for asked in (rights.report, rights.withdraw):
            with pytest.raises(Problem, match="subject_unknown"):
                asked(office.gateway, "", ASKING)


def test_a_replay_that_is_judged_beside_a_withdrawal_is_refused(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        made = office._record(dict(person(1)), {})
        ((first, _, _),) = office.send(made)
        withdraw_before_settling(office, monkeypatch)
        ((_, status, code),) = office.send(made)
        assert (first, status, code) == (made[0].record, "rejected", "3005")
        assert stored(tmp_path) == set()


def deliver_packed(office: Office, numbers: Iterable[int]) -> None:
    """Have people's submissions taken in and judged that came together in one pack."""
    made = [office._record(dict(person(number)), {}) for number in numbers]
    blobs = {digest: data for _, files in made for digest, data in files.items()}
    ((pack, _),) = make_packs(list(blobs.values()))
    office.gateway.blobs.put(OFFICE, sm3(pack), pack)
    office.gateway.store.unpack(OFFICE, sm3(pack))
    batch = office.device.batch(*(each for each, _ in made), blobs=blobs)
    commit.take(office.gateway, batch.data, batch.signature)
    judging.settle(office.gateway, OFFICE, batch.name)


def test_two_withdrawals_at_once_leave_nothing_behind(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        deliver_packed(office, range(1, 13))
        codes = [person(number)["code"] for number in range(1, 13)]

        def all_of(some: list[str]) -> list[int]:
            return [rights.withdraw(gateway, code, ASKING) for code in some]

        with ThreadPoolExecutor(2) as lane:
            assert list(lane.map(all_of, (codes[::2], codes[1::2]))) == [[1] * 6, [1] * 6]
        assert count(gateway.database, schema.erasing) == 0
        assert stored(tmp_path) == set()


def test_a_cut_while_a_body_is_written_anew_leaves_nothing_behind(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        gateway = office.gateway
        deliver_packed(office, (1, 2))
        before = stored(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(type(gateway.blobs), "drop", _cut)
            with pytest.raises(KeyboardInterrupt):
                rights.withdraw(gateway, CODE, ASKING)
        assert before < stored(tmp_path)
        clearing.erase(gateway)
        assert not before & stored(tmp_path)
        assert count(gateway.database, schema.erasing) == 0
        (kept,) = gateway.database.rows(schema.records.select())
        assert gateway.store.read(OFFICE, [kept["submission_sm3"]])


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_photograph_that_is_being_erased_is_sent_again_by_whoever_has_it_too(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        gateway, photo = office.gateway, sm3(b"shared")
        office.files = {"a.jpg": b"shared"}
        office.deliver(person(1, photo="a.jpg"))
        made, blobs = office._record(dict(person(2, photo="a.jpg")), {})
        batch = office.device.batch(made, blobs=blobs)
        gateway.blobs.put(OFFICE, made.submission.sm3, blobs[made.submission.sm3])
        real = type(gateway.store).erase

        def beside(store: Store, whose: str, digests: set[str]) -> None:
            with pytest.raises(commit.BlobsMissing) as told:  # the photograph is here still
                commit.take(gateway, batch.data, batch.signature)
            assert told.value.missing == (photo,)
            real(store, whose, digests)

        monkeypatch.setattr(Store, "erase", beside)
        rights.withdraw(gateway, CODE, ASKING)
        monkeypatch.undo()
        with pytest.raises(commit.BlobsMissing):
            commit.take(gateway, batch.data, batch.signature)
        gateway.blobs.put(OFFICE, photo, b"shared")
        assert len(commit.take(gateway, batch.data, batch.signature).receipts) == 2
        assert gateway.store.read(OFFICE, [photo]) == {photo: b"shared"}
