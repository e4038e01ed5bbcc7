"""Random walks through our own forms and three made for it, beside JavaRosa: after each step both say the same.

Needs java and the peers' harness beside the project. What is compared, and what is left aside, stands in
`walking`; `tests/campaign/campaign_walks.py` walks further, through any folder of forms.
"""

# ruff: noqa: E501 - forms stand on one line

import pathlib
import shutil
from collections.abc import Iterator

import pytest
from scenario import xform
from walking import HARNESS, ROOT, Difference, JavaRosa, Walk

FORMS = sorted((ROOT / "forms" / "xform").glob("*.xml"))
pytestmark = pytest.mark.skipif(
    not (HARNESS.exists() and shutil.which("javac")),
    reason="no java, or no JavaRosa harness beside the project",
)
STEPS = 60
REPEATS = xform(
    '<data id="rep"><n/><flag/><g><rep jr:template=""><x>1</x><y/><z/><sub jr:template=""><a/><b/></sub></rep>'
    "<rep><x>1</x><y/><z/><sub><a/><b/></sub></rep></g><total/><ones/><list/><s1/><s2/><meta><instanceID/></meta></data>",
    '<bind nodeset="/data/n" type="int" constraint=". &lt; 10"/>'
    '<bind nodeset="/data/g" relevant="/data/flag != \'x\'"/>'
    '<bind nodeset="/data/g/rep/x" type="int" readonly="/data/n = 17"/>'
    '<bind nodeset="/data/g/rep/y" type="int" relevant="../x != 2" required="../x = 3"/>'
    '<bind nodeset="/data/g/rep/z" calculate="position(..) * 100 + coalesce(../x, 0) + count(../sub)"/>'
    '<bind nodeset="/data/g/rep/sub/a" type="int" relevant="../../x != 5"/>'
    '<bind nodeset="/data/g/rep/sub/b" calculate="concat(position(../..), \'.\', position(..), \':\', ../a + ../../y)"/>'
    '<bind nodeset="/data/total" calculate="sum(/data/g/rep/x) + sum(/data/g/rep/sub/a)"/>'
    '<bind nodeset="/data/ones" calculate="count(/data/g/rep[x = 1])"/>'
    '<bind nodeset="/data/list" calculate="join(\',\', /data/g/rep[x &gt; /data/n]/z)"/>'
    '<bind nodeset="/data/s2" relevant="/data/s1 != \'\'"/>',
    '<input ref="/data/n"/><input ref="/data/flag"/><group ref="/data/g"><repeat nodeset="/data/g/rep">'
    '<input ref="/data/g/rep/x"/><input ref="/data/g/rep/y"/><repeat nodeset="/data/g/rep/sub">'
    '<input ref="/data/g/rep/sub/a"/></repeat></repeat></group>'
    '<select1 ref="/data/s1"><itemset nodeset="instance(\'t\')/root/item[of &lt;= /data/n]"><value ref="name"/>'
    '<label ref="name"/></itemset></select1><select ref="/data/s2"><itemset '
    'nodeset="instance(\'t\')/root/item[of = count(/data/g/rep)]"><value ref="name"/><label ref="name"/></itemset>'
    "</select>",
    '<instance id="t"><root><item><name>a</name><of>1</of></item><item><name>b</name><of>2</of></item>'
    "<item><name>c</name><of>2</of></item></root></instance>",
)  # fmt: skip
COUNTED = xform(
    '<data id="counted"><n/><many/><r><a/><k/><in><b/></in></r><sum/><said/></data>',
    '<bind nodeset="/data/n" type="int" constraint=". &lt; 6"/><bind nodeset="/data/many" calculate="/data/n &gt; 2"/>'
    '<bind nodeset="/data/r/a" type="int" relevant="/data/n != 3"/><bind nodeset="/data/r/k" type="int"/>'
    '<bind nodeset="/data/r/in/b" required="../../a = 2" constraint="string-length(.) &lt; 3"/>'
    '<bind nodeset="/data/sum" calculate="sum(/data/r/a) + count(/data/r)"/>'
    "<bind nodeset=\"/data/said\" calculate=\"if(/data/many, join('-', /data/r/in/b), indexed-repeat(/data/r/a, /data/r, 2))\"/>",
    '<input ref="/data/n"/><group><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/a"/><input ref="/data/r/k"/>'
    '<repeat nodeset="/data/r/in" jr:count="../k"><input ref="/data/r/in/b"/></repeat></repeat></group>',
)  # fmt: skip
WORDS = xform(
    '<data id="words"><a/><r jr:template=""><b/><c/></r><r><b/><c/></r><d/><e/><f/></data>',
    '<itext><translation lang="one" default="true()"><text id="l"><value>A <output value="/data/a"/>!</value></text>'
    "<text id=\"don't\"><value>No</value></text><text id=\"y\"><value>Yes</value></text></translation>"
    '<translation lang="two"><text id="l"><value>B <output value="/data/a + 1"/>.</value></text>'
    "<text id=\"don't\"><value>Non</value></text><text id=\"y\"><value>Oui</value></text></translation></itext>"
    '<bind nodeset="/data/a" type="int"/><bind nodeset="/data/r/b" required="position(..) = 2"/>'
    "<bind nodeset=\"/data/e\" calculate=\"jr:choice-name(/data/d, '/data/d')\"/>"
    '<bind nodeset="/data/f" calculate="jr:itext(/data/r[position() = 1]/b)"/>',
    "<input ref=\"/data/a\"><label ref=\"jr:itext('l')\"/></input><repeat nodeset=\"/data/r\"><input ref=\"/data/r/b\">"
    '<label><output value="position(..)"/>: <output value="../c"/></label></input><input ref="/data/r/c"/></repeat>'
    "<select1 ref=\"/data/d\"><item><label ref=\"jr:itext('don't')\"/><value>n</value></item>"
    "<item><label ref=\"jr:itext('y')\"/><value>y</value></item></select1>",
)  # fmt: skip


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaRosa]:
    peer = JavaRosa(tmp_path_factory.mktemp("javarosa"))
    yield peer
    peer.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_our_forms_stand_as_in_javarosa(form: pathlib.Path, javarosa: JavaRosa) -> None:
    assert _differences(form, javarosa, seed=len(form.stem)) == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", ["repeats", "counted", "words"])
def test_repeats_counts_and_words_stand_as_in_javarosa(
    form: str, seed: int, javarosa: JavaRosa, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / f"{form}.xml"
    path.write_text({"repeats": REPEATS, "counted": COUNTED, "words": WORDS}[form], "utf-8")
    assert _differences(path, javarosa, seed) == []


def _differences(path: pathlib.Path, javarosa: JavaRosa, seed: int) -> list[Difference]:
    walk = Walk(path, javarosa, seed)
    walk.run(STEPS)
    return list(walk.differences.values())
