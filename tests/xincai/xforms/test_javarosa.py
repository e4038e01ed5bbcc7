"""Random walks through our own forms and one of repeats, beside JavaRosa: after each step both say the same.

Needs java and the peers' harness beside the project. Left aside: identities and times; counted repeats, which
JavaRosa fills when they are reached; totals over other instances, which it leaves stale. An answer that a
cascade drops is dropped there without telling its readers, so it is given and cleared once more.
"""

# ruff: noqa: E501 - forms stand on one line

import json
import pathlib
import random
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from scenario import xform

from xincai.errors import Problem
from xincai.xforms import Entry, Session, read_form

ROOT = pathlib.Path(__file__).resolve().parents[3]
HARNESS = ROOT.parent / "shared" / "peers" / "javarosa" / "JrHarness.java"
FORMS = sorted((ROOT / "forms" / "xform").glob("*.xml"))
pytestmark = pytest.mark.skipif(
    not (HARNESS.exists() and shutil.which("javac")),
    reason="no java, or no JavaRosa harness beside the project",
)
STEPS = 30
PROPERTIES = {"deviceid": "dev-1", "username": "user-1", "email": "u@example.org", "phonenumber": "555"}
ASIDE = ("/meta", "_time")
ANSWERS = {
    "int": ["0", "1", "2", "3", "5", "17", "-4"], "decimal": ["0", "1.5", "2", "100.25"],
    "date": ["2020-01-05", "2024-02-29", "2030-12-31"], "binary": ["a.png"],
    "geopoint": ["34.5 113.2 90 5"], "geoshape": ["34.5 113.2 0 0; 34.6 113.3 0 0; 34.5 113.3 0 0; 34.5 113.2 0 0"],
    "string": ["x", "王测", "410499195603079313", "91410499MX7GBJK232", "15462979298"],
}  # fmt: skip
REPEATS = xform(
    '<data id="rep"><n/><flag/><g><rep jr:template=""><x>1</x><y/><z/><sub jr:template=""><a/><b/></sub></rep>'
    "<rep><x>1</x><y/><z/><sub><a/><b/></sub></rep></g><total/><ones/><list/><s1/><s2/><meta><instanceID/></meta></data>",
    '<bind nodeset="/data/n" type="int" constraint=". &lt; 10"/>'
    '<bind nodeset="/data/g" relevant="/data/flag != \'x\'"/>'
    '<bind nodeset="/data/g/rep/x" type="int" readonly="/data/n = 17"/>'
    '<bind nodeset="/data/g/rep/y" type="int" relevant="../x != 2" required="../x = 3"/>'
    '<bind nodeset="/data/g/rep/z" calculate="position(..) * 100 + coalesce(../x, 0) + count(../sub)"/>'
    '<bind nodeset="/data/g/rep/sub/a" type="int" relevant="../../x != 5"/>'
    '<bind nodeset="/data/g/rep/sub/b" calculate="concat(position(../..), \'.\', position(..), \':\', ../a + ../../y)"/>'
    '<bind nodeset="/data/total" calculate="sum(/data/g/rep/x) + sum(/data/g/rep/sub/a)"/>'
    '<bind nodeset="/data/ones" calculate="count(/data/g/rep[x = 1])"/>'
    '<bind nodeset="/data/list" calculate="join(\',\', /data/g/rep[x &gt; /data/n]/z)"/>'
    '<bind nodeset="/data/s2" relevant="/data/s1 != \'\'"/>',
    '<input ref="/data/n"/><input ref="/data/flag"/><group ref="/data/g"><repeat nodeset="/data/g/rep">'
    '<input ref="/data/g/rep/x"/><input ref="/data/g/rep/y"/><repeat nodeset="/data/g/rep/sub">'
    '<input ref="/data/g/rep/sub/a"/></repeat></repeat></group>'
    '<select1 ref="/data/s1"><itemset nodeset="instance(\'t\')/root/item[of &lt;= /data/n]"><value ref="name"/>'
    '<label ref="name"/></itemset></select1><select ref="/data/s2"><itemset '
    'nodeset="instance(\'t\')/root/item[of = count(/data/g/rep)]"><value ref="name"/><label ref="name"/></itemset>'
    "</select>",
    '<instance id="t"><root><item><name>a</name><of>1</of></item><item><name>b</name><of>2</of></item>'
    "<item><name>c</name><of>2</of></item></root></instance>",
)  # fmt: skip


