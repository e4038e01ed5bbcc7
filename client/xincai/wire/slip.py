"""An enrolment slip: where to enrol, with which one-time code, and until when.

Rules: it is one line of text, the same in its QR code and in the small file for a stick:
`xincai:enrol?address=https%3A%2F%2F…&code=OFFICE-XXXX-XXXX-XXXX.KEYID&expires=2026-11-30T03:04:05Z`, at most
1,000 characters, each member once; `address` may be missing, and members that are not known are passed over.
The code names the gateway's key that is to be trusted first. A slip is not signed: it is as good as the hand
that gives it, so a person confirms what it says before anything is sent.

However a code was typed, it is the same code: upper or lower case, with other spaces or dashes or none, and
with O for 0, I or L for 1 where the code itself has no such letters.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from xincai import clock
from xincai.errors import Problem

PREFIX = "xincai:enrol?"
MAX_TEXT = 1000
_CODE = re.compile(r"[0-9A-Z]{6,32}(-[0-9A-HJKMNP-TV-Z]{4}){3}(\.[0-9a-f]{16})?")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f.]*:[0-9a-f:.]+")
_NEVER = set(' "<>\\^`{|}')
_SECRET = 12
_LOOKALIKES = str.maketrans("OILoil", "011011")
_MOST = 20
_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class EnrolmentSlip:
    """What a slip says; `address` is "" where the gateway was not told its own, `expires` a stamp."""

    code: str
    expires: str
    address: str = ""

    @property
    def office(self) -> str:
        """The office that the code is for."""
        return self.code.partition("-")[0]

    @property
    def key_id(self) -> str:
        """The gateway's key that is to be trusted first, "" where the code names none."""
        return self.code.partition(".")[2]


def encode_slip(slip: EnrolmentSlip) -> str:
    """The text of a slip; raise Problem when it would not be accepted back."""
    told = {"address": slip.address, "code": slip.code, "expires": slip.expires}
    text = PREFIX + urlencode({name: value for name, value in told.items() if value}, safe=":")
    decode_slip(text)
    return text


def decode_slip(text: str) -> EnrolmentSlip:
    """Read a slip's text; raise Problem `wire.bad_slip` when it is none, or not whole."""
    line = text.strip()
    if not line.startswith(PREFIX) or len(line) > MAX_TEXT:
        raise Problem("wire.bad_slip")
    try:
        pairs = parse_qsl(line.removeprefix(PREFIX), strict_parsing=True, max_num_fields=_MOST)
        told = dict(pairs)
        slip = EnrolmentSlip(told["code"], told["expires"], told.get("address", ""))
        in_time = clock.parse_stamp(slip.expires).year in _YEARS
    except (ValueError, KeyError) as error:
        raise Problem("wire.bad_slip") from error
    good = in_time and len(told) == len(pairs) and _CODE.fullmatch(slip.code)
    if not good or (slip.address and not is_address(slip.address)):
        raise Problem("wire.bad_slip")
    return slip


def is_address(text: str) -> bool:
    """Whether a gateway can be reached there: by https, or by http on this very computer."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and _NEVER.isdisjoint(text) and "@" not in parts.netloc
    if not (host and plain and _HOST.fullmatch(host)) or parts.port == 0 or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def as_issued(typed: str) -> str:
    """A code as the gateway wrote it, however it was typed: a slip of the hand must not cost the code."""
    text = unicodedata.normalize("NFKC", typed).replace("。", ".")
    secret, dot, key_id = text.partition(".")
    letters = "".join(filter(str.isalnum, secret)).upper()
    if len(letters) <= _SECRET:
        return f"{''.join(secret.split()).upper()}{dot}{_key_id(key_id)}"
    office, own = letters[:-_SECRET], letters[-_SECRET:].translate(_LOOKALIKES)
    return f"{office}-{own[:4]}-{own[4:8]}-{own[8:]}{dot}{_key_id(key_id)}"


def _key_id(typed: str) -> str:
    return "".join(filter(str.isalnum, typed)).translate(_LOOKALIKES).lower()


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
