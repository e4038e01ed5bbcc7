"""What a delivery asks of an embedded database grows with the delivery, not with what its office holds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

import gateway_here
from gateway_here import running
from gateways import OFFICE
from offices import opened, person
from xincai.vault import KdfParams, Vault
from xincai.wire.digest import sm3
from xincai_gateway import schema
from xincai_gateway.database import Database

GROWING = {
    table.name
    for table in (
        schema.batches,
        schema.outcomes,
        schema.receipts,
        schema.records,
        schema.answers,
        schema.attachments,
        schema.packed,
        schema.returned,
    )
}
_STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING.*\((.*)\))?")


@contextmanager
def wide_questions(database: Database) -> Iterator[set[str]]:
    """What is asked meanwhile for which the database reads a whole table, or all of an office in one."""
    found: set[str] = set()
    engine = database._engine

    def plan(
        _: object, cursor: sa.engine.interfaces.DBAPICursor, statement: str, given: object, *__: object
    ) -> None:
        if not re.match("SELECT|UPDATE|DELETE", statement):
            return
        probe = cursor.connection.cursor()
        for *_ids, step in probe.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall():
            read = _STEP.match(step)
            if read and read[2] in GROWING and read[3] in {None, "office=?"}:
                found.add(f"{step}: {statement}")
        probe.close()

    sa.event.listen(engine, "before_cursor_execute", plan)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", plan)


def test_taking_and_judging_read_no_more_the_more_there_is(tmp_path: Path) -> None:
    with opened(tmp_path) as office, wide_questions(office.gateway.database) as found:
        office.files = {"a.jpg": b"field" * 1000}
        office.series(b"one", b"two")
        office.pack(b"three", b"four")
        office.deliver(person(1, photo="a.jpg"), person(2, area="-1"))
        office.gateway.store.read(OFFICE, [sm3(b"one"), sm3(b"three")])
    assert found == set()


def test_a_device_that_delivers_asks_nothing_wide(tmp_path: Path) -> None:
    with running(tmp_path / "gateway") as here:
        vault, _ = Vault.create(
            tmp_path / "vault", "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests()
        )
        office = gateway_here.Office.enrolled(vault, here)
        with wide_questions(here.gateway.database) as found:
            for photo in (b"small", b"large" * 50_000, b"large" * 500_000):
                office.batch(3, photo=photo)
            report = office.deliver()
            assert (report.problem, report.settled) == (None, 3)
            assert office.deliver().problem is None
        vault.close()
    assert found == set()


def test_a_wide_question_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as office, wide_questions(office.gateway.database) as found:
        office.gateway.database.rows(sa.select(schema.records).where(schema.records.c.office == OFFICE))
        office.gateway.database.rows(sa.select(schema.packed))
    assert len(found) == 2
