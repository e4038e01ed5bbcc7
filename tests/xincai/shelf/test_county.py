"""A county's own list of towns and villages: what is taken, what is refused, and that both sides of the wire
make the same forms of it.
"""

import codecs
import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forms import farms
from gateways import record
from xincai import clock
from xincai.command.form import main as form_command
from xincai.desk import Desk
from xincai.errors import Problem
from xincai.shelf import FormCard, Shelf
from xincai.shelf.county import adopt, is_county, read_county, shelf_of
from xincai.shelf.sheets import Place, Row, Sheet
from xincai.shelf.store import INDEX
from xincai.shelf.writing import write_xlsx
from xincai.xforms import Session, read_form
from xincai_gateway import acts
from xincai_gateway.__main__ import main as gateway_command
from xincai_gateway.gateway import Gateway, Settings
from xincai_gateway.validate import Policy, judge

HEAD = "county,code,name,english"
TOWN = "410499,410499111000,新河镇,Xinhe"
VILLAGE = "410499,410499111201,柳林村,Liulin"
LIST = f"{HEAD}\n{TOWN}\n{VILLAGE}\n410499,410499111202,𬭚岭村,"
TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
Write = Callable[..., Path]


@pytest.fixture(scope="session")
def shipped() -> Shelf:
    return Shelf()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return file

    return written


