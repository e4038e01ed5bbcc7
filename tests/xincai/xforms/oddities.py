"""Odd inputs by number: forms, expressions, drafts and lists that nobody meant to write.

`run(number)` makes the input of that number and gives it to the engine; the same number makes the same input.
A `Problem` is an answer; anything else that is raised is a fault.
"""

# ruff: noqa: E501 - forms and expressions stand on one line

import contextlib
import datetime
import functools
import random
import re
from collections.abc import Callable

from scenario import NOON, xform

from xincai.errors import Problem, explain
from xincai.xforms import Form, Session, read_form
from xincai.xforms.filling.lexical import store
from xincai.xforms.reading.external import from_file
from xincai.xforms.xpath.compiler import SIGNATURES
from xincai.xforms.xpath.syntax import parse

LISTS = {
    "c.csv": 'name,label,v\na,甲,1\nb,乙,2\n"c","丙\n丁",3\n',
    "g.geojson": '{"type":"FeatureCollection","features":[{"type":"Feature","id":"f1","properties":{"name":"n","k":null,"z":[1]},"geometry":{"type":"Point","coordinates":[113.1,35.2]}},{"type":"Feature","properties":{"name":"m"},"geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}}]}',
    "x.xml": '<root><item><name>a</name><label>b</label></item><item k="1"><name>c</name><name>d</name></item></root>',
}  # fmt: skip
FILES = {name: text.encode() for name, text in LISTS.items()}
DRAFT = (
    '<data id="t" version="1"><n>5</n><e/><s>a b</s><d>2026-01-31</d><dt>2026-11-22T04:00:00.000Z</dt><tm>04:00:00.000Z</tm>'
    "<geo>35.2 113.1 0 0;35.3 113.1 0 0;35.3 113.2 0 0;35.2 113.1 0 0</geo><g><h/><pick>a</pick><c/></g>"
    "<rep><x>1</x><in><y>q</y></in></rep><rep><x>2</x></rep><k/><cnt><z/></cnt><meta><instanceID/><instanceName/></meta></data>"
)
BINDS = (
    '<bind nodeset="/data/n" type="int" constraint=". &lt; 100" jr:constraintMsg="few" required="/data/e = \'\'"/><bind nodeset="/data/d" type="date"/>'
    '<bind nodeset="/data/dt" type="dateTime"/><bind nodeset="/data/tm" type="time"/><bind nodeset="/data/geo" type="geoshape"/>'
    '<bind nodeset="/data/g" relevant="/data/n &gt; 1"/><bind nodeset="/data/g/h" calculate="concat(/data/n, \'-\', sum(/data/rep/x))"/>'
    '<bind nodeset="/data/rep/x" type="int" relevant="position(..) &lt; 9"/><bind nodeset="/data/rep/in/y" readonly="../../x = 3" calculate="join(\' \', /data/rep/x)"/>'
    '<bind nodeset="/data/k" type="int" calculate="count(/data/rep)"/><bind nodeset="/data/g/pick" required="true()"/>'
    '<bind nodeset="/data/meta/instanceName" calculate="concat(/data/n, indexed-repeat(/data/rep/x, /data/rep, 1))"/><bind nodeset="/data/meta/instanceID" jr:preload="uid"/>'
    '<setvalue event="odk-instance-first-load" ref="/data/e" value="once(random())"/>'
)
BODY = (
    '<input ref="/data/n"><label ref="jr:itext(\'l\')"/><setvalue event="xforms-value-changed" ref="/data/s" value="/data/n + 1"/></input>'
    '<input ref="/data/e"><label>E <output value="/data/n"/></label></input><input ref="/data/d"/><input ref="/data/dt"/><input ref="/data/tm"/><input ref="/data/geo"/>'
    '<select ref="/data/s"><item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item></select>'
    '<group ref="/data/g"><label>G</label><select1 ref="/data/g/pick"><itemset nodeset="instance(\'c\')/root/item[v &gt;= /data/n - 4]"><value ref="name"/><label ref="label"/></itemset></select1>'
    '<select1 ref="/data/g/c"><itemset nodeset="randomize(instance(\'l\')/root/item[name != /data/e], 3)"><value ref="name"/><label ref="jr:itext(k)"/></itemset></select1></group>'
    '<group ref="/data/rep"><label>R</label><repeat nodeset="/data/rep"><input ref="/data/rep/x"/><group ref="/data/rep/in"><input ref="/data/rep/in/y"/></group><setvalue event="odk-new-repeat" ref="/data/rep/x" value="position(..)"/></repeat></group>'
    '<group ref="/data/cnt"><repeat nodeset="/data/cnt" jr:count="/data/k"><input ref="/data/cnt/z"/></repeat></group>'
)
EXTRA = (
    '<instance id="c" src="jr://file-csv/c.csv"/><instance id="g" src="jr://file/g.geojson"/><instance id="x" src="jr://file/x.xml"/>'
    '<instance id="l"><root><item><name>1</name><k>l</k></item><item><name>2</name><k>m</k></item></root></instance>'
    '<itext><translation lang="zh" default="true()"><text id="l"><value>数 <output value="/data/n"/></value><value form="image">jr://images/a.png</value></text><text id="m"><value>m</value></text></translation>'
    '<translation lang="en"><text id="l"><value>Number</value></text></translation></itext>'
)
WHOLE = xform(DRAFT, BINDS, BODY, EXTRA)
REFS = ["n", "e", "s", "d", "dt", "tm", "geo", "g/pick", "g/c", "rep[1]/x", "rep[2]/in/y", "cnt[1]/z", "nothing", "rep[0]", "rep[99999999]", ""]  # fmt: skip
VALUES = ["", "1", "-1", "99", "2147483647", "99999999999", "a", "a b", "b a a", "2026-02-30", "2026-02-28", "24:00", "12:00:00.000+08:00", "2026-11-22T12:00:00.000+08:00", "0 0", "91 181", "1 1;2 2;3 3", "\x00", "\ud800", "𬭚", "<&>]]>", "x" * 5000, "NaN", "1e309", " ", "\r\n"]  # fmt: skip
ATOMS = [
    "0", "1", "-1", "2.5", ".5", "1.", "99999999999999999999", "9" * 400, "(1 div 0)", "(0 div 0)", "''", "'x'", "' '", "'a b'", "\"'\"",
    "'2020-02-30'", "'0001-01-01'", "'99999999-01-01'", "'9999-12-31T23:59:59.999+14:00'", "'24:61'", "'38 21 0 0;38 22 0 0'", "'abc;def'", "'%Y%q%'",
    "/data/n", "/data/e", "/data/d", "/data/dt", "/data/tm", "/data/geo", "/data/rep/x", "/data/rep", "/data/rep[2]/x", "/data/*", "/data", "/", ".", "..", "*", "//x", "//*",
    "@id", "/data/@version", "true()", "today()", "now()", "'[('", "'(a+)+$'", "'(?=a)(a+)+\\1b'", "'a*'", "'SHA-256'", "'base64'", "'\x01'", "'甲𬭚'", "current()/../n", "current()",
    "/data/rep[position() = 2]/x", "instance('c')/root/item", "instance('c')/root/item[v > 1]/label", "instance('l')/root/item[name = /data/n]/k", "instance('g')/root/item/geometry",
    "instance('none')/root", "jr:itext('l')", "jr:choice-name('a', '/data/s')", "../../rep", "/data/missing", "ancestor::*", "following-sibling::node()", "self::x", "uuid()", "random()",
    "pow(10, 308)", "/data/rep[x = current()/x]", "instance('c')/root/item[count(instance('c')/root/item[v > 0]) > 1]", "concat(/data/n, //*)", "string-length(join('x', //*))",
]  # fmt: skip
NAMES = sorted(SIGNATURES)
OPERATORS = ["+", "-", "*", " div ", " mod ", "=", "!=", "<", ">=", " and ", " or ", "|", "/", "//", ",", "[", "]", "(", ")", "::", "@", ".", "..", "'", '"', "$", "&", "\n", "#", "，"]  # fmt: skip
_LEAF = re.compile(r"<([\w:]+)>[^<]*</\1>")
_TAGS = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(r'="([^"]*)"')


