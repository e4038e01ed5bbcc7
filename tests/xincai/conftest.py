"""What the rooms' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway_here import GatewayHere, running


@pytest.fixture
def here(tmp_path: Path) -> Iterator[GatewayHere]:
    """A gateway of one's own: what one test does to it, another does not see."""
    with running(tmp_path / "gateway") as found:
        yield found
