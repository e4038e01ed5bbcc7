"""How long the whole catalogue of forms takes: read from the XForms, and opened from the cache.

Run it by hand: `python tests/bench/bench_catalogue.py`. Each in a fresh process, CPU time, the median of
five; the physical limit beside it is what lxml alone takes to parse the same bytes.
"""

import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = {"read": 1.5, "cache": 0.2}
RUN = """
import json, pathlib, sys, time, gc
from lxml import etree
from xincai.xforms import Session, dump_form, load_form, read_form
folder = pathlib.Path(sys.argv[1])
xmls = {file.stem: file.read_bytes() for file in sorted(folder.glob("*.xml"))}
lists = {file.name: file.read_bytes() for file in folder.glob("*.csv")}
gc.disable()

def timed(work):
    start = time.process_time()
    made = work()
    return time.process_time() - start, made

parse, _ = timed(lambda: [etree.fromstring(xml) for xml in xmls.values()])
read, forms = timed(lambda: [read_form(xml, lists) for xml in xmls.values()])
fill, _ = timed(lambda: [Session.new(form) for form in forms])
kept = [dump_form(form) for form in forms]
cache, opened = timed(lambda: [load_form(data) for data in kept])
assert None not in opened
print(json.dumps({"forms": len(forms), "parse": parse, "read": read, "fill": fill, "cache": cache}))
"""


def main() -> int:
    runs = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(ROOT / "forms" / "xform")],
            capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "client")},
        )  # fmt: skip
        runs.append(json.loads(done.stdout))
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"{found['forms']:.0f} forms")
    for name, words in (
        ("parse", "lxml alone"),
        ("read", "read and check all"),
        ("fill", "start a filling of each"),
        ("cache", "open all from the cache"),
    ):
        target = f"  target {TARGETS[name]:.1f} s" if name in TARGETS else ""
        print(f"{words:26}{found[name]:8.3f} s{found[name] / found['parse']:8.1f} x lxml{target}")
    late = [name for name, most in TARGETS.items() if found[name] > most]
    print("over target:", ", ".join(late) or "none")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
