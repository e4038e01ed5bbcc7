"""Sums of money as people type them, read as plain digits."""


def plain(text: str) -> str:
    """What a person typed, without grouping commas (also the full-width one) and spaces, in ASCII digits."""
    table = {
        ord("，"): None,
        ord(","): None,
        ord(" "): None,
        ord("\u3000"): None,
        ord("．"): ".",
        ord("。"): ".",
    }
    table |= {ord("－"): "-", ord("—"): "-"}
    table |= {ord("０") + n: str(n) for n in range(10)}
    return text.translate(table)
