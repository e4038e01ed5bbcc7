"""A desk over a real vault."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desk_office import PASSPHRASE, Office

from xincai.desk import Beginning, Desk, Profile
from xincai.shelf import Shelf
from xincai.vault import KdfParams


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def new_office(shelf: Shelf, tmp_path: Path) -> Iterator[Callable[[], Office]]:
    opened: list[Office] = []

    def make() -> Office:
        desk = Desk(tmp_path / f"home{len(opened)}", shelf=shelf, kdf=KdfParams.for_tests())
        code = desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
        opened.append(Office(desk, code, shelf))
        return opened[-1]

    yield make
    for office in opened:
        office.desk.close()


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    return new_office()
