"""How fast the forms engine is beside JavaRosa: one run, the same forms, the same answers, both warm.

    python tests/bench/bench_xforms.py [FOLDER_OR_FORM...]

Measured are our own built forms, two made up here, and XForms named (or in folders of XINCAI_BENCH_FORMS).
Both sides answer the same questions with the same two values in turn, and the median of each counts: JavaRosa
by its harness's `bench`, ours the same way; only forms of which five questions or more can be answered are
compared. Loads are the best of some rounds in a warm process, on both sides; an XPath text that was parsed
before is known to us, as its classes are to a warm JVM. As in the program, garbage is collected between, not
during what is timed. Without java only our side is shown.
"""

import contextlib
import gc
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "client"))
from xincai.errors import Problem  # noqa: E402 - the path comes first
from xincai.xforms import Entry, Session, dump_form, load_form, read_form  # noqa: E402 - likewise

HARNESS = ROOT.parent / "shared" / "peers" / "javarosa" / "JrHarness.java"
QUESTIONS = 250
TOWNS, VILLAGES, MANY_VILLAGES = 40, 11_800, 50_000
ROUNDS, LOADS, FRESH = 9, 5, 4
LONGEST_WALK, FEWEST = 120, 5
SUFFIXES = {".csv", ".geojson"}
VALUES = {
    "int": ["1", "2", "30", "2000"], "decimal": ["1", "2", "30.5"], "date": ["2020-01-05", "2024-02-29"],
    "dateTime": ["2020-01-05T10:00:00.000Z", "2024-01-05T10:00:00.000Z"],
    "time": ["10:00:00.000Z", "11:00:00.000Z"],
    "geopoint": ["34.5 113.2 90 5", "34.6 113.2 90 5"], "binary": ["a.png", "b.png"],
    "geotrace": ["34.5 113.2 0 0; 34.6 113.3 0 0", "34.5 113.2 0 0; 34.6 113.4 0 0"],
    "geoshape": [f"34.5 113.2 0 0; 34.6 113.{n} 0 0; 34.5 113.3 0 0; 34.5 113.2 0 0" for n in (3, 4)],
    "string": ["x", "y", "王测", "410499195603079313", "91410499MX7GBJK232", "13800000000", "测试公司"],
}  # fmt: skip
TOWN = "substr(/data/town, 1)"
PREDICATES = {
    "and": "town = /data/town and size &lt; 50",
    "&lt;": f"size &lt; {TOWN}",
    "starts-with": "starts-with(town, /data/town)",
    "contains": f"contains(label, {TOWN})",
    "selected": "selected(/data/town, town)",
    "numeric": f"number(size) + 1 &gt;= {TOWN} * 2",
}


@dataclass
class Row:
    """One form's figures; JavaRosa's are None where it is not there or cannot."""

    name: str
    load: float = 0.0
    cache: float = 0.0
    answers: list[float] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    peer_load: float | None = None
    peer_answers: list[float] = field(default_factory=list)
    fresh: tuple[float, float] | None = None
    memory: tuple[float, float] | None = None


class Peer:
    """JavaRosa behind its harness."""

    def __init__(self, classes: str) -> None:
        self.process = subprocess.Popen(
            ["java", "-cp", classes, "JrHarness"],
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


def big_form() -> str:
    """A form with 1,000 expressions: relevance chains, sums over chains, constraints, groups, a repeat."""
    nodes, binds, body = [], [], []
    for n in range(QUESTIONS):
        group, before = f"g{n // 25}", f"/data/g{(n - 1) // 25}/q{n - 1}" if n else None
        path = f"/data/{group}/q{n}"
        if n % 25 == 0:
            nodes.append(f"<{group}>")
            body.append(f'<group ref="/data/{group}"><label>G {n}</label>')
        nodes.append(f"<q{n}/><c{n}/>")
        relevant = f' relevant="{before} != 7 or /data/g0/q0 = 1"' if before else ""
        binds.append(
            f'<bind nodeset="{path}" type="int"{relevant} constraint=". &lt; 1000 and . &gt;= 0" '
            + (f'required="/data/g0/q0 = {n}"/>' if n else "/>")
        )
        total = f"coalesce({path}, 0) + if({before} = 3, 1, 2)" if before else path
        binds.append(f'<bind nodeset="/data/{group}/c{n}" type="string" calculate="{total}"/>')
        label = (
            f'Question {n} after <output value="{before}"/>' if before and n % 10 == 0 else f"Question {n}"
        )
        body.append(f'<input ref="{path}"><label>{label}</label></input>')
        if n % 25 == 24:
            nodes.append(f"</{group}>")
            body.append("</group>")
    sums = " + ".join(f"coalesce(/data/g{n // 25}/c{n}, 0)" for n in range(0, QUESTIONS, 5))
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>big</h:title><model><instance>'
        f'<data id="big">{"".join(nodes)}<sum/><rep><x/><y/></rep><all/><meta><instanceID/></meta></data>'
        f'</instance>{"".join(binds)}<bind nodeset="/data/sum" type="string" calculate="{sums}"/>'
        '<bind nodeset="/data/rep/x" type="int"/>'
        '<bind nodeset="/data/rep/y" type="string" calculate="position(..) * 2 + coalesce(../x, 0)"/>'
        '<bind nodeset="/data/all" type="string" calculate="count(/data/rep)"/>'
        f'</model></h:head><h:body>{"".join(body)}<group ref="/data/rep"><label>R</label>'
        '<repeat nodeset="/data/rep"><input ref="/data/rep/x"><label>X</label></input></repeat></group>'
        "</h:body></h:html>"
    )


