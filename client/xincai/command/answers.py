"""Answers from a file, given to a filling in whatever order the form can take them.

An object names questions: by name within where it stands, or by reference (`/data/rep[2]/x`); a group is an
object, a repeat a list of objects. A list holds operations (`{"op": "answer", "ref": …, "value": …}`,
`addRepeat`, `removeRepeat`, `lang`). What does not apply yet waits for the answers that bring it about; what
the form does not take is told, never dropped in silence.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from xincai.errors import Problem
from xincai.xforms import Session
from xincai.xforms.tree import Definition
from xincai.xforms.xpath.values import plain_number

_WAITS = frozenset({"xforms.irrelevant", "xforms.readonly", "xforms.unknown_question", "command.rows_differ"})
_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Answer:
    """A value for a question."""

    ref: str
    value: object


@dataclass(frozen=True)
class Rows:
    """How many instances a repeat is to have, or at least."""

    ref: str
    wanted: int
    least: bool = False


@dataclass(frozen=True)
class Refusal:
    """What the form did not take, and why."""

    ref: str
    problem: Problem


Task: TypeAlias = Answer | Rows


def read_answers(path: Path) -> object:
    """The JSON of a file; raises Problem `command.not_json`."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as trouble:
        line = trouble.lineno if isinstance(trouble, json.JSONDecodeError) else 1
        raise Problem("command.not_json", file=path.name, line=line) from trouble


