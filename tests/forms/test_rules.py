"""The rules behind the questions: what they catch, what they let pass, and what they say."""

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from forms import farms
from synthetic import Synthetic, resident_check, uscc_check
from xincai import clock
from xincai.shelf import Shelf
from xincai.xforms import Session

TODAY = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
Opened = Callable[[str], Session]


@pytest.fixture
def opened(shelf: Shelf) -> Iterator[Opened]:
    """A form with all consents given."""
    with clock.fixed(TODAY):

        def open_form(form_id: str) -> Session:
            session = Session.new(shelf.open(form_id))
            for step in {**farms.farm_story(), **farms.firm_story()}[form_id]:
                if isinstance(step, farms.Answer) and step.ref.startswith(
                    ("/data/subject/", "/data/consent/")
                ):
                    session.answer(step.ref, step.value)
            return session

        yield open_form


def problem(session: Session, ref: str, value: str) -> str:
    session.answer(ref, value)
    said: str = session.entry(ref).problem
    return said


def wrong_last(code: str, alphabet: str) -> str:
    return code[:-1] + next(c for c in alphabet if c != code[-1])


# --- unified social credit code

USCC = "/data/subject/uscc"


@pytest.mark.parametrize("head", ["91", "92", "93", "N1", "N2", "N3", "N9", "12", "51", "54", "A1", "Y1"])
def test_codes_of_every_register_pass(opened: Opened, head: str) -> None:
    session = opened("ent_basic")
    source = Synthetic(5)
    for _ in range(10):
        assert problem(session, USCC, source.uscc(head)) == ""
    assert not session.entry("/data/subject/uscc_unusual").relevant
    assert not session.entry("/data/subject/uscc_body_unusual").relevant


def test_a_wrong_check_digit_is_told_with_what_to_do(opened: Opened) -> None:
    session = opened("ent_basic")
    said = problem(session, USCC, wrong_last(Synthetic(6).uscc(), "0123456789"))
    assert "第18位" in said
    assert "请对照营业执照" in said


def test_every_single_wrong_character_of_a_code_is_caught(opened: Opened) -> None:
    session = opened("ent_basic")
    code = Synthetic(7).uscc()
    for place in range(2, 18):
        other = "7" if code[place] != "7" else "3"
        assert problem(session, USCC, code[:place] + other + code[place + 1 :]), place


@pytest.mark.parametrize("value", ["9141049", "91410499MXOOOOOO1I", "91410499mxabcdef1x", ""])
def test_what_is_no_code_is_caught(opened: Opened, value: str) -> None:
    assert problem(opened("ent_basic"), USCC, value)


def test_an_unusual_but_sound_code_only_reminds(opened: Opened) -> None:
    session = opened("ent_basic")
    body = "88410499MX1234567"
    assert problem(session, USCC, body + uscc_check(body)) == ""
    assert session.entry("/data/subject/uscc_unusual").relevant
    assert session.entry("/data/subject/uscc_body_unusual").relevant


# --- identity numbers

ID = "/data/owner/farm_owner_id"


def resident(birthday: str, region: str = "410499", serial: str = "123") -> str:
    body = region + birthday + serial
    return body + resident_check(body)


@pytest.mark.parametrize(
    "number",
    [
        resident("19800229"),
        resident("20000229"),
        resident("19491001", serial="900"),
        resident("20261122"),
        resident("19900101", "810000"),
        resident("19900101", "830000"),
        resident("19800102", "110101", "006"),
    ],
)
def test_sound_identity_numbers_pass(opened: Opened, number: str) -> None:
    assert problem(opened("ff_collect"), ID, number) == ""


@pytest.mark.parametrize(
    "number",
    [
        resident("19800230"),
        resident("20010229"),
        resident("19000229"),
        resident("19800431"),
        resident("19801301"),
        resident("20261123"),
        resident("20990101"),
        resident("19800101", "990499"),
        wrong_last(resident("19800101"), "0123456789X"),
        resident("19800101")[:-1],
    ],
    ids=[
        "30 February",
        "29 February of a common year",
        "29 February 1900",
        "31 April",
        "month 13",
        "born tomorrow",
        "born in 2099",
        "no such province",
        "check digit",
        "17 characters",
    ],
)
def test_unsound_identity_numbers_are_caught(opened: Opened, number: str) -> None:
    said = problem(opened("ff_collect"), ID, number)
    assert "请对照证件" in said


def test_each_kind_of_document_has_its_own_rule(opened: Opened) -> None:
    session = opened("ff_collect")
    for kind, good, bad in (
        ("414", "EJ1234567", "ej1234567"),
        ("516", "H12345678", "X12345678"),
        ("511", "12345678", "1234567"),
        ("553", "911123199001010011", "91112319900101001"),
        ("154", resident("19900101", "810000"), resident("19900101")),
        ("990", "军字第1234号", "1"),
    ):
        session.answer("/data/owner/farm_owner_id_type", kind)
        assert problem(session, ID, good) == "", kind
        assert problem(session, ID, bad), kind


