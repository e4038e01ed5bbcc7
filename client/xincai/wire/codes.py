"""The platform's answer codes, and what helps against each.

0 success; 1xxx identity and signature; 2xxx content; 3xxx register and authority; 4xxx batch; 5xxx platform.
The client keeps what a retry cures apart from what a person must correct and from what blocks one batch only.
"""

from enum import Enum

OK = "0"
BAD_SIGNATURE = "1001"
BAD_CERTIFICATE = "1002"
CLOCK_OFF = "1003"
REPLAYED = "1004"
UNAUTHORISED = "1005"
WRONG_PLACE = "1006"
REVOKED = "1007"
REQUIRED_MISSING = "2001"
BAD_FORMAT = "2002"
BAD_CHECK_DIGIT = "2003"
UNKNOWN_CHOICE = "2004"
TOO_LONG = "2005"
BAD_DATE = "2006"
ATTACHMENT_MISSING = "2007"
UNKNOWN_FORM = "2008"
UNKNOWN_SUBJECT = "3001"
SUBJECT_MISMATCH = "3002"
DUPLICATE_RECORD = "3003"
REGISTER_MISMATCH = "3004"
NOT_AUTHORISED = "3005"
OUTSIDE_REGION = "3006"
ALREADY_THERE = "4001"
TOO_LARGE = "4002"
IN_PROGRESS = "4003"
BROKEN_CHAIN = "4004"
TOO_MANY = "4290"
PLATFORM_FAULT = "5000"
STORAGE_FULL = "5070"
MAINTENANCE = "5030"


class Help(Enum):
    """What helps after a refusal."""

    RETRY = "retry"
    AUTHENTICATE = "authenticate"
    PORTAL = "portal"
    SHRINK = "shrink"
    CORRECT = "correct"
    QUARANTINE = "quarantine"


_BY_CODE = {
    UNAUTHORISED: Help.AUTHENTICATE,
    BAD_CERTIFICATE: Help.AUTHENTICATE,
    REVOKED: Help.AUTHENTICATE,
    CLOCK_OFF: Help.CORRECT,
    REPLAYED: Help.RETRY,
    TOO_LARGE: Help.SHRINK,
    ATTACHMENT_MISSING: Help.RETRY,
    IN_PROGRESS: Help.RETRY,
    TOO_MANY: Help.RETRY,
    ALREADY_THERE: Help.RETRY,
}
_BY_STATUS = {
    401: Help.AUTHENTICATE,
    403: Help.AUTHENTICATE,
    407: Help.PORTAL,
    408: Help.RETRY,
    409: Help.RETRY,
    413: Help.SHRINK,
    421: Help.RETRY,
    423: Help.RETRY,
    425: Help.RETRY,
    429: Help.RETRY,
    511: Help.PORTAL,
}


def what_helps(status: int, code: str = "") -> Help:
    """What helps after an HTTP status and, where the platform gave one, its code."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500 or code.startswith("5"):
        return Help.RETRY
    if 300 <= status < 400:
        return Help.PORTAL
    if code[:1] in {"2", "3"}:
        return Help.CORRECT
    return Help.QUARANTINE
