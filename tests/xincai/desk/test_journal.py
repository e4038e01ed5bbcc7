"""Forms that ask for an audit log or for what was sealed last, at the desk."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_office import PASSPHRASE
from pyxform.xls2xform import convert

from xincai.desk import Beginning, Desk, Filling, Profile
from xincai.shelf import Shelf
from xincai.shelf.card import FormCard
from xincai.vault import KdfParams
from xincai.wire.digest import sm3

FORM = """
| survey |
| | type | name | label | default | parameters | bind::xc:subject | required |
| | text | who | Who | ${last-saved#who} | | name | |
| | text | code | Code | | | code | |
| | text | kind | Kind | FARM | | kind | |
| | text | must | Must | | | | yes |
| | begin_repeat | rep | R | | | | |
| | text | x | X | | | | |
| | end_repeat | | | | | | |
| | audit | audit | | | track-changes=true identify-user=true | | |
| settings |
| | form_id | version | namespaces |
| | audited | 1 | xc="urn:xincai:xforms:1" |
"""


class OneForm(Shelf):
    """A shelf with one form."""

    def __init__(self) -> None:
        super().__init__()
        self._xml = convert(FORM, validate=False, file_type=".md").xform.encode()
        title = {"zh": "t", "en": "t"}
        self._only = FormCard("audited", "1", title, {"zh": "", "en": ""}, (), 1, "collect", sm3(self._xml))

    def cards(self) -> tuple[FormCard, ...]:
        return (self._only,)

    def card(self, form_id: str) -> FormCard:
        return self._only

    def source(self, form_id: str) -> bytes:
        return self._xml

    def files(self, form_id: str) -> dict[str, bytes]:
        return {}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", shelf=OneForm(), kdf=KdfParams.for_tests())
    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
    yield desk
    desk.close()


def _fill(filling: Filling, who: str = "测试农场") -> None:
    for name, value in (("who", who), ("code", "91410499MX7GBJK232"), ("must", "x")):
        filling.answer(f"/data/{name}", value)


def _log(desk: Desk, record_id: str) -> list[dict[str, str]]:
    data = desk.record_image(record_id, 1, "audit.csv", "verify")
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_record_holds_the_log_of_how_it_came_about(desk: Desk) -> None:
    filling = desk.start("audited")
    _fill(filling)
    filling.add_row("/data/rep")
    filling.remove_row("/data/rep[2]")
    rows = _log(desk, desk.seal(filling).record_id)
    assert [(row["event"], row["node"]) for row in rows] == [
        ("form start", ""),
        ("question", "/data/who"),
        ("question", "/data/code"),
        ("question", "/data/must"),
        ("add repeat", "/data/rep"),
        ("delete repeat", "/data/rep[2]"),
        ("form save", ""),
        ("form exit", ""),
        ("form finalize", ""),
    ]
    assert rows[1]["new-value"] == "测试农场"
    assert {row["user"] for row in rows} == {"李秀兰"}


def test_a_draft_keeps_its_log_from_one_sitting_to_the_next(desk: Desk) -> None:
    filling = desk.start("audited")
    filling.answer("/data/who", "a")
    filling.left()
    filling.snapshot().save()
    desk.close()
    desk.unlock(PASSPHRASE)
    again = desk.resume(filling.draft_id)
    _fill(again)
    events = [row["event"] for row in _log(desk, desk.seal(again).record_id)]
    assert events[:5] == ["form start", "question", "form save", "form exit", "form resume"]


def test_a_filling_that_cannot_be_sealed_says_so_in_its_log(desk: Desk) -> None:
    from xincai.errors import Problem

    filling = desk.start("audited")
    filling.answer("/data/who", "a")
    with pytest.raises(Problem):
        desk.seal(filling)
    _fill(filling)
    events = [row["event"] for row in _log(desk, desk.seal(filling).record_id)]
    assert "constraint error" in events
    assert events.count("form finalize") == 1


def test_taking_back_is_logged_as_the_change_it_is(desk: Desk) -> None:
    filling = desk.start("audited")
    filling.answer("/data/who", "a")
    filling.answer("/data/must", "b")
    filling.undo()
    filling.answer("/data/code", "c")
    _fill(filling)
    rows = _log(desk, desk.seal(filling).record_id)
    assert ("/data/must", "", "") in [(row["node"], row["old-value"], row["new-value"]) for row in rows]


def test_the_next_filling_starts_from_what_was_sealed_last(desk: Desk) -> None:
    assert desk.start("audited").entry("/data/who").value == ""
    for who in ("one", "two"):
        filling = desk.start("audited")
        _fill(filling, who)
        desk.seal(filling)
    assert desk.start("audited").entry("/data/who").value == "two"


def test_our_own_forms_keep_no_log() -> None:
    for card in Shelf().cards():
        form = Shelf().open(card.form_id)
        assert not any(place.name.endswith("audit") for place in form.self_filling)
        assert form.last_saved == ()
