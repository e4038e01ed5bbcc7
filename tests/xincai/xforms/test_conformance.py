"""Against the public suites' cases and traces, where they lie beside the project: every one of them.

A case that does not come out as its suite expects must be among `differences.toml`: what the peers say, what
we do and why. Where the choice there is "JavaRosa", our value must be JavaRosa's own.
"""

import json
import math
import os
import pathlib
import re
import time
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from scenario import NOON

from xincai.errors import Problem
from xincai.xforms import Session, read_form
from xincai.xforms.filling.driving import question
from xincai.xforms.tree import Node, Place
from xincai.xforms.xpath.values import Value, to_boolean, to_number, to_string

CASES = pathlib.Path(__file__).resolve().parents[4] / "shared" / "peers" / "cases"
DIFFERENCES = tomllib.loads(pathlib.Path(__file__).with_name("differences.toml").read_text("utf-8"))
LISTED = DIFFERENCES["difference"]
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the peers' cases are not beside the project")
NODES = {"nodeset", "nodeset-unordered", "singleNode", "snapshotLength"}
LETTERS = [("item-label", "item-value"), *((chr(at), chr(at + 32)) for at in range(ord("A"), ord("Z") + 1))]
LISTS = {
    "row delimiter: LF": ("\n", ","),
    "row delimiter: CR": ("\r", ","),
    "column delimiter: semicolon": ("\n", ";"),
    "column delimiter: pipe": ("\n", "|"),
}
"""What the traces of lists read, as their suite writes it: between rows, and between columns."""
FIXTURES = {
    "xml-attachment.xml": b"<instance-root><instance-item><item-label>A</item-label>"
    b"<item-value>a</item-value>"
    b"</instance-item><instance-item><item-label>B</item-label><item-value>b</item-value></instance-item>"
    b"</instance-root>",
    "csv-attachment.csv": b"item-label,item-value\nY,y\nZ,z\n",
    "external-data.geojson": b'{"type": "FeatureCollection", "features": ['
    b'{"type": "Feature", "id": "fs87b", "properties": {"name": "My cool point"},'
    b' "geometry": {"type": "Point", "coordinates": [102, 0.5]}},'
    b'{"type": "Feature", "id": "67", "properties": {"name": "Your cool point"},'
    b' "geometry": {"type": "Point", "coordinates": [104, 0.5]}}]}',
}


class Blanks(dict[str, bytes]):
    """Lists that the traces name and do not hold: each is empty, unless we know what it was."""

    def get(self, name: str, default: object = None) -> bytes:  # type: ignore[override]  # always found
        kinds = {"xml": b"<root/>", "geojson": b'{"type": "FeatureCollection", "features": []}'}
        return FIXTURES.get(name) or kinds.get(name.rpartition(".")[2], b"name,label\n")


