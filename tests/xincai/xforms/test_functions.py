"""Each function of the dialect, group by group, with the results that Collect's engine gives."""

# ruff: noqa: E501 - forms and expressions stand on one line

import base64
import math
import pathlib
import tomllib
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scenario import Scenario, xform

from xincai.errors import Problem
from xincai.xforms.xpath.compiler import SIGNATURES
from xincai.xforms.xpath.values import to_string

FORM = xform(
    '<data id="functions" version="7"><n>5</n><e/><t>甲地</t><many>wheat  maize</many><one>maize</one><none/>'
    "<day>2024-03-09</day><moment>2024-03-09T06:30:00.250Z</moment><clock>14:05:00</clock>"
    "<parcel>34.50 113.20 0 0; 34.50 113.21 0 0; 34.51 113.21 0 0; 34.50 113.20 0 0</parcel>"
    "<plot><mu>2</mu><owner>li</owner><crop><kg>10</kg></crop><crop><kg>20</kg></crop></plot>"
    "<plot><mu>3.5</mu><owner/><crop><kg>30</kg></crop></plot><first/></data>",
    '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/day" type="date"/><bind nodeset="/data/moment" type="dateTime"/>'
    '<bind nodeset="/data/clock" type="time"/><bind nodeset="/data/plot/mu" type="decimal"/><bind nodeset="/data/plot/crop/kg" type="int"/>'
    '<bind nodeset="/data/first" calculate="once(/data/n)"/>',
    '<input ref="/data/n"/><select1 ref="/data/one"><itemset nodeset="instance(\'crops\')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>'
    '<group ref="/data/plot"><repeat nodeset="/data/plot"><input ref="/data/plot/mu"/><input ref="/data/plot/owner"/>'
    '<group ref="/data/plot/crop"><repeat nodeset="/data/plot/crop"><input ref="/data/plot/crop/kg"/></repeat></group></repeat></group>',
    '<instance id="crops"><root><item><name>wheat</name><label>小麦</label></item><item><name>maize</name><label>玉米</label></item></root></instance>'
    '<itext><translation lang="zh"><text id="hello"><value>你好</value></text></translation></itext>',
)
OWN = tomllib.loads(pathlib.Path(__file__).with_name("differences.toml").read_text("utf-8"))["own"]
CASES: dict[str, list[tuple[str, object]]] = {
    "string": [("string(12.0)", "12"), ("string(1 = 1)", "true"), ("string(-2147483648)", "-2147483648")],
    "concat": [("concat('a', 1, true())", "a1true"), ("concat(/data/plot/owner)", "li"), ("concat()", "")],
    "join": [("join('+', /data/plot/mu)", "2+3.5"), ("join('-', 'a', /data/nowhere, 'b')", "a--b"), ("join('-')", "")],
    "substr": [("substr('parcel', -3)", "cel"), ("substr('parcel', 1, -1)", "arce"), ("substr('parcel', 4, 2)", ""), ("substr('parcel', /data/e)", "parcel")],
    "substring": [("substring('parcel', 2, 3)", "arc"), ("substring('parcel', -1 div 0)", "parcel")],
    "substring-before": [("substring-before('a/b/c', '/')", "a"), ("substring-before('abc', '/')", "")],
    "substring-after": [("substring-after('a/b/c', '/')", "b/c"), ("substring-after('abc', '')", "abc")],
    "translate": [("translate('1905', '0123456789', '零壹贰叁肆伍陆柒捌玖')", "壹玖零伍"), ("translate('a-b', '-', '')", "ab")],
    "string-length": [("string-length(/data/t)", 2.0), ("string-length(5.5)", 3.0)],
    "normalize-space": [("normalize-space('  a \t b ')", "a b")],
    "contains": [("contains('寿光市', '光')", True), ("contains('', 'x')", False)],
    "starts-with": [("starts-with('410499', '41')", True), ("starts-with('410499', '04')", False)],
    "ends-with": [("ends-with('410499', '99')", True), ("ends-with('410499', '')", True)],
    "uuid": [("string-length(uuid())", 36.0), ("string-length(uuid(8))", 8.0)],
    "digest": [("digest('a', 'MD5', 'hex')", "0cc175b9c0f1b6a831c399e269772661"), ("digest('a', 'sha-1', 'HEX')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
               ("string-length(digest('a', 'SHA-256'))", 44.0), ("string-length(digest('a', 'SHA-384', 'hex'))", 96.0), ("string-length(digest('a', 'SHA-512', 'hex'))", 128.0)],
    "base64-decode": [("base64-decode('5bCP6bqm')", "小麦"), ("base64-decode('#')", "")],
    "extract-signed": [("extract-signed('blah', 'blah')", "")],
    "pulldata": [("pulldata('crops', 'label', 'name', 'maize')", "玉米"), ("pulldata('crops', 'label', 'name', 'rice')", "")],
    "if": [("if(/data/n > 4, 'much', 'little')", "much"), ("sum(if(/data/e = '', /data/plot/mu, /data/plot/crop/kg))", 5.5)],
    "coalesce": [("coalesce(/data/e, 'x')", "x"), ("coalesce(/data/n, 'x')", 5.0)],
    "true": [("true()", True)],
    "false": [("false()", False)],
    "boolean": [("boolean('false')", True), ("boolean(0)", False), ("boolean(/data/e)", False)],
    "boolean-from-string": [("boolean-from-string('TRUE')", True), ("boolean-from-string('yes')", False)],
    "not": [("not(/data/e)", True)],
    "regex": [("regex('AB12', '[A-Z]{2}[0-9]+')", True), ("regex('xAB12', '[A-Z]{2}[0-9]+')", False)],
    "checklist": [("checklist(1, 2, 'a', '', 0)", True), ("checklist(-1, 1, 1, 1)", False)],
    "weighted-checklist": [("weighted-checklist(3, 5, 1, 2, 1, 3, 0, 9)", True), ("weighted-checklist(5, 6, /data/plot/mu, /data/plot/mu)", True)],
    "number": [("number(' 1,5 ')", 1.5), ("number('1e3')", math.nan), ("number(true())", 1.0)],
    "random": [("random() >= 0 and random() < 1", True)],
    "int": [("int(-2.9)", -2.0), ("int('9')", 9.0)],
    "sum": [("sum(/data/plot/mu)", 5.5), ("sum(/data/plot/owner)", 0.0)],
    "max": [("max(/data/plot/mu)", 3.5), ("max(-5, '', -3)", -3.0), ("max()", math.nan)],
    "min": [("min(/data/plot/crop/kg, 7)", 7.0)],
    "round": [("round(2.5)", 3.0), ("round(-2.5)", -2.0), ("round(-1.25, 1)", -1.2), ("round(1.005, 2)", 1.01), ("round(1250, -2)", 1300.0), ("round(1, 31)", math.nan)],
    "floor": [("floor(-1.2)", -2.0)],
    "ceiling": [("ceiling(-1.2)", -1.0)],
    "pow": [("pow(2, 10)", 1024.0), ("pow(1, 1 div 0)", math.nan), ("pow(-8, 1 div 3)", math.nan)],
    "log": [("log(1)", 0.0), ("log(0)", -math.inf)],
    "log10": [("log10(1000)", 3.0)],
    "abs": [("abs('-4')", 4.0)],
    "sin": [("sin(0)", 0.0)],
    "cos": [("cos(0)", 1.0)],
    "tan": [("tan(0)", 0.0)],
    "asin": [("asin(2)", math.nan)],
    "acos": [("acos(1)", 0.0)],
    "atan": [("atan(1) * 4", math.pi)],
    "atan2": [("atan2(1, 1) * 4", math.pi)],
    "sqrt": [("sqrt(16)", 4.0), ("sqrt(-1)", math.nan)],
    "exp": [("exp(0)", 1.0), ("exp(1000)", math.inf)],
    "exp10": [("exp10(3)", 1000.0)],
    "pi": [("pi()", math.pi)],
    "count": [("count(/data/plot)", 2.0), ("count(/data/plot/crop[kg > 10])", 2.0), ("count(/data/nowhere)", 0.0)],
    "count-non-empty": [("count-non-empty(/data/plot/owner)", 1.0)],
    "position": [("position(/data/plot[mu > 3])", 2.0), ("position(/data/nowhere)", 0.0), ("join(' ', /data/plot/crop[position() = 1]/kg)", "10 30")],
    "last": [("/data/plot[last()]/mu", 3.5)],
    "instance": [("instance('crops')/root/item[name = /data/one]/label", "玉米"), ("count(instance('crops')/root/item)", 2.0)],
    "current": [("/data/plot[mu = current()/plot/mu]/owner", "li")],
    "randomize": [("join(' ', randomize(instance('crops')/root/item/name, ''))", "wheat maize"), ("count(randomize(/data/plot))", 2.0), ("join(' ', randomize(/data/plot/crop/kg, 'seed')) = join(' ', randomize(/data/plot/crop/kg, 'seed'))", True)],
    "indexed-repeat": [("indexed-repeat(/data/plot/crop/kg, /data/plot, 1, /data/plot/crop, 2)", 20.0), ("indexed-repeat(/data/plot/mu, /data/plot, 9)", ""), ("indexed-repeat(/data/plot/mu, /data/plot, 0)", 2.0)],
    "id": [("count(id('functions'))", 1.0)],
    "name": [("name(/data/plot)", "plot"), ("name()", "data")],
    "local-name": [("local-name(/data/plot/mu)", "mu")],
    "today": [("format-date(today(), '%Y')", "2026")],
    "now": [("decimal-date-time(now()) > 20000", True)],
    "date": [("string(date(0))", "1970-01-01"), ("string(date(-2.5))", "1969-12-30"), ("date('2024-02-29') + 1", 19783.0), ("date('')", ""), ("date('soon')", ""), ("string(date('2024-3-9'))", "2024-03-09"), ("date(true())", "")],
    "date-time": [("decimal-date-time(date-time('2024-03-09T06:00:00Z')) - decimal-date-time(date-time('2024-03-09T00:00:00Z'))", 0.25), ("date-time('soon')", "")],
    "format-date": [("format-date(/data/day, '%e/%n/%y %a %b %%')", "9/3/24 周六 3月 %"), ("format-date('', '%Y')", "")],
    "format-date-time": [("format-date-time(/data/clock, '%H:%M:%S.%3 %h')", "14:05:00.000 14"), ("format-date-time('2024-12-30', '%W')", "1")],
    "decimal-date-time": [("decimal-date-time('1970-01-02T12:00:00Z')", 1.5), ("decimal-date-time('')", "")],
    "decimal-time": [("decimal-time('18:00:00.000') ", 0.75), ("decimal-time('23:59:00.000-07:60')", math.nan), ("decimal-time(1.25)", 0.25)],
    "selected": [("selected(/data/many, 'maize')", True), ("selected(/data/many, 'rye')", False), ("selected('', '')", True)],
    "is-selected": [("is-selected(/data/many, 'wheat')", True)],
    "selected-at": [("selected-at(/data/many, 1)", "maize"), ("selected-at(/data/many, 2)", ""), ("selected-at(/data/many, 'x')", "wheat")],
    "count-selected": [("count-selected(/data/many)", 2.0), ("count-selected(/data/none)", 0.0)],
    "jr:choice-name": [("jr:choice-name(/data/one, '/data/one')", "玉米"), ("jr:choice-name('rye', '/data/one')", ""), ("jr:choice-name('maize', '/data/n')", "")],
    "choice-name": [("choice-name('wheat', '/data/one')", "小麦")],
    "jr:itext": [("jr:itext('hello')", "你好")],
    "itext": [("itext('hello')", "你好")],
    "area": [("round(area(/data/parcel))", 510624.0)],
    "enclosed-area": [("enclosed-area(/data/parcel) = area(/data/parcel)", True)],
    "distance": [("round(distance('34.5 113.2', '34.5 113.3'))", 9174.0), ("distance('')", 0.0), ("distance('x')", math.nan)],
    "geofence": [("geofence('34.502 113.207', /data/parcel)", True), ("geofence('34.6 113.2', /data/parcel)", False), ("geofence('', /data/parcel)", False)],
    "intersects": [("intersects('0 0; 1 1; 0 1; 1 0')", True), ("intersects(/data/parcel)", False)],
    "depend": [("depend(/data/n, /data/e)", 5.0)],
    "property": [("property('deviceid')", "")],
    "version": [("version()", "7")],
    "once": [("/data/first", 5.0)],
}  # fmt: skip


@pytest.fixture(scope="module")
def form() -> Scenario:
    return Scenario.xml(FORM)


def _cases() -> Iterator[object]:
    for name, cases in CASES.items():
        for expression, expected in cases:
            yield pytest.param(
                expression, expected, id=expression, marks=pytest.mark.feature(f"function/{name}")
            )


@pytest.mark.parametrize(("expression", "expected"), list(_cases()))
def test_each_function_gives_what_collect_gives(form: Scenario, expression: str, expected: object) -> None:
    found = form.session.evaluate(expression)
    if isinstance(expected, float):
        assert isinstance(found, float)
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)
    else:
        assert found == expected
        assert type(found) is type(expected)


