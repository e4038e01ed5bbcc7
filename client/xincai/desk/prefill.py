"""What a filling is told at its start: what the platform holds already, and who handles the information.

Rules: `held` comes only from a prefill whose signature was verified; the form has a place of that name
outside its body for it, and one without such a place asks everything. Keys are those of catalogue items, like
`3/tax`. The handler and its telephone (PIPL 17) are questions of their own that must be answered: what was
sealed last is offered, else the office of whoever works here, and in practice an office that is none.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from xincai.vault import Vault
from xincai.xforms import Session

_PLACE = "held"
_HANDLER, _HOTLINE = "pc_handler", "pc_hotline"
_SETTING = "handler"


@dataclass(frozen=True)
class Handler:
    """Who handles what a person tells, and the telephone to call."""

    name: str = ""
    phone: str = ""


PRACTICE = Handler("演练单位", "0375-1234567")


def handler(vault: Vault, office: str) -> Handler:
    """Lane: the handler to offer."""
    kept = vault.setting(_SETTING)
    if kept:
        return Handler(**json.loads(kept))
    device = vault.device()
    return PRACTICE if device is not None and device.practice and not office else Handler(office)


def offer_handler(session: Session, known: Handler) -> None:
    """Answer who handles the information, where a form asks."""
    for name, value in ((_HANDLER, known.name), (_HOTLINE, known.phone)):
        ref = _ref(session, name)
        if ref and value:
            session.answer(ref, value)


def keep_handler(vault: Vault, session: Session) -> None:
    """Lane: keep who handled a sealed filling, to offer it to the next; not who handles in practice."""
    refs = (_ref(session, _HANDLER), _ref(session, _HOTLINE))
    if all(refs):
        named = Handler(*(session.entry(ref).value for ref in refs))
        if named != PRACTICE:
            vault.set_setting(_SETTING, json.dumps(asdict(named)))


def _ref(session: Session, name: str) -> str:
    return next((place.path for place in session.form.places.values() if place.name == name), "")


def tell_held(session: Session, keys: Iterable[str]) -> bool:
    """Name what the platform holds; whether the form knows what to do with it."""
    told = " ".join(dict.fromkeys(keys))
    places = session.form.places.values()
    ref = next((place.path for place in places if place.name == _PLACE and place.control is None), "")
    if told and ref:
        session.fulfil(ref, told)
    return bool(told and ref)
