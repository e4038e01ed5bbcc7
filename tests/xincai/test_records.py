import datetime
from collections.abc import Mapping

import pytest

from xincai import clock
from xincai.errors import Problem
from xincai.records import Attachment, Record, Subject, manifest_record, mask_code, mask_name, seal_record
from xincai.shelf import build
from xincai.wire.digest import sha256, sm3
from xincai.xforms import Form, Session, read_form

FORM = """
| settings | form_title | form_id | version | default_language | instance_name | namespaces |
|---|---|---|---|---|---|---|
| | 走访 | visit | 2026.1 | 中文 (zh) | concat('走访 ', ${name}) | xc="urn:xincai:xforms:1" |

| survey | type | name | label::中文 (zh) | required | relevant | bind::xc:subject | bind::xc:origin |
|---|---|---|---|---|---|---|---|
| | text | kind | 类别 |  |  | kind |  |
| | text | name | 名称 | yes |  | name | declared |
| | text | uscc | 信用代码 |  | ${kind} != 'HH' | code | seen |
| | text | number | 编号 |  | ${kind} = 'HH' | code | declared |
| | image | photo | 照片 |  |  |  | observed |
| | text | hidden | 不相关 |  | ${kind} = 'FARM' |  | observed |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return read_form(build(FORM, blocks={}, rules={}, lists={}).xml)


def _filled(form: Form, **answers: str) -> Session:
    session = Session.new(form)
    for name, value in answers.items():
        session.answer(f"/data/{name}", value)
    return session


def _sealed(form: Form, attachments: tuple[Attachment, ...] = (), **answers: str) -> Record:
    facts: Mapping[str, str] = {"kind": "ENT", "name": "测试公司", "uscc": "91410499MX00000000"}
    session = _filled(form, **{**facts, **answers})
    return seal_record(form, session, record_id="r", form_sm3=sm3(b"form"), attachments=attachments)


def test_a_record_is_the_exact_submission(form: Form) -> None:
    with clock.fixed(datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)):
        record = _sealed(form)
    assert record.submission_sm3 == sm3(record.submission)
    assert record.submission_sha256 == sha256(record.submission)
    assert (record.form_id, record.form_version, record.version) == ("visit", "2026.1", 1)
    assert record.subject == Subject("ENT", "91410499MX00000000", "测试公司")
    assert record.title == "走访 测试公司"
    assert record.instance_id.encode() in record.submission
    assert record.sealed_at.year == 2026


def test_what_is_not_relevant_is_not_sealed(form: Form) -> None:
    record = _sealed(form, kind="FARM", hidden="x")
    assert b"<hidden>" in record.submission
    session = _filled(form, kind="FARM", name="张", uscc="93410499MX00000000", hidden="x")
    session.answer("/data/kind", "COOP")
    sealed = seal_record(form, session, record_id="r", form_sm3="")
    assert b"<hidden>" not in sealed.submission
    assert "/data/hidden" not in sealed.origins


def test_origins_are_those_of_the_answers(form: Form) -> None:
    assert _sealed(form).origins == {"/data/name": "declared", "/data/uscc": "seen"}
    session = _filled(form, kind="ENT", name="甲", uscc="91410499MX00000000")
    own = seal_record(form, session, record_id="r", form_sm3="", origins={"/data/uscc": "platform"})
    assert own.origins["/data/uscc"] == "platform"


def test_the_subjects_code_is_the_relevant_one(form: Form) -> None:
    session = _filled(form, kind="ENT", name="张测", uscc="91410499MX00000000")
    session.answer("/data/kind", "HH")
    session.answer("/data/number", "41049910120001")
    sealed = seal_record(form, session, record_id="r", form_sm3="")
    assert sealed.subject == Subject("HH", "41049910120001", "张测")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91410499MX00000000", "ENT"),
        ("92410499MX00000000", "SOLE"),
        ("93410499MX00000000", "COOP"),
        ("N2410499MX00000000", "COLL"),
        ("41049920000101001X", "HH"),
    ],
)
def test_a_form_that_asks_no_kind_gets_it_from_the_code(form: Form, code: str, kind: str) -> None:
    assert _sealed(form, kind="", uscc=code).subject.kind == kind


def test_a_record_without_a_subject_is_refused(form: Form) -> None:
    with pytest.raises(Problem, match=r"records\.subject_missing"):
        _sealed(form, uscc="")
    given = Subject("HH", "1", "张测")
    session = _filled(form, name="张测")
    assert seal_record(form, session, record_id="r", form_sm3="", subject=given).subject == given


def test_an_unfinished_filling_is_not_sealed(form: Form) -> None:
    with pytest.raises(Problem, match=r"xforms\.unfinished"):
        _sealed(form, name="")


def test_only_attachments_that_an_answer_names_are_kept(form: Form) -> None:
    photo, old = (Attachment(name, sm3(name.encode()), 3, "image/jpeg") for name in ("a.jpg", "b.jpg"))
    assert _sealed(form, (photo, old), photo="a.jpg").attachments == (photo,)
    assert _sealed(form, (photo, old)).attachments == ()
    with pytest.raises(Problem, match=r"records\.attachment_missing"):
        _sealed(form, (old,), photo="a.jpg")


def test_a_manifest_lists_the_record_by_its_digests(form: Form) -> None:
    photo = Attachment("a.jpg", sm3(b"a"), 3, "image/jpeg")
    record = _sealed(form, (photo,), photo="a.jpg")
    listed = manifest_record(record, "授-1")
    assert (listed.record, listed.version, listed.form_sm3) == ("r", 1, sm3(b"form"))
    assert (listed.submission.sm3, listed.submission.size) == (record.submission_sm3, len(record.submission))
    assert [(each.name, each.sm3, each.size) for each in listed.attachments] == [("a.jpg", photo.sm3, 3)]
    assert listed.authorisation == "授-1"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王测䶮", "王**"), ("王䶮", "王*"), ("𫍯", "𫍯"), ("", ""), ("阿依测试·古丽样例", "阿**")],
)
def test_a_masked_name_shows_its_first_character_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_masked_code_shows_six_and_four() -> None:
    assert mask_code("41049920000101001X") == "410499********001X"
    assert mask_code("1234567890") == "**********"
    assert mask_code("") == ""


def test_a_person_is_masked_and_a_firm_is_not() -> None:
    person, firm = (
        Subject("HH", "41049920000101001X", "王测䶮"),
        Subject("ENT", "91410499MX00000000", "测试公司"),
    )
    assert (person.shown_name, person.shown_code) == ("王**", "410499********001X")
    assert (firm.shown_name, firm.shown_code) == ("测试公司", "91410499MX00000000")
