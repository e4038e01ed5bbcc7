"""`xincai form serve` as a driver meets it: a process, lines in and lines out."""

# ruff: noqa: E501 - forms stand on one line

import pathlib
from collections.abc import Callable
from typing import Any

import pytest

FORM = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
    '<itext><translation lang="en" default="true()"><text id="n:l"><value>Number <output value="/data/n"/></value></text></translation>'
    '<translation lang="中文"><text id="n:l"><value>数</value></text></translation></itext>'
    '<instance><data id="t" version="1"><n/><even/><only/><pick/><many/><when/><locked/>'
    '<rep jr:template=""><x/><y/></rep><rep><x/><y/></rep><total/><count/><fixed><z/></fixed>'
    "<device/><user/></data></instance>"
    '<instance id="l"><root><item><name>a</name><of>1</of></item><item><name>b</name><of>1</of></item>'
    "<item><name>c</name><of>2</of></item></root></instance>"
    '<bind nodeset="/data/n" type="int" required="true()" constraint=". &lt; 10" jr:constraintMsg="too large"/>'
    '<bind nodeset="/data/even" calculate="/data/n * 2"/><bind nodeset="/data/only" relevant="/data/n != 5"/>'
    '<bind nodeset="/data/when" type="date"/><bind nodeset="/data/locked" readonly="true()"/>'
    '<bind nodeset="/data/rep/x" type="int"/><bind nodeset="/data/rep/y" calculate="position(..)"/>'
    '<bind nodeset="/data/total" calculate="sum(/data/rep/x)"/><bind nodeset="/data/count" type="int"/>'
    '<bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>'
    '<bind nodeset="/data/user" jr:preload="property" jr:preloadParams="username"/></model></h:head><h:body>'
    '<input ref="/data/n"><label ref="jr:itext(\'n:l\')"/><hint>one figure</hint></input><input ref="/data/only"><label>O</label></input>'
    '<select1 ref="/data/pick"><label>P</label><itemset nodeset="instance(\'l\')/root/item[of = /data/n]"><value ref="name"/><label ref="name"/></itemset></select1>'
    '<select ref="/data/many"><label>M</label><item><label>One</label><value>1</value></item><item><label>Two</label><value>2</value></item></select>'
    '<input ref="/data/when"/><input ref="/data/locked"/>'
    '<group ref="/data/rep"><label>R</label><repeat nodeset="/data/rep"><input ref="/data/rep/x"/></repeat></group>'
    '<input ref="/data/count"/><group ref="/data/fixed"><repeat nodeset="/data/fixed" jr:count="/data/count"><input ref="/data/fixed/z"/></repeat></group>'
    "</h:body></h:html>"
)  # fmt: skip


@pytest.fixture
def path(tmp_path: pathlib.Path) -> str:
    file = tmp_path / "form.xml"
    file.write_text(FORM, "utf-8")
    return str(file)


@pytest.fixture
def driver(serve: Callable[..., Any], path: str) -> Any:
    started = serve()
    assert started(op="load", form=path)["result"] == "ok"
    return started


def test_loading_tells_sizes_and_times(serve: Callable[..., Any], path: str) -> None:
    reply = serve()(op="load", form=path, rounds=3)
    assert reply["result"] == "ok"
    assert reply["bytes"] == len(FORM.encode())
    assert reply["questions"] == 9
    assert len(reply["parseAll"]) == len(reply["initAll"]) == 3
    assert reply["parseNs"] == reply["parseAll"][-1] > 0


def test_a_value_that_breaks_its_constraint_changes_nothing(driver: Any) -> None:
    assert driver(op="answer", ref="/data/n", value="3")["result"] == "ok"
    assert driver(op="answer", ref="/data/n", value="30")["result"] == "constraint"
    assert driver.values()["/data/n"] == "3"


def test_no_constraint_keeps_the_value_and_tells(driver: Any) -> None:
    reply = driver(op="answer", ref="/data/n", value=30, noConstraint=True)
    assert reply["result"] == "constraint"
    assert driver.values()["/data/even"] == "60"


