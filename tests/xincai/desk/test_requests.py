"""What a form asks of the device, at a desk: given, withheld with a reason, asked again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_office import PASSPHRASE

from xincai.desk import Beginning, Desk, Profile
from xincai.shelf.reading import read_any
from xincai.vault import KdfParams

FORM = """
| survey |
| | type | name | label |
| | start-geopoint | where | |
| | background-audio | talk | |
| | text | who | Who |
| settings |
| | form_id | form_title | version |
| | asking | Asking | 1 |
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
    yield desk
    desk.close()


@pytest.fixture
def form_sm3(desk: Desk, tmp_path: Path) -> str:
    (tmp_path / "asking.md").write_text(FORM, "utf-8")
    return desk.keep_form(read_any(tmp_path / "asking.md")).form_sm3


def test_a_draft_asks_again_for_what_was_neither_given_nor_withheld(desk: Desk, form_sm3: str) -> None:
    filling = desk.start_imported(form_sm3)
    assert [one.kind for one in filling.requests()] == ["geopoint", "audio"]
    filling.withhold("/data/talk")
    filling.withheld("/data/talk", "unwilling")
    filling.answer("/data/who", "a")
    filling.snapshot().save()
    again = desk.resume(filling.draft_id)
    assert [one.ref for one in again.requests()] == ["/data/where"]
    again.answer("/data/where", "33.97 113.21 0 0")
    again.snapshot().save()
    assert desk.resume(filling.draft_id).requests() == ()


def test_what_was_not_given_keeps_nothing_from_being_sealed(desk: Desk, form_sm3: str) -> None:
    filling = desk.start_imported(form_sm3)
    filling.answer("/data/who", "a")
    record = desk.seal(filling).record_id
    assert b"<where/>" in desk._vault.record(record).submission
