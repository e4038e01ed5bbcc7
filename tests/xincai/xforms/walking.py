"""Random walks through a form in our engine and in JavaRosa at once; after each step both must say the same.

Ours is driven by the operations of `xincai form serve`, in process. Held against JavaRosa's: what came of the
step; every node's relevance, value, required and readonly; choices and their labels; labels, hints and
messages; at the end what is found wrong, and the submission. A difference is kept with the step it came with,
and the walk goes on. Left aside: identities, times, what is random, what hangs on the language, the name of
the audit log (Collect itself writes it), and all that reads them.

Known, and evened out here: a label that a language lacks is "-" or blank there; a filter that JavaRosa
cannot evaluate throws there; instances beyond a lowered count stay there and are taken away by hand; a repeat
that lost all its instances is written last there. What reads a total is not told there when an instance goes:
where the two differ, JavaRosa works everything out anew from the same answers, and `stale` counts how often.

JavaRosa forgets an answer that a filter no longer offers when it is next asked for the choices, and does not
tell what reads that answer; ours forgets it at once and tells. So after a step JavaRosa is asked for the
choices of all selects of a list that hold an answer, and where ours dropped one, JavaRosa is given it and
cleared.
"""

import datetime
import json
import math
import pathlib
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from xincai.command.driver import Driver
from xincai.command.serve import PROPERTIES, answer
from xincai.xforms.filling import driving
from xincai.xforms.form import Form
from xincai.xforms.tree import Definition, Node

ROOT = pathlib.Path(__file__).resolve().parents[3]
HARNESS = ROOT.parent / "shared" / "peers" / "javarosa" / "JrHarness.java"
ASIDE = ("instanceID", "/start", "/end", "_time", "deviceid", "timestamp", "/meta/audit")
LOOKED_AT = 12
ANSWERS: dict[str, list[str]] = {
    "int": ["0", "1", "2", "3", "5", "17", "-4", "40", "99", "200", "2030", "x", "1.5", "999999999"],
    "decimal": ["0", "1.5", "2", "100.25", "-3", "0.001", "1e3", "abc", "36.6", "12345.678"],
    "date": ["2020-01-05", "2024-02-29", "2030-12-31", "1950-06-01", "1850-01-01", "2023-02-30", "x"],
    "time": ["08:30:00.000+00:00", "23:59:59.000+00:00", "x"],
    "dateTime": ["2020-01-05T08:30:00.000+00:00", "2026-11-20T23:00:00.000+00:00", "2024-02-29", "x"],
    "binary": ["a.png", "b c.jpg"],
    "geopoint": ["34.5 113.2 90 5", "34.6 113.3", "x"],
    "geotrace": ["34.5 113.2 0 0; 34.6 113.3 0 0"],
    "geoshape": ["34.5 113.2 0 0; 34.6 113.3 0 0; 34.5 113.3 0 0; 34.5 113.2 0 0"],
    "barcode": ["6901234567892"],
    "boolean": ["true", "false", "1", "0"],
    "string": ["x", "1", "2", "yes", "no", "王测", "410499195603079313", "91410499MX7GBJK232", "15462979298",
               "2020-01-05", "ABC-123", "a b", "0"],
}  # fmt: skip
FEW = ["0", "1", "2", "3", "5", "-1", "x"]

Steps = list[dict[str, Any]]