def test_no_function_goes_unexercised() -> None:
    assert not SIGNATURES.keys() - CASES.keys()
    assert not [
        name for name, cases in CASES.items() if not any(name in text for text, _ in cases) and name != "once"
    ]


def test_what_stands_after_a_valid_signature_is_the_message(form: Scenario) -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signed = base64.b64encode(key.sign("真话".encode()) + "真话".encode()).decode()
    mine, theirs = (base64.b64encode(one.public_key().public_bytes_raw()).decode() for one in (key, other))
    assert form.session.evaluate(f"extract-signed('{signed}', '{mine}')") == "真话"
    assert form.session.evaluate(f"extract-signed('{signed}', '{theirs}')") == ""


def test_months_and_days_are_named_in_the_language_of_the_form() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label::English | label::中文 (zh) | calculation |\n"
        "| | date | day | Day | 日期 | |\n| | calculate | written | | | format-date(${day}, '%b %a') |\n",
        language="English",
    )
    form.answer("day", "2026-01-05")
    assert form.value("written") == "Jan Mon"
    form.session.set_language("中文 (zh)")
    assert form.value("written") == "1月 周一"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("explode()", "xforms.no_such_function"),
        ("true(5)", "xforms.wrong_argument_count"),
        ("indexed-repeat(/data/plot/mu, /data/plot, 1, /data/plot)", "xforms.wrong_argument_count"),
        ("sum('5')", "xforms.not_nodes"),
        ("count(1 + 1)", "xforms.not_nodes"),
        ("position(1)", "xforms.not_nodes"),
        ("date('2024-02-30')", "xforms.no_date"),
        ("regex('a', '[')", "xforms.no_pattern"),
        ("digest('a', 'CRC')", "xforms.no_digest"),
        ("instance('nowhere')/root/item", "xforms.unknown_list"),
        ("/jr:*", "xforms.bad_rule"),
    ],
)
def test_what_cannot_be_worked_out_is_told_when_it_is_reached(
    form: Scenario, expression: str, code: str
) -> None:
    with pytest.raises(Problem) as told:
        form.session.evaluate(expression)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("true() or explode()", True), ("if(false(), explode(), 'a')", "a"), ("coalesce('a', true(5))", "a")],
)
def test_what_is_not_reached_troubles_nobody(form: Scenario, expression: str, expected: object) -> None:
    assert form.session.evaluate(expression) == expected


