"""What is taken away of accepted data: who it is about is masked by level, wherever it is said."""

import csv
import io
from pathlib import Path

import pytest

from gateways import OFFICE
from offices import VILLAGE, opened, person
from xincai_gateway.accepted import LEVELS, as_csv, as_parquet, plain, take_away
from xincai_gateway.accesses import Asking

NOTE = "测试7的母亲，证件410499YH0000000007，住410499101201"


@pytest.mark.parametrize("level", LEVELS)
def test_a_subject_is_masked_inside_of_answers_too(tmp_path: Path, db_url: str, level: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(7, note=NOTE))
        table = take_away(office.gateway.database, "", "office_test", level, Asking("admin", "季度核对"))
        text = b"".join(as_csv(table)).decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert (person(7)["code"] in text) == (level == "L4")
    assert ("测试7" in text) == (level >= "L3")
    assert (VILLAGE in text) == (level >= "L2")
    assert (row["/data/note"] == NOTE) == (level == "L4")
    assert row["/data/q1"] == "甲"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\t甲",
        "＝1",
        "-1e5",
        "+",
        " =1",
        "\u3000=1",
        "\u200b@A",
        " -5",
    ],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+8613", "-0.25", "麦", "1=1", ""])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert plain(cell) == cell


def test_many_records_are_read_in_pieces(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        for start in range(0, 900, 300):
            office.deliver(*(person(start + n) for n in range(300)))
        table = take_away(office.gateway.database, "", "office_test", "L4", Asking("admin", "季度核对"))
        text = b"".join(as_csv(table)).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len({row["subject_code"] for row in rows}) == len(rows) == 900
        again = take_away(office.gateway.database, OFFICE, "office_test", "L4", Asking("admin", "季度核对"))
        assert as_parquet(again)[:4] == b"PAR1"
