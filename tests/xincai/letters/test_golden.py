"""The same input gives the same bytes as it gave when somebody looked: see golden.py."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from golden import difference, digests, letters, read

from xincai.letters import Letter
from xincai.letters.letter import Paragraph, Span

GOLDEN = read()
LETTERS = dict(letters())


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_what_it_was_to_the_byte(name: str) -> None:
    same = GOLDEN["zlib"] == zlib.ZLIB_RUNTIME_VERSION
    said = difference(GOLDEN["letters"][name], digests(LETTERS[name]()), same_zlib=same)
    assert not said, f"{name}: {said}; look, then run python tests/xincai/letters/golden.py"


def test_every_letter_that_is_kept_is_made() -> None:
    assert GOLDEN["letters"].keys() == LETTERS.keys()


@pytest.fixture
def one() -> Letter:
    make: Callable[[], Letter] = LETTERS["truth.zh"]
    return make()


def test_the_page_that_differs_is_named(one: Letter) -> None:
    kept = digests(one)
    last = max(
        n for n, block in enumerate(one.blocks) if isinstance(block, Paragraph) and block.role == "note"
    )
    blocks = (*one.blocks[:last], Paragraph("note", (Span("另一句话。"),)), *one.blocks[last + 1 :])
    assert difference(kept, digests(replace(one, blocks=blocks)), same_zlib=True) == "page 2 differs"
    assert difference(kept, {**kept, "bytes": "0"}, same_zlib=True) == "the file differs, its pages do not"
    assert difference(kept, {**kept, "pages": kept["pages"][:1]}, same_zlib=True) == "1 pages, not 2"
