"""Write the table of what the forms engine can do into its README, each line with the tests that show it.

    python build/features.py [--check]

Reads `features.toml` beside this file, the marks `@pytest.mark.feature(…)` in the tests, and the functions
that the compiler knows. `--check` writes nothing and ends with 1 when the table is not current. A feature
without a test, a test that is not there or is skipped, a mark with an unknown name: ends with 1 as well.
"""

import ast
import sys
import tomllib
from pathlib import Path

from xincai.xforms.xpath.compiler import SIGNATURES

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "xincai"
README = ROOT / "client" / "xincai" / "xforms" / "README.md"
BEGIN, END = "<!-- table: build/features.py -->", "<!-- end of table -->"
EACH = "xforms/test_functions.py::test_each_function_gives_what_collect_gives"


def main(words: list[str]) -> int:
    table, faults = table_of_features()
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    new = f"{head}{BEGIN}\n\n{table}\n{END}{rest.partition(END)[2]}"
    if "--check" in words:
        faults += ["the table in the README is not current: run build/features.py"] if new != text else []
    else:
        README.write_text(new, encoding="utf-8")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def table_of_features() -> tuple[str, list[str]]:
    """The table as Markdown, and what is wrong with what it is made from."""
    sections = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    there, marked, faults = _tests()
    lines: list[str] = []
    for section, features in sections.items():
        lines += [f"**{features.pop('title')}**", "", "| feature | shown by |", "|---|---|"]
        for name, shown in features.items():
            if isinstance(shown, str):
                lines.append(f"| {name} | no: {shown} |")
                continue
            tests = list(dict.fromkeys([*shown, *marked.pop(f"{section}/{name}", [])]))
            faults += [f"{section}/{name}: no such test: {test}" for test in tests if test not in there]
            faults += [] if tests else [f"{section}/{name}: no test shows it"]
            lines.append(f"| {name} | {_cited(tests)} |")
        lines.append("")
    cases = _cases()
    faults += [f"function/{name}: no case shows it" for name in sorted(SIGNATURES.keys() - cases)]
    names = ", ".join(f"`{name}`" for name in sorted(SIGNATURES))
    lines += [f"**Functions** ({len(SIGNATURES)}; {_cited([EACH])})", "", names, ""]
    faults += [f"unknown feature marked: {name} ({tests[0]})" for name, tests in marked.items()]
    return "\n".join(lines), faults


def _tests() -> tuple[set[str], dict[str, list[str]], list[str]]:
    """All tests that are not skipped, and those that carry a mark, by feature."""
    there: set[str] = set()
    marked: dict[str, list[str]] = {}
    faults: list[str] = []
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            name = f"{path.relative_to(TESTS).as_posix()}::{node.name}"
            marks = [ast.unparse(decorator) for decorator in node.decorator_list]
            if any(mark.startswith(("pytest.mark.skip", "pytest.mark.xfail")) for mark in marks):
                continue
            there.add(name)
            for feature in [one for decorator in node.decorator_list for one in _features(decorator)]:
                marked.setdefault(feature, []).append(name)
    return there, marked, faults


def _features(decorator: ast.expr) -> list[str]:
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.feature":
        return []
    return [str(word.value) for word in decorator.args if isinstance(word, ast.Constant)]


def _cases() -> set[str]:
    """The functions that have cases in test_functions.py."""
    tree = ast.parse((TESTS / "xforms" / "test_functions.py").read_text(encoding="utf-8"))
    tables = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Dict)
        and ast.unparse(node.target) == "CASES"
    ]
    return {str(key.value) for table in tables for key in table.keys if isinstance(key, ast.Constant)}


def _cited(tests: list[str]) -> str:
    cited = [f"`{Path(test.partition('::')[0]).name}` {_said(test)}" for test in tests]
    return "; ".join(cited)


def _said(test: str) -> str:
    return test.partition("::test_")[2].replace("_", " ")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
