"""Sums of money as people read them: thousands apart, and in capital characters (大写) as on a cheque.

Pure. Values stay the lexical text the form stores; nothing here rounds.
"""

from decimal import Decimal, InvalidOperation

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def thousands(text: str) -> str:
    """`1234567.50` as `1,234,567.50`; what is not a plain number comes back as it is."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, fraction = digits.partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return text
    return f"{sign}{int(whole):,}{dot}{fraction}"


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


def capitals(text: str) -> str:
    """An amount of yuan in capitals, `107000.53` as 壹拾万柒仟元伍角叁分; "" when it cannot be said."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return ""
    if not amount.is_finite() or not 0 <= amount < 10**16 or amount * 100 % 1:
        return ""
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    said = f"{_integer(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{said or '零元'}整"
    if yuan and not jiao:
        said += "零"
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    return said + (f"{_DIGITS[fen]}分" if fen else "整")


def _integer(number: int) -> str:
    said, gap = "", False
    for power in range(3, -1, -1):
        four = number // 10 ** (4 * power) % 10000
        if not four:
            gap = bool(said)
            continue
        if said and (gap or four < 1000):
            said += "零"
        said += _four(four) + _GROUPS[power]
        gap = False
    return said


def _four(number: int) -> str:
    said, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[power]
        gap = False
    return said