def list_form(rows: int, predicate: str) -> tuple[str, bytes]:
    """A select over a long list of villages, narrowed by a predicate."""
    lines = ["name,label,town,size", *[f"v{n},Village {n},t{n % TOWNS},{n % 97}" for n in range(rows)]]
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<h:head><h:title>list</h:title><model><instance><data id="list"><town/><village/></data></instance>'
        '<instance id="villages" src="jr://file-csv/villages.csv"/></model></h:head><h:body>'
        '<input ref="/data/town"><label>T</label></input><select1 ref="/data/village"><label>V</label>'
        f'<itemset nodeset="instance(\'villages\')/root/item[{predicate}]"><value ref="name"/>'
        '<label ref="label"/></itemset></select1></h:body></h:html>'
    )
    return xml, "\n".join(lines).encode()


def timed(run: Callable[..., object], *args: object) -> float:
    """Milliseconds; what a run leaves behind is not collected meanwhile."""
    start = time.perf_counter_ns()
    run(*args)
    return (time.perf_counter_ns() - start) / 1e6


def questions(session: Session, ref: str | None = None) -> Iterator[Entry]:
    for entry in session.children(ref):
        if entry.kind == "question":
            yield entry
        else:
            yield from questions(session, entry.ref)


def accepted(session: Session, entry: Entry) -> list[str]:
    """Up to two values that the question takes without complaint."""
    chosen = entry.control in ("select1", "select", "rank")
    values = [choice.value for choice in session.choices(entry.ref)[:6]] if chosen else VALUES.get(entry.type)
    found: list[str] = []
    for value in ["OK"] if entry.control == "trigger" else values if values is not None else VALUES["string"]:
        with contextlib.suppress(Problem):
            session.answer(entry.ref, value)
            if not session.entry(entry.ref).problem:
                found.append(value)
        if len(found) == 2:
            break
    return found


def walk(session: Session) -> tuple[list[dict[str, str]], list[float]]:
    """Answer in the form's order, two values in turn; the steps, and the median of each in µs."""
    steps: list[dict[str, str]] = []
    medians: list[float] = []
    for asked in list(questions(session)):
        with contextlib.suppress(Problem):
            entry = session.entry(asked.ref)
            if not entry.relevant or entry.readonly or len(steps) == LONGEST_WALK:
                continue
            values = accepted(session, entry)
            if not values:
                session.answer(entry.ref, "")
                continue
            turns = [values[0], values[1] if len(values) > 1 else ""]
            times = [timed(session.answer, entry.ref, turns[at % 2]) for at in range(ROUNDS)]
            session.answer(entry.ref, turns[0])
            steps.append({"ref": entry.ref, "value": turns[0], "alt": turns[1]})
            medians.append(statistics.median(times[1:]) * 1000)
    return steps, medians


