"""Numbers: whole and decimal; money with thousands apart and the amount in capitals beneath."""

import re
from decimal import Decimal

from xincai.desk.figures import capitals, is_grouped, thousands
from xincai.ui.filling.field import TypedField
from xincai.ui.filling.money import plain

_WHOLE = re.compile(r"^-?\d+$")
_DECIMAL = re.compile(r"^-?(\d+(\.\d*)?|\.\d+)$")
_MONEY = {"元": 1, "万元": 10000}


class NumberField(TypedField):
    """A number, stored as plain digits whatever separators were typed."""

    def read(self, text: str) -> str | None:
        digits = plain(text.strip())
        if not digits:
            return ""
        if self.entry.type == "int":
            return digits if _WHOLE.match(digits) else None
        if not _DECIMAL.match(digits):
            return None
        digits = digits.rstrip(".")
        return digits.replace(".", "0.", 1) if digits.lstrip("-").startswith(".") else digits

    def rest(self, value: str) -> str:
        return thousands(value) if is_grouped(self.entry) else value

    def complaint(self) -> str:
        if self.entry.type == "int":
            return self.tr("这里要填整数，例如 12。")
        return self.tr("这里要填数字，例如 12.5。")

    def remark(self, value: str) -> str:
        times = _MONEY.get(self.entry.attributes.get("unit", ""))
        if times is None or not value:
            return ""
        said = capitals(str(Decimal(value) * times))
        return self.tr("大写：{amount}").format(amount=said) if said else ""