# --- names

NAME = "/data/owner/farm_owner_name"


@pytest.mark.parametrize(
    "name",
    [
        "阿依·古丽",
        "䶮𬭚",
        "王测𠅤",
        "欧阳测一",
        "阿卜杜热西提·麦麦提敏·买买提艾力测试",
        "Anna Maria Test",
        "李喆",
    ],
)
def test_names_as_people_bear_them_pass(opened: Opened, name: str) -> None:
    assert problem(opened("ff_collect"), NAME, name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "王",
        "王1",
        "阿依•古丽",
        "阿依.古丽",
        "·古丽",
        "阿依··古丽",
        " 王测",
        "王测\ue863",
        "测" * 51,
        "王，测",
    ],
)
def test_slips_in_names_are_caught(opened: Opened, name: str) -> None:
    said = problem(opened("ff_collect"), NAME, name)
    assert "“·”" in said


# --- contact, account


@pytest.mark.parametrize(
    ("value", "good"), [("15412345678", True), ("0375-1234567", True), ("12345678901", False)]
)
def test_telephones(opened: Opened, value: str, good: bool) -> None:
    assert (problem(opened("ff_collect"), "/data/owner/owner_phone", value) == "") is good


def test_bank_cards(opened: Opened) -> None:
    session = opened("subsidy")
    source = Synthetic(8)
    account = "/data/subsidies/sub_account"
    session.answer("/data/subsidies/sub_yes", "1")
    for length in (16, 17, 18, 19):
        card = source.card(length)
        assert problem(session, account, card) == ""
        assert "逐位核对" in problem(session, account, wrong_last(card, "0123456789"))


# --- parcels, areas, dates, money

PARCEL = "/data/transfer/parcel"


def test_the_same_parcel_twice_is_caught_in_both_rows(opened: Opened) -> None:
    session = opened("land_transfer")
    session.add_repeat(PARCEL)
    code = Synthetic(9).parcel()
    assert problem(session, f"{PARCEL}[1]/lt_parcel_code", code) == ""
    assert "只填一行" in problem(session, f"{PARCEL}[2]/lt_parcel_code", code)
    assert session.entry(f"{PARCEL}[1]/lt_parcel_code").problem
    assert problem(session, f"{PARCEL}[2]/lt_parcel_code", Synthetic(10).parcel()) == ""
    assert session.entry(f"{PARCEL}[1]/lt_parcel_code").problem == ""


@pytest.mark.parametrize(
    "value", ["410499102200040517", "99049910220004051777", "9904991022000405177", "4104991022000405A77"]
)
def test_what_is_no_parcel_code_is_caught(opened: Opened, value: str) -> None:
    assert problem(opened("land_transfer"), f"{PARCEL}[1]/lt_parcel_code", value)


@pytest.mark.parametrize(
    ("value", "good"), [("0.01", True), ("271.6", True), ("0", False), ("-3", False), ("3.255", False)]
)
def test_areas(opened: Opened, value: str, good: bool) -> None:
    assert (problem(opened("land_transfer"), f"{PARCEL}[1]/lt_area", value) == "") is good


def test_mu_and_hectares_are_worked_out(opened: Opened) -> None:
    session = opened("land_transfer")
    for area, hectares in (("0.01", "0.0007"), ("271.6", "18.1067"), ("15", "1")):
        session.answer(f"{PARCEL}[1]/lt_area", area)
        assert Decimal(session.entry(f"{PARCEL}[1]/lt_area_ha").value) == Decimal(hectares)
    session.answer(f"{PARCEL}[1]/lt_shape", Synthetic(13).field(15))
    mu = Decimal(session.entry(f"{PARCEL}[1]/shape_mu").value)
    assert abs(mu - 15) < Decimal("0.1")
    assert not session.entry(f"{PARCEL}[1]/shape_differs").relevant
    session.answer(f"{PARCEL}[1]/lt_area", "12")
    assert session.entry(f"{PARCEL}[1]/shape_differs").relevant


def test_an_end_before_the_start_is_caught(opened: Opened) -> None:
    session = opened("land_transfer")
    session.answer(f"{PARCEL}[1]/lt_from", "2026-03-01")
    assert "晚于起始日期" in problem(session, f"{PARCEL}[1]/lt_to", "2026-02-28")
    assert problem(session, f"{PARCEL}[1]/lt_to", "2026-03-01")
    assert problem(session, f"{PARCEL}[1]/lt_to", "2027-02-28") == ""