def measure(path: pathlib.Path, peer: Peer | None) -> Row:
    """All figures of one form in the two warm processes."""
    xml = path.read_bytes()
    files = {one.name: one.read_bytes() for one in path.parent.iterdir() if _is_list(one, xml)}
    row = Row(path.stem)
    gc.collect()
    row.load = min(_loaded(lambda: Session.new(read_form(xml, files))) for _ in range(LOADS))
    form = read_form(xml, files)
    data = dump_form(form)
    opened: Callable[[], object] = lambda: Session.new(load_form(data) or form)  # noqa: E731 - timed
    row.cache = min(_loaded(opened) for _ in range(LOADS))
    row.steps, row.answers = walk(Session.new(form))
    if peer is not None:
        loaded = peer(op="load", form=str(path), rounds=LOADS)
        if loaded.get("result") == "ok":
            rounds = zip(loaded["parseAll"], loaded["initAll"], strict=True)
            row.peer_load = min(parse + init for parse, init in rounds) / 1e6
            told = peer(op="bench", answers=row.steps, rounds=ROUNDS, detail=True)
            row.peer_answers = [one["warm"] / 1000 for one in told.get("answers", [])]
    return row


def _loaded(run: Callable[[], object]) -> float:
    gc.collect()
    return timed(run)


def _is_list(path: pathlib.Path, xml: bytes) -> bool:
    return (path.suffix in SUFFIXES or path.suffix == ".xml") and f'/{path.name}"'.encode() in xml


OURS = """
import sys, pathlib; sys.path.insert(0, sys.argv[1])
from xincai.xforms import Session, read_form
path = pathlib.Path(sys.argv[2]); xml = path.read_bytes()
files = {f.name: f.read_bytes() for f in path.parent.iterdir() if f'/{f.name}"'.encode() in xml}
Session.new(read_form(xml, files)).children()
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")), flush=True)
"""


def fresh(path: pathlib.Path, classes: str, row: Row) -> None:
    """A process of its own on either side: until the first question stands (ms), and its memory then (MB).

    The program has its bytecode, as an installed one does: the first of two processes makes it. How long
    either takes to end is not counted.
    """
    command = [sys.executable, "-c", OURS, str(ROOT / "client"), str(path)]
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    own["PYTHONPYCACHEPREFIX"] = str(pathlib.Path(classes.rpartition(os.pathsep)[2]) / "bytecode")
    for _ in range(2):
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own) as process:
            assert process.stdout
            said = process.stdout.readline()
            mine = time.perf_counter() - start
    start = time.perf_counter()
    peer = Peer(classes)
    peer(op="load", form=str(path))
    theirs = time.perf_counter() - start
    status = pathlib.Path(f"/proc/{peer.process.pid}/status").read_text()
    resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    peer.close()
    row.fresh = mine * 1000, theirs * 1000
    row.memory = int(said) / 1024, int(resident) / 1024


def repeats() -> dict[str, float]:
    """Adding instances up to a thousand: µs for the first hundred and for the last."""
    session = Session.new(read_form(big_form().encode()))
    times = [timed(session.add_repeat, "/data/rep") * 1000 for _ in range(1000)]
    return {
        "add-repeat µs": statistics.median(times[:100]),
        "1000th repeat µs": statistics.median(times[-100:]),
    }


def filters() -> dict[str, float]:
    """Choices of a long list after an answer that narrows it otherwise, in ms, both steps counted."""

    def one(rows: int, predicate: str) -> float:
        xml, data = list_form(rows, predicate)
        session = Session.new(read_form(xml.encode(), {"villages.csv": data}))
        times = []
        for town in range(1, 20):
            both = timed(session.answer, "/data/town", f"t{town}") + timed(session.choices, "/data/village")
            times.append(both)
        return statistics.median(times)

    found = {"cascade of 50,000 ms": one(MANY_VILLAGES, "town = /data/town")}
    return found | {
        f"{name.replace('&lt;', '<')} over 11,800 ms": one(VILLAGES, text)
        for name, text in PREDICATES.items()
    }


def paths(folder: pathlib.Path, words: list[str]) -> list[pathlib.Path]:
    """All forms to be measured, the made-up ones written where the peer can read them."""
    (folder / "big.xml").write_text(big_form())
    xml, data = list_form(VILLAGES, "town = /data/town")
    (folder / "list.xml").write_text(xml)
    (folder / "villages.csv").write_bytes(data)
    found = [*sorted((ROOT / "forms" / "xform").glob("*.xml")), folder / "big.xml", folder / "list.xml"]
    named = words or list(filter(None, os.environ.get("XINCAI_BENCH_FORMS", "").split(os.pathsep)))
    for one in map(pathlib.Path, named):
        found += sorted(one.glob("*.xml")) if one.is_dir() else [one]
    return [one for one in found if b"<instance" in one.read_bytes()]


