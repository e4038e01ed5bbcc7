"""Looking on: events without answers, an export anybody can check, masked answers shown for a reason."""

import base64
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_office import PASSPHRASE, Office

from xincai import clock
from xincai.desk import EventFilter, auditing
from xincai.errors import Problem
from xincai.vault import enclosure
from xincai.wire.digest import sm3
from xincai.wire.suites import PublicKey

HEADS = ("序号", "时间", "事项", "说明", "操作人", "摘要")
DELICATE = "ff_collect"


def masked(office: Office, level: str = "") -> tuple[str, str]:
    """A record with delicate answers: its id, and the reference of one."""
    card = office.seal(DELICATE)
    sections = office.desk.record(card.record_id).sections
    answers = [answer for section in sections for answer in section.answers]
    wanted = [each for each in answers if each.masked and (not level or each.level == level)]
    assert wanted
    return card.record_id, wanted[0].ref


def test_a_masked_answer_does_not_leave_the_desk_until_somebody_says_why(office: Office) -> None:
    record_id, ref = masked(office)
    answers = [each for section in office.desk.record(record_id).sections for each in section.answers]
    assert all(not each.value for each in answers if each.level in {"L3", "L4"})
    before = office.desk.count_events(EventFilter("revealed"))
    value = office.desk.reveal(record_id, 1, ref, "verify")
    assert value
    assert "*" not in value
    assert office.desk.count_events(EventFilter("revealed")) == before + 1
    event = office.vault.find_events("revealed", None, None, 1)[0]
    assert event.facts == {"record": record_id, "version": 1, "ref": ref, "reason": "verify"}
    assert value not in json.dumps(dict(event.facts), ensure_ascii=False)


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("curious", ""), ("other", "  ")])
def test_without_a_reason_nothing_is_shown(office: Office, reason: str, note: str) -> None:
    record_id, ref = masked(office)
    with pytest.raises(Problem, match=r"desk\.no_reason"):
        office.desk.reveal(record_id, 1, ref, reason, note)
    assert office.desk.count_events(EventFilter("revealed")) == 0


def test_a_masked_picture_is_shown_for_a_reason_that_is_written_down(office: Office) -> None:
    card = office.seal()
    answers = [each for section in office.desk.record(card.record_id).sections for each in section.answers]
    name, level = next((each.image, each.level) for each in answers if each.image)
    assert level in {"L3", "L4"}
    with pytest.raises(Problem, match=r"desk\.no_reason"):
        office.desk.record_image(card.record_id, 1, name)
    assert office.desk.count_events(EventFilter("revealed")) == 0
    assert office.desk.record_image(card.record_id, 1, name, "verify").startswith(b"\x89PNG")
    event = office.vault.find_events("revealed", None, None, 1)[0]
    assert event.facts == {"record": card.record_id, "version": 1, "file": name, "reason": "verify"}


def test_a_file_that_answers_no_question_is_masked(office: Office) -> None:
    """As `audit.csv`, which holds earlier answers."""
    log = office.vault.add_attachment(b"event,old-value", "text/csv", name="audit.csv")
    record = office.vault.record(office.seal().record_id)
    other = replace(record, record_id="with-log", attachments=(*record.attachments, log))
    office.vault.seal(other, None)
    with pytest.raises(Problem, match=r"desk\.no_reason"):
        office.desk.record_image("with-log", 1, "audit.csv")
    assert office.desk.record_image("with-log", 1, "audit.csv", "dispute") == b"event,old-value"


def test_what_cannot_be_written_down_is_not_shown(office: Office) -> None:
    record_id, ref = masked(office)
    office.vault.suspect("vault.rolled_back")
    with pytest.raises(Problem, match=r"vault\.rolled_back"):
        office.desk.reveal(record_id, 1, ref, "verify")


