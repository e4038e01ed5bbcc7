"""Signs of made-up data: each with data that is flagged and data that is not."""

import math
from decimal import Decimal
from pathlib import Path

import pytest

from gateways import OFFICE
from offices import moment, opened, person
from xincai.errors import Problem
from xincai_gateway import flags, schema
from xincai_gateway.flags import CLEARED, OPEN, Verdict, look, looks_random, review


def raised(office: object) -> dict[str, int]:
    rows = office.gateway.database.rows(schema.flags.select())  # type: ignore[attr-defined]
    return {row["signal"]: row["records"] for row in rows}


def test_one_photo_with_two_subjects_is_flagged_and_one_of_each_is_not(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.files = {"a.jpg": b"field", "b.jpg": b"barn", "c.jpg": b"field", "d.jpg": b"house"}
        office.deliver(person(1, photo="a.jpg"), person(2, photo="b.jpg"), person(1, photo="c.jpg"))
        assert look(office.gateway.database, OFFICE) == 0
        office.deliver(person(3, photo="c.jpg"), person(4, photo="d.jpg"))
        assert look(office.gateway.database, OFFICE) == 1
        assert raised(office) == {"photo": 3}


def test_one_point_for_a_village_is_flagged_and_points_of_its_own_are_not(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(*(person(n, spot=f"33.97{n:03d} 113.2 90 5") for n in range(1, 9)))
        assert look(office.gateway.database, OFFICE) == 0
        office.deliver(*(person(n, spot=f"33.981234 113.200001 {n} 5") for n in range(11, 16)))
        assert look(office.gateway.database, OFFICE) == 1
        assert raised(office) == {"point": 5}
        (flag,) = office.gateway.database.rows(schema.flags.select())
        assert "33.98" not in str(dict(flag))


def test_forms_filled_faster_than_a_second_an_answer_are_flagged_and_slower_ones_are_not(
    tmp_path: Path, db_url: str
) -> None:
    full = {"area": "2", "income": "3", "note": "x", "spot": ""}
    with opened(tmp_path, db_url) as office:
        office.deliver(*(person(n, **full, end_time=moment(60)) for n in range(1, 6)))
        office.deliver(*(person(n, **full, end_time=moment(3)) for n in range(6, 8)))
        assert look(office.gateway.database, OFFICE) == 0
        office.deliver(person(9, **full, end_time=moment(3)))
        assert look(office.gateway.database, OFFICE) == 1
        assert raised(office) == {"haste": 3}


def spread(number: int) -> float:
    """A number between 0 and 1, evenly spread and without order."""
    return math.modf(math.sin(number + 1) * 43758.5453)[0] % 1.0


def test_even_unrounded_figures_are_flagged_and_those_of_a_village_are_not(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        village = [round(math.exp(1 + 0.7 * math.sin(n * 2.4) + spread(n)) * 2) / 2 for n in range(60)]
        office.deliver(*(person(n, area=str(figure)) for n, figure in enumerate(village)))
        assert look(office.gateway.database, OFFICE) == 0
        office.deliver(*(person(100 + n, income=f"{1000 + spread(n) * 90000:.0f}") for n in range(60)))
        assert look(office.gateway.database, OFFICE) == 1
        (flag,) = office.gateway.database.rows(schema.flags.select())
        assert (flag["signal"], flag["about"], flag["records"]) == ("chance", "/data/income", 60)


def test_random_figures_are_told_from_skewed_rounded_repeated_and_few() -> None:
    even = [Decimal(f"{spread(n) * 1000:.2f}") for n in range(200)]
    assert looks_random(even)
    assert not looks_random(even[:49])
    assert not looks_random([Decimal(round(value / 10) * 10) for value in even])
    assert not looks_random([(value / 100) ** 3 for value in even])
    assert not looks_random([Decimal(5)] * 100)


def test_a_flag_never_returns_anything_and_is_raised_once_until_more_comes(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        office.files = {"a.jpg": b"field"}
        told = office.deliver(person(1, photo="a.jpg"), person(2, photo="a.jpg"))
        assert {status for _, status, _ in told} == {"accepted"}
        database = office.gateway.database
        assert look(database, OFFICE) == 1
        (flag,) = database.rows(schema.flags.select())
        review(database, OFFICE, flag["flag"], Verdict(CLEARED, "同一仓库", "admin"))
        assert look(database, OFFICE) == 0
        assert [row["status"] for row in database.rows(schema.flags.select())] == [CLEARED]
        office.deliver(person(3, photo="a.jpg"))
        assert look(database, OFFICE) == 1
        assert [row["status"] for row in database.rows(schema.flags.select())] == [OPEN]
        with pytest.raises(Problem, match="flag_unknown"):
            flags.review(database, OFFICE, "0" * 64, Verdict(CLEARED, "同一仓库", "admin"))


def invented(number: int) -> dict[str, str]:
    """A person whose figures a generator might have made."""
    return person(
        number, area=f"{1 + spread(number) * 900:.2f}", income=f"{1000 + spread(900 + number) * 90000:.0f}"
    )


@pytest.mark.parametrize("most", [10, flags.MOST_FIGURES])
def test_every_question_is_looked_at_however_few_are_read_at_once(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(flags, "MOST_FIGURES", most)
    with opened(tmp_path, db_url) as office:
        office.deliver(*(invented(n) for n in range(60)))
        assert look(office.gateway.database, OFFICE) == 2
        rows = office.gateway.database.rows(schema.flags.select())
        assert {(row["about"], row["records"]) for row in rows} == {("/data/area", 60), ("/data/income", 60)}


def test_what_was_found_before_an_interruption_is_kept(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        office.deliver(*(invented(n) for n in range(60)))

        def found_one(*given: object) -> object:
            yield next(chance(*given))  # type: ignore[arg-type]
            raise Problem("gateway.database_away")

        chance = flags._chance
        with monkeypatch.context() as line:
            line.setattr(flags, "_chance", found_one)
            with pytest.raises(Problem, match="database_away"):
                look(database, OFFICE)
        assert len(raised(office)) == 1
        assert look(database, OFFICE) == 1
        assert len(database.rows(schema.flags.select())) == 2
        assert look(database, OFFICE) == 0
