"""A fresh filling that takes what is steady from the form is the one that works everything out.

What is kept is kept in another year, on the other side of the earth and by other dice than it is used. Public
forms are looked for in the folders of XINCAI_BENCH_FORMS.
"""

# ruff: noqa: E501 - forms stand on one line

import datetime
import json
import os
import pathlib
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from scenario import NOON, xform
from test_cache import BUILT, EVERYTHING, said

from xincai import clock
from xincai.errors import Problem
from xincai.xforms import Form, Session, dump_form, load_form, read_form
from xincai.xforms.filling.steady import outcomes

LONG_AGO = datetime.datetime(2003, 2, 1, 11, 30, tzinfo=datetime.UTC)
CASES = pathlib.Path(__file__).resolve().parents[4] / "shared" / "peers" / "cases" / "scenario_traces.json"
FOLDERS = [pathlib.Path(name) for name in os.environ.get("XINCAI_BENCH_FORMS", "").split(os.pathsep) if name]
PUBLIC = sorted(
    path for folder in FOLDERS for path in (folder.glob("*.xml") if folder.is_dir() else [folder])
)
STEPS = 25
GIVEN = ["", "1", "2", "0", "p", "yes", "no", "2024-02-29", "17.5", "x y"]


@contextmanager
def elsewhere() -> Iterator[None]:
    """Another year, another place, other dice."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()
    with clock.fixed(LONG_AGO, seed="other"):
        yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def kept(form: Form) -> Form:
    """The form as another computer kept it."""
    with elsewhere():
        again = load_form(dump_form(form))
    assert again is not None
    return again


def state(session: Session) -> list[object]:
    """Everything that a filling knows of its nodes, and what it asks for."""
    nodes = [
        (
            node.ref, node.relevant, node.own, node.required, node.readonly, node.valid, node.stale, node.text,
            type(node.value), str(node.value), type(node.seen), str(node.seen), dict(node.attributes),
        )
        for node in session.filling.top.walk()
    ]  # fmt: skip
    return [nodes, session.requests(), session.instance_id]


def life(form: Form, seed: int, *, everything: bool = True) -> list[object]:
    """All that is seen of a filling on which someone answers, adds and removes at random."""
    source = random.Random(seed)
    with clock.fixed(NOON, seed=str(seed)):
        try:
            session = Session.new(form, properties={"deviceid": "d", "username": "u"})
        except Problem as problem:
            return [problem.code, dict(problem.facts)]
        told = [state(session), *(said(session) if everything else [])]
        for _ in range(STEPS):
            told += [step(session, source), state(session)]
        return [*told, *(said(session) if everything else []), session.draft_xml()]


def step(session: Session, source: random.Random) -> object:
    refs = [node[0] for node in session.nodes() if node[1]]
    repeats = [place.path for place in session.form.places.values() if place.repeat is not None]
    try:
        if repeats and source.random() < 0.2:
            ref = source.choice(repeats)
            return session.add_repeat(ref) if source.random() < 0.7 else session.remove_repeat(f"{ref}[1]")
        ref = source.choice(refs)
        offered = [choice.value for choice in session.choices(ref)[:5]]
        return session.answer(ref, source.choice(offered or GIVEN))
    except Problem as problem:
        return problem.code, dict(problem.facts)


def read(path: pathlib.Path) -> Form:
    return read_form(path.read_bytes(), {file.name: file.read_bytes() for file in path.parent.glob("*.*")})


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)
def test_our_forms_begin_as_if_all_was_worked_out(path: pathlib.Path) -> None:
    form, other = read(path), kept(read(path))
    assert len(other.outcomes) > len(form.rules) / 4, "little of it is steady"
    assert life(other, 1) == life(form, 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_form_with_everything_begins_as_if_all_was_worked_out(seed: int) -> None:
    assert life(kept(read_form(EVERYTHING.encode())), seed) == life(read_form(EVERYTHING.encode()), seed)


@pytest.mark.skipif(not CASES.exists(), reason="the peers' cases are not beside the project")
def test_the_forms_of_the_public_suites_begin_as_if_all_was_worked_out() -> None:
    compared = 0
    for trace in json.loads(CASES.read_text("utf-8")):
        first = trace["steps"][0]
        if first["op"] != "init" or first.get("hasResources"):
            continue
        try:
            form, other = read_form(first["form"].encode()), kept(read_form(first["form"].encode()))
        except Problem:
            continue
        assert life(other, 2, everything=False) == life(form, 2, everything=False), trace["test"]
        compared += 1
    assert compared > 200


@pytest.mark.skipif(not PUBLIC, reason="XINCAI_BENCH_FORMS names no folder of public forms")
@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_public_forms_begin_as_if_all_was_worked_out(path: pathlib.Path) -> None:
    try:
        form = read(path)
    except Problem as problem:
        pytest.skip(f"refused: {problem.code}")
    assert life(kept(read(path)), 3, everything=False) == life(form, 3, everything=False)


CHANGING = [
    "today()", "now()", "random()", "uuid()", "once(/data/a)", "property('deviceid')", "decimal-date-time('2026-01-01')",
    "format-date('2026-01-01', '%b')", "date('2026-01-01T23:00:00Z')", "/data/day", "/data/filled", "/data/asked",
    "jr:itext('x')", "/data/meta/instanceID", "if(/data/gone = 1, 2, 3)", "count(/data/rep)",
    "string-length(/data/follows)", "instance('last')/root/x",
]  # fmt: skip


def _form(calculation: str) -> str:
    return xform(
        '<data id="c"><a/><day>2026-01-01</day><filled/><asked/><g><gone>1</gone></g><gone/><rep><x/></rep>'
        "<follows/><it/><after/><meta><instanceID/></meta></data>",
        '<bind nodeset="/data/day" type="date"/><bind nodeset="/data/asked" jr:preload="property" jr:preloadParams="deviceid"/>'
        '<bind nodeset="/data/gone" relevant="/data/filled != \'\'"/>'
        '<bind nodeset="/data/follows" calculate="concat(/data/filled, 1)"/>'
        f'<bind nodeset="/data/it" calculate="{calculation}"/>'
        '<bind nodeset="/data/after" relevant="/data/it != 5" calculate="1 + 1"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/filled" value="3"/>',
        '<group ref="/data/rep"><repeat nodeset="/data/rep" jr:count="/data/filled"><input ref="/data/rep/x"/></repeat></group>',
        '<instance id="last" src="jr://instance/last-saved"/>',
    )


@pytest.mark.parametrize("calculation", CHANGING)
def test_what_the_form_alone_does_not_say_is_worked_out_each_time(calculation: str) -> None:
    form = read_form(_form(calculation).encode())
    kinds = {(rule.definition.name, rule.property) for rule in outcomes(form) if rule in form.rules}
    assert ("it", "calculate") not in kinds
    assert ("after", "relevant") not in kinds, "it follows from the other"
    assert ("after", "calculate") in kinds


def test_what_was_sealed_last_is_seen_though_the_form_was_kept() -> None:
    form = kept(read_form(_form("instance('last')/root/x").encode()))
    session = Session.new(form, last_saved=b"<root><x>7</x></root>")
    assert session.entry("/data/it").value == "7"
    assert Session.new(form).entry("/data/it").value == ""


def test_an_action_that_reads_no_answer_is_worked_out_once() -> None:
    form = kept(read_form(_form("1").encode()))
    assert [value for one, value in form.outcomes.items() if one in form.actions] == [3.0]
    assert Session.new(form).entry("/data/filled").value == "3"
