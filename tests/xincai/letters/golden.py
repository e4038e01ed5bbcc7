"""The letters whose bytes are kept: every kind and every type of commitment, in both languages.

    python tests/xincai/letters/golden.py        write golden.json anew, and say what changed

Do that after you looked at the letters and like what you see. The input is synthetic and fixed: clock,
answers, key (Ed25519, whose signatures do not vary). `pages` are digests of what stands on each page,
`bytes` that of the file, which also depends on the zlib that deflates it.
"""

import hashlib
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parents[3]
    sys.path[:0] = [str(ROOT / "client"), str(ROOT / "tests"), str(Path(__file__).parent)]

from PIL import Image, ImageDraw
from test_kinds import AT, MADE_FROM, TYPES, held, sealed, sections

from xincai.letters import Issue, Letter, batch_slip, compose, render, report
from xincai.letters.compose import KINDS
from xincai.letters.foot import dress
from xincai.letters.layout import lay_out
from xincai.letters.letter import Language
from xincai.records import Subject
from xincai.wire.suites import ED25519, PrivateKey

FILE = Path(__file__).with_name("golden.json")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
OFFICE = "测试县融资信用服务中心"
NUMBER = "41049920261122000123"
ARRIVED = {
    "batch": "第3批",
    "batch_digest": "cd" * 32,
    "receipt_no": "R-20261122-000077",
    "receipt_time": "2026年11月22日11:20",
    "outcome": "已受理",
}


def drawn(signer: str) -> dict[str, str | bytes]:
    """What a letter says of a handwriting on the screen."""
    paper, png = Image.new("RGBA", (300, 120), (0, 0, 0, 0)), io.BytesIO()
    ImageDraw.Draw(paper).line([(10, 90), (150, 20), (280, 100)], fill=(0, 0, 0, 255), width=4)
    paper.save(png, "PNG")
    told = {"statement": "a" * 64, "statement_key": "0123456789abcdef", "statement_points": "128"}
    return {**told, "statement_signer": signer, "signature": png.getvalue()}


def key() -> PrivateKey:
    """A key that nobody uses, the same each time."""
    return PrivateKey.load(ED25519, b"\x07" * 32)


def letters() -> Iterator[tuple[str, Callable[[], Letter]]]:
    """Each letter by its name, to be made when asked for."""
    signing = key()
    made: dict[tuple[Any, ...], Any] = {}

    def filled(form: str, subject: str, **chosen: str) -> Any:
        name = (form, subject, *sorted(chosen.items()))
        if name not in made:
            made[name] = sealed(form, subject, **chosen)
        return made[name]

    def make(kind: Any, language: Language, record: Any, **other: Any) -> Letter:
        return compose(
            kind, *record, number=NUMBER, office=OFFICE, issued=AT, sign=signing.sign, suite=ED25519,
            key_id=signing.public.key_id, language=language, **other,
        )  # fmt: skip

    for language in LANGUAGES:
        for kind in KINDS:
            parts = {"parts": sections()} if kind == "summary" else {}
            yield (
                f"{kind}.{language}",
                lambda k=kind, s=language, p=parts: make(  # type: ignore[misc]
                    k, s, filled(*MADE_FROM[k], signer_kind="3"), **p
                ),
            )
        for code in TYPES:
            yield (
                f"commitment-{code}.{language}",
                lambda c=code, s=language: make(  # type: ignore[misc]
                    "commitment", s, filled("commitment", "ENT", cm_type=c)
                ),
            )
        yield (
            f"receipt-after.{language}",
            lambda s=language: make(  # type: ignore[misc]
                "receipt", s, filled("household", "HH", signer_kind="1"), extra=ARRIVED
            ),
        )
        for signer, how in (("subject", "1"), ("witness", "3")):
            yield (
                f"drawn-{signer}.{language}",
                lambda s=language, w=signer, h=how: make(  # type: ignore[misc]
                    "commitment", s, filled("commitment", "HH", signer_kind=h), extra=drawn(w)
                ),
            )
        issue = Issue(NUMBER, OFFICE, AT, signing.sign, signing.public.key_id, ED25519, language=language)
        yield (
            f"report.{language}",
            lambda i=issue: report(  # type: ignore[misc]
                Subject("HH", "LH-023", "王测䶮"), held(9), i, officer="李测试", in_full=True
            ),
        )
        facts = {"sequence": "7", "created": "今天", "device": "d-1", "recipient": "gw", "key": "k"}
        yield (
            f"batch.{language}",
            lambda i=issue, f=facts: batch_slip(  # type: ignore[misc]
                "ab" * 32,
                f | {"count": "12", "files": "3"},
                [{"no": "1", "label": "household", "count": "12"}],
                i,
            ),
        )


def digests(letter: Letter) -> Mapping[str, Any]:
    """What is kept of a letter."""
    pages = [hashlib.sha256(repr(page).encode()).hexdigest()[:16] for page in dress(lay_out(letter), letter)]
    return {"pages": pages, "bytes": hashlib.sha256(render(letter)).hexdigest()}


def difference(kept: Mapping[str, Any], now: Mapping[str, Any], *, same_zlib: bool) -> str:
    """What differs from what is kept, in words; "" when nothing does."""
    if len(kept["pages"]) != len(now["pages"]):
        return f"{len(now['pages'])} pages, not {len(kept['pages'])}"
    pages = [
        str(n)
        for n, pair in enumerate(zip(kept["pages"], now["pages"], strict=True), 1)
        if pair[0] != pair[1]
    ]
    if pages:
        return f"page {', '.join(pages)} differs"
    return "the file differs, its pages do not" if same_zlib and kept["bytes"] != now["bytes"] else ""


def read() -> Mapping[str, Any]:
    """What is kept."""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {"zlib": "", "letters": {}}  # type: ignore[no-any-return]


def main() -> None:
    before = read()["letters"]
    now = {name: digests(make()) for name, make in letters()}
    for name, each in now.items():
        said = difference(before[name], each, same_zlib=True) if name in before else "new"
        if said:
            print(f"{name}: {said}")
    kept = {"zlib": zlib.ZLIB_RUNTIME_VERSION, "letters": now}
    FILE.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
