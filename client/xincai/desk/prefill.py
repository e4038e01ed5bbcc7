"""What the platform says it holds already: told to a filling at its start, never asked of the person.

Rules: only from a prefill whose signature was verified; the form has a place named `held` outside its body
for it, and one without such a place asks everything. Keys are those of catalogue items, like `3/tax`.
"""

from collections.abc import Iterable

from xincai.xforms import Session

_PLACE = "held"


def tell_held(session: Session, keys: Iterable[str]) -> bool:
    """Name what the platform holds; whether the form knows what to do with it."""
    told = " ".join(dict.fromkeys(keys))
    places = session.form.places.values()
    ref = next((place.path for place in places if place.name == _PLACE and place.control is None), "")
    if told and ref:
        session.fulfil(ref, told)
    return bool(told and ref)
