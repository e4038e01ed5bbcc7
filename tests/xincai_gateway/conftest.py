"""One gateway on each kind of database for the whole run; each test brings its own device."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

import gateways
import postgres
from xincai.shelf import build
from xincai.shelf.store import keep
from xincai_gateway.database import Database
from xincai_gateway.enrol import issue_code

FORM = """
| survey | | | | | | | | |
| | type | name | label | required | constraint | constraint_message | bind::xc:subject | bind::xc:origin |
| | text | code | 主体代码 | yes | regex(., '^[0-9A-Z]{18}$') | 代码应为18位 | code | declared |
| | text | name | 主体名称 | yes | | | name | declared |
| | text | region | 地区 | | | | region | declared |
| | decimal | area | 面积 | | . > 0 | 面积应大于0 | | observed |
| | date | seen | 走访日期 | | . <= today() | 不能晚于今天 | | |
| | select_one crop | crop | 作物 | | | | | |
| | image | photo | 照片 | | | | | |
| choices | | | |
| | list_name | name | label |
| | crop | wheat | 小麦 |
| | crop | maize | 玉米 |
| settings | | | |
| | form_title | form_id | version |
| | 走访 | visit_test | 1 |
"""


@dataclass
class Site:
    """A running gateway, the forms it takes, and a look into its tables."""

    running: gateways.Running
    form: tuple[str, str, str]
    database: Database

    def device(self, *, enrolled: bool = True) -> gateways.Device:
        device = gateways.Device(self.running.url, self.running.ready["gateway"])
        if enrolled:
            assert device.enrol(self.code()).status_code == 200
        return device

    def code(self, office: str = gateways.OFFICE) -> str:
        return issue_code(self.database, office, "0" * 16, practice=True)

    def count(self, table: sa.Table, **where: object) -> int:
        """How many rows of a table are like this."""
        return count(self.database, table, **where)


def count(database: Database, table: sa.Table, **where: object) -> int:
    query = sa.select(sa.func.count().label("n")).select_from(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    found = database.row(query)
    assert found is not None
    return int(found["n"])


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str, str]]:
    folder = tmp_path_factory.mktemp("forms")
    source = build(FORM, blocks={}, rules={}, lists={})
    keep([source], folder)
    return folder, (source.card.form_id, source.card.version, source.card.sm3)


@pytest.fixture(scope="session")
def pg() -> Iterator[postgres.Postgres]:
    try:
        server = postgres.start()
        with server as running:
            yield running
    except postgres.Unavailable as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session", params=["embedded", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    if kind == "postgresql":
        request.getfixturevalue("pg")
    return kind


@pytest.fixture
def db_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database; empty when embedded."""
    if backend == "embedded":
        return ""
    server: postgres.Postgres = request.getfixturevalue("pg")
    return server.database()


@pytest.fixture(scope="session")
def site(
    backend: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    forms: tuple[Path, tuple[str, str, str]],
) -> Iterator[Site]:
    url = "" if backend == "embedded" else request.getfixturevalue("pg").database()
    with gateways.running(tmp_path_factory.mktemp("gateway"), forms[0], url) as running:
        database = Database.open(running.folder, url)
        yield Site(running, forms[1], database)
        database.close()