def test_a_required_question_is_not_emptied(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="3")
    assert driver(op="answer", ref="/data/n", value="")["result"] == "required"
    assert driver(op="answer", ref="/data/n")["result"] == "required"
    assert driver.values()["/data/n"] == "3"
    assert driver(op="answer", ref="/data/n", value="", noConstraint=True)["result"] == "required"
    assert driver.values()["/data/n"] == ""


def test_a_text_that_is_not_of_the_type_is_no_answer(driver: Any) -> None:
    driver(op="answer", ref="/data/when", value="2024-02-29")
    assert driver(op="answer", ref="/data/when", value="tomorrow")["result"] == "ok"
    assert driver.values()["/data/when"] == ""


def test_what_does_not_apply_or_is_locked_is_left_alone_unless_forced(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="5")
    assert driver(op="answer", ref="/data/only", value="x") == {"result": "irrelevant"}
    assert driver(op="answer", ref="/data/locked", value="x") == {"result": "readonly"}
    assert driver(op="answer", ref="/data/even", value="x") == {"result": "noindex"}
    assert driver(op="answer", ref="/data/rep/x", value="1") == {"result": "noindex"}
    assert driver(op="answer", ref="/data/only", value="x", force=True)["result"] == "ok"
    only = next(node for node in driver(op="dump")["nodes"] if node["ref"] == "/data/only")
    assert only == {"ref": "/data/only", "rel": False, "v": "x", "req": False, "ro": False}


def test_choices_are_taken_by_number(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="1")
    reply = driver(op="answer", ref="/data/pick", choice=3)
    assert (reply["nChoices"], reply["value"], reply["result"]) == (2, "b", "ok")
    assert driver(op="answer", ref="/data/many", choice=1, take=5)["value"] == "2 1"
    assert driver(op="answer", ref="/data/when", choice=0)["result"] == "nochoices"
    assert driver(op="choices", ref="/data/many")["choices"] == [
        {"v": "1", "l": "One"},
        {"v": "2", "l": "Two"},
    ]


def test_a_value_no_longer_offered_goes_when_the_choices_are_looked_at(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="1")
    driver(op="answer", ref="/data/pick", value="none")
    assert driver.values()["/data/pick"] == "none"
    driver(op="choices", ref="/data/pick")
    assert driver.values()["/data/pick"] == ""


def test_validating_looks_at_the_choices_on_its_way(driver: Any) -> None:
    driver(op="answer", ref="/data/pick", value="none")
    assert driver(op="validate")["ref"] == "/data/n"
    assert driver.values()["/data/pick"] == "none"
    driver(op="answer", ref="/data/n", value="1")
    driver(op="answer", ref="/data/pick", value="none")
    assert driver(op="validate")["result"] == "ok"
    assert driver.values()["/data/pick"] == ""


def test_repeats_come_and_go(driver: Any) -> None:
    reply = driver(op="addRepeat", ref="/data/rep")
    assert (reply["result"], reply["count"]) == ("ok", 2)
    driver(op="answer", ref="/data/rep[2]/x", value="7")
    assert driver.values()["/data/total"] == "7"
    assert driver(op="removeRepeat", ref="/data/rep[1]")["result"] == "ok"
    assert driver.values()["/data/rep[1]/x"] == "7"
    assert driver.values()["/data/rep[1]/y"] == "1"
    for ref in ("/data/rep[9]", "/data/rep", "/data/nix"):
        assert driver(op="removeRepeat", ref=ref) == {"result": "norepeat"}
    for ref in ("/data/fixed", "/data/rep[1]", "/data/n", "rep"):
        assert driver(op="addRepeat", ref=ref) == {"result": "norepeat"}


def test_a_counted_repeat_fills_up_again(driver: Any) -> None:
    driver(op="answer", ref="/data/count", value="2")
    driver(op="answer", ref="/data/fixed[2]/z", value="second")
    assert driver(op="removeRepeat", ref="/data/fixed[1]")["result"] == "ok"
    values = driver.values()
    assert (values["/data/fixed[1]/z"], values["/data/fixed[2]/z"]) == ("second", "")