@functools.cache
def whole() -> tuple[Form, Session, bytes]:
    """The form that all inputs spring from, a filling of it, and its draft."""
    form = read_form(WHOLE.encode(), FILES)
    session = Session.new(form, now=_now)
    return form, session, session.draft_xml()


def _now() -> datetime.datetime:
    return NOON


def expression(dice: random.Random, depth: int = 3) -> str:
    """An expression by the grammar; every function, any types."""
    if depth == 0 or dice.random() < 0.25:
        return dice.choice(ATOMS)
    kind = dice.random()
    if kind < 0.6:
        name = dice.choice(NAMES)
        least, most = SIGNATURES[name]
        count = (
            dice.randint(least, min(most if most >= 0 else 5, least + 3))
            if dice.random() < 0.95
            else dice.randint(0, 8)
        )
        return f"{name}({', '.join(expression(dice, depth - 1) for _ in range(count))})"
    if kind < 0.85:
        return (
            f"({expression(dice, depth - 1)}) {dice.choice(OPERATORS[:12])} ({expression(dice, depth - 1)})"
        )
    if kind < 0.95:
        return f"{dice.choice(ATOMS)}[{expression(dice, depth - 1)}]"
    return f"-{expression(dice, depth - 1)}"


def mutated(dice: random.Random, text: str, pool: list[str]) -> str:
    """A text cut, doubled, swapped and strewn with bits of a pool."""
    for _ in range(dice.randint(1, 4)):
        at, to = sorted((dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)))
        to = min(to, at + dice.choice((1, 3, 10, 100)))
        kind = dice.randrange(6)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + dice.choice(pool) + text[to:]
        elif kind == 2:
            text = text[:to] + text[at:to] * dice.randint(1, 3) + text[to:]
        elif kind == 3:
            text = (
                text[:at]
                + chr(
                    dice.choice(
                        (0, 9, 34, 38, 39, 60, 62, 127, 0x3000, 0x202E, 0x2B740, dice.randrange(0xD7FF))
                    )
                )
                + text[at:]
            )
        elif kind == 4:
            text = text[:at] + dice.choice(pool) + text[at:]
        else:
            other = dice.randrange(len(text) + 1)
            text = text[:other] + text[at:to] + text[other:]
    return text