@pytest.fixture(params=["America/Phoenix", "GMT"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_expressions_come_out_as_the_suites_expect_or_the_difference_is_listed(zone: str) -> None:
    sessions: dict[str, Session | Problem] = {}
    agreed, counts, unlisted = [0, 0], {}, []
    for case in json.loads((CASES / "xpath_cases.json").read_text("utf-8")):
        if case["tz"] != zone:
            continue
        found = _found(case, sessions)
        passed = _agrees(found, case)
        if _both_say(case):
            agreed = [agreed[0] + passed, agreed[1] + 1]
        if passed:
            continue
        listed = next((one for one in LISTED if _is_listed(one, case, found)), None)
        if listed is None:
            unlisted.append((case["id"], case["expression"], found, case["expected"]))
        else:
            counts[listed["behaviour"]] = counts.get(listed["behaviour"], 0) + 1
    print(f"{zone}: {agreed[0]} of {agreed[1]} expressions on which JavaRosa and Web Forms agree")
    for behaviour, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"{count:5} {behaviour}")
    assert not unlisted, unlisted


def test_traces_of_whole_forms_come_out_as_the_peers_agree_or_the_difference_is_listed() -> None:
    passed, different, unlisted = 0, set(), []
    for trace in json.loads((CASES / "scenario_traces.json").read_text("utf-8")):
        first = trace["steps"][0]
        if trace["jr"]["status"] != "agree" or first["op"] != "init" or first["hasEdit"]:
            continue
        trouble = _trace(trace["steps"], _lists(trace["test"]))
        if trouble is None:
            passed += 1
            continue
        names = [one["name"] for one in DIFFERENCES["trace"] if one["name"] in trace["test"]]
        different.update(names)
        if not names:
            unlisted.append((trace["test"][-60:], trouble))
    print(f"{passed} whole forms as the peers agree, {len(different)} otherwise as listed")
    assert not unlisted, unlisted
    assert {one["name"] for one in DIFFERENCES["trace"]} == different, "a listed difference is none"


def _both_say(case: dict[str, Any]) -> bool:
    """Whether both engines gave the answer that the suite expects, and it is the same on another day."""
    jr = case.get("jr") or {}
    return bool(case["consensus"] and jr.get("ok") and "nondeterministic" not in case["tags"])


def _is_listed(one: dict[str, Any], case: dict[str, Any], found: Any) -> bool:
    if not re.search(one.get("expression", ""), case["expression"], re.DOTALL):
        return False
    if not set(one.get("tags", ())) <= set(case["tags"]):
        return False
    return one["choice"] != "JavaRosa" or _is_javarosas(found, case)


def _is_javarosas(found: Any, case: dict[str, Any]) -> bool:
    """Whether we have JavaRosa's own value; where it was not asked, we can't know."""
    theirs = (case.get("jr") or {}).get("value")
    if not theirs:
        return True
    if isinstance(found, Problem) or "$error" in theirs:
        return isinstance(found, Problem) and "$error" in theirs
    value = found[0].seen if isinstance(found, list) and found else "" if isinstance(found, list) else found
    number = float(theirs["number"])
    return to_string(value) == theirs["string"] or _close(to_number(value), number, 1e-9)


def _found(case: dict[str, Any], sessions: dict[str, Session | Problem]) -> Value | list[Place] | Problem:
    """What we find: a value, nodes, or the refusal."""
    xml = case["xml"] or "<data><a/></data>"
    if xml not in sessions:
        try:
            sessions[xml] = Session.new(read_form(_form(xml)))
        except Problem as problem:
            sessions[xml] = problem
    session = sessions[xml]
    if isinstance(session, Problem):
        return session
    language = re.search(r"in language '(\w+)'", case.get("test", ""))
    if language and language[1] in session.form.languages:
        session.set_language(language[1])
    try:
        asked = question(session, case["expression"], _ref(case["ctxPath"]))
        value, nodes = asked.ask()
    except Problem as problem:
        return problem
    return value if case["kind"] not in NODES else nodes or []


def _agrees(found: Any, case: dict[str, Any]) -> bool:  # noqa: PLR0911 - any value; one kind after the other
    kind, expected = case["kind"], case["expected"]
    if isinstance(found, Problem) or kind == "throws":
        return isinstance(found, Problem) and kind == "throws"
    if kind == "boolean":
        return to_boolean(found) == expected
    if kind in ("string", "dateTime"):
        return to_string(found) == expected
    if kind == "string-matches":
        return re.search(expected.strip("/"), to_string(found)) is not None
    if kind == "string-length":
        return len(to_string(found)) == expected
    if kind in NODES:
        return _same_nodes(found, expected)
    if isinstance(expected, dict):
        expected = float(expected["$num"].replace("Infinity", "inf"))
    slack = 1 / case["factor"] if kind == "number-rounded" else 1e-9
    return _close(to_number(found), expected, slack)


def _close(found: float, expected: float, slack: float) -> bool:
    if math.isnan(expected) or math.isinf(expected):
        return found == expected or (math.isnan(found) and math.isnan(expected))
    return abs(found - expected) <= slack * max(1, abs(expected))


def _same_nodes(found: list[Place], expected: Any) -> bool:
    if isinstance(expected, int):
        return len(found) == expected
    paths = [expected] if isinstance(expected, str) else expected
    return sorted(map(_path, found)) == sorted(re.sub(r"^.*/(?=@)", "", path) for path in paths)


def _path(place: Place) -> str:
    """The path as the suites write it; of an attribute its name alone."""
    if place.parent is None:
        return place.name if place.name.startswith("@") else f"/{place.name}[1]"
    row = place.parent.kids[place.name] if isinstance(place, Node) else [place]
    return f"{_path(place.parent)}/{place.name}[{row.index(place) + 1}]"


def _ref(path: str | None) -> str | None:
    """The context within the instance."""
    if path is None or "/instance[" not in path:
        return path
    return "/" + "/".join(path[path.index("/instance[") :].split("/")[2:])


def _form(xml: str) -> bytes:
    """The document as a form: a whole XForm as it stands, anything else as the instance of one."""
    xml = re.sub(r"<\?xml .*?\?>|<!DOCTYPE[^>]*>", "", xml).strip()
    if "<h:html" in xml[:200]:
        return xml.encode()
    model = xml if xml.startswith("<model") else f"<model><instance>{xml}</instance></model>"
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title>'
        f"{model}</h:head><h:body/></h:html>"
    ).encode()