class JavaRosa:
    """The peer: one JSON object in, one out."""

    def __init__(self, folder: pathlib.Path) -> None:
        import pyxform

        jar = pathlib.Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
        subprocess.run(
            ["javac", "-nowarn", "-cp", jar, "-d", folder, HARNESS], check=True, capture_output=True
        )
        self.process = subprocess.Popen(
            ["java", "-cp", f"{jar}:{folder}", "JrHarness"],
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

    def state(self) -> dict[str, tuple[object, ...]]:
        nodes = [node for node in self(op="dump")["nodes"] if not any(part in node["ref"] for part in ASIDE)]
        return {
            node["ref"]: _told(node["rel"], node.get("v"), node.get("req"), node.get("ro")) for node in nodes
        }


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaRosa]:
    peer = JavaRosa(tmp_path_factory.mktemp("javarosa"))
    yield peer
    peer.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_our_forms_stand_as_in_javarosa(form: pathlib.Path, javarosa: JavaRosa) -> None:
    _walk(form, javarosa, seed=len(form.stem))


@pytest.mark.parametrize("seed", range(4))
def test_repeats_stand_as_in_javarosa(seed: int, javarosa: JavaRosa, tmp_path: pathlib.Path) -> None:
    form = tmp_path / "rep.xml"
    form.write_text(REPEATS, "utf-8")
    _walk(form, javarosa, seed)


def _walk(path: pathlib.Path, javarosa: JavaRosa, seed: int) -> None:
    files = {file.name: file.read_bytes() for file in path.parent.glob("*.csv")}
    form = read_form(path.read_bytes(), files)
    session = Session.new(form, properties=PROPERTIES)
    javarosa(op="load", form=str(path))
    source, done = random.Random(seed), []
    for _ in range(STEPS):
        step = _step(session, source)
        done.append(step)
        try:
            _do(session, step)
        except Problem as problem:  # a form's own refusal is the same on both sides
            pytest.fail(f"{problem} at {done}")
        assert javarosa(**step, noConstraint=True)["result"] in ("ok", "constraint", "required"), done
        _settle(session, javarosa)
        mine = _state(session)
        theirs = javarosa.state()
        assert mine == theirs, (
            done[-1],
            {
                ref: (mine.get(ref), theirs.get(ref))
                for ref in mine.keys() | theirs.keys()
                if mine.get(ref) != theirs.get(ref)
            },
        )
        assert mine == _state(Session.resume(form, session.draft_xml(), properties=PROPERTIES)), done


def _step(session: Session, source: random.Random) -> dict[str, str]:
    entries = [entry for entry in _entries(session) if entry.relevant]
    rows = [entry for entry in entries if entry.can_add or (entry.kind == "instance" and entry.can_remove)]
    if rows and source.random() < 0.2:
        row = source.choice(rows)
        return {"op": "addRepeat" if row.kind == "repeat" else "removeRepeat", "ref": row.ref}
    asked = source.choice([entry for entry in entries if entry.kind == "question" and not entry.readonly])
    values = [choice.value for choice in session.choices(asked.ref)]
    if asked.control not in ("select1", "select", "trigger"):
        values = ANSWERS.get(asked.type, ANSWERS["string"])
    if asked.control == "trigger":
        values = ["OK"]
    value = source.choice(values) if values and source.random() > 0.1 else ""
    return {"op": "answer", "ref": asked.ref, "value": value}


def _do(session: Session, step: dict[str, str]) -> None:
    if step["op"] == "answer":
        session.answer(step["ref"], step["value"])
    elif step["op"] == "addRepeat":
        session.add_repeat(step["ref"])
    else:
        session.remove_repeat(step["ref"])


def _settle(session: Session, javarosa: JavaRosa) -> None:
    """Let JavaRosa look at its choices, and tell the readers of what it dropped."""
    for entry in _entries(session):
        if entry.control not in ("select1", "select") or not entry.relevant:
            continue
        javarosa(op="choices", ref=entry.ref)
        if entry.value == "" and _state(session) != javarosa.state():
            for value in ("none", ""):
                javarosa(op="answer", ref=entry.ref, value=value, noConstraint=True, force=True)


def _state(session: Session) -> dict[str, tuple[object, ...]]:
    return {
        ref: _told(relevant, value, required, locked)
        for ref, relevant, value, required, locked in session.nodes()
        if not any(part in ref for part in ASIDE)
    }


def _told(relevant: object, value: object, required: object, locked: object) -> tuple[object, ...]:
    """What both sides say: nothing more of what is irrelevant; figures as figures, points as points."""
    if not relevant or value is None:
        return (relevant,)
    try:
        points = [[round(float(part), 9) for part in point.split()] for point in str(value).split(";")]
    except ValueError:
        return relevant, value, required, locked
    return relevant, points, required, locked


def _entries(session: Session, ref: str | None = None) -> Iterator[Entry]:
    for entry in session.children(ref):
        yield entry
        if entry.kind != "question":
            yield from _entries(session, entry.ref)
