"""Build every form of `forms/` into `forms/xform/`.

    python build/forms.py [--validate] [--folder FOLDER]

One line a form. `--validate` also runs ODK Validate, which comes with the converter and needs Java. Ends
with 1 when a form has a mistake; what stood built before then stays.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from xincai.errors import Problem, explain
from xincai.shelf.convert import FormSource, build
from xincai.shelf.sources import Sources
from xincai.shelf.store import keep

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--validate", action="store_true", help="also run ODK Validate (needs Java)")
    parser.add_argument("--folder", type=Path, default=ROOT / "forms")
    options = parser.parse_args()
    sources = Sources.read(options.folder)
    built = [form for file in sorted(options.folder.glob("*.md")) if (form := made(file, sources))]
    if len(built) < len(list(options.folder.glob("*.md"))):
        return 1
    keep(built, options.folder)
    return 0 if not options.validate or validated(built) else 1


def made(file: Path, sources: Sources) -> FormSource | None:
    """Build one form and say so; None after saying what is wrong with it."""
    text = file.read_text(encoding="utf-8-sig")
    try:
        form = build(text, blocks=sources.blocks, rules=sources.rules, lists=sources.lists, file=file.name)
    except Problem as problem:
        told = explain(problem, "en")
        print(f"{file.name}: {told.what} {told.next}", file=sys.stderr)
        return None
    remarks = f", {len(form.remarks)} remarks" if form.remarks else ""
    card = form.card
    print(f"{card.form_id} {card.version}: {len(form.xml) // 1024} KiB, {len(form.files)} lists{remarks}")
    for remark in form.remarks:
        print(f"  {remark.where} {remark.told('en').what}")
    return form


def validator() -> Path | None:
    """ODK Validate, where the converter carries it."""
    package = find_spec("pyxform")
    if package is None or package.origin is None:
        return None
    jar = Path(package.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    return jar if jar.exists() else None


def validated(forms: list[FormSource]) -> bool:
    """Run ODK Validate over all forms in one go; its words are printed when it objects."""
    jar = validator()
    if jar is None or shutil.which("java") is None:
        print("ODK Validate needs Java, which is not here.", file=sys.stderr)
        return False
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{form.card.form_id}.xml" for form in forms]
        for file, form in zip(files, forms, strict=True):
            file.write_bytes(form.xml)
            for name, data in form.files.items():
                (Path(folder) / name).write_bytes(data)
        done = subprocess.run(
            ["java", "-Djava.awt.headless=true", "-jar", str(jar), *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
        )
    print(f"ODK Validate: {'all forms valid' if done.returncode == 0 else 'objections'}")
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
