import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from xincai.errors import Problem
from xincai.wire.pack import MOST_BLOBS, MOST_BYTES, make_packs, open_pack


def opened(data: bytes) -> list[bytes]:
    body, places = open_pack(data)
    return [body[start : start + size] for start, size in places]


def framed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=30))
def test_what_was_packed_comes_out_again(blobs: list[bytes]) -> None:
    packs = list(make_packs(blobs))
    assert [blob for pack, _ in packs for blob in opened(pack)] == blobs
    assert sum(size for _, size in packs) == sum(map(len, blobs))
    assert list(make_packs(blobs)) == packs


def test_many_blobs_make_several_packs_none_over_the_cap() -> None:
    large = [bytes([n]) * 60_000 for n in range(150)]
    packs = [pack for pack, _ in make_packs(large)]
    assert len(packs) > 1
    assert [blob for pack in packs for blob in opened(pack)] == large
    assert [len(opened(pack)) for pack, _ in make_packs([b""] * (MOST_BLOBS + 1))] == [MOST_BLOBS, 1]


def test_records_of_one_form_travel_in_a_fraction_of_their_size() -> None:
    blobs = [
        f"<data><name>王测</name><area>{n}</area><note>{'种植小麦' * 50}</note></data>" for n in range(300)
    ]
    ((pack, size),) = make_packs(blob.encode() for blob in blobs)
    assert len(pack) < size / 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not zstd",
        framed(b""),
        framed(b'{"format":"xincai-pack-1","sizes":[3]}'),
        framed(b'{"format":"xincai-pack-1","sizes":[3]}\nab'),
        framed(b'{"format":"xincai-pack-1","sizes":[1]}\nab'),
        framed(b'{"format":"xincai-pack-1","sizes":[-1,3]}\nab'),
        framed(b'{"format":"xincai-pack-1","sizes":[true]}\na'),
        framed(b'{"format":"xincai-pack-2","sizes":[2]}\nab'),
        framed(b'{"format":"xincai-pack-1","more":1,"sizes":[2]}\nab'),
        framed(b'{"format":"xincai-pack-1","sizes":[2]}\nab') + b"x",
        framed(bytes(MOST_BYTES + 1)),
        framed(b'{"format":"xincai-pack-1","sizes":[%s]}\n' % b",".join([b"0"] * (MOST_BLOBS + 1))),
        zstandard.ZstdCompressor(write_content_size=False).compress(
            b'{"format":"xincai-pack-1","sizes":[0]}\n'
        ),
    ],
)
def test_what_is_no_pack_is_refused(data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        open_pack(data)
    assert caught.value.code.startswith("wire.")


def test_every_flipped_bit_of_a_pack_is_refused_or_opens_to_other_bytes() -> None:
    ((pack, _),) = make_packs([b"<a>1</a>", b"<a>2</a>"])
    for bit in range(len(pack) * 8):
        flipped = bytearray(pack)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = opened(bytes(flipped))
        except Problem:
            continue
        assert all(len(blob) <= MOST_BYTES for blob in found)