def _lists(test: str) -> dict[str, bytes]:
    """The lists of a trace, which holds none itself."""
    rows, columns = next((marks for name, marks in LISTS.items() if test.endswith(name)), ("", ""))
    if not columns:
        return Blanks(any=b"")
    return {"csv-attachment.csv": rows.join(columns.join(row) for row in LETTERS).encode()}


def _trace(steps: list[dict[str, Any]], lists: dict[str, bytes]) -> str | None:
    """What went wrong, or None."""
    try:
        session = Session.new(read_form(steps[0]["form"].encode(), lists), now=lambda: NOON)
    except Problem as problem:
        return str(problem)
    wanted: dict[str, dict[str, Any]] = {}
    for step in steps:
        try:
            _do(session, step)
        except Problem as problem:
            if step.get("value") != "":
                return str(problem)
        wanted.update({node["ref"]: node for node in step.get("state", step.get("delta", []))})
        for ref in step.get("removed", []):
            wanted.pop(ref, None)
        trouble = _compare(session, wanted)
        if trouble:
            return trouble
    return None


def _do(session: Session, step: dict[str, Any]) -> None:
    if step["op"] == "answer":
        session.answer(step["ref"], step["value"])
    elif step["op"] == "addRepeat":
        session.add_repeat(step["ref"])
    elif step["op"] == "removeRepeat":
        session.remove_repeat(step["ref"])
    elif step["op"] == "lang":
        session.set_language(step["ref"])


def _compare(session: Session, wanted: dict[str, dict[str, Any]]) -> str | None:
    found = {ref: rest for ref, *rest in session.nodes()}
    for ref, node in wanted.items():
        if "meta" in ref:
            continue
        if ref not in found:
            return f"{ref} is missing"
        relevant, value, required, readonly = found[ref]
        if node["rel"] != relevant:
            return f"{ref} relevant {relevant}"
        if not relevant or "v" not in node or _moving(node["v"]):
            continue
        if "choices" in node and not isinstance(node["choices"], str):
            offered = [[choice.value, choice.label] for choice in session.choices(ref)]
            if offered != [[name, label or name] for name, label in node["choices"]]:  # never blank
                return f"{ref} offers {offered}, not {node['choices']}"
        if (node["v"], node["req"], node["ro"]) != (value, required, readonly):
            return f"{ref} is {value!r}, not {node['v']!r}"
    extra = [ref for ref in found if ref not in wanted and "meta" not in ref]
    return f"{extra[0]} is too many" if extra else None


def _moving(value: str) -> bool:
    """Times and identities differ from run to run."""
    return value.startswith(("2026-11-2", "uuid:"))
