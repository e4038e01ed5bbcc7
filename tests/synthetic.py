"""Identifiers that pass every check and belong to nobody; the same for the same seed.

Region 410499 stands in no revision of GB/T 2260; codes of organisations begin with MX, which no office gives
out; telephone numbers with 154, an unallocated prefix; card numbers with 620000, an unassigned issuer.
"""

import datetime
import math
import random

REGION = "410499"
TOWN = f"{REGION}102"
VILLAGE = f"{TOWN}200"
CENTRE = (33.9719, 113.2126)
RARE = ("䶮", "𬭚", "𫍯", "㛃", "堃", "喆", "龑", "犇", "彧", "玥")
SURNAMES = ("赵", "钱", "孙", "李", "周", "吴", "郑", "王", "欧阳", "司马", "诸葛")
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def uscc_check(body: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015)."""
    total = sum(_CODE.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return _CODE[-total % 31]


def organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(_ORGANISATION.index(c) * w for c, w in zip(body, weights, strict=True))
    return "0X987654321"[total % 11]


def resident_check(body: str) -> str:
    """The 18th character of a resident identity number (GB 11643)."""
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(body))
    return "10X98765432"[total % 11]


def luhn_check(body: str) -> str:
    """The last digit of a bank card number."""
    digits = [int(c) for c in reversed(body)]
    total = sum(digits[1::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[0::2])
    return str(-total % 10)


class Synthetic:
    """A source of made-up subjects, parcels and numbers."""

    def __init__(self, seed: int = 1, region: str = REGION) -> None:
        self.chance = random.Random(seed)
        self.region = region

    def uscc(self, head: str = "91") -> str:
        """A unified social credit code; `head` is its first two characters (91, 92, 93, N1, N2, …)."""
        serial = "MX" + "".join(self.chance.choices(_CODE, k=6))
        body = head + self.region + serial + organisation_check(serial)
        return body + uscc_check(body)

    def resident(self, born: datetime.date | None = None) -> str:
        """A resident identity number."""
        day = born or datetime.date(1955, 1, 1) + datetime.timedelta(days=self.chance.randrange(45 * 365))
        body = f"{self.region}{day:%Y%m%d}{self.chance.randrange(1, 999):03d}"
        return body + resident_check(body)

    def name(self) -> str:
        """A person's name that shows it is a test."""
        last = (
            self.chance.choice(RARE) if self.chance.random() < 0.3 else self.chance.choice("一二三四五六七八")
        )
        return f"{self.chance.choice(SURNAMES)}测{last}"

    def phone(self) -> str:
        return f"154{self.chance.randrange(10**8):08d}"

    def card(self, length: int = 19) -> str:
        body = "620000" + "".join(self.chance.choices("0123456789", k=length - 7))
        return body + luhn_check(body)

    def parcel(self, village: str = VILLAGE) -> str:
        """A parcel code: village 12, group 2, serial 5."""
        return f"{village}{self.chance.randrange(1, 12):02d}{self.chance.randrange(1, 9999):05d}"

    def contractor(self, village: str = VILLAGE) -> str:
        """A contractor code: village 12, group 2, serial 4."""
        return f"{village}{self.chance.randrange(1, 12):02d}{self.chance.randrange(1, 999):04d}"

    def point(self) -> tuple[float, float]:
        """Latitude and longitude in the test county."""
        return CENTRE[0] + self.chance.uniform(-0.04, 0.04), CENTRE[1] + self.chance.uniform(-0.04, 0.04)

    def field(self, mu: float) -> str:
        """A four-sided geoshape of about this many mu, never quite a square."""
        south, west = self.point()
        side = math.sqrt(mu * 10000 / 15)
        stretch = self.chance.uniform(0.8, 1.25)
        up = side * stretch / 111320
        along = side / stretch / (111320 * math.cos(math.radians(south)))
        lean = along * self.chance.uniform(-0.15, 0.15)
        corners = [
            (south, west),
            (south, west + along),
            (south + up, west + along + lean),
            (south + up, west + lean),
            (south, west),
        ]
        return "; ".join(f"{latitude:.7f} {longitude:.7f} 0 0" for latitude, longitude in corners)
