"""What is known of a form before it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FormCard:
    """A form on the shelf.

    Attributes:
        title, summary: by screen language: zh, en.
        subjects: kinds of subject it concerns (ENT, SOLE, COOP, COLL, FARM, HH).
        minutes: how long it takes when all is at hand.
        category: "declare" (a subject fills it), "collect" (an officer on site) or "letter".
        sm3: digest of the XForm, which in turn names the digest of its code lists.
        files: names of the code lists it reads.
    """

    form_id: str
    version: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    subjects: tuple[str, ...]
    minutes: int
    category: str
    sm3: str
    files: tuple[str, ...] = ()
