"""Collect the screen's sentences and build their translations.

python build/i18n.py            xincai_en.ts -> xincai_en.qm (part of the set-up)
python build/i18n.py --collect  sources -> xincai_en.ts, then list what is not translated yet
"""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "client" / "xincai"
TS = ROOT / "resources" / "i18n" / "xincai_en.ts"
TOOLS = Path(PySide6.__file__).parent


def main() -> None:
    """Do what the command line asks."""
    if "--collect" in sys.argv[1:]:
        collect(TS)
        for context, source in unfinished(TS):
            print(f"{context}: {source}")
    else:
        release(TS)


def collect(ts: Path) -> None:
    """Bring a .ts file up to date with the sources."""
    files = sorted(str(file) for file in [*SOURCES.glob("ui/**/*.py"), SOURCES / "app.py"])
    tool("lupdate", "-silent", "-locations", "none", "-no-obsolete", "-source-language", "zh_CN",
         "-target-language", "en", *files, "-ts", str(ts))  # fmt: skip


def release(ts: Path) -> Path:
    """Build the .qm file beside a .ts file."""
    qm = ts.with_suffix(".qm")
    tool("lrelease", "-silent", str(ts), "-qm", str(qm))
    return qm


def unfinished(ts: Path) -> list[tuple[str, str]]:
    """Sentences without a translation, with their context."""
    found = []
    for context in ET.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") == "unfinished":
                found.append((context.findtext("name", ""), message.findtext("source", "")))
    return found


def tool(name: str, *arguments: str) -> None:
    """Run one of Qt's tools out of the wheel."""
    program = TOOLS / (f"{name}.exe" if sys.platform == "win32" else name)
    subprocess.run([str(program), *arguments], check=True)


if __name__ == "__main__":
    main()
