"""How a value is written in a letter: dates without leading zeros, money in capital characters, digests
in groups.
"""

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
_DIGITS, _UNITS, _GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")
_MONTHS = ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December")  # fmt: skip
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff]|[\u2600-\u27bf]\ufe0f)[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]*"
)


def spelled(text: str) -> str:
    """A text with its emoji, which no face of a letter draws, told by their names: 〔grinning face〕."""
    return _EMOJI.sub(lambda found: f"〔{unicodedata.name(found[0][0], '?').lower()}〕", text)


def date(value: datetime.date, language: str) -> str:
    """2026年3月5日, as GB/T 9704-2012, 7.3.5.4 wants it; or 5 March 2026."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime.datetime, language: str) -> str:
    """Date and minute in Beijing time."""
    local = value.astimezone(BEIJING)
    joint = "" if language == "zh" else ", "
    return f"{date(local.date(), language)}{joint}{local:%H:%M}"


def lexical_date(text: str, language: str) -> str:
    """A lexical date or dateTime of a form as words; any other text as it is; 2099-12-31 means no end."""
    if text == "2099-12-31":
        return "长期" if language == "zh" else "no end"
    try:
        return date(datetime.date.fromisoformat(text[:10]), language)
    except ValueError:
        return text


def groups(text: str, size: int = 4) -> str:
    """A long number in groups, for reading aloud."""
    return " ".join(text[n : n + size] for n in range(0, len(text), size))


def digest(text: str) -> str:
    """A digest in groups of eight, four to a line, so that two papers can be compared."""
    return "\n".join(groups(text[n : n + 32], 8) for n in range(0, len(text), 32))


def thousands(text: str) -> str:
    """An amount with thousands apart and two places; any other text as it is."""
    amount = _amount(text)
    return text if amount is None else f"{amount:,.2f}"


def whole(text: str) -> str:
    """An amount in units of 10,000 (万) as the amount itself; any other text as it is."""
    try:
        return f"{Decimal(text) * 10_000:f}"
    except InvalidOperation:
        return text


def capital(text: str) -> str:
    """An amount of yuan in capital characters (正确填写票据和结算凭证的基本规定), below 10^16; other text
    as it is.
    """
    amount = _amount(text)
    if amount is None or abs(amount) >= 10**16:
        return text
    cents = int((abs(amount) * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_yuan(yuan)}元" if yuan else ""
    if not jiao and not fen:
        words = f"{words or '零元'}整"
    else:
        words += f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
        words += f"{_DIGITS[fen]}分" if fen else "整"
    return f"负{words}" if amount < 0 else words


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and abs(amount) < 10**20 else None


def _yuan(number: int) -> str:
    """An integer in capital characters; a run of zeros is one 零, and none at the end of a group."""
    words, gap = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _UNITS[power % 4]
        gap = digit == 0 if digit == 0 or gap else False
        if power % 4 == 0 and number // 10**power % 10_000:
            words += _GROUPS[power // 4]
    return words
