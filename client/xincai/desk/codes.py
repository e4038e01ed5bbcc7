"""Bar codes and QR codes out of a picture, which is opened as every other: known formats, bounded size."""

from xincai.desk import pictures
from xincai.errors import Problem


def read_code(data: bytes) -> str:
    """The text of the first code in a picture. Raises Problem when there is none, or no picture."""
    words = next(iter(read_codes(data)), "")
    if not words:
        raise Problem("desk.no_code")
    return words


def read_codes(data: bytes) -> tuple[str, ...]:
    """The texts of all codes in a picture. Raises Problem when it is no picture."""
    import zxingcpp

    found = zxingcpp.read_barcodes(pictures.open_picture(data).convert("L"))
    return tuple(str(code.text) for code in found if code.text)