def test_a_visit_tomorrow_is_caught(opened: Opened) -> None:
    session = opened("ff_collect")
    assert problem(session, "/data/collector_group/visit_date", "2026-11-22") == ""
    assert "不能晚于今天" in problem(session, "/data/collector_group/visit_date", "2026-11-24")


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("0", True),
        ("0.05", True),
        ("107000.53", True),
        ("99999999999.99", True),
        ("-1", False),
        ("1.005", False),
    ],
)
def test_money(opened: Opened, value: str, good: bool) -> None:
    assert (problem(opened("ff_collect"), "/data/operation/farm_income", value) == "") is good


# --- insurance, subsidies, shareholders, authorisation


def test_insuring_more_than_is_farmed_reminds_but_does_not_stop(opened: Opened) -> None:
    session = opened("agri_insurance")
    session.answer("/data/insurance/ins_yes", "1")
    session.answer("/data/insurance/ins_farm_area", "100")
    policy = "/data/insurance/policy[1]"
    assert problem(session, f"{policy}/ins_scale", "120") == ""
    assert session.entry(f"{policy}/ins_scale_high").relevant
    session.answer(f"{policy}/ins_scale_unit", "head")
    assert not session.entry(f"{policy}/ins_scale_high").relevant


def test_a_loss_outside_its_policy_is_caught(opened: Opened) -> None:
    session = opened("agri_insurance")
    policy = "/data/insurance/policy[1]"
    for ref, value in (
        ("/data/insurance/ins_yes", "1"),
        (f"{policy}/ins_from", "2025-01-01"),
        (f"{policy}/ins_to", "2025-12-31"),
        (f"{policy}/ins_has_claim", "1"),
    ):
        session.answer(ref, value)
    assert problem(session, f"{policy}/claim[1]/claim_date", "2024-12-31")
    assert problem(session, f"{policy}/claim[1]/claim_date", "2026-01-01")
    assert problem(session, f"{policy}/claim[1]/claim_date", "2025-06-01") == ""


def test_one_kind_of_subsidy_once_a_year(opened: Opened) -> None:
    session = opened("subsidy")
    row = "/data/subsidies/subsidy_row"
    session.answer("/data/subsidies/sub_yes", "1")
    session.add_repeat(row)
    for number, year in ((1, "2024"), (2, "2025")):
        session.answer(f"{row}[{number}]/sub_year", year)
        assert problem(session, f"{row}[{number}]/sub_kind", "01") == ""
    session.answer(f"{row}[2]/sub_year", "2024")
    assert "合并到那一行" in session.entry(f"{row}[2]/sub_kind").problem


@pytest.mark.parametrize(("year", "good"), [("2004", True), ("2026", True), ("2003", False), ("2027", False)])
def test_years(opened: Opened, year: str, good: bool) -> None:
    session = opened("subsidy")
    session.answer("/data/subsidies/sub_yes", "1")
    assert (problem(session, "/data/subsidies/subsidy_row[1]/sub_year", year) == "") is good


def test_shares_come_to_a_hundred_at_most(opened: Opened) -> None:
    session = opened("ent_basic")
    row = "/data/shareholders/shareholder"
    session.add_repeat(row)
    assert problem(session, f"{row}[1]/sh_ratio", "60") == ""
    assert "合计不超过100" in problem(session, f"{row}[2]/sh_ratio", "40.01")
    assert problem(session, f"{row}[2]/sh_ratio", "39") == ""
    assert session.entry("/data/shareholders/ratio_short").relevant
    assert "99%" in session.entry("/data/shareholders/ratio_short").label
    assert problem(session, f"{row}[2]/sh_ratio", "40") == ""
    assert not session.entry("/data/shareholders/ratio_short").relevant


def test_an_authorisation_is_a_year_by_itself_and_three_at_most(opened: Opened) -> None:
    session = opened("authorisation")
    group = "/data/authorisation_group"
    assert session.entry(f"{group}/au_from").value == "2026-11-22"
    assert session.entry(f"{group}/au_to").value == "2027-11-21"
    assert not session.entry(f"{group}/au_long").relevant
    assert problem(session, f"{group}/au_to", "2028-11-21") == ""
    assert session.entry(f"{group}/au_long").relevant
    assert problem(session, f"{group}/au_to", "2030-01-01")


def test_marital_status_needs_its_own_yes(opened: Opened) -> None:
    session = opened("authorisation")
    group = "/data/authorisation_group"
    session.answer(f"{group}/au_scope", "1 2")
    assert not session.entry(f"{group}/au_marital").relevant
    session.answer(f"{group}/au_scope", "1 2 17")
    assert session.entry(f"{group}/au_marital").required


def test_the_commitment_writes_itself(opened: Opened) -> None:
    session = opened("commitment")
    group = "/data/commitment_group"
    assert session.entry(f"{group}/cm_reason").value == "自愿作出承诺"
    assert "不逃废债务" in session.entry(f"{group}/cm_content").value
    assert session.entry(f"{group}/cm_date").value == "2026-11-22"
    assert session.entry(f"{group}/cm_party").value == farms.firm().name
