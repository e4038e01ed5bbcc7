"""How long a letter takes: the first in a process, and a batch of 500 of one page; and what others take.

    python tests/bench/bench_letters.py [--peers PYTHON]

The peers set the same words in the same run: Typst (one compiler kept open) and WeasyPrint, where the Python
named by `--peers` has them, LibreOffice where it is installed, and reportlab as it comes, without table,
justification, QR or right text layer.
"""

import argparse
import datetime
import html
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client")]

from reportlab.pdfbase import pdfmetrics  # noqa: E402 - found by the line above
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from xincai import paths  # noqa: E402
from xincai.letters import render, render_all  # noqa: E402 - found by the line above
from xincai.letters.foot import qr_squares  # noqa: E402
from xincai.letters.letter import Letter, Paragraph, Table  # noqa: E402
from xincai.letters.template import Answers, letter_text  # noqa: E402

FIRST = """
import datetime, sys, time
sys.path[:0] = [{client!r}]
began = time.process_time()
from xincai.letters import render
from xincai.letters.letter import Letter, Paragraph, Span
at = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)
text = "依法诚信经营，按约定用途使用资金，共20项。" * 20
blocks = (Paragraph("body", (Span(text),)), Paragraph("body", (Span("王测𬭚", value=True),)))
render(Letter("receipt", "zh", "CS-1", "测试文书", blocks, "{{}}", "0000", at, False, "r", 1, "测**", "1"))
print(time.process_time() - began)
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


MEMORY = """
import resource, sys
sys.path[:0] = [{client!r}, {bench!r}]
from bench_letters import letter
from xincai.letters import render
for number in range({count}):
    render(letter(number))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
TYPST = """
import json, sys, time
import typst
fonts, letters = json.load(sys.stdin)
head = (
    '#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 35mm))\\n'
    '#set text(font: "Noto Serif SC", size: 10.5pt, lang: "zh", region: "cn")\\n#set par(justify: true)\\n'
)
def quoted(text):
    return json.dumps(text, ensure_ascii=False)
def source(one):
    parts = [head, f"#align(center, text(22pt, {{quoted(one['title'])}}))\\n"]
    for block in one["blocks"]:
        if len(block) == 1 and len(block[0]) == 1:
            parts.append(f"#par(text({{quoted(block[0][0])}}))\\n")
            continue
        wide = max(map(len, block))
        cells = "".join(
            f"table.cell(colspan: {{wide - len(row) + 1 if n == len(row) - 1 else 1}})"
            f"[#text({{quoted(cell)}})],"
            for row in block for n, cell in enumerate(row)
        )
        parts.append(f"#table(columns: {{wide}}, {{cells}})\\n")
    path = "".join(
        f"M{{x}} {{y}}h1v1h-1z"
        for y, row in enumerate(one["code"]) for x, value in enumerate(row) if value == 0
    )
    side = len(one["code"])
    svg = "<svg xmlns='http://www.w3.org/2000/svg' "
    svg += f"viewBox='0 0 {{side}} {{side}}'><path d='{{path}}'/></svg>"
    parts.append(f"#place(bottom + right, image(bytes({{quoted(svg)}}), format: \\"svg\\", width: 25mm))\\n")
    return "".join(parts).encode()
compiler = typst.Compiler(font_paths=[fonts], ignore_system_fonts=True)
compiler.compile(input=source(letters[0]), format="pdf")
began, worked = time.perf_counter(), time.process_time()
size = 0
for one in letters:
    size += len(compiler.compile(input=source(one), format="pdf"))
worked, spent = time.process_time() - worked, time.perf_counter() - began
print(worked / len(letters), spent / len(letters), size / len(letters))
"""
WEASYPRINT = """
import html, json, sys, time
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
fonts, letters = json.load(sys.stdin)
config = FontConfiguration()
css = CSS(string=f"@font-face {{font-family: S; src: url(file://{fonts}/NotoSerifSC-Regular.ttf)}}"
    "@page {size: A4; margin: 37mm 26mm 35mm 28mm} body {font: 10.5pt S; text-align: justify}"
    "td {border: 0.5pt solid; padding: 4pt}", font_config=config)
def source(one):
    parts = [f"<h1>{html.escape(one['title'])}</h1>"]
    for block in one["blocks"]:
        if len(block) == 1 and len(block[0]) == 1:
            parts.append(f"<p>{html.escape(block[0][0])}</p>")
        else:
            cells = (("".join(f"<td>{html.escape(c)}</td>" for c in row)) for row in block)
            rows = "".join(f"<tr>{row}</tr>" for row in cells)
            parts.append(f"<table>{rows}</table>")
    return "".join(parts)
began, worked = time.perf_counter(), time.process_time()
size = 0
for one in letters:
    size += len(HTML(string=source(one)).write_pdf(stylesheets=[css], font_config=config))
worked, spent = time.process_time() - worked, time.perf_counter() - began
print(worked / len(letters), spent / len(letters), size / len(letters))
"""


