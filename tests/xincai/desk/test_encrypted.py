"""Records of forms with a public key, at a desk: read here, delivered nowhere, exported for one holder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_office import PASSPHRASE, Office

from holder import Holder
from xincai.desk import Beginning, Desk, Profile
from xincai.errors import Problem
from xincai.shelf.reading import inspect, read_any
from xincai.vault import KdfParams

FORM = """
| survey |
| | type | name | label |
| | text | who | Who |
| | file | paper | Paper |
| settings |
| | form_id | form_title | version | public_key |
| | {form} | {form} | 1 | {key} |
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
    Office(desk, "", desk._library._shelf).enrol()
    yield desk
    desk.close()


def _seal(desk: Desk, folder: Path, form: str, key: str) -> str:
    (folder / f"{form}.md").write_text(FORM.format(form=form, key=key), "utf-8")
    filling = desk.start_imported(desk.keep_form(read_any(folder / f"{form}.md")).form_sm3)
    filling.answer("/data/who", "王测")
    filling.answer("/data/paper", filling.attach("/data/paper", b"what it says", "text/plain", "a.txt"))
    return desk.seal(filling).record_id


@pytest.mark.feature("record/encryption (base64RsaPublicKey)")
def test_what_leaves_only_the_holder_of_the_key_can_read(desk: Desk, tmp_path: Path) -> None:
    holder = Holder()
    record = _seal(desk, tmp_path, "locked", holder.public)
    assert desk.record(record).encrypted
    target = desk.export_encrypted(record, 1, tmp_path)
    files = {path.name: path.read_bytes() for path in target.iterdir()}
    assert not any("王测".encode() in data or b"what it says" in data for data in files.values())
    read = holder.open(files.pop("submission.xml").decode(), files)
    assert read.pop("submission.xml") == desk._vault.record(record).submission
    assert list(read.values()) == [b"what it says"]
    assert not list(tmp_path.glob("*.part"))
    assert desk.export_encrypted(record, 1, tmp_path) == target  # again: the same folder, fresh keys


def test_the_platform_gets_what_it_may_read_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    locked = _seal(desk, tmp_path, "locked", Holder().public)
    with pytest.raises(Problem, match=r"sync\.nothing_waiting"):
        desk.sign_batch()
    free = _seal(desk, tmp_path, "free", "")
    assert [card.record_id for card in desk.waiting()] == [free]
    assert desk.overview().waiting == 1
    assert desk.sign_batch().records == 1
    assert desk._vault.waiting_records() == ((locked, 1),)
    assert not desk.record(free).encrypted


def test_a_form_whose_key_is_none_is_refused_when_it_is_looked_through(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(FORM.format(form="bad", key="AAAA"), "utf-8")
    found = inspect(tmp_path / "bad.md")
    assert found.source is None
    assert [remark.problem.code for remark in found.remarks if remark.grave] == ["xforms.bad_public_key"]
