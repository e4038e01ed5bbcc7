from hand import Hand
from xincai.ui.filling import FillingPage


def open_form(hand: Hand, form_id: str = "commitment") -> FillingPage:
    hand.window.go("choose")
    hand.rest()
    hand.click(f"choose.start.{form_id}")
    page = hand.window.page.inner
    assert isinstance(page, FillingPage)
    return page


def test_a_form_chosen_opens_and_its_draft_waits_at_home(inside: Hand) -> None:
    page = open_form(inside)
    page.filling.answer("/data/subject/subject_name", "青禾")
    page.filling.snapshot().save()
    inside.click("topbar.back")
    inside.window.go("home")
    inside.rest()
    inside.click("home.draft.0.open")
    again = inside.window.page.inner
    assert isinstance(again, FillingPage)
    assert again is not page


def test_the_language_switch_keeps_a_filling_as_it_stands(inside: Hand) -> None:
    page = open_form(inside)
    inside.click("topbar.language")
    assert inside.window.page.inner is page
    assert page.isVisible()
    assert inside.words("topbar.place") == "Filling"


def test_leaving_an_untouched_filling_and_coming_back_begins_it_anew(inside: Hand) -> None:
    open_form(inside)
    inside.click("rail.outbox")
    inside.click("topbar.back")
    assert isinstance(inside.window.page.inner, FillingPage)