def test_a_dump_holds_the_forms_own_nodes_in_its_order(driver: Any) -> None:
    nodes = driver(op="dump")["nodes"]
    assert [node["ref"] for node in nodes][:3] == ["/data", "/data/n", "/data/even"]
    assert nodes[0] == {"ref": "/data", "rel": True}
    assert nodes[1] == {"ref": "/data/n", "rel": True, "v": "", "req": True, "ro": False}
    assert not [node for node in nodes if "meta" in node["ref"]]


def test_words_in_the_language_spoken(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="4")
    assert driver(op="label", ref="/data/n") == {
        "label": "Number 4",
        "hint": "one figure",
        "constraintMsg": "too large",
    }
    assert driver(op="label", ref="/data/when") == {"label": None, "hint": None, "constraintMsg": None}
    assert driver(op="langs")["langs"] == ["en", "中文"]
    assert driver(op="lang", value="中文") == {"result": "ok"}
    assert driver(op="label", ref="/data/n")["label"] == "数"
    assert driver(op="lang", value="xx")["result"] == "error"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("1 + 1", {"type": "number", "value": 2.0, "string": "2", "boolean": True, "number": "2.0"}),
        ("0 div 0", {"type": "number", "value": "NaN", "string": "NaN", "boolean": False, "number": "NaN"}),
        ("-1 div 0", {"type": "number", "value": "-Infinity", "string": "-Infinity", "boolean": True, "number": "-Infinity"}),
        ("100000000000 * 10", {"type": "number", "value": 1e12, "string": "1.0E12", "boolean": True, "number": "1.0E12"}),
        ("12345678", {"type": "number", "value": 12345678.0, "string": "12345678", "boolean": True, "number": "1.2345678E7"}),
        ("'中'", {"type": "string", "value": "中", "string": "中", "boolean": True, "number": "NaN"}),
        ("1 = 2", {"type": "boolean", "value": False, "string": "false", "boolean": False, "number": "0.0"}),
        ("date('2020-01-05')", {"type": "date", "value": "2020-01-05", "string": "2020-01-05", "boolean": True, "number": "18266.0"}),
    ],
)  # fmt: skip
def test_an_expression_is_told_in_every_kind(driver: Any, expression: str, told: dict[str, object]) -> None:
    reply = driver(op="eval", expr=expression, rounds=2)
    assert reply.pop("parseNs") > 0
    assert reply.pop("ns") >= 0
    assert reply == told


def test_an_expression_that_means_nodes_names_them(driver: Any) -> None:
    driver(op="addRepeat", ref="/data/rep")
    driver(op="answer", ref="/data/rep[2]/x", value="7")
    assert driver(op="eval", expr="/data/rep/x")["refs"] == ["/data/rep[0]/x[0]", "/data/rep[1]/x[0]"]
    assert driver(op="eval", expr="/data/rep/x", list=True)["value"] == ["", "7"]
    assert driver(op="eval", expr="../x", ref="/data/rep[2]/y")["value"] == 7.0
    assert driver(op="eval", expr="instance('l')/root/item[of = 2]/name")["refs"] == [
        "instance(l)/root/item[2]/name[0]"
    ]
    assert driver(op="eval", expr="/data/rep/x", unpack=False)["result"] == "error"
    assert driver(op="eval", expr="nix()")["result"] == "error"
    assert driver(op="eval", expr="1 +")["result"] == "error"


def test_validation_names_the_first_question_in_trouble(driver: Any) -> None:
    reply = driver(op="validate")
    assert (reply["result"], reply["ref"]) == ("required", "/data/n")
    driver(op="answer", ref="/data/n", value="30", noConstraint=True)
    assert driver(op="validate")["result"] == "constraint"
    driver(op="answer", ref="/data/n", value="3")
    assert driver(op="validate")["result"] == "ok"


def test_the_submission_leaves_out_what_does_not_apply(driver: Any) -> None:
    driver(op="answer", ref="/data/n", value="5")
    assert driver(op="finalize") == {"result": "ok"}
    xml = driver(op="xml")["xml"]
    assert "<n>5</n>" in xml
    assert "<only" not in xml


def test_preloads_read_the_properties_given(serve: Callable[..., Any], path: str) -> None:
    started = serve("--property", "deviceid=other")
    started(op="load", form=path)
    assert started.values()["/data/device"] == "other"
    assert started.values()["/data/user"] == "user-1"