def plain(each: Letter) -> dict[str, object]:
    """What another typesetter needs to set the same letter."""
    blocks = [
        [["".join(span.text for span in cell) for cell in row] for row in block.rows]
        if isinstance(block, Table)
        else [["".join(span.text for span in block.spans)]]
        for block in each.blocks
        if isinstance(block, Table | Paragraph)
    ]
    code = [[int(value > 0) for value in row] for row in qr_squares(each.payload).rows]
    return {"title": each.title, "blocks": blocks, "code": code}


def peer(name: str, python: str, code: str, letters: list[Letter]) -> float | None:
    """Seconds of processor time a letter takes elsewhere; None, with a sentence, where it cannot be had."""
    given = json.dumps([str(paths.resources() / "fonts"), [plain(each) for each in letters]])
    done = subprocess.run([python, "-c", code], input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name}: skipped ({(done.stderr.strip().splitlines() or ['no word'])[-1]})")
        return None
    worked, spent, size = map(float, done.stdout.split())
    print(
        f"{name}, {len(letters)} letters: {worked * 1000:.1f} ms of processor time a letter,"
        f" {spent * 1000:.1f} ms by the clock, {size / 1000:.0f} kB"
    )
    return worked


def page(each: Letter) -> str:
    """The letter as HTML, for LibreOffice."""
    parts = [f"<meta charset='utf-8'><h1>{html.escape(each.title)}</h1>"]
    for block in plain(each)["blocks"]:  # type: ignore[attr-defined]  # a list
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in block
        )
        parts.append(f"<table border='1'>{rows}</table>" if len(block[0]) > 1 else f"<p>{block[0][0]}</p>")
    return "".join(parts)


def office(soffice: str, letters: list[Letter]) -> float:
    """Seconds of processor time a letter takes LibreOffice, one process for all, its start apart."""

    def spent(some: list[Letter]) -> float:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, f"{number}.html") for number in range(len(some))]
            for file, each in zip(files, some, strict=True):
                file.write_text(page(each), "utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                 "pdf:writer_web_pdf_Export", "--outdir", folder, *files],
                capture_output=True, check=True,
            )  # fmt: skip
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if len(list(Path(folder).glob("*.pdf"))) != len(some):
                raise RuntimeError("LibreOffice left letters out")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return (spent(letters) - spent(letters[:1])) / (len(letters) - 1)


def measured(code: str) -> float:
    """What a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=500, help="letters in the batch")
    words.add_argument("--peers", default=sys.executable, help="a Python that has typst and weasyprint")
    asked = words.parse_args()
    client = str(ROOT / "client")
    first = min(measured(FIRST.format(client=client)) for _ in range(3))
    print(f"first letter in a process, imports included: {first * 1000:.0f} ms of processor time")
    bench = str(Path(__file__).parent)
    memory = measured(MEMORY.format(client=client, bench=bench, count=asked.count))
    print(f"memory at the most, {asked.count} letters one after another: {memory:.0f} MB")
    letters = [letter(n) for n in range(asked.count)]
    render(letters[0])
    spent, sizes = [], []
    for each in letters:
        began = time.process_time()
        sizes.append(len(render(each)))
        spent.append(time.process_time() - began)
    ours = statistics.mean(spent)
    print(
        f"{asked.count} one-page letters, a file each: {ours * 1000:.1f} ms of processor time a letter"
        f" (median {statistics.median(spent) * 1000:.1f}), {statistics.mean(sizes) / 1000:.0f} kB"
    )
    began = time.process_time()
    size = len(render_all(letters))
    total = time.process_time() - began
    print(f"the same in one document: {total / len(letters) * 1000:.1f} ms a letter, {size / 1000:.0f} kB")
    for name, code, few, wanted in (
        ("Typst", TYPST, 100, "ours at most 2 x"),
        ("WeasyPrint without the QR code", WEASYPRINT, 20, "at least 5 x ours"),
    ):
        other = peer(
            name,
            asked.peers,
            code.replace("{{", "{").replace("}}", "}") if "Typst" in name else code,
            letters[:few],
        )
        if other is not None:
            print(f"    ours / {name}: {ours / other:.2f}; {name} / ours: {other / ours:.1f} ({wanted})")
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        print("LibreOffice without the QR code: skipped (not installed)")
    else:
        other = office(soffice, letters[:20])
        print(
            f"LibreOffice without the QR code, 20 letters: {other * 1000:.1f} ms of processor time a letter"
            f"\n    LibreOffice / ours: {other / ours:.1f} (at least 5 x ours)"
        )
    plain_times = []
    for each in letters[:8]:
        began = time.process_time()
        bare(each)
        plain_times.append(time.process_time() - began)
    print(f"bare reportlab: {statistics.median(plain_times) * 1000:.1f} ms a letter")


if __name__ == "__main__":
    main()
