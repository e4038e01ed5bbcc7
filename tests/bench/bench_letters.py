"""How long a letter takes: the first in a process, one page, and a village of 200 receipts.

    python tests/bench/bench_letters.py

The peer in the same run is reportlab as it comes: the same characters in the same song face, one document a
letter, without table, justification, QR or a right text layer.
"""

import datetime
import io
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client")]

from reportlab.pdfbase import pdfmetrics  # noqa: E402 - found by the line above
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from xincai import paths  # noqa: E402
from xincai.letters import render, render_all  # noqa: E402 - found by the line above
from xincai.letters.letter import Letter, Paragraph, Table  # noqa: E402
from xincai.letters.template import Answers, letter_text  # noqa: E402

FIRST = """
import datetime, sys, time
sys.path[:0] = [{client!r}]
began = time.perf_counter()
from xincai.letters import render
from xincai.letters.letter import Letter, Paragraph, Span
at = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)
text = "依法诚信经营，按约定用途使用资金，共20项。" * 20
blocks = (Paragraph("body", (Span(text),)), Paragraph("body", (Span("王测𬭚", value=True),)))
render(Letter("receipt", "zh", "CS-1", "测试文书", blocks, "{{}}", "0000", at, False, "r", 1, "测**", "1"))
print(time.perf_counter() - began)
"""


def letter(number: int) -> Letter:
    """A one-page receipt that differs from its neighbours as real ones do."""
    names = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
    name = f"{names[number % 32]}测{'䶮堃喆龑㛃彧玥犇'[number % 8]}"
    shown = {
        "subject_shown": f"{name[0]}**",
        "number": f"HZ-410499-20261122-{number:06}",
        "sealed": "2026年11月22日10:32",
        "office": "测试县融资信用服务中心",
        "officer": name,
        "place": "测试县柳河乡柳河村",
        "code_shown": "410499********0012",
        "form_title": "家庭农场采集表",
        "form_version": "2026.1",
        "answer_count": str(40 + number % 50),
        "attachments": "3",
        "record_id": f"3f6c9c1e-6f8e-4e29-9a61-{number:012}",
        "record_version": "1",
        "sm3": f"{number:064x}",
        "phone": "0375-1234567",
        "issued": "2026年11月22日",
        "person": "1",
    }
    text = letter_text("receipt", "zh")
    payload = (
        f'{{"n":"HZ-{number:06}","d":"{number:064x}","s":"{"A" * 86}","m":"{name[0]}**","k":"{"0" * 16}"}}'
    )
    at = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)
    return Letter(
        kind="receipt",
        language="zh",
        number=shown["number"],
        title=text.title,
        blocks=text.fill(Answers("zh", shown)),
        payload=payload,
        code="0000 0000",
        issued=at,
        practice=False,
        record_id="r",
        record_version=1,
        subject_masked=shown["subject_shown"],
        text_version="1",
    )


def words(each: Letter) -> list[str]:
    """The lines of text that a letter holds, for the peer."""
    rows = [block.rows if isinstance(block, Table) else ((block.spans,),) for block in each.blocks
            if isinstance(block, Table | Paragraph)]  # fmt: skip
    return [span.text for block in rows for row in block for cell in row for span in cell]


def bare(each: Letter) -> bytes:
    """The same characters through reportlab as it comes."""
    pdfmetrics.registerFont(TTFont("song", paths.resources() / "fonts" / "NotoSerifSC-Regular.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("song", 12)
    for number, line in enumerate(words(each)):
        canvas.drawString(60, 800 - 14 * (number % 50), line)
    canvas.save()
    return out.getvalue()


def main() -> None:
    code = FIRST.format(client=str(ROOT / "client"))
    first = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    print(f"first letter in a process, imports included: {min(first) * 1000:.0f} ms")
    letters = [letter(n) for n in range(200)]
    render(letters[0])
    spent, sizes = [], []
    for each in letters:
        began = time.process_time()
        sizes.append(len(render(each)))
        spent.append(time.process_time() - began)
    middle = statistics.median(spent)
    print(
        f"one-page receipt: median {middle * 1000:.1f} ms of processor time, {1 / middle:.0f} a second,"
        f" {statistics.mean(sizes) / 1000:.0f} kB"
    )
    plain = []
    for each in letters[:8]:
        began = time.process_time()
        bare(each)
        plain.append(time.process_time() - began)
    peer = statistics.median(plain)
    print(f"the same text through bare reportlab: median {peer * 1000:.1f} ms; ratio {middle / peer:.2f}")
    began = time.process_time()
    size = len(render_all(letters))
    total = time.process_time() - began
    print(f"200 receipts in one document: {total:.2f} s, {200 / total:.0f} a second, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
