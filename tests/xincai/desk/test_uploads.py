import io

import pytest
from PIL import Image

from xincai.desk import codes, uploads
from xincai.desk.dossier import _answer
from xincai.errors import Problem
from xincai.shelf import build
from xincai.xforms import Entry, Session, read_form

FORM = """
| survey |
| | type | name | label |
| | image | photo | 照片 |
| | audio | sound | 录音 |
| settings |
| | form_id | version | form_title |
| | two | 1 | 两个附件 |
"""


def _entry(media_type: str, appearance: str = "", **parameters: str) -> Entry:
    return Entry("/d/q", "question", "q", media_type=media_type, appearance=appearance, parameters=parameters)


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(out, "PNG")
    return out.getvalue()


def test_a_file_keeps_its_bytes_and_a_tidy_ending() -> None:
    asked = _entry("application/*")
    assert uploads.prepare(asked, b"x", "text/plain", "甲.TXT") == (b"x", "text/plain", "txt")
    assert uploads.prepare(asked, b"x", "text/plain", "../../etc/passwd")[2] == "bin"
    assert uploads.prepare(asked, b"x", "text/plain", "a.p/h")[2] == "bin"


@pytest.mark.parametrize(
    ("media_type", "data", "kind", "code"),
    [
        ("audio/*", b"x", "video/mp4", "desk.attachment_other_kind"),
        ("video/*", b"x", "text/plain", "desk.attachment_other_kind"),
        ("image/*", b"x", "text/plain", "desk.attachment_kind"),
        ("application/*", b"", "text/plain", "desk.file_empty"),
        ("application/*", b"0" * (uploads.MEGABYTES * 1_000_000 + 1), "text/plain", "desk.file_too_large"),
    ],
)
def test_what_a_question_does_not_take_is_refused(media_type: str, data: bytes, kind: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        uploads.prepare(_entry(media_type), data, kind, "a.x")
    assert refused.value.code == code


def test_a_picture_obeys_max_pixels_and_is_never_enlarged() -> None:
    small = uploads.prepare(_entry("image/*", **{"max-pixels": "100"}), _png(400, 200), "image/png")[0]
    assert Image.open(io.BytesIO(small)).size == (100, 50)
    same = uploads.prepare(_entry("image/*", **{"max-pixels": "9000"}), _png(400, 200), "image/png")[0]
    assert Image.open(io.BytesIO(same)).size == (400, 200)
    large = uploads.prepare(_entry("image/*", **{"max-pixels": "x"}), _png(4000, 200), "image/png")[0]
    assert Image.open(io.BytesIO(large)).size == (2000, 100)


def test_a_picture_without_a_code_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        codes.read_code(_png(50, 50))
    assert refused.value.code == "desk.no_code"


def test_only_a_picture_is_offered_to_be_seen_in_a_record() -> None:
    source = build(FORM, blocks={}, rules={}, lists={})
    session = Session.new(read_form(source.xml, source.files))
    for name in ("photo.jpg", "sound.mp3"):
        session.answer(f"/data/{name[:5]}", name)
    shown = [_answer(session, session.entry(f"/data/{name}"), {}).image for name in ("photo", "sound")]
    assert shown == ["photo.jpg", ""]