def spread(values: list[float]) -> tuple[float, float, float]:
    """Mean, 95th percentile, largest."""
    ordered = sorted(values)
    return statistics.fmean(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], ordered[-1]


def show(row: Row) -> None:
    line = f"{row.name:26.26}{row.load:8.1f}{row.cache:8.1f}"
    if row.answers:
        line += "".join(f"{value:9.1f}" for value in spread(row.answers))
    if row.peer_load is not None:
        line += f"  |{row.peer_load:8.1f}"
        line += "".join(f"{value:9.1f}" for value in spread(row.peer_answers)) if row.peer_answers else ""
        line += f"  |{row.load / row.peer_load:6.2f}{row.cache / row.peer_load:6.2f}"
        line += f"{_answers(row):6.2f}" if row.peer_answers else ""
    if row.fresh is not None and row.memory is not None:
        line += (
            f"  | fresh {row.fresh[0]:.0f}/{row.fresh[1]:.0f} ms, {row.memory[0]:.0f}/{row.memory[1]:.0f} MB"
        )
    print(line, flush=True)


def _answers(row: Row) -> float:
    return statistics.fmean(row.answers) / statistics.fmean(row.peer_answers)


def verdict(rows: list[Row], own: dict[str, float]) -> list[tuple[str, float, float]]:
    """What was promised: name, figure, the most it may be."""
    beside = [row for row in rows if row.peer_load]
    found = []
    if beside:
        mean = statistics.geometric_mean
        found += [
            ("load / JavaRosa warm", mean([row.load / (row.peer_load or math.nan) for row in beside]), 0.7),
            (
                "cache / JavaRosa warm",
                mean([row.cache / (row.peer_load or math.nan) for row in beside]),
                0.25,
            ),
        ]
        answered = [row for row in beside if len(row.peer_answers) >= FEWEST and row.answers]
        found.append(("answer / JavaRosa warm", mean([_answers(row) for row in answered]), 0.5))
        found += [(f"answer / JavaRosa, {row.name}", _answers(row), 1.0) for row in answered]
        apart = [row for row in rows if row.fresh and row.memory]
        found += [
            (
                "fresh process / fresh JVM",
                mean([row.fresh[0] / row.fresh[1] for row in apart if row.fresh]),
                0.2,
            ),
            ("memory / JVM", mean([row.memory[0] / row.memory[1] for row in apart if row.memory]), 0.35),
        ]
    for row in rows:
        if row.answers and row.name.startswith("whova"):
            found += [
                (f"{row.name} p95 µs", spread(row.answers)[1], 150),
                (f"{row.name} max µs", spread(row.answers)[2], 4000),
            ]
    most = {name: 300.0 if "µs" in name else 1.0 if "cascade" in name else 30.0 for name in own}
    return found + [(name, value, most[name]) for name, value in own.items()]


def main() -> int:
    gc.disable()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        forms = paths(folder, sys.argv[1:])
        peer, classes = None, ""
        if HARNESS.exists() and shutil.which("javac"):
            import pyxform

            jar = pathlib.Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
            subprocess.run(
                ["javac", "-nowarn", "-cp", jar, "-d", name, HARNESS], check=True, capture_output=True
            )
            classes = f"{jar}{os.pathsep}{name}"
            peer = Peer(classes)
            for form in forms:  # warm
                peer(op="load", form=str(form), rounds=2)
        print(f"{'':26}{'load ms':>8}{'cache':>8}{'mean µs':>9}{'p95':>9}{'max':>9}  | JavaRosa: the same"
              "     | ours/theirs: load, cache, answer")  # fmt: skip
        rows = []
        for at, form in enumerate(forms):
            try:
                row = measure(form, peer)
            except Problem as problem:
                print(f"{form.stem:26.26} refused: {problem.code}")
                continue
            if classes and at % max(1, len(forms) // FRESH) == 0:
                fresh(form, classes, row)
            rows.append(row)
            show(row)
        if peer is not None:
            peer.close()
    results = verdict(rows, {**repeats(), **filters()})
    print()
    for what, value, most in results:
        print(f"{what:44}{value:10.2f}{most:10.2f}{'' if value <= most else '   late'}")
    late = [what for what, value, most in results if value > most]
    print("late:", ", ".join(late) or "none")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
