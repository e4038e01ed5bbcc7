"""Good and bad bundles by lot: the gateway and openssl alone say the same of each, and what is so.

    python tests/campaign/campaign_bundles.py [BUNDLES [SEED]]

Prints one JSON line with how many of each kind there were; exit code 1 when one was misjudged.
"""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests")]

import visits  # noqa: E402

import bundles  # noqa: E402


def main(count: int, seed: int) -> int:
    chance, kinds, wrong = random.Random(seed), Counter[str](), []
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="xincai-", dir=visits.memory()) as folder,
        bundles.yard(Path(folder)) as place,
    ):
        for number in range(count):
            bundle = (bundles.good, bundles.bad)[number % 2](place, chance)
            paths = place.written(bundle)
            one, other = place.gateway_says(paths), place.openssl_says(paths, bundle.device)
            if one != other or (one != "bad") != bundle.good:
                wrong.append(f"{number} {bundle.kind}: {one[:16]}, {other[:16]}")
            kinds[f"{'good' if bundle.good else 'bad'}: {bundle.kind}"] += 1
            if number % 100 == 99:
                print(f"{number + 1} bundles, {len(wrong)} misjudged", file=sys.stderr, flush=True)
    print(json.dumps({
        "bundles": count, "misjudged": len(wrong), "examples": wrong[:5],
        "kinds": dict(sorted(kinds.items())), "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*given) if len(given) == 2 else main(given[0] if given else 1000, 1))