def test_no_answer_stops_a_filling_at_a_date_that_is_none() -> None:
    form = Scenario.new(
        "| survey |\n| | type | name | label | calculation |\n| | text | day | Day | |\n"
        "| | calculate | next | | date(${day}) + 1 |\n| | calculate | match | | if(regex('a', ${day}), 'yes', 'no') |\n"
    )
    form.answer("day", "2024-02-30[")
    assert form.value("next") == ""
    assert form.value("match") == "no"


@pytest.mark.parametrize("listed", OWN, ids=lambda listed: listed["expression"])
def test_where_we_differ_from_javarosa_we_do_as_listed(form: Scenario, listed: dict[str, str]) -> None:
    assert to_string(form.session.evaluate(listed["expression"])) == listed["ours"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("/data/plot/crop[1]/kg", "10 30"),
        ("/data/plot/crop[last()]/kg", "20 30"),
        ("(/data/plot/crop)[2]/kg", "20"),
        ("/data/plot[crop/kg = 30]/mu", "3.5"),
        ("/data/plot[/data/n]/mu", "2 3.5"),
        ("/data/plot[2]/crop/kg | /data/plot[1]/mu", "2 30"),
        ("/data/plot[2]/preceding-sibling::plot[1]/mu", "2"),
        ("/data/plot/crop/kg[. > 10]/ancestor::plot/mu", "2 3.5"),
        ("/data/n/following::day", "2024-03-09"),
        ("/data/n/text()", "5"),
        ("/data/@version", "7"),
        ("*[name() = 'n']", "5"),
    ],
)
def test_paths_lead_where_xpath_says(form: Scenario, expression: str, expected: str) -> None:
    assert form.session.evaluate(f"join(' ', {expression})") == expected
