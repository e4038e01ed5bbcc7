import pytest

from xincai.errors import Problem
from xincai.wire.canonical import canonical
from xincai.wire.digest import sm3
from xincai.wire.series import FORMAT, MOST_BLOBS, read_series_head, series_head

BLOBS = [(sm3(b"one"), 3), (sm3(b"three"), 5)]
HEAD = series_head(BLOBS)


def test_what_was_announced_is_read_again() -> None:
    assert HEAD.endswith(b"\n")
    assert read_series_head(HEAD[:-1], len(HEAD) + 8) == tuple(BLOBS)


@pytest.mark.parametrize("size", [0, len(HEAD), len(HEAD) + 7, len(HEAD) + 9])
def test_a_line_that_does_not_fit_its_body_is_refused(size: int) -> None:
    with pytest.raises(Problem, match="bad_series"):
        read_series_head(HEAD[:-1], size)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        HEAD,
        canonical({"blobs": [], "format": FORMAT}),
        canonical({"blobs": [{"sm3": BLOBS[0][0], "size": 0}], "format": FORMAT}),
        canonical({"blobs": [{"sm3": "x", "size": 1}], "format": FORMAT}),
        canonical({"blobs": [{"name": "../x", "sm3": BLOBS[0][0], "size": 1}], "format": FORMAT}),
        canonical({"blobs": [{"sm3": BLOBS[0][0], "size": 1}], "format": "xincai-series-2"}),
        canonical({"blobs": [{"sm3": BLOBS[0][0], "size": 1}] * (MOST_BLOBS + 1), "format": FORMAT}),
    ],
)
def test_what_is_no_such_line_is_refused(line: bytes) -> None:
    size = len(line) + 1 + line.count(b'"size":1')
    with pytest.raises(Problem) as caught:
        read_series_head(line, size)
    assert caught.value.code.startswith("wire.")
