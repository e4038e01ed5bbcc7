import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincai.errors import Problem
from xincai.wire.canonical import MAX_DEPTH, MAX_INTEGER, canonical, read_canonical, strict_json

TEXT = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: len(text) < 50)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "wire.duplicate_key"),
        (b'{"x":{"a":1,"\\u0061":2}}', "wire.duplicate_key"),
        (b'{"a":NaN}', "wire.bad_number"),
        (b'{"a":-Infinity}', "wire.bad_number"),
        (b'{"a":1.0}', "wire.bad_number"),
        (b'{"a":1e3}', "wire.bad_number"),
        (b'{"a":-0}', "wire.bad_number"),
        (b'{"a":9007199254740992}', "wire.bad_number"),
        (b'{"a":' + b"9" * 1_000_000 + b"}", "wire.bad_number"),
        (b"[" * 100_000 + b"]" * 100_000, "wire.too_deep"),
        (b"[" * 34 + b"]" * 34, "wire.too_deep"),
        (b'{"a":"' + b"x" * 8_400_000 + b'"}', "wire.too_large"),
        (b'{"a":"\\ud800"}', "wire.bad_field"),
        (b"\xef\xbb\xbf{}", "wire.not_json"),
        (b'{"a":"\xff"}', "wire.not_json"),
        (b"{}{}", "wire.not_json"),
        (b"", "wire.not_json"),
        (b"{'a':1}", "wire.not_json"),
    ],
    ids=range(18),
)
def test_json_that_two_readers_could_understand_differently_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Problem, match=code):
        strict_json(data)


def test_signed_json_has_one_form() -> None:
    expected = '{"a":"中\\n\u2028","b":[1,true,null]}'.encode()
    assert canonical({"b": [1, True, None], "a": "中\n\u2028"}) == expected
    for data in (b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":"\\u4e2d"}', b'{"a":1}\n', b'{"a":"\\/"}'):
        with pytest.raises(Problem, match=r"wire\.not_canonical"):
            read_canonical(data)


@pytest.mark.parametrize(
    "value", [{"名": 1}, {"a": "e\u0301"}, {"a": "\ud800"}, {"a": MAX_INTEGER + 1}, {"a": 1.5}], ids=ascii
)
def test_what_cannot_be_signed_is_refused(value: dict[str, int]) -> None:
    with pytest.raises(Problem, match=r"wire\.bad_"):
        canonical(value)  # type: ignore[arg-type]


def test_depth_has_a_limit_when_writing_too() -> None:
    value: list[object] = []
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(Problem, match=r"wire\.too_deep"):
        canonical(value)  # type: ignore[arg-type]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_09"), inner, max_size=4),
        max_leaves=20,
    )
)
def test_what_is_written_is_read_back(value: object) -> None:
    try:
        data = canonical(value)  # type: ignore[arg-type]
    except Problem as problem:
        assert problem.code == "wire.bad_field"  # noqa: PT017 - text that is not NFC
        return
    assert read_canonical(data) == value == json.loads(data)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(Problem):
        strict_json(data)
