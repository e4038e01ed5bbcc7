"""Who handles what a person tells is offered to each filling: entered once, never left out."""

from desk_office import Office, farms

from xincai.desk import Filling
from xincai.desk.prefill import PRACTICE

HANDLER, HOTLINE = "/data/consent/pc_handler", "/data/consent/pc_hotline"


def offered(filling: Filling) -> tuple[str, str]:
    return filling.entry(HANDLER).value, filling.entry(HOTLINE).value


def test_the_office_of_whoever_works_here_is_offered_and_the_telephone_asked(office: Office) -> None:
    filling = office.desk.start("household")
    assert offered(filling) == ("柳河镇农业服务中心", "")
    assert HOTLINE in [finding.ref for finding in filling.findings()]


def test_what_was_sealed_last_is_offered_to_every_form_after(office: Office) -> None:
    office.seal()
    assert offered(office.desk.start("household")) == (farms.OFFICE, farms.HOTLINE)


def test_what_was_only_typed_is_not_kept(office: Office) -> None:
    office.fill("commitment")
    assert offered(office.desk.start("household")) == ("柳河镇农业服务中心", "")


def test_in_practice_an_office_that_is_none_is_offered_and_never_kept(office: Office) -> None:
    office.enrol(practice=True)
    office.vault.set_setting("profile", '{"role": "officer", "name": "李秀兰"}')
    filling = office.fill("commitment")
    filling.answer(HANDLER, PRACTICE.name)
    filling.answer(HOTLINE, PRACTICE.phone)
    office.desk.seal(filling)
    assert offered(office.desk.start("household")) == (PRACTICE.name, PRACTICE.phone)
    office.enrol(practice=False)
    assert offered(office.desk.start("household")) == ("", "")