def form_text(dice: random.Random) -> str:
    """A form with tags moved, attributes rewritten, or pieces lost."""
    text, kind = WHOLE, dice.randrange(4)
    if kind == 0:
        return mutated(dice, text, ATOMS + VALUES)
    if kind == 1:
        spots = list(_TAGS.finditer(text))
        for _ in range(dice.randint(1, 3)):
            one, other = sorted(dice.sample(range(len(spots)), 2))
            a, b = spots[one], spots[other]
            text = WHOLE[: a.start()] + b[0] + WHOLE[a.end() : b.start()] + a[0] + WHOLE[b.end() :]
        return text
    spots = list(_QUOTED.finditer(text))
    for spot in sorted(dice.sample(spots, dice.randint(1, 3)), key=lambda s: -s.start()):
        others = dice.choice(spots)[1]
        new = (
            others
            if kind == 2
            else expression(dice, 2).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        )
        text = text[: spot.start(1)] + new + text[spot.end(1) :]
    return text


def flipped(dice: random.Random, data: bytes) -> bytes:
    """Bytes with a few of them changed, lost or cut off."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        if not found:
            break
        at, kind = dice.randrange(len(found)), dice.randrange(4)
        if kind == 0:
            found[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            found[at] = dice.randrange(256)
        elif kind == 2:
            del found[at : at + dice.choice((1, 2, 50))]
        elif dice.random() < 0.2:
            del found[at:]
    return bytes(found)


def retold(dice: random.Random, text: str) -> str:
    """A draft with other values, and elements swapped or doubled."""
    for _ in range(dice.randint(1, 4)):
        spot = dice.choice(list(_LEAF.finditer(text)))
        value = dice.choice([*VALUES, *ATOMS]).replace("&", "&amp;").replace("<", "&lt;")
        new = dice.choice(
            (f"<{spot[1]}>{value}</{spot[1]}>", spot[0] * dice.randint(0, 3), "<rep><x>7</x></rep>")
        )
        text = text[: spot.start()] + new + text[spot.end() :]
    return text


def walk(session: Session, dice: random.Random, steps: int) -> None:
    """Fill a little, look at everything, put it down and take it up again."""
    for _ in range(steps):
        with contextlib.suppress(Problem):
            turn = dice.randrange(8)
            if turn < 5:
                session.answer(f"/data/{dice.choice(REFS)}", dice.choice(VALUES))
            elif turn == 5:
                session.add_repeat(dice.choice(("/data/rep", "/data/cnt", "/data")))
            elif turn == 6:
                session.remove_repeat(f"/data/rep[{dice.randint(0, 3)}]")
            else:
                session.set_language(dice.choice(("en", "zh", "xx")))
    looks: list[Callable[[], object]] = [
        session.children, session.findings, lambda: list(session.nodes()), lambda: list(session.leaves()),
        lambda: session.choices("/data/g/pick"), lambda: session.choices("/data/g/c"), session.finalize,
    ]  # fmt: skip
    for look in looks:
        with contextlib.suppress(Problem):
            look()
    Session.resume(session.form, session.draft_xml(), now=_now)


def ask(dice: random.Random) -> str:
    """An expression over a live filling."""
    text = expression(dice)
    if dice.random() < 0.3:
        text = mutated(dice, text, OPERATORS + ATOMS + NAMES)
    _, session, _ = whole()
    value = session.evaluate(
        text, dice.choice((None, "/data/n", "/data/rep[2]/x", "/data/rep[1]/in/y", "/data/g/h"))
    )
    kind = dice.choice(("string", "int", "decimal", "date", "dateTime", "time", "boolean", "geopoint"))
    kept, _ = store(kind, value)
    kept.encode()
    return text


def read(dice: random.Random) -> None:
    """A broken form; where it can be read, a filling of it."""
    data = form_text(dice).encode("utf-8", "surrogatepass")
    form = read_form(flipped(dice, data) if dice.random() < 0.25 else data, FILES)
    walk(Session.new(form, now=_now), dice, 3)


def take_up(dice: random.Random) -> None:
    """A broken draft."""
    form, _, draft = whole()
    data = retold(dice, draft.decode()).encode("utf-8", "replace")
    turn = dice.random()
    if turn < 0.2:
        data = flipped(dice, draft)
    elif turn < 0.4:
        data = mutated(
            dice, draft.decode(), [*VALUES, "<rep/>", "<x>9</x>", "<cnt/>", "</rep>", "<k>1e9</k>"]
        ).encode("utf-8", "surrogatepass")
    make = Session.edit if dice.random() < 0.3 else Session.resume
    walk(make(form, data, now=_now), dice, 3)


def look_up(dice: random.Random) -> None:
    """A broken list."""
    name = dice.choice(sorted(FILES))
    data = flipped(dice, FILES[name])
    if dice.random() < 0.5:
        text = mutated(
            dice,
            LISTS[name],
            [
                ",",
                '"',
                "\n",
                "\r",
                ";",
                "\t",
                "[",
                "]",
                "{",
                "}",
                "null",
                "1e999",
                "\ufeff",
                "-0",
                '"name":',
                "[[" * 500,
            ],
        )
        data = dice.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe")) + text.encode(
            dice.choice(("utf-8", "utf-8", "utf-16", "gb18030")), "replace"
        )
    root = from_file(dice.choice((name, name, "x.CSV", "noending")), data)
    for item in root.walk():
        for key in (*item.kids, "missing"):
            item.cell(key)


def spell(dice: random.Random) -> None:
    """Text that is hardly an expression."""
    text = "".join(
        dice.choice(dice.choice((OPERATORS, ATOMS, NAMES, ["(" * 60, "[" * 60, "-" * 99, "1" * 400])))
        for _ in range(dice.randint(1, 14))
    )
    parse(text)


KINDS: list[tuple[int, Callable[[random.Random], object]]] = [  # of a hundred inputs
    (66, ask),
    (14, spell),
    (6, read),
    (7, take_up),
    (7, look_up),
]


def run(number: int) -> None:
    """Give the input of a number to the engine; a refusal has words."""
    dice = random.Random(f"oddities {number}")
    share = dice.randrange(100)
    at = 0
    while share >= KINDS[at][0]:
        share -= KINDS[at][0]
        at += 1
    try:
        KINDS[at][1](dice)
    except Problem as problem:
        for language in ("zh", "en"):
            explain(problem, language)
