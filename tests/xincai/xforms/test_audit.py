"""The audit log: what a form asks to be logged, in the columns and words that ODK's tools read."""

import csv
import datetime
import io

from scenario import NOON, form_of

from xincai.xforms import Session
from xincai.xforms.filling.audit import AuditLog, AuditSettings, settings_of

FORM = """
| survey |
| | type | name | label | parameters |
| | text | a | A | |
| | audit | audit | | {parameters} |
"""
START = int(NOON.timestamp() * 1000)
CHANGES = AuditSettings(changes=True)
ALL = AuditSettings(location=True, changes=True, user=True, reasons=True)


class Ticking:
    """A clock that moves on by a second whenever it is asked."""

    def __init__(self) -> None:
        self.at = NOON - datetime.timedelta(seconds=1)

    def __call__(self) -> datetime.datetime:
        self.at += datetime.timedelta(seconds=1)
        return self.at


def _log(settings: AuditSettings = CHANGES, earlier: bytes = b"") -> AuditLog:
    return AuditLog(settings, Ticking(), earlier=earlier, user="王测")


def _rows(log: AuditLog) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(log.csv().decode(), newline="")))


def test_a_form_without_audit_is_not_audited() -> None:
    assert settings_of(form_of("| survey |\n| | type | name | label |\n| | text | a | A |")) is None


def test_what_is_logged_is_what_the_form_asks_for() -> None:
    assert settings_of(form_of(FORM.format(parameters=""))) == AuditSettings()
    asked = (
        "track-changes=true identify-user=true track-changes-reasons=on-form-edit "
        "location-priority=balanced location-min-interval=60 location-max-age=300"
    )
    assert settings_of(form_of(FORM.format(parameters=asked))) == ALL


def test_the_columns_stand_as_in_collect() -> None:
    assert AuditSettings().header == "event,node,start,end"
    assert ALL.header == (
        "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user,change-reason"
    )
    log = _log(ALL)
    log.happened("form start")
    assert log.csv().decode() == f"{ALL.header}\nform start,,{START},,,,,,,王测,\n"


def test_an_answer_is_an_interval_with_both_values() -> None:
    log = _log()
    log.answered("/data/a", "", "1")
    log.answered("/data/a", "1", "12")
    log.answered("/data/rep[2]/b", "x", "y")
    log.happened("form save")
    assert [tuple(row.values()) for row in _rows(log)] == [
        ("question", "/data/a", str(START), str(START + 1000), "", "12"),
        ("question", "/data/rep[2]/b", str(START + 2000), str(START + 3000), "x", "y"),
        ("form save", "", str(START + 4000), "", "", ""),
    ]


def test_an_answer_that_returns_to_where_it_began_shows_no_values() -> None:
    log = _log()
    log.answered("/data/a", "x", "y")
    log.answered("/data/a", "y", "x")
    (row,) = _rows(log)
    assert (row["old-value"], row["new-value"]) == ("", "")


def test_a_log_that_is_read_goes_on() -> None:
    log = _log()
    log.answered("/data/a", "", "1")
    assert log.csv() != log.csv()  # what is open ends at the reading
    log.answered("/data/a", "1", "2")
    (row,) = _rows(log)
    assert (row["old-value"], row["new-value"]) == ("", "2")


def test_values_are_not_logged_unless_asked_for() -> None:
    log = _log(AuditSettings())
    log.answered("/data/a", "", "secret")
    assert b"secret" not in log.csv()


def test_the_same_place_entered_twice_is_one_interval() -> None:
    log = _log()
    log.happened("group questions", "/data/g")
    log.happened("group questions", "/data/g")
    log.happened("jump")
    assert [row["event"] for row in _rows(log)] == ["group questions", "jump"]


def test_what_stands_in_a_value_does_not_break_the_table() -> None:
    log = _log()
    log.answered("/data/a", 'say "x"', "one, two\nthree")
    (row,) = _rows(log)
    assert (row["old-value"], row["new-value"]) == ('say "x"', "one, two\nthree")
    assert b'"say ""x""","one, two\nthree"' in log.csv()


def test_a_log_that_was_begun_is_only_added_to() -> None:
    log = _log()
    log.happened("form start")
    before = log.csv()
    later = _log(earlier=before)
    later.happened("form resume")
    assert later.csv().startswith(before)
    assert [row["event"] for row in _rows(later)] == ["form start", "form resume"]


def test_a_reason_stands_in_its_column() -> None:
    log = _log(ALL)
    log.happened("change reason", reason="misheard, corrected")
    (row,) = _rows(log)
    assert row["change-reason"] == "misheard, corrected"


def test_the_submission_names_the_log() -> None:
    session = Session.new(form_of(FORM.format(parameters="")))
    assert b"<audit>audit.csv</audit>" in session.finalize()