def test_answers_of_level_l4_are_enclosed_in_what_is_stored(office: Office) -> None:
    record_id, ref = masked(office, "L4")
    value = office.desk.reveal(record_id, 1, ref, "verify")
    with office.vault._database.reading() as cursor:
        stored = cursor.one("SELECT submission FROM records").blob("submission")
    assert enclosure.is_enclosed(stored)
    whole = office.vault.record(record_id).submission
    assert value.encode() in whole
    assert value.encode() not in stored
    office.vault.verify_chain()
    begun = office.fill(DELICATE)
    with office.vault._database.reading() as cursor:
        draft = cursor.one("SELECT xml FROM drafts").blob("xml")
    assert value.encode() in office.vault.draft(begun.draft_id).xml
    assert value.encode() not in draft


def test_records_from_before_are_seen_to_behind_the_work(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("xincai.records.delicate_paths", lambda _form: frozenset())
        record_id, _ = masked(office, "L4")
    with office.vault._database.writing() as cursor:
        cursor.run("INSERT INTO plain_records (seq) SELECT seq FROM records")
    whole, head = office.vault.record(record_id).submission, office.vault.verify_chain()
    assert office.desk.enclose_old(lambda: True) == 0
    assert office.desk.enclose_old(lambda: False) == 1
    assert office.desk.enclose_old(lambda: False) == 0
    with office.vault._database.reading() as cursor:
        assert enclosure.is_enclosed(cursor.one("SELECT submission FROM records").blob("submission"))
    assert office.vault.record(record_id).submission == whole
    assert office.vault.verify_chain() == head


def test_a_record_whose_form_cannot_be_read_today_is_left_for_another_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office.seal(), office.seal()
    with office.vault._database.writing() as cursor:
        cursor.run("INSERT INTO plain_records (seq) SELECT seq FROM records")

    def forms(code: str) -> None:
        def trouble(_digest: str) -> None:
            raise Problem(code)

        monkeypatch.setattr(office.desk, "_form", trouble)

    forms("vault.disk_error")
    assert office.desk.enclose_old(lambda: False) == 0
    assert {key for key, _ in office.vault.unseen_records()} == {
        (first.record_id, 1),
        (second.record_id, 1),
    }
    forms("vault.no_form")
    assert office.desk.enclose_old(lambda: False) == 2
    assert office.vault.unseen_records() == ()


def test_events_are_listed_by_page_the_last_first(office: Office) -> None:
    for number in range(25):
        office.vault.add_event("made_up", number=number)
    every = EventFilter()
    total = office.desk.count_events(every)
    found = [
        *office.desk.events_page(every, limit=10),
        *office.desk.events_page(every, limit=total, offset=10),
    ]
    assert [card.seq for card in found] == list(range(total, 0, -1))
    assert office.desk.count_events(EventFilter("made_up")) == 25
    assert office.desk.events_page(EventFilter("made_up"), limit=1)[0].facts == (("number", "24"),)
    assert office.desk.count_events(EventFilter("", clock.now())) <= total
    assert {"created", "made_up"} <= set(office.desk.event_kinds())
    assert found[-1].person == "李秀兰"


def test_an_export_of_many_pieces_tells_every_event_once_and_counts_none_over(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "_PIECE", 7)
    for number in range(25):
        office.vault.add_event("made_up" if number % 2 else "other", number=number)
    asked, find = list[tuple[int, int]](), office.vault.find_events

    def found(*chosen: Any, after: int | None = None) -> Any:
        events = find(*chosen, after=after)
        asked.append((after or 0, len(chosen)))
        return events

    monkeypatch.setattr(office.vault, "find_events", found)
    for kind in ("", "made_up"):
        asked.clear()
        _, lines = office.desk.export_events(tmp_path, EventFilter(kind), HEADS, {})
        told = [json.loads(line)["seq"] for line in lines.read_text("utf-8").splitlines()[1:-1]]
        every = [event.seq for event in office.vault.events(1000) if kind in {"", event.kind}]
        assert told == every
        assert asked == [(after, 4) for after in (0, *told[6::7])], "no piece is counted to from the start"


def test_the_export_holds_no_answer_and_every_line_can_be_checked(office: Office, tmp_path: Path) -> None:
    office.enrol()
    record_id, ref = masked(office)
    secret = office.desk.reveal(record_id, 1, ref, "other", "=1+1")
    table, lines = office.desk.export_events(tmp_path, EventFilter(), HEADS, {"sealed": "封存填报件"})
    data = table.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADS
    assert "封存填报件" in {row[2] for row in rows}
    assert not any(cell.startswith("=") for row in rows for cell in row)
    for file in (table, lines):
        text = file.read_text("utf-8-sig")
        assert secret not in text
        assert office.vault.record(record_id).subject.name not in text
        assert office.vault.record(record_id).subject.code not in text
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    prev = ""
    for event in told[1:-1]:
        link = [event["seq"], event["at"], event["kind"]]
        facts = json.dumps(event["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        whole = json.dumps([*link, facts, event["prev"]], ensure_ascii=False, separators=(",", ":"))
        assert event["sm3"] == sm3(whole.encode())
        assert prev in ("", event["prev"])
        prev = event["sm3"]
    assert told[0]["head"] == prev
    body = b"".join(lines.read_bytes().splitlines(keepends=True)[:-1])
    assert told[-1]["sm3"] == sm3(body)
    PublicKey.from_pem(told[-1]["public_key"]).verify(body, base64.b64decode(told[-1]["signature"]))


def test_before_enrolment_the_export_is_unsigned_and_says_so(office: Office, tmp_path: Path) -> None:
    _, lines = office.desk.export_events(tmp_path, EventFilter(), HEADS, {})
    assert json.loads(lines.read_text("utf-8").splitlines()[-1])["signature"] is None


def test_an_export_into_nowhere_is_a_problem(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"desk\.cannot_write"):
        office.desk.export_events(tmp_path / "gone", EventFilter(), HEADS, {})


def test_a_doubt_is_told_and_decided_at_the_desk(office: Office) -> None:
    office.vault.suspect("vault.history_broken", ("records 1",))
    state = office.desk.history_state()
    assert (state.code, state.places) == ("vault.history_broken", ("records 1",))
    office.desk.accept_history("核对过")
    assert office.desk.history_state().code == ""
    office.vault.add_attachment(b"photo" * 100_000, "image/jpeg")
    steps = list[tuple[str, int, int]]()
    proven = office.desk.verify_history(steps.append, lambda: False)
    assert proven.verified_at is not None
    assert [step[0] for step in steps] == sorted((step[0] for step in steps), reverse=True)
    assert steps[-1][0] == "attachments"
    assert steps[-1][1] == steps[-1][2] >= 500_000


def test_only_the_passphrase_takes_the_computer_back(office: Office) -> None:
    filling = office.fill(DELICATE)
    office.desk.hand_over(filling.draft_id)
    with pytest.raises(Problem, match=r"desk\.not_taken_back"):
        office.desk.take_back("something else")
    office.desk.take_back(PASSPHRASE)
    kinds = [event.kind for event in office.vault.events(1000)]
    assert kinds[-2:] == ["handed_over", "taken_back"]


def test_every_kind_of_event_has_words() -> None:
    import re

    from xincai.ui import messages

    root = Path(enclosure.__file__).parents[1]
    sources = "".join(path.read_text("utf-8") for path in root.rglob("*.py") if path.parts[-2] != "ui")
    shape = r'(?:add_event|add_fact|_tell)\(\s*(?:cursor,\s*)?(?:self\.vault_id,\s*|vault_id,\s*)?"([a-z_]+)"'
    found = set(re.findall(shape, sources)) | {"head_missing", "history_doubt", "history_accepted"}
    assert len(found) > 15
    assert not {kind for kind in found if messages.event_kind(kind) == kind}


def test_uncovering_an_answer_while_filling_is_written_down(office: Office) -> None:
    filling = office.fill(DELICATE)
    filling.looked_at("/data/subject/subject_name")
    (event,) = office.vault.find_events("revealed", None, None, 5)
    assert event.facts["draft"] == filling.draft_id
    assert event.facts["reason"] == "filling"