def test_a_bench_leaves_the_first_value_in_place(driver: Any) -> None:
    answers = [{"ref": "/data/n", "value": "1", "alt": "2"}, {"ref": "/data/nix", "value": "1"}]
    reply = driver(op="bench", answers=answers, rounds=4, detail=True)
    assert reply["n"] == 1
    assert [one["ref"] for one in reply["answers"]] == ["/data/n"]
    assert set(reply["cold"]) == {"mean", "p50", "p95", "max"}
    assert reply["answers"][0]["min"] <= reply["answers"][0]["warm"]
    assert driver.values()["/data/n"] == "1"
    assert driver(op="bench", answers=[])["n"] == 0


def test_the_compiled_form_is_timed(driver: Any) -> None:
    reply = driver(op="cache", rounds=2)
    assert reply["bytes"] > 0
    assert reply["writeNs"] > 0
    assert len(reply["readNs"]) == 2


def test_memory_is_told_in_bytes(driver: Any) -> None:
    assert 1_000_000 < driver(op="mem")["usedBytes"] < 2_000_000_000


def test_trouble_is_a_reply_and_the_server_goes_on(
    serve: Callable[..., Any], path: str, tmp_path: pathlib.Path
) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<html>", "utf-8")
    started = serve()
    assert started(op="dump")["result"] == "error"
    assert started(op="cache")["result"] == "error"
    assert started.line("{not json")["result"] == "error"
    assert started.line("[1]")["result"] == "error"
    assert started(op="load", form=str(broken))["result"] == "error"
    assert started(op="load", form=str(tmp_path / "absent.xml"))["result"] == "error"
    assert started(op="load")["result"] == "error"
    assert started(op="foo") == {"error": "unknown op foo"}
    assert started(op="load", form=path)["result"] == "ok"
    assert started(op="load", form=str(broken))["result"] == "error"
    assert "/data/n" in started.values()  # the form before stays


def test_half_a_character_in_an_answer_breaks_nothing(driver: Any) -> None:
    reply = driver.line('{"op":"answer","ref":"/data/only","value":"a\\ud800b"}')
    assert reply["result"] == "ok"
    assert driver.values()["/data/only"] == "ab"


def test_a_list_that_is_not_beside_the_form_is_empty_and_named(
    serve: Callable[..., Any], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "lists.xml"
    file.write_text(
        FORM.replace("<root><item>", "<root><item><!-- -->").replace(
            '<instance id="l">', '<instance id="m" src="jr://file-csv/m.csv"/><instance id="l">'
        ),
        "utf-8",
    )
    (tmp_path / "empty").mkdir()
    bare = serve()
    for media in (tmp_path, tmp_path / "empty", tmp_path / "absent"):
        assert bare(op="load", form=str(file), media=str(media))["missing"] == ["m.csv"]
    (tmp_path / "m.csv").write_text("name\nx\n", "utf-8")
    started = serve()
    assert "missing" not in started(op="load", form=str(file))
    assert started(op="eval", expr="count(instance('m')/root/item)")["value"] == 1.0


def test_a_filling_is_taken_up_again(driver: Any, path: str, tmp_path: pathlib.Path) -> None:
    driver(op="answer", ref="/data/n", value="4")
    driver(op="addRepeat", ref="/data/rep")
    saved = tmp_path / "saved.xml"
    saved.write_text(driver(op="xml")["xml"], "utf-8")
    assert driver(op="load", form=path, instance=str(saved), lang="中文")["result"] == "ok"
    assert driver.values()["/data/n"] == "4"
    assert "/data/rep[2]/x" in driver.values()


def test_the_clock_stands_where_the_environment_says(serve: Callable[..., Any], path: str) -> None:
    west, east = serve(zone="America/Phoenix"), serve(zone="Asia/Shanghai")
    for started in (west, east):
        started(op="load", form=path)
    expression = "decimal-date-time('2020-01-01')"
    assert west(op="eval", expr=expression)["value"] - east(op="eval", expr=expression)["value"] == 15 / 24
