"""Forms that were taken in on one machine are there for the workers of every other."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import gateways
from offices import FORM, Office, opened
from xincai import clock
from xincai.errors import Problem
from xincai.shelf import Shelf
from xincai.wire.digest import sm3
from xincai_gateway import publishing, schema
from xincai_gateway.__main__ import main
from xincai_gateway.library import Library, share

Publish = Callable[[Office, str], str]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Publish a form with a remark of its own; its digest."""

    def work(office: Office, remark: str) -> str:
        path = tmp_path / "later.md"
        path.write_text(FORM.replace("office_test", "later_test").replace("备注", remark), "utf-8")
        return publishing.publish_form(office.gateway, path).file("form.xml").sm3

    return work


def elsewhere(folder: Path, office: Office) -> Office:
    """The same office as a worker on another machine sees it: with a folder of its own."""
    library = Library(Shelf(folder / "forms"), folder / "other", database=office.gateway.database)
    return dataclasses.replace(office, gateway=dataclasses.replace(office.gateway, library=library))


def filled(office: Office, digest: str) -> tuple[str, str]:
    """Deliver a filled form of this digest; what became of it."""
    meta = f"<meta><instanceID>uuid:{clock.new_id()}</instanceID></meta>"
    text = f'<data id="later_test" version="1"><code>410499YH0000000001</code><name>甲</name>{meta}</data>'
    ((_, status, code),) = office.send(gateways.record(("later_test", "1", digest), text.encode()))
    return status, code


def test_a_form_published_on_one_machine_is_taken_on_another(
    tmp_path: Path, db_url: str, publish: Publish
) -> None:
    with opened(tmp_path, db_url) as office:
        first, second = publish(office, "备注一"), publish(office, "备注二")
        assert first != second
        other = elsewhere(tmp_path, office)
        assert filled(other, second) == ("accepted", "0")
        publishing.withdraw(office.gateway, "form", "later_test")
        assert filled(other, first) == ("accepted", "0"), "filled in before another took its place"
        assert {path.name for path in (tmp_path / "other").iterdir()} >= {first, second}
        assert filled(other, "0" * 64)[0] == "rejected"
        database = office.gateway.database
        database.write(lambda connection: connection.execute(schema.library.delete()))
        assert filled(elsewhere(tmp_path, office), first) == ("accepted", "0"), "it is kept in the folder"


def test_a_form_that_the_database_changed_is_not_taken(tmp_path: Path, db_url: str, publish: Publish) -> None:
    with opened(tmp_path, db_url) as office:
        digest = publish(office, "备注一")
        data = b"<html/>"
        change = sa.update(schema.library).values(data=data, sm3=sm3(data))
        office.gateway.database.write(lambda connection: connection.execute(change))
        with pytest.raises(Problem, match="form_damaged"):
            elsewhere(tmp_path, office).gateway.library.find(digest)
        assert not (tmp_path / "other" / digest).exists()


def test_its_lists_come_with_it_and_are_held_against_their_digests(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        database = office.gateway.database
        source, lists = (tmp_path / "data/forms" / office.form[2] / "form.xml").read_bytes(), b"name,label\n"
        for _ in range(2):
            database.write(lambda connection: share(connection, source, {"crops.csv": lists}))
        library = Library(Shelf(tmp_path / "forms"), tmp_path / "other", database=database)
        place = tmp_path / "other" / office.form[2]
        for path in place.iterdir():
            path.unlink()
        place.rmdir()
        named = schema.library.c.name == "crops.csv"
        change = sa.update(schema.library).where(named)
        database.write(lambda connection: connection.execute(change.values(data=b"name,lable\n")))
        with pytest.raises(Problem, match="form_damaged"):
            library.find(office.form[2])
        database.write(lambda connection: connection.execute(change.values(data=lists)))
        assert library.find(office.form[2]) is not None
        assert (place / "crops.csv").read_bytes() == lists


def test_a_form_that_an_administrator_takes_in_is_shared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "census.md"
    path.write_text("| survey | type | name | label |\n| | text | a | A |\n", "utf-8")
    with opened(tmp_path) as office:
        place = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]
        assert main(["form", "add", str(path), *place]) == 0
        digest = capsys.readouterr().out.rpartition('"sm3": "')[2][:64]
        found = elsewhere(tmp_path, office).gateway.library.find(digest)
        assert found is not None
        assert found.form_id == "census"


def test_what_was_published_before_there_was_such_a_table_is_in_it_afterwards(
    tmp_path: Path, db_url: str, publish: Publish
) -> None:
    with opened(tmp_path, db_url) as office:
        digest = publish(office, "备注一")

        def back(connection: sa.Connection) -> None:
            connection.execute(sa.text("DROP TABLE library"))
            connection.execute(sa.text("DROP TABLE acts"))
            connection.execute(sa.text("ALTER TABLE offices DROP COLUMN closed_by"))
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '0008'"))

        office.gateway.database.write(back)
    with opened(tmp_path, db_url) as office:
        assert filled(elsewhere(tmp_path, office), digest) == ("accepted", "0")
