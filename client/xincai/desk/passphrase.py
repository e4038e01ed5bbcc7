"""What makes a passphrase too weak to guard a vault that may be stolen with its laptop."""

from xincai.desk.views import Profile

_LEAST_LENGTH = 10
_LEAST_KINDS = 5
_PERSONAL = 2


def weakness(chosen: str, profile: Profile) -> str:
    """The code of a Problem, or "" when the passphrase is good.

    At least ten characters, five of them different, not all digits, and without the person's name or office.
    """
    plain = chosen.strip().casefold()
    if len(plain) < _LEAST_LENGTH:
        return "desk.passphrase_short"
    if plain.isdigit() or len(set(plain)) < _LEAST_KINDS:
        return "desk.passphrase_simple"
    own = (part.strip().casefold() for part in (profile.name, profile.office))
    if any(len(part) >= _PERSONAL and part in plain for part in own):
        return "desk.passphrase_personal"
    return ""
