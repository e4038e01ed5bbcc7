"""Expected trouble, and the words for it.

A `Problem` is the world's doing: a wrong passphrase, a full disk, a cut line. It carries a stable code
and the facts; the words a person reads stand in `resources/problems/<room>.toml`, in Chinese and English,
so that no room below the screen holds sentences. Anything else that is raised is our own bug: it rises,
is reported, and ends the program; drafts are safe.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Fact = str | int


class Problem(Exception):  # noqa: N818 - the word the house uses
    """Trouble that a person can do something about.

    Args:
        code: `<room>.<snake_case>`, stable; names an entry of `resources/problems/<room>.toml`.
        facts: what the sentence needs; never an answer, a name, an identity number or a key.
    """

    def __init__(self, code: str, /, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.facts.items())])

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, dict(self.facts)))


@dataclass(frozen=True)
class Explanation:
    """What happened (and what is safe), and what to do next."""

    what: str
    next: str


def explain(problem: Problem, language: Language = "zh") -> Explanation:
    """Put a problem into words; a code without words is a bug and raises KeyError."""
    room, _, name = problem.code.partition(".")
    entry = _words(room)[name]
    return Explanation(
        what=entry[language].format(**problem.facts), next=entry[f"{language}_next"].format(**problem.facts)
    )


def codes(room: str) -> frozenset[str]:
    """All codes of a room that have words."""
    return frozenset(f"{room}.{name}" for name in _words(room))


@functools.cache
def _words(room: str) -> Mapping[str, Mapping[str, str]]:
    import tomllib

    from xincai import paths

    with (paths.resources() / "problems" / f"{room}.toml").open("rb") as file:
        return tomllib.load(file)


def _rebuild(code: str, facts: dict[str, Fact]) -> Problem:
    return Problem(code, **facts)