class JavaRosa:
    """The peer: one JSON object in, one out."""

    def __init__(self, folder: pathlib.Path) -> None:
        import pyxform

        jar = pathlib.Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
        subprocess.run(
            ["javac", "-nowarn", "-cp", jar, "-d", folder, HARNESS], check=True, capture_output=True
        )
        self.process = subprocess.Popen(
            ["java", "-Xmx1g", "-cp", f"{jar}:{folder}", "JrHarness"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip

    def __call__(self, **operation: object) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(operation) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())  # type: ignore[no-any-return]  # the harness's own

    def close(self) -> None:
        self.process.communicate()


@dataclass(frozen=True)
class Difference:
    """What one place or operation is on either side, and the step after which it first was."""

    step: int
    where: str
    ours: object
    theirs: object

    @property
    def kind(self) -> str:
        """The place without its positions: differences of one kind have one reason."""
        return re.sub(r"\[\d+\]", "", self.where)


@dataclass
class Walk:
    """A walk through one form; `differences` holds the first of each kind."""

    path: pathlib.Path
    javarosa: JavaRosa
    seed: int
    aside: tuple[str, ...] = ASIDE
    chance: frozenset[str] = frozenset()
    counting: frozenset[Definition] = frozenset()
    driver: Driver = field(default_factory=lambda: Driver(PROPERTIES))
    done: Steps = field(default_factory=list)
    differences: dict[str, Difference] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    stale: int = 0

    def run(self, steps: int, until: float = math.inf) -> None:
        """Load, walk, look after each step, seal; no further step once the clock says `until`."""
        source = random.Random(self.seed)
        if not self.load():
            return
        for _ in range(steps):
            if time.monotonic() > until:
                break
            self.take(self.choose(source), source)
        self.seal()

    def again(self, steps: Sequence[dict[str, Any]], *, seal: bool = False) -> None:
        """Walk steps that were walked before."""
        if self.load():
            for step in steps:
                self.take(step, None)
            if seal:
                self.seal()

    def load(self) -> bool:
        loaded = [one.get("result") for one in self.both(op="load", form=str(self.path))]
        if loaded[1] == "ok":
            self.note("load", *loaded)
        if loaded == ["ok", "ok"]:
            self.chance = _chance(self.driver.session.form)
            self.counting = _counting(self.driver.session.form)
            self.look(random.Random(0))
        return loaded == ["ok", "ok"]

    def ours(self, **operation: object) -> dict[str, Any]:
        return answer(self.driver, json.dumps(operation).encode())

    def both(self, **operation: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.ours(**operation), self.javarosa(**operation)

    def note(self, where: str, ours: object, theirs: object) -> None:
        if ours != theirs:
            difference = Difference(len(self.done), where, ours, theirs)
            self.differences.setdefault(difference.kind, difference)

    # steps

    def take(self, step: dict[str, Any], source: random.Random | None) -> None:
        """One step on both sides, and what came of it."""
        self.done.append(step)
        ours, theirs = self.both(**step)
        if step["op"] == "answer" and theirs.get("result") == "error" and ours.get("result") != "error":
            value = self.driver.session.entry(step["ref"]).value
            self.javarosa(op="answer", ref=step["ref"], value=value, noConstraint=True, force=True)
            theirs = ours
        for key in ("result", "value", "nChoices", "count"):
            self.note(f"{step['op']} {step.get('ref', '')} {key}", ours.get(key), theirs.get(key))
        self.look(source)

    def choose(self, source: random.Random) -> dict[str, Any]:
        """A step that makes sense, most of the time."""
        session = self.driver.session
        if source.random() < 0.03 and len(session.form.languages) > 1:
            return {"op": "lang", "value": source.choice(session.form.languages)}
        if source.random() < 0.2:
            rows = list(self.rows())
            if rows:
                return source.choice(rows)
        asked = self.asked()
        usable = [node for node in asked if node.relevant and not node.readonly]
        any_at_all = source.random() < 0.05
        if not asked:
            return {"op": "dump"}
        return self.given(source.choice(asked if any_at_all or not usable else usable), source)

    def asked(self) -> list[Node]:
        """The questions that chance has no part in."""
        return [
            node for node in driving.all_asked(self.driver.session) if node.definition.path not in self.chance
        ]

    def given(self, node: Node, source: random.Random) -> dict[str, Any]:
        """An answer of any kind to a question."""
        step: dict[str, Any] = {"op": "answer", "ref": node.ref}
        if source.random() < 0.3:
            step["noConstraint"] = True
        if source.random() < 0.02:
            step["force"] = True
        control = node.definition.control
        if source.random() < 0.1 or control is None:
            return {**step, "value": ""}
        if control.control in ("select1", "select", "rank"):
            take = 1 if control.control == "select1" else source.randrange(1, 4)
            return {**step, "choice": source.randrange(40), "take": 99 if control.control == "rank" else take}
        if control.control == "trigger":
            return {**step, "value": "OK"}
        pool = ANSWERS.get(node.definition.type, ANSWERS["string"])
        if node.definition in self.counting:
            pool = FEW
        return {**step, "value": source.choice(pool)}

    def rows(self) -> Iterator[dict[str, Any]]:
        """What can be added or removed now."""
        session = self.driver.session
        for definition in session.form.root.walk():
            if definition.repeat is None or definition.parent is None or definition.repeat.fixed:
                continue
            counted = bool(definition.repeat.parameters.get("count"))
            for parent in session.filling.nodes_of(definition.parent, None):
                kids = parent.kids[definition.name]
                if parent.relevant and len(kids) < 6 and not counted:
                    yield {"op": "addRepeat", "ref": f"{parent.ref}/{definition.name}"}
                for kid in kids if not counted else ():
                    if kid.relevant:
                        yield {"op": "removeRepeat", "ref": kid.ref}

    # looks

    def look(self, source: random.Random | None) -> None:
        """Hold everything on both sides against each other."""
        self.trim()
        self.settle()
        mine, theirs = self.state(self.ours(op="dump")), self.state(self.javarosa(op="dump"))
        if mine != theirs:
            self.stale += 1
            theirs = self.fresh()
            for ref in mine.keys() | theirs.keys():
                self.note(ref, mine.get(ref), theirs.get(ref))
        asked = [node for node in self.asked() if node.relevant]
        if source is not None and len(asked) > LOOKED_AT:
            asked = source.sample(asked, LOOKED_AT)
        for node in asked:
            self.read(node)

    def fresh(self) -> dict[str, tuple[object, ...]]:
        """JavaRosa's state once it has worked out everything anew from the answers."""
        session = self.driver.session
        with tempfile.NamedTemporaryFile(suffix=".xml") as draft:
            draft.write(session.draft_xml())
            draft.flush()
            self.javarosa(op="load", form=str(self.path), instance=draft.name)
            if session.form.languages:
                self.javarosa(op="lang", value=session.language)
            self.trim()
            return self.state(self.javarosa(op="dump"))

    def read(self, node: Node) -> None:
        """Words and choices of a question."""
        control = node.definition.control
        if control is not None and control.control in ("select1", "select", "rank"):
            ours, theirs = self.both(op="choices", ref=node.ref)
            if theirs.get("result") != "error":
                self.note(f"choices {node.ref}", *_in_words(_listed(ours), _listed(theirs)))
        ours, theirs = self.both(op="label", ref=node.ref)
        for key in ("label", "hint", "constraintMsg"):
            if _said(theirs.get(key)) not in ("", "-"):
                self.note(f"{key} {node.ref}", _said(ours.get(key)), _said(theirs.get(key)))

    def trim(self) -> None:
        """Take from JavaRosa the instances that a lowered count no longer asks for."""
        session = self.driver.session
        if not any(rule.property == "count" for rule in session.form.rules):
            return
        there = [node["ref"] for node in self.javarosa(op="dump").get("nodes", ())]
        for ref in reversed([ref for ref in there if ref.endswith("]")]):
            head, _, _ = ref.rpartition("[")
            parent = session.filling.find(head.rpartition("/")[0])
            definition = parent.definition.children.get(head.rpartition("/")[2]) if parent else None
            repeat = definition.repeat if definition else None
            if repeat and repeat.parameters.get("count") and session.filling.find(ref) is None:
                self.javarosa(op="removeRepeat", ref=ref)

    def settle(self) -> None:
        """Let JavaRosa look at its choices, and tell the readers of what it dropped."""
        filled: set[str] = set()
        for node in driving.all_asked(self.driver.session):
            control = node.definition.control
            if control is None or control.itemset is None or not node.relevant:
                continue
            if node.text == "" and node.ref in self.dropped:
                self.javarosa(op="choices", ref=node.ref)
                for value in ("none", ""):
                    self.javarosa(op="answer", ref=node.ref, value=value, noConstraint=True, force=True)
            elif node.text:
                filled.add(node.ref)
                if not control.itemset.stable:
                    self.both(op="choices", ref=node.ref)
        self.dropped = filled

    def state(self, dump: dict[str, Any]) -> dict[str, tuple[object, ...]]:
        return {
            node["ref"]: _told(node)
            for node in dump.get("nodes", ())
            if not any(part in node["ref"] for part in self.aside)
            and re.sub(r"\[\d+\]", "", node["ref"]) not in self.chance
        }

    def seal(self) -> None:
        """What is wrong in the end, and the submission."""
        ours, theirs = self.both(op="validate")
        if theirs.get("result") != "error":
            self.note("validate", *((one.get("result"), one.get("ref")) for one in (ours, theirs)))
        self.both(op="finalize")
        ours, theirs = self.both(op="xml")
        self.note("xml", *(_plain(one.get("xml", ""), self.aside, self.chance) for one in (ours, theirs)))


def _chance(form: Form) -> frozenset[str]:
    """Places that chance or the time of day has a part in, whatever reads them, and all below."""
    pattern = re.compile(r"\b(random|randomize|uuid|now|once)\(")
    reached: set[Definition] = set()
    waiting = [rule.definition for rule in form.rules if pattern.search(rule.text) or rule.lingual]
    waiting += [place for place in form.root.walk() if place.bind is not None and place.bind.preload]
    while waiting:
        place = waiting.pop()
        for one in place.walk():
            if one not in reached:
                reached.add(one)
                waiting += [edge.rule.definition for edge in one.edges]
    return frozenset(place.path for place in reached)


def _counting(form: Form) -> frozenset[Definition]:
    """Places on which the number of a repeat's instances depends."""
    found: set[Definition] = set()
    places, before = list(form.root.walk()), -1
    while len(found) != before:
        before = len(found)
        for place in places:
            if any(edge.rule.property == "count" or edge.rule.definition in found for edge in place.edges):
                found.add(place)
    return frozenset(found)


def _in_words(ours: object, theirs: object) -> tuple[object, object]:
    """Choices on both sides; where JavaRosa has no words, ours are not asked for."""
    if not isinstance(ours, list) or not isinstance(theirs, list) or len(ours) != len(theirs):
        return ours, theirs
    bare = [label in ("", "-") for _, label in theirs]
    return (
        [(value, "" if blank else label) for (value, label), blank in zip(ours, bare, strict=True)],
        [(value, "" if blank else label) for (value, label), blank in zip(theirs, bare, strict=True)],
    )


def _listed(reply: dict[str, Any]) -> object:
    found = reply.get("choices")
    return [(one["v"], _said(one["l"])) for one in found] if found is not None else reply.get("result")


def _said(words: object) -> str:
    return " ".join(str(words).split()) if words is not None else ""


def _told(node: dict[str, Any]) -> tuple[object, ...]:
    """What both sides say of a node: nothing more of what is irrelevant."""
    if not node["rel"] or node.get("v") is None:
        return (node["rel"],)
    return node["rel"], _value(node["v"]), node["req"], node["ro"]


def _value(text: str) -> object:
    """Figures as figures, points with all four of theirs, moments as moments, however written."""
    moment = _moment(text)
    if moment is not None:
        return moment
    try:
        points = [
            [round(float(part), 9) for part in point.split()] for point in text.split(";") if point.strip()
        ]
    except ValueError:
        return text
    return [point + [0.0] * (4 - len(point)) if len(point) > 1 else point for point in points]


def _moment(text: str) -> object:
    if "T" not in text and text.count(":") < 2:
        return None
    try:
        return datetime.datetime.fromisoformat(text if "T" in text else f"2000-01-02T{text}").astimezone(
            datetime.UTC
        )
    except ValueError:
        return None


def _plain(xml: str, aside: Sequence[str], chance: frozenset[str]) -> list[tuple[str, object]]:
    """A submission as a list of places, without what is left aside."""
    if not xml:
        return []
    found: list[tuple[str, object]] = []

    def read(element: etree._Element, above: str) -> None:
        name = etree.QName(element).localname
        path = f"{above}/{name}"
        if path in chance or any(part in path for part in aside):
            return
        found.append((path, "" if len(element) else _value(element.text or "")))
        for child in sorted(element.iterchildren("*"), key=lambda one: str(one.tag)):
            read(child, path)

    read(etree.fromstring(xml.encode()), "")
    return found
