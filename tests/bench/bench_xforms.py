"""How fast the forms engine is: loading and answering a big form, adding repeats, filtering a long list.

Run it by hand: `python tests/bench/bench_xforms.py`. Where java and the shared harness are present, the same
form and answers also go through JavaRosa, and the ratio is printed.
Our times are CPU time, the best of seven.
"""

import contextlib
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "client"))
from xincai.errors import Problem  # noqa: E402 - the path comes first
from xincai.xforms import Session, read_form  # noqa: E402 - likewise

HARNESS = ROOT.parent / "shared" / "peers" / "javarosa" / "JrHarness.java"
QUESTIONS = 250
TOWNS, VILLAGES = 40, 11_800
TARGETS = {
    "load ms": 150,
    "mean µs": 40,
    "p95 µs": 120,
    "max µs": 3000,
    "add repeat µs": 300,
    "draft µs": 300,
    "filter µs": 1000,
}


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


def list_form() -> tuple[str, bytes]:
    """A cascade over a long list of villages."""
    rows = ["name,label,town"] + [f"v{n},Village {n},t{n % TOWNS}" for n in range(VILLAGES)]
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<h:head><h:title>list</h:title><model><instance><data id="list"><town/><village/></data></instance>'
        '<instance id="villages" src="jr://file-csv/villages.csv"/></model></h:head><h:body>'
        '<input ref="/data/town"><label>T</label></input><select1 ref="/data/village"><label>V</label>'
        '<itemset nodeset="instance(\'villages\')/root/item[town = /data/town]"><value ref="name"/>'
        '<label ref="label"/></itemset></select1></h:body></h:html>'
    )
    return xml, "\n".join(rows).encode()


def answers() -> list[tuple[str, str]]:
    return [(f"/data/g{n // 25}/q{n}", str(value)) for value in (3, 7, 12) for n in range(QUESTIONS)]


def answer(session: object, ref: str, value: str) -> None:
    """Answer what applies now; what does not costs next to nothing on either side."""
    with contextlib.suppress(Problem):
        session.answer(ref, value)  # type: ignore[attr-defined]  # a Session


def timed(run: object, *args: object) -> float:
    start = time.process_time()
    run(*args)  # type: ignore[operator]  # any callable
    return time.process_time() - start


def summary(seconds: list[float]) -> dict[str, float]:
    micro = sorted(second * 1e6 for second in seconds)
    return {
        "mean µs": statistics.fmean(micro),
        "p50 µs": micro[len(micro) // 2],
        "p95 µs": micro[int(len(micro) * 0.95)],
        "max µs": micro[-1],
    }


def ours() -> dict[str, float]:
    xml = big_form().encode()
    loads = [timed(lambda: Session.new(read_form(xml))) for _ in range(5)]
    session = Session.new(read_form(xml))
    for ref, value in answers():
        answer(session, ref, value)
    best = [
        min(times)
        for times in zip(*[[timed(answer, session, *a) for a in answers()] for _ in range(7)], strict=True)
    ]
    found = {"load ms": min(loads) * 1000, "first load ms": loads[0] * 1000, **summary(best)}
    repeats = [timed(session.add_repeat, "/data/rep") for _ in range(300)]
    drafts = []
    for ref, value in answers()[:100]:
        answer(session, ref, value)
        drafts.append(timed(session.draft_xml))
    found["draft µs"] = statistics.median(drafts) * 1e6
    found["add repeat µs"] = statistics.fmean(repeats) * 1e6
    found["300th repeat µs"] = statistics.median(repeats[-20:]) * 1e6
    form_xml, rows = list_form()
    form = read_form(form_xml.encode(), {"villages.csv": rows})
    session = Session.new(form)
    session.answer("/data/town", "t1")
    found["first filter ms"] = timed(session.choices, "/data/village") * 1000
    filters = []
    for town in range(2, 30):
        session.answer("/data/town", f"t{town}")
        session._filling.known.clear()
        filters.append(timed(session.choices, "/data/village"))
    found["filter µs"] = statistics.fmean(filters) * 1e6
    return found


def javarosa() -> dict[str, float] | None:
    """The same form and answers through JavaRosa, warm."""
    if not (HARNESS.exists() and shutil.which("javac")):
        return None
    import pyxform

    jar = pathlib.Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["javac", "-nowarn", "-cp", jar, "-d", folder, HARNESS], check=True, capture_output=True
        )
        form = pathlib.Path(folder) / "big.xml"
        form.write_text(big_form())
        steps = [{"op": "load", "form": str(form), "rounds": 10}]
        steps += [
            {"op": "answer", "ref": ref, "value": value, "noConstraint": True} for ref, value in answers() * 4
        ]
        run = subprocess.run(
            ["java", "-cp", f"{jar}:{folder}", "JrHarness"],
            input="\n".join(map(json.dumps, steps)), capture_output=True, text=True, check=True,
        )  # fmt: skip
    load, *replies = map(json.loads, run.stdout.splitlines())
    count = len(answers())
    rounds = [
        [reply.get("ns", 0) / 1e9 for reply in replies[at * count : (at + 1) * count]] for at in (1, 2, 3)
    ]
    warm = [min(times) for times in zip(*rounds, strict=True)]
    whole = [a + b for a, b in zip(load["parseAll"], load["initAll"], strict=True)]
    return {"load ms": min(whole) / 1e6, "first load ms": whole[0] / 1e6, **summary(warm)}


def main() -> int:
    mine, theirs = ours(), javarosa()
    print(f"{'':16}{'xincai':>10}{'target':>10}{'JavaRosa':>10}{'ratio':>8}")
    for name, value in mine.items():
        target = TARGETS.get(name)
        peer = (theirs or {}).get(name)
        print(
            f"{name:16}{value:10.1f}{target or '':>10}"
            + (f"{peer:10.1f}{peer / value:7.1f}x" if peer else "")
        )
    late = [name for name, most in TARGETS.items() if mine[name] > most]
    print("over target:", ", ".join(late) or "none")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
