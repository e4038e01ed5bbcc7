"""A real gateway on a real socket, vaults that are enrolled at it, and records to send."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gateway_here import GatewayHere, Office, running

from xincai.vault import KdfParams, Vault


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayHere]:
    with running(tmp_path_factory.mktemp("gateway")) as here:
        yield here


@pytest.fixture
def new_vault(tmp_path: Path) -> Iterator[Callable[[], Vault]]:
    opened: list[Vault] = []

    def make() -> Vault:
        folder = tmp_path / f"vault{len(opened)}"
        vault, _ = Vault.create(folder, "柳河村-2026-cashew", name="李采集", params=KdfParams.for_tests())
        opened.append(vault)
        return vault

    yield make
    for vault in opened:
        vault.close()


@pytest.fixture
def office(gateway: GatewayHere, new_vault: Callable[[], Vault]) -> Office:
    return Office.enrolled(new_vault(), gateway)