def towns(shelf: Shelf) -> list[str]:
    session = Session.new(shelf.open("household"))
    for name, value in (("pc_handler", farms.OFFICE), ("pc_hotline", farms.HOTLINE), ("pc_general", "1")):
        session.answer(f"/data/consent/{name}", value)
    return [choice.label for choice in session.choices("/data/place/region_town")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_read_however_it_was_saved(write: Write, encoding: str) -> None:
    county = read_county(write(LIST, encoding))
    assert (county.code, county.towns, county.villages) == ("410499", 1, 2)
    assert county.places["410499111202"] == ("𬭚岭村", "")
    assert county.text() == read_county(write(LIST)).text()


def test_chinese_columns_tabs_and_crlf_do_as_well(write: Write) -> None:
    text = "县代码\t统计用区划代码（12位）\t名称\r\n" + "\r\n".join(
        "\t".join(line.split(",")[:3]) for line in LIST.splitlines()[1:]
    )
    assert read_county(write(text)).villages == 2


def test_an_excel_list_gives_the_same(write: Write, tmp_path: Path) -> None:
    heads, *rows = (line.split(",") for line in LIST.splitlines())
    sheet = Sheet(
        "survey",
        tuple(heads),
        tuple(
            Row(Place("", "survey", n), {h: c for h, c in zip(heads, cells, strict=True) if c})
            for n, cells in enumerate(rows, 2)
        ),
    )
    book = tmp_path / "list.xlsx"
    book.write_bytes(write_xlsx({"survey": sheet}))
    assert is_county(book)
    assert read_county(book).text() == read_county(write(LIST)).text()


def test_the_same_list_in_another_order_makes_the_same_bytes(write: Write) -> None:
    head, *rows = LIST.splitlines()
    assert read_county(write("\n".join([head, *rows[::-1]]))).text() == read_county(write(LIST)).text()


@pytest.mark.parametrize(
    ("lines", "code", "rows"),
    [
        ((TOWN, TOWN), "county_twice", "3"),
        ((VILLAGE,), "county_no_town", "2"),
        ((TOWN, "410425,410425100000,别县镇,"), "county_other", "3"),
        ((TOWN, "410499,410425100000,别县镇,"), "county_other", "3"),
        ((TOWN, "410499,41049911120,少一位村,", "410499,4104991112011,多一位村,"), "county_length", "3、4"),
        ((TOWN, "410499,4.10499E+11,坏了村,"), "county_mangled", "3"),
        (("4104,410499111000,新河镇,",), "county_county", "2"),
        ((TOWN, "410499,410499111203,,"), "county_name", "3"),
        ((TOWN, "410499,410499111203,??村,"), "county_name", "3"),
        ((TOWN, "410499,410499111203," + "长" * 51 + ","), "county_name", "3"),
    ],
)
def test_what_is_wrong_is_told_with_its_rows(
    write: Write, shipped: Shelf, lines: tuple[str, ...], code: str, rows: str
) -> None:
    folder = write(LIST).parent / "data"
    adopt(write(LIST), folder, shipped)
    before = (folder / "county.csv").read_bytes()
    with pytest.raises(Problem) as refused:
        adopt(write("\n".join((HEAD, *lines))), folder, shipped)
    assert refused.value.code == f"shelf.{code}"
    assert refused.value.facts["rows"] == rows
    assert (folder / "county.csv").read_bytes() == before


def test_a_file_without_the_columns_or_without_a_town_is_refused(write: Write) -> None:
    with pytest.raises(Problem) as refused:
        read_county(write("code,label\n410499111000,新河镇"))
    assert refused.value.code == "shelf.county_columns"
    assert refused.value.facts["columns"] == "county、name"
    with pytest.raises(Problem) as refused:
        read_county(write(f"{HEAD}\n410499,410499000000,测试县,"))
    assert refused.value.code == "shelf.county_empty"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(codecs.BOM_UTF8 + HEAD.encode() + b"\n410499,410499111000,\xd0\xc2\xba\xd3,")
    with pytest.raises(Problem) as refused:
        read_county(file)
    assert refused.value.code == "shelf.not_text"


def test_a_county_of_a_city_that_the_program_does_not_know_needs_its_name(
    write: Write, shipped: Shelf, tmp_path: Path
) -> None:
    text = f"{HEAD}\n440399,440399001000,试镇,"
    with pytest.raises(Problem) as refused:
        adopt(write(text), tmp_path / "data", shipped)
    assert (refused.value.code, refused.value.facts["code"]) == ("shelf.county_above", "440300000000")
    named = f"{text}\n440399,440300000000,试市,\n440399,440399000000,试县,"
    adopt(write(named), tmp_path / "data", shipped)
    session = Session.new(shelf_of(tmp_path / "data", shipped).open("ent_basic"))
    session.answer("/data/consent/pc_general", "1")
    assert session.entry("/data/place/region_county").value == "440399"
    assert [choice.label for choice in session.choices("/data/place/region_town")] == ["试镇"]


def test_forms_offer_the_list_and_no_other_form_changes(write: Write, shipped: Shelf, tmp_path: Path) -> None:
    adopt(write(LIST), tmp_path / "data", shipped)
    shelf = shelf_of(tmp_path / "data", shipped)
    assert towns(shelf) == ["新河镇"]
    assert len(towns(shipped)) > 1
    assert [card.form_id for card in shelf.cards()] == [card.form_id for card in shipped.cards()]
    changed = {card.form_id for card in shelf.cards() if card.sm3 != shipped.sm3(card.form_id)}
    assert changed == {card.form_id for card in shipped.cards() if card.files}
    for card in shelf.cards():
        assert read_form(shelf.source(card.form_id), shelf.files(card.form_id)).version == card.version


def test_forms_are_made_anew_when_the_program_brings_others(
    write: Write, shipped: Shelf, tmp_path: Path
) -> None:
    shutil.copytree(shipped.folder, tmp_path / "forms" / "xform")
    own = Shelf(tmp_path / "forms")
    adopt(write(LIST), tmp_path / "data", own)
    first = shelf_of(tmp_path / "data", own)
    assert shelf_of(tmp_path / "data", own).folder == first.folder
    entries = json.loads((own.folder / INDEX).read_text("utf-8"))
    entries[0]["minutes"] += 1
    (own.folder / INDEX).write_text(json.dumps(entries), encoding="utf-8")
    second = shelf_of(tmp_path / "data", Shelf(tmp_path / "forms"))
    assert second.folder != first.folder
    assert not first.folder.exists()
    assert towns(second) == ["新河镇"]


def test_the_command_takes_a_list_and_the_desk_fills_by_it(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert form_command(["regions", str(write(LIST)), "--data", str(data)]) == 0
    assert json.loads(capsys.readouterr().out) == {"county": "410499", "towns": 1, "villages": 2}
    assert form_command(["regions", str(write(f"{HEAD}\n{VILLAGE}")), "--data", str(data)]) == 1
    assert "410499111000" in capsys.readouterr().err
    assert {
        card.sm3 for card in Desk(data)._library.cards()
    } == {  # the list that was refused changed nothing
        card.sm3 for card in shelf_of(data, Shelf()).cards()
    }


def sealed(shelf: Shelf) -> tuple[FormCard, bytes]:
    session = Session.new(shelf.open("ent_basic"))
    for step in farms.firm_story()["ent_basic"]:
        if isinstance(step, farms.AddRow):
            session.add_repeat(step.ref)
        elif isinstance(step, farms.Answer):
            own = {farms.TOWN: "410499111", farms.VILLAGE: "410499111201"}
            session.answer(step.ref, own.get(step.value, step.value))
        else:
            session.answer(step.ref, "a.png")
    return shelf.card("ent_basic"), session.finalize()


def test_the_gateway_judges_by_the_same_list_and_says_so_when_it_lacks_it(
    write: Write, shipped: Shelf, tmp_path: Path
) -> None:
    with clock.fixed(TODAY):
        adopt(write(LIST, "gb18030"), tmp_path / "desk", shipped)
        card, submission = sealed(shelf_of(tmp_path / "desk", shipped))
        made, _ = record((card.form_id, card.version, card.sm3), submission, {"a.png": b""})
        folder = tmp_path / "gateway"

        def outcome() -> tuple[str, str, bool]:
            gateway = Gateway.open(Settings(folder, practice=True, name="演练"))
            try:
                offered = frozenset((e.form_id, e.version) for e in gateway.library.cards)
                policy = Policy("410499000000", practice=True, offered=offered)
                found = judge(made, submission, gateway.library.find(card.sm3), policy, TODAY).outcome
                known = gateway.library.find(shipped.sm3("ent_basic"))
                assert known is not None
                return found.code, found.text, found.fixable
            finally:
                gateway.close()

        code, text, fixable = outcome()
        assert (code, fixable) == ("2008", True)
        assert "同一份名单" in text
        assert gateway_command(["regions", "--data", str(folder), str(write(LIST, "utf-16"))]) == 0
        assert outcome() == ("0", "", False)


def test_the_gateway_writes_down_who_replaced_the_list_and_else_replaces_nothing(
    write: Write, shipped: Shelf, tmp_path: Path
) -> None:
    words = ["regions", str(write(LIST)), "--data", str(tmp_path), "--practice", "--who", "李示例"]
    assert gateway_command([*words, "--db-url", "postgresql://127.0.0.1:1/none"]) == 1
    assert shelf_of(tmp_path, shipped) is shipped
    assert gateway_command(words) == 0
    gateway = Gateway.open(Settings(tmp_path, practice=True))
    told = [(row["who"], row["what"], row["about"]) for row in acts.latest(gateway.database)]
    gateway.close()
    assert told == [("李示例", acts.REGIONS, "410499")]
