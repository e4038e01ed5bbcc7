from xincai.wire.digest import hmac_sm3, is_digest, sm3, sm3_stream


def test_sm3_gives_the_standards_own_answers() -> None:
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_a_stream_has_the_digest_of_the_whole() -> None:
    data = bytes(range(256)) * 1000
    for size in (1 << 16, 63, 64, 65):
        assert sm3_stream(data[start : start + size] for start in range(0, len(data), size)) == sm3(data)
    assert sm3_stream([]) == sm3(b"")


def test_hmac_follows_its_definition() -> None:
    key, data = b"key", b"message"
    padded = key.ljust(64, b"\0")
    inner = bytes.fromhex(sm3(bytes(byte ^ 0x36 for byte in padded) + data))
    assert hmac_sm3(key, data) == sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


def test_only_64_lower_case_hex_digits_are_a_digest() -> None:
    assert is_digest(sm3(b""))
    assert not any(is_digest(text) for text in ("", sm3(b"").upper(), sm3(b"") + "\n", sm3(b"")[1:]))
