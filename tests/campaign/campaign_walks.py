"""Random walks through our forms, and through any folder of forms, beside JavaRosa: a table of what differs.

    python tests/campaign/campaign_walks.py [FOLDER] [STEPS] [SEED]

A form that JavaRosa itself refuses is passed over. Prints a line a form, then each difference, and one JSON
line with the figures; exit code 1 when there is a difference. Needs java and the peers' harness beside the
project.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests" / "xincai" / "xforms")]

from walking import HARNESS, JavaRosa, Walk  # noqa: E402

STEPS = 300
SLOWEST = 60.0


def main(folder: Path | None, steps: int, seed: int) -> int:
    if not (HARNESS.exists() and shutil.which("javac")):
        print("skipped: no java, or no JavaRosa harness beside the project")
        return 0
    forms = sorted((ROOT / "forms" / "xform").glob("*.xml"))
    forms += sorted(folder.glob("*.xml")) if folder is not None else []
    with tempfile.TemporaryDirectory() as place:
        javarosa = JavaRosa(Path(place))
        walks = [_walked(form, javarosa, steps, seed) for form in forms]
        javarosa.close()
    differing = sum(len(walk.differences) for walk in walks)
    print(json.dumps({
        "forms": len(walks), "steps": sum(len(walk.done) for walk in walks), "differences": differing,
        "stale": sum(walk.stale for walk in walks), "seed": seed,
    }))  # fmt: skip
    return 1 if differing else 0


def _walked(form: Path, javarosa: JavaRosa, steps: int, seed: int) -> Walk:
    walk, began = Walk(form, javarosa, seed), time.monotonic()
    walk.run(steps, until=began + SLOWEST)
    spent = time.monotonic() - began
    figures = f"{len(walk.done):6} steps {len(walk.differences):4} differences {walk.stale:4} stale"
    print(f"{form.stem:40} {figures} {spent:7.1f} s", flush=True)
    for found in sorted(walk.differences.values(), key=lambda one: one.step):
        after = json.dumps(walk.done[found.step - 1], ensure_ascii=False) if found.step else "loading"
        print(f"    {found.where}: {str(found.ours)[:160]} | {str(found.theirs)[:160]}, after {after[:160]}")
    return walk


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        main(
            Path(given[0]) if given else None,
            int(given[1]) if len(given) > 1 else STEPS,
            int(given[2]) if len(given) > 2 else 1,
        )
    )
