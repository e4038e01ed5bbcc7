"""The engine's README says what is so: its table comes from tests, its example runs."""

import contextlib
import io
import re
import runpy
from pathlib import Path

from xincai.xforms import read_form

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "client" / "xincai" / "xforms" / "README.md").read_text(encoding="utf-8")
FORM = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
<instance><data id="t"><age/><of_age/></data></instance>
<bind nodeset="/data/age" type="int"/>
<bind nodeset="/data/of_age" calculate="if(/data/age &gt;= 18, 'yes', 'no')"/>
</model></h:head><h:body><input ref="/data/age"><label>Age</label></input></h:body></h:html>"""


def test_the_table_of_features_is_current_and_every_feature_has_a_test() -> None:
    features = runpy.run_path(str(ROOT / "build" / "features.py"))
    complaints = io.StringIO()
    with contextlib.redirect_stderr(complaints):
        assert features["main"](["--check"]) == 0, complaints.getvalue()


def test_the_example_of_the_readme_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {"xml": FORM, "files": {}}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "README.md", "exec"), names)
    assert said.getvalue() == "/data/age Age 17 True \n"
    assert b"<of_age>no</of_age>" in bytes(names["submission"])  # type: ignore[call-overload]


def test_the_limits_of_the_readme_are_those_of_the_code() -> None:
    from xincai.xforms import budget
    from xincai.xforms.filling import actions, lexical, repeats
    from xincai.xforms.filling import speaking as filling
    from xincai.xforms.reading import document, external
    from xincai.xforms.xpath import syntax as xpath

    figures = [
        budget.READ, budget.STEP, budget.LONGEST_TEXT, document.MOST, external.MOST_ROWS, external.MOST_CELLS,
        lexical.LONGEST, xpath.LONGEST, repeats.MOST_INSTANCES,
    ]  # fmt: skip
    assert [figure for figure in figures if f"{figure:,}" not in README] == []
    for line in (
        f"| {document.LARGEST >> 20} MB, {document.DEEPEST} levels,", f", {xpath.DEEPEST} levels |",
        f"| {filling.MOST_NESTED} |", f"| {actions.MOST_CHAINED} |",
    ):  # fmt: skip
        assert line in README
    assert budget.RESUME == 20 * budget.STEP
    assert read_form(FORM).form_id == "t"
