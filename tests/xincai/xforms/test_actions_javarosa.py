"""Random walks through forms of actions, preloads and entities, beside JavaRosa: after each step both say the
same, and so do their submissions, attributes and all.

Needs java and the peers' harness beside the project.
"""

import pathlib
import re
import shutil
from collections.abc import Iterator

import pytest
from lxml import etree
from pyxform.xls2xform import convert
from scenario import xform
from test_entities import CREATE, REPEATED, UPDATE
from walking import HARNESS, JavaRosa, Walk

pytestmark = pytest.mark.skipif(
    not (HARNESS.exists() and shutil.which("javac")),
    reason="no java, or no JavaRosa harness beside the project",
)
STEPS, SEEDS = 30, 3
IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")
FIRST, CHANGED, NEW = "odk-instance-first-load", "xforms-value-changed", "odk-new-repeat"


def _set(event: str, ref: str, value: str) -> str:
    return f'<setvalue event="{event}" ref="{ref}" value="{value}"/>'


ACTIONS = xform(
    '<data id="t"><a>seed</a><sum/><log/><b/><c/><d/><n/><done/><g><h/></g>'
    '<rep jr:template=""><x/><y/><z>2</z><p/><sub jr:template=""><k/><l/></sub></rep>'
    '<rep><x/><y/><z/><p/><sub><k/><l/></sub></rep>'
    '<meta><instanceID/><entity dataset="x" id="" create=""><label/></entity></meta></data>',
    '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/sum" calculate="concat(/data/a, /data/b)"/>'
    '<bind nodeset="/data/rep/z" type="int"/><bind nodeset="/data/rep/p" jr:preload="property" '
    'jr:preloadParams="username"/><bind nodeset="/data/g" relevant="/data/n != 3"/>'
    '<bind nodeset="/data/rep/sub/l" calculate="../k + position(..)"/>'
    '<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>'
    '<bind nodeset="/data/meta/entity/@id" calculate="concat(\'i\', /data/n)"/>'
    '<bind nodeset="/data/meta/entity/@create" calculate="/data/n = 5" type="string"/>'
    '<bind nodeset="/data/meta/entity/label" calculate="concat(/data/meta/entity/@id, \'/\', /data/d)"/>'
    + _set(FIRST, "/data/log", "concat(/data/log, 'f', /data/sum)")
    + _set("odk-instance-load", "/data/log", "concat(/data/log, 'l')")
    + _set("xforms-ready", "/data/log", "concat(/data/log, 'r')")
    + _set("xforms-revalidate", "/data/done", "concat(/data/n, 'v')"),
    f'<input ref="/data/a">{_set(CHANGED, "/data/b", "concat(/data/a, 1)")}'
    f'{_set(FIRST, "/data/log", "concat(/data/log, 1)")}</input>'
    f'<input ref="/data/b">{_set(CHANGED, "/data/c", "concat(/data/sum, 2)")}</input>'
    f'<input ref="/data/n">{_set(CHANGED, "/data/g/h", "/data/n * 2")}{_set(CHANGED, "/data/d", "")}</input>'
    f'<group ref="/data/g"><input ref="/data/g/h">{_set(CHANGED, "/data/d", "/data/g/h")}</input></group>'
    '<group ref="/data/rep"><repeat nodeset="/data/rep">'
    + _set(f"{NEW} {FIRST}", "/data/rep/x", "concat(position(..), ':', ../../n)")
    + f'<input ref="/data/rep/x">{_set(CHANGED, "/data/rep/y", "concat(/data/rep/x, 9)")}</input>'
    + f'<input ref="/data/rep/z">{_set(CHANGED, "/data/rep[position() = 1]/y", "concat(../z, 1)")}</input>'
    + '<group ref="/data/rep/sub"><repeat nodeset="/data/rep/sub">'
    + _set(NEW, "/data/rep/sub/k", "position(../..)")
    + '<input ref="/data/rep/sub/k"/></repeat></group></repeat></group>',
)  # fmt: skip
TREES = "name,label,__version,girth_cm\n6e6ac4d0-8d8c-4a9e-9a0c-3f2d0a3f5b10,oak,3,70\n"
FORMS = {
    "actions": ACTIONS,
    **{
        name: convert(text, validate=False, file_type=".md").xform
        for name, text in (("create", CREATE), ("update", UPDATE), ("repeated", REPEATED))
    },
}


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaRosa]:
    peer = JavaRosa(tmp_path_factory.mktemp("javarosa"))
    yield peer
    peer.close()


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", FORMS)
def test_actions_and_entities_stand_as_in_javarosa(
    name: str, seed: int, javarosa: JavaRosa, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / f"{name}.xml"
    path.write_text(FORMS[name], "utf-8")
    (tmp_path / "trees.csv").write_text(TREES, "utf-8")
    walk = Walk(path, javarosa, seed)
    walk.run(STEPS)
    assert not walk.differences, (walk.differences, walk.done)
    ours, theirs = walk.both(op="xml")
    assert _attributes(ours["xml"]) == _attributes(theirs["xml"])


def _attributes(xml: str) -> list[tuple[str, dict[str, str]]]:
    """Every element with its attributes, in order; identities are all alike."""
    root = etree.fromstring(xml.encode())
    return [
        (str(one.tag), {str(key): IDENTITY.sub("…", str(value)) for key, value in one.items()})
        for one in root.iter()
    ]
