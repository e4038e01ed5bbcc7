"""The operations of `xincai form serve`, on one form and one filling at a time.

A driver is judged as by an engine that refuses: an answer that breaks its constraint, or an empty one where
an answer is required, is told so and changes nothing, unless `noConstraint` stands beside it. Times are in
nanoseconds and hold the engine's work alone.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from xincai import clock
from xincai.command import pace, typed
from xincai.xforms import Session, dump_form, load_form, read_form
from xincai.xforms.filling import driving, submission
from xincai.xforms.filling.entries import is_locked
from xincai.xforms.tree import Node

Reply: TypeAlias = dict[str, object]
Operation: TypeAlias = Mapping[str, Any]
_EMPTY = {".xml": b"<root/>", ".geojson": b'{"type":"FeatureCollection","features":[]}'}


class Unable(Exception):  # noqa: N818 - a reply, not a failure of ours
    """What was asked cannot be done as things stand."""


class Driver:
    """One form being filled.

    Args:
        properties: what preloads and `property()` read.
    """

    def __init__(self, properties: Mapping[str, str]) -> None:
        self._properties = properties
        self._session: Session | None = None
        self._source: tuple[bytes, Media] | None = None
        self._operations: dict[str, Callable[[Operation], Reply]] = {
            "load": self._load,
            "answer": self._answer,
            "addRepeat": self._add,
            "removeRepeat": self._remove,
            "dump": self._dump,
            "choices": self._choices,
            "label": self._label,
            "lang": self._lang,
            "langs": self._langs,
            "eval": self._eval,
            "bench": self._bench,
            "validate": self._validate,
            "finalize": self._finalize,
            "xml": self._xml,
            "cache": self._cache,
            "mem": self._mem,
        }

    def run(self, operation: Operation) -> Reply:
        """Do one operation.

        Raises:
            Problem: the form is refused, or cannot bear the change.
        """
        name = str(operation["op"])
        do = self._operations.get(name)
        return {"error": f"unknown op {name}"} if do is None else do(operation)

    @property
    def session(self) -> Session:
        """The filling; Unable before a form is loaded."""
        if self._session is None:
            raise Unable("no form is loaded")
        return self._session

    # the form

    def _load(self, operation: Operation) -> Reply:
        path = Path(str(operation["form"]))
        media = operation.get("media")
        files = Media(Path(str(media)) if media is not None else path.absolute().parent)
        xml = path.read_bytes()
        stored = operation.get("instance")
        draft = None if stored is None else Path(str(stored)).read_bytes()
        parsing: list[int] = []
        starting: list[int] = []
        for _ in range(max(1, int(operation.get("rounds", 1)))):
            start = clock.monotonic()
            form = read_form(xml, files, meta=False)
            middle = clock.monotonic()
            if draft is None:
                session = Session.new(form, properties=self._properties)
            else:
                session = Session.resume(form, draft, properties=self._properties)
            parsing.append(pace.nanoseconds(start, middle))
            starting.append(pace.nanoseconds(middle, clock.monotonic()))
        self._source = xml, files
        self._keep(session)
        if operation.get("lang") is not None:
            session.set_language(str(operation["lang"]))
        nodes, leaves = driving.size(session)
        everything: Reply = {"parseAll": parsing, "initAll": starting} if len(parsing) > 1 else {}
        if files.missing:
            everything["missing"] = sorted(files.missing)
        return {
            "result": "ok", "parseNs": parsing[-1], "initNs": starting[-1], **everything,
            "nodes": nodes, "leaves": leaves, "bytes": len(xml),
            "questions": sum(1 for _ in driving.all_asked(session)),
        }  # fmt: skip

    def _keep(self, session: Session) -> None:
        """Take up a filling; what it is made of is no longer looked through by the garbage collector."""
        used = self._session is not None
        self._session = session
        if used:
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def _cache(self, operation: Operation) -> Reply:
        """Compile the form, and time reading it back."""
        if self._source is None:
            raise Unable("no form is loaded")
        form = read_form(*self._source, meta=False)
        start = clock.monotonic()
        kept = dump_form(form)
        written = pace.nanoseconds(start, clock.monotonic())
        reading: list[int] = []
        for _ in range(max(1, int(operation.get("rounds", 3)))):
            start = clock.monotonic()
            if load_form(kept) is None:
                raise Unable("the compiled form cannot be read back")
            reading.append(pace.nanoseconds(start, clock.monotonic()))
        return {"writeNs": written, "bytes": len(kept), "readNs": reading}

    # steps

    def _answer(self, operation: Operation) -> Reply:
        session = self.session
        node = driving.asked(session, str(operation["ref"]))
        if node is None:
            return {"result": "noindex"}
        force = operation.get("force") is True
        if not force and not node.relevant:
            return {"result": "irrelevant"}
        if not force and is_locked(node):
            return {"result": "readonly"}
        reply: Reply = {}
        text = typed.text_of(operation.get("value"))
        if "choice" in operation:
            text, reply = self._chosen(node, int(operation["choice"]), int(operation.get("take", 1)))
            if not text and reply["nChoices"] == 0:
                return {**reply, "result": "nochoices"}
        return {**reply, **self._give(node, text, always=operation.get("noConstraint") is True)}

    def _chosen(self, node: Node, first: int, take: int) -> tuple[str, Reply]:
        """The values of some choices in a row, and what to say of it."""
        start = clock.monotonic()
        driving.offer(self.session, node)
        choices = self.session.filling.choices(node)
        reply: Reply = {"choicesNs": pace.nanoseconds(start, clock.monotonic()), "nChoices": len(choices)}
        if not choices:
            return "", reply
        count = len(choices)
        text = " ".join(choices[(first + at) % count].value for at in range(min(take, count)))
        return text, {**reply, "value": text}

    def _give(self, node: Node, text: str, *, always: bool) -> Reply:
        """Judge a value and store it where it holds, or always."""
        session = self.session
        text, value = typed.typed(node, text)
        start = clock.monotonic()
        if text == "" and node.required:
            result = "required"
        else:
            result = "ok" if driving.holds(session.filling, node, text, value) else "constraint"
        if always or result == "ok":
            driving.put(session, node, text, value)
        spent = pace.nanoseconds(start, clock.monotonic())
        return {"ns": spent, "result": result}

    def _add(self, operation: Operation) -> Reply:
        start = clock.monotonic()
        count = driving.append(self.session, str(operation["ref"]))
        if count is None:
            return {"result": "norepeat"}
        return {"ns": pace.nanoseconds(start, clock.monotonic()), "result": "ok", "count": count}

    def _remove(self, operation: Operation) -> Reply:
        start = clock.monotonic()
        if not driving.remove(self.session, str(operation["ref"])):
            return {"result": "norepeat"}
        return {"ns": pace.nanoseconds(start, clock.monotonic()), "result": "ok"}

    def _lang(self, operation: Operation) -> Reply:
        self.session.set_language(str(operation["value"]))
        return {"result": "ok"}

    def _finalize(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        self.session.close()
        return {"result": "ok"}

    def _bench(self, operation: Operation) -> Reply:
        rounds = int(operation.get("rounds", 20))
        return pace.bench(
            self._answer, list(operation["answers"]), rounds, detail=operation.get("detail") is True
        )

    # what stands there

    def _dump(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        return {"nodes": list(self._nodes())}

    def _nodes(self) -> Iterator[Reply]:
        for ref, relevant, value, required, locked in self.session.nodes():
            if value is None:
                yield {"ref": ref, "rel": relevant}
            else:
                yield {"ref": ref, "rel": relevant, "v": value, "req": required, "ro": locked}

    def _choices(self, operation: Operation) -> Reply:
        node = driving.asked(self.session, str(operation["ref"]))
        if node is None:
            return {"result": "noindex"}
        start = clock.monotonic()
        driving.offer(self.session, node)
        choices = self.session.filling.choices(node)
        spent = pace.nanoseconds(start, clock.monotonic())
        return {"ns": spent, "choices": [{"v": choice.value, "l": choice.label} for choice in choices]}

    def _label(self, operation: Operation) -> Reply:
        node = driving.asked(self.session, str(operation["ref"]))
        if node is None or node.definition.control is None:
            return {"result": "noindex"}
        filling, control, bind = self.session.filling, node.definition.control, node.definition.bind
        return {
            "label": filling.label(control, node).strip() if control.label is not None else None,
            "hint": filling.say(control.hint, node) or None,
            "constraintMsg": filling.say(bind.constraint_message, node) or None if bind else None,
        }

    def _langs(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        return {"langs": list(self.session.form.languages)}

    def _eval(self, operation: Operation) -> Reply:
        ref, rounds = operation.get("ref"), max(1, int(operation.get("rounds", 1)))
        start = clock.monotonic()
        question = driving.question(self.session, str(operation["expr"]), None if ref is None else str(ref))
        parsed = pace.nanoseconds(start, clock.monotonic())
        spent: list[int] = []
        for _ in range(rounds):
            start = clock.monotonic()
            value, places = question.ask()
            spent.append(pace.nanoseconds(start, clock.monotonic()))
        reply: Reply = {"parseNs": parsed, "ns": min(spent)}
        if places is not None:
            reply["refs"] = [typed.place_ref(place, self.session.form) for place in places]
            if operation.get("unpack") is False and len(places) > 1:
                raise Unable("the expression means several nodes")
            if operation.get("list") is True:
                return {**reply, "type": "list", "value": typed.texts_of(places)}
        return {**reply, **typed.told(value)}

    def _validate(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        start = clock.monotonic()
        found = driving.first_finding(self.session)
        reply: Reply = {"ns": pace.nanoseconds(start, clock.monotonic())}
        return (
            {**reply, "result": "ok"} if found is None else {**reply, "result": found.kind, "ref": found.ref}
        )

    def _xml(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        session = self.session
        start = clock.monotonic()
        xml = submission.write(
            session.form, session.filling.top, everything=False, deprecated=session.deprecated_id
        )
        return {"ns": pace.nanoseconds(start, clock.monotonic()), "xml": xml.decode()}

    def _mem(self, operation: Operation) -> Reply:  # noqa: ARG002 - as all operations
        gc.collect()
        return {"usedBytes": pace.resident()}


class Media(Mapping[str, bytes]):
    """The files beside a form, read when asked for; one that is missing is an empty list, and is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: set[str] = set()

    def __getitem__(self, name: str) -> bytes:
        path = self.folder / Path(name).name
        if path.is_file():
            return path.read_bytes()
        self.missing.add(name)
        return _EMPTY.get(path.suffix.lower(), b"")

    def __iter__(self) -> Iterator[str]:
        found = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        return (path.name for path in found if path.is_file())

    def __len__(self) -> int:
        return sum(1 for _ in self)