@dataclass
class Filler:
    """Fills a session.

    Attributes:
        folder: where the paths of attachments begin.
        refusals: what was not taken.
        attachments: the files that answers name, by the bare name the submission holds.
    """

    session: Session
    folder: Path
    refusals: list[Refusal] = field(default_factory=list)
    attachments: dict[str, Path] = field(default_factory=dict)

    def fill(self, answers: object) -> None:
        """Give all answers; what is refused stands in `refusals`.

        Raises:
            Problem: `command.not_answers`.
        """
        if isinstance(answers, dict):
            root = self.session.form.root
            self._settle(list(self._tasks(root.path, root, answers)))
        elif isinstance(answers, list) and all(isinstance(step, dict) for step in answers):
            for step in answers:
                self._operate(step)
        else:
            raise Problem("command.not_answers")

    # what is asked for

    def _tasks(self, ref: str, place: Definition, answers: Mapping[str, object]) -> Iterator[Task]:
        for key, value in answers.items():
            try:
                found, below = self._place(ref, place, key)
            except Problem as problem:
                self.refusals.append(Refusal(f"{ref}/{key}" if not key.startswith("/") else key, problem))
                continue
            if "[" in key:
                yield from self._rows_on_the_way(found)
            yield from self._of(found, below, value)

    def _of(self, ref: str, place: Definition, value: object) -> Iterator[Task]:
        """What a value asks for at a place."""
        if place.repeat is not None and not ref.endswith("]"):
            if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
                self.refusals.append(Refusal(ref, Problem("command.rows_wanted", ref=ref)))
                return
            yield Rows(ref, len(value))
            for number, row in enumerate(value, 1):
                yield from self._tasks(f"{ref}[{number}]", place, row)
        elif place.children:
            if isinstance(value, dict):
                yield from self._tasks(ref, place, value)
            else:
                self.refusals.append(Refusal(ref, Problem("command.group_wanted", ref=ref)))
        else:
            yield Answer(ref, value)

    def _rows_on_the_way(self, ref: str) -> Iterator[Rows]:
        """The instances that a flat reference counts on."""
        for match in re.finditer(r"\[(\d+)\]", ref):
            yield Rows(ref[: match.start()], int(match[1]), least=True)

    def _place(self, ref: str, place: Definition, key: str) -> tuple[str, Definition]:
        """Reference and definition that a key means.

        Raises:
            Problem: `command.unknown_name`, `command.ambiguous_name`.
        """
        places = self.session.form.places
        if key.startswith("/"):
            found = places.get(_POSITION.sub("", key))
            if found is None:
                raise _unknown(key, places)
            return key, found
        direct = places.get(f"{place.path}/{_POSITION.sub('', key)}")
        if direct is not None:
            return f"{ref}/{key}", direct
        below = [one for one in _within(place) if one.name == key]
        if len(below) > 1:
            raise Problem("command.ambiguous_name", name=key, refs=" ".join(one.path for one in below))
        if not below:
            raise _unknown(key, [one.name for one in _within(place)])
        return "/".join([ref, *below[0].names_below(place.depth)]), below[0]

    # giving it

    def _settle(self, tasks: list[Task]) -> None:
        """Do what can be done until nothing more can."""
        given = list(tasks)
        while tasks:
            waiting: list[tuple[Task, Problem]] = []
            for task in tasks:
                problem = self._try(task)
                if problem is not None and problem.code in _WAITS:
                    waiting.append((task, problem))
                elif problem is not None:
                    self.refusals.append(Refusal(task.ref, problem))
            if len(waiting) == len(tasks):
                self.refusals += [Refusal(task.ref, problem) for task, problem in waiting]
                break
            tasks = [task for task, _ in waiting]
        self._look_back(given)

    def _try(self, task: Task) -> Problem | None:
        try:
            self._rows(task) if isinstance(task, Rows) else self._answer(task.ref, task.value)
        except Problem as problem:
            return problem
        return None

    def _answer(self, ref: str, value: object) -> None:
        entry = self.session.entry(ref)
        text = _text(ref, value)
        if entry.control == "upload" and text:
            text = self._attached(text)
        self.session.answer(ref, text)

    def _attached(self, text: str) -> str:
        """The bare name of a file that is there."""
        path = self.folder / text
        if not path.is_file() or path.stat().st_size == 0:
            raise Problem("command.missing_attachment", file=text)
        if self.attachments.setdefault(path.name, path) != path:
            raise Problem("command.same_name", file=path.name)
        return path.name

    def _rows(self, task: Rows) -> None:
        """Bring a repeat to its number of instances."""
        entry = self.session.entry(task.ref)
        if entry.count == task.wanted or (task.least and entry.count > task.wanted):
            return
        if not entry.relevant:
            raise Problem("xforms.irrelevant", ref=task.ref)
        if not entry.can_add:
            raise Problem("command.rows_differ", ref=task.ref, given=task.wanted, wanted=entry.count)
        for _ in range(entry.count, task.wanted):
            self.session.add_repeat(task.ref)
        for number in range(entry.count, task.wanted, -1):
            self.session.remove_repeat(f"{task.ref}[{number}]")

    def _look_back(self, given: list[Task]) -> None:
        """Tell of what others have made pointless since."""
        refused = {refusal.ref for refusal in self.refusals}
        for task in given:
            problem = None if task.ref in refused else self._undone(task)
            if problem is not None:
                self.refusals.append(Refusal(task.ref, problem))

    def _undone(self, task: Task) -> Problem | None:
        """Why something that was done no longer stands, if it does not."""
        entry = self.session.entry(task.ref)
        if isinstance(task, Rows):
            if task.least or entry.count == task.wanted:
                return None
            return Problem("command.rows_differ", ref=task.ref, given=task.wanted, wanted=entry.count)
        if task.value in (None, "", []):
            return None
        if not entry.relevant:
            return Problem("xforms.irrelevant", ref=task.ref)
        return None if entry.value else Problem("command.answer_dropped", ref=task.ref)

    def _operate(self, step: Mapping[str, object]) -> None:
        """One operation of a list."""
        try:
            self._do(str(step.get("op")), str(step.get("ref", "")), step.get("value"))
        except Problem as problem:
            self.refusals.append(Refusal(str(step.get("ref", "")), problem))

    def _do(self, name: str, ref: str, value: object) -> None:
        if name == "answer":
            self._answer(ref, value)
        elif name == "addRepeat":
            self.session.add_repeat(ref)
        elif name == "removeRepeat":
            self.session.remove_repeat(ref)
        elif name == "lang":
            self.session.set_language(str(value))
        else:
            raise Problem("command.unknown_operation", op=name)


def _text(ref: str, value: object) -> str:
    """A JSON value as an answer: nothing for null; a list of plain values as a select stores it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value) if abs(value) < float("inf") else str(value)
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return " ".join(_text(ref, one) for one in value)
    raise Problem("command.value_wanted", ref=ref)


def _within(place: Definition) -> Iterator[Definition]:
    """Places below, those within its repeats left aside, but not the repeats."""
    for child in place.children.values():
        yield child
        if child.repeat is None:
            yield from _within(child)


def _unknown(name: str, known: "Mapping[str, object] | list[str]") -> Problem:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return Problem("command.unknown_name", name=name, near=" ".join(near) or "—")
