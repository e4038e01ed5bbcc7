"""Forms of others, looked at in a process apart."""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xincai import clock
from xincai.errors import Problem
from xincai.shelf import apart
from xincai.shelf.apart import gather, inspect_apart
from xincai.shelf.reading import inspect, read_sheets
from xincai.shelf.writing import write_xlsx

FORM = """
| settings | form_id | form_title | version |
| | census | 村情 | 1 |
| survey | type | name | label | relevant |
| | select_one_from_file crops.csv | crop | 作物 | |
| | integer | size | 面积 | {relevant} |
"""
CROPS = "name,label\ncorn,玉米\n"


def form(folder: Path, relevant: str = "${crop} = 'corn'") -> Path:
    (folder / "crops.csv").write_text(CROPS, "utf-8")
    file = folder / "census.md"
    file.write_text(FORM.format(relevant=relevant), "utf-8")
    return file


def never() -> bool:
    return False


def test_what_is_told_apart_is_what_is_told_here(tmp_path: Path) -> None:
    file = form(tmp_path)
    assert inspect_apart([file], never) == inspect(file)
    book = tmp_path / "wrong.xlsx"
    book.write_bytes(write_xlsx(read_sheets(form(tmp_path, "${corp} = nosuch(1)"))))
    there, here = inspect_apart([book], never), inspect(book)
    assert there is not None
    assert [(r.told("en"), r.where, r.grave) for r in there.remarks] == [
        (r.told("en"), r.where, r.grave) for r in here.remarks
    ]
    assert [remark.where for remark in there.remarks] == ["wrong.xlsx:survey:3:relevant (D3)"]


def test_whoever_stops_it_gets_nothing_and_the_process_ends(tmp_path: Path) -> None:
    looks: Iterator[bool] = iter([False, False, True])
    assert inspect_apart([form(tmp_path)], lambda: next(looks)) is None


def test_what_takes_too_long_is_ended_and_told(tmp_path: Path) -> None:
    begun = clock.monotonic()
    with pytest.raises(Problem, match=r"shelf\.too_slow"):
        inspect_apart([form(tmp_path)], never, patience=0.1)
    assert clock.monotonic() - begun < 5


def test_a_converter_that_dies_without_a_word_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Problem, match=r"shelf\.not_readable"):
        inspect_apart([form(tmp_path)], never)


# --- files that belong together


def packed(place: Path, *names: str) -> Path:
    with zipfile.ZipFile(place, "w") as book:
        for name in names:
            book.writestr(name, CROPS if name.endswith(".csv") else "| survey | type | name |")
    return place


def test_names_in_a_zip_never_lead_out(tmp_path: Path) -> None:
    file = packed(
        tmp_path / "a.zip", "../../out.md", "/etc/crops.csv", "..\\..\\win.csv", "__MACOSX/._out.md"
    )
    found = gather((file,), tmp_path / "in")
    assert found == tmp_path / "in" / "out.md"
    assert {each.name for each in (tmp_path / "in").iterdir()} == {"out.md", "crops.csv", "win.csv"}
    assert {each.name for each in tmp_path.iterdir()} == {"a.zip", "in"}


def test_a_list_is_not_taken_for_the_form(tmp_path: Path) -> None:
    file = form(tmp_path)
    assert gather((tmp_path / "crops.csv", file), tmp_path / "in").name == "census.md"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("a.md", "b.md"), "shelf.several_forms"),
        (("crops.csv",), "shelf.no_form_there"),
        ((), "shelf.no_form_there"),
    ],
)
def test_no_form_or_several_are_told(tmp_path: Path, names: tuple[str, ...], code: str) -> None:
    with pytest.raises(Problem) as caught:
        gather((packed(tmp_path / "a.zip", *names),), tmp_path / "in")
    assert caught.value.code == code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MOST", 100_000)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.md", bytes(1_000_000))
    with pytest.raises(Problem, match=r"shelf\.file_too_large"):
        gather((bomb,), tmp_path / "in")
    assert not list((tmp_path / "in").iterdir())


def test_a_zip_cut_short_is_told(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.zip", "a.md")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(Problem, match=r"shelf\.not_zip"):
        gather((file,), tmp_path / "in")
