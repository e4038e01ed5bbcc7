"""How fast the forms engine is beside ODK Web Forms' own: the same forms, the same answers, both warm.

    python tests/bench/bench_webforms.py [FORM...]

Loads are the best of some rounds, answers the median of each question given two values in turn; only those
count that both take. Web Forms runs in Node on jsdom's documents, where it spends most of its loading; a
browser's are quicker. npm installs both for the run; without npm nothing is compared. Prints a line a form
and geometric means; nothing is promised of them.
"""

import gc
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests" / "bench")]

from bench_xforms import ROUNDS, measure  # noqa: E402 - the path comes first

from xincai.errors import Problem  # noqa: E402 - likewise


def main(forms: list[pathlib.Path]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        print("skipped: no npm")
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "install", "--prefix", folder, "@getodk/xforms-engine", "jsdom"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            print("skipped: npm could not install ODK Web Forms' engine")
            return
        compare(folder, forms)


def compare(folder: str, forms: list[pathlib.Path]) -> None:
    gc.disable()
    rows, asked = [], []
    for form in forms:
        try:
            row = measure(form, None)
        except Problem as problem:
            print(f"{form.stem:26} refused: {problem.code}")
            continue
        rows.append(row)
        asked.append({"form": str(form), "steps": row.steps})
    with tempfile.TemporaryFile("w+") as told:
        json.dump({"forms": asked, "rounds": ROUNDS}, told)
        told.seek(0)
        script = pathlib.Path(__file__).with_name("webforms.mjs")
        said = subprocess.run(
            ["node", str(script), folder], stdin=told, capture_output=True, text=True, check=True
        )
    loads, answers = [], []
    print(f"{'':26}{'load ms':>9}{'answer µs':>11}  | Web Forms: the same  | ours/theirs  | questions")
    for row, peer in zip(rows, json.loads(said.stdout.splitlines()[-1]), strict=True):
        if "refused" in peer:
            print(f"{row.name:26} Web Forms: {peer['refused']}")
            continue
        pairs = [pair for pair in zip(row.answers, peer["answers"], strict=True) if pair[1] is not None]
        ours, theirs = (statistics.fmean(each) for each in zip(*pairs, strict=True)) if pairs else (0.0, 0.0)
        loads.append(row.load / peer["load"])
        line = (
            f"{row.name:26}{row.load:9.1f}{ours:11.1f}  |{peer['load']:9.1f}{theirs:11.1f}  |{loads[-1]:6.2f}"
        )
        if pairs:
            answers.append(ours / theirs)
            line += f"{answers[-1]:6.2f}"
        print(f"{line}  |{len(pairs):4} of {len(row.answers)}")
    print(f"load / Web Forms {statistics.geometric_mean(loads):.3f}")
    print(f"answer / Web Forms {statistics.geometric_mean(answers):.3f}")


if __name__ == "__main__":
    chosen = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    main(chosen or sorted((ROOT / "forms" / "xform").glob("*.xml")))
