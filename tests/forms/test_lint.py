"""What every form keeps to: two languages, known marks, nothing sensitive without consent and purpose."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from xincai.shelf import FormSource, Sources

FORMS = Path(__file__).parents[2] / "forms"
XF = "{http://www.w3.org/2002/xforms}"
JR = "{http://openrosa.org/javarosa}"
XC = "{urn:xincai:xforms:1}"
FORM_IDS = sorted(file.stem for file in FORMS.glob("*.md"))
ZH, EN = "中文 (zh)", "English (en)"
MARKS = {"item", "level", "origin", "consent", "subject", "unit", "copy"}
ORIGINS = {"declared", "observed", "document", "platform"}
SENSITIVE_TYPES = {"geopoint", "geotrace", "geoshape", "binary"}
SENSITIVE_NAMES = re.compile(r"(^|_)(id|phone|account|income|cost|address|marital|amount|fee|premium|paid)$")
CONSENT_NAMES = re.compile(r"^(pc_|au_risk_read$|tr_agree$|wd_read$|ob_promise$|rp_commit$)")
LEVELS = ("L1", "L2", "L3", "L4")


@dataclass
class Lint:
    """A built form, taken apart for looking at."""

    binds: Mapping[str, ET.Element]
    controls: Mapping[str, ET.Element]
    groups: list[ET.Element]
    texts: Mapping[str, Mapping[str, str]]

    def mark(self, ref: str, name: str) -> str:
        return self.binds[ref].get(XC + name, "")

    def name(self, ref: str) -> str:
        return ref.rsplit("/", 1)[-1]

    def asked(self) -> Iterator[str]:
        """References of questions a person answers, notes left out."""
        for ref, control in self.controls.items():
            if control.tag != XF + "group" and "readonly" not in self.binds[ref].attrib:
                yield ref

    def conditions(self, ref: str) -> str:
        """What must hold for a question to be asked, its groups included."""
        parts = ref.split("/")
        above = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
        found = [self.binds[each].get("relevant", "") for each in above if each in self.binds]
        return " and ".join(re.sub(r"\s+", " ", each).strip() for each in found if each)

    def gated(self, ref: str, consent: str) -> bool:
        """Whether the question is asked only after yes to this consent, whatever else holds."""
        path = next(each for each in self.binds if self.name(each) == consent)
        holds = self.conditions(ref).split(" and ")
        return f"{path} = '1'" in holds or f"../{consent} = '1'" in holds

    def text(self, element: ET.Element | None, language: str) -> str:
        reference = element.get("ref", "") if element is not None else ""
        return self.texts[language].get(reference.removeprefix("jr:itext('").removesuffix("')"), "")


def read(form: FormSource) -> Lint:
    root = ET.fromstring(form.xml)
    controls: dict[str, ET.Element] = {}
    groups = []
    for element in root.iter():
        ref = element.get("ref", "")
        if element.tag in {XF + tag for tag in ("input", "select", "select1", "upload", "trigger")}:
            controls[ref] = element
        if element.tag == XF + "group" and element.get("ref"):
            groups.append(element)
    texts = {
        translation.get("lang", ""): {
            text.get("id", ""): "".join(text.find(XF + "value").itertext())  # type: ignore[union-attr]
            for text in translation
        }
        for translation in root.iter(XF + "translation")
    }
    return Lint(
        binds={bind.get("nodeset", ""): bind for bind in root.iter(XF + "bind")},
        controls=controls,
        groups=groups,
        texts=texts,
    )


@pytest.fixture(params=FORM_IDS)
def lint(request: pytest.FixtureRequest, built: dict[str, FormSource]) -> Lint:
    return read(built[request.param])


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    with (FORMS.parent / "resources" / "catalogue" / "catalogue.csv").open(encoding="utf-8") as file:
        return {row["key"]: row["level"] for row in csv.DictReader(file)}


def test_the_forms_of_the_catalogue_are_all_there(built: dict[str, FormSource]) -> None:
    assert len(FORM_IDS) == 27  # the 28th of the catalogue, the receipt, is a letter made from a record
    assert sorted(built) == FORM_IDS
    assert not [remark for form in built.values() for remark in form.remarks]


def test_shared_rules_blocks_and_lists_are_all_used(sources: Sources, built: dict[str, FormSource]) -> None:
    text = "".join(
        [*sources.blocks.values(), *(file.read_text(encoding="utf-8") for file in FORMS.glob("*.md"))]
    )
    text += "".join(rule.xpath for rule in sources.rules.values())
    assert not [name for name in sources.rules if not re.search(rf"@{name}\b", text)]
    assert not [name for name in sources.blocks if f"| include | {name} |" not in text]
    assert not [name for name in sources.lists if not re.search(rf"\b{name.removesuffix('.csv')}\b", text)]


def test_the_shelfs_order_names_every_form() -> None:
    order = (FORMS / "order.txt").read_text(encoding="utf-8").split()
    assert sorted(order) == sorted(FORM_IDS)


def test_no_two_questions_of_a_form_share_a_hint(lint: Lint) -> None:
    for language in (ZH, EN):
        hints = [text for key, text in lint.texts[language].items() if key.endswith(":hint")]
        told = [hint for hint in hints if hint not in ("", "-")]
        assert len(told) == len(set(told))


def test_choices_speak_both_languages(lint: Lint) -> None:
    own = {language: {k for k in lint.texts[language] if not k.startswith("/")} for language in (ZH, EN)}
    assert own[ZH] == own[EN]
    assert not [
        k for k in own[EN] if lint.texts[EN][k] == lint.texts[ZH][k] and not lint.texts[EN][k].isascii()
    ]


def test_both_languages_and_chinese_first(lint: Lint) -> None:
    assert set(lint.texts) == {ZH, EN}


def test_every_question_and_group_has_a_label_in_both_languages(lint: Lint) -> None:
    shown = [*lint.controls.values(), *lint.groups]
    bare = [
        (element.get("ref"), language)
        for element in shown
        for language in (ZH, EN)
        if not lint.text(element.find(XF + "label"), language)
    ]
    assert not bare


def test_chinese_labels_are_chinese_and_english_ones_are_not(lint: Lint) -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for ref, control in lint.controls.items():
        assert han.search(lint.text(control.find(XF + "label"), ZH)), ref
        assert not han.search(lint.text(control.find(XF + "label"), EN)), ref


def test_a_hint_or_message_in_one_language_is_there_in_the_other(lint: Lint) -> None:
    ours = {key for key in lint.texts[ZH] if lint.texts[ZH][key] not in ("", "-")}
    theirs = {key for key in lint.texts[EN] if lint.texts[EN][key] not in ("", "-")}
    assert ours == theirs


def test_every_constraint_and_every_required_question_says_what_to_do(lint: Lint) -> None:
    for ref, bind in lint.binds.items():
        for rule, message in (("constraint", "constraintMsg"), ("required", "requiredMsg")):
            assert not bind.get(rule) or bind.get(JR + message), (ref, rule)


def test_marks_come_from_the_known_sets(lint: Lint, catalogue: dict[str, str]) -> None:
    names = {lint.name(ref) for ref in lint.binds}
    for ref, bind in lint.binds.items():
        marks = {key.removeprefix(XC) for key in bind.attrib if key.startswith(XC)}
        assert marks <= MARKS, ref
        assert lint.mark(ref, "level") in ("", *LEVELS), ref
        assert lint.mark(ref, "origin") in {"", *ORIGINS}, ref
        assert lint.mark(ref, "subject") in {"", "name", "code", "kind", "region"}, ref
        assert lint.mark(ref, "consent") in {"", *names}, ref
        assert lint.mark(ref, "item") in {"", *catalogue}, ref
        assert lint.mark(ref, "copy") in {"", "no"}, ref


def test_every_question_has_a_level_and_an_origin(lint: Lint) -> None:
    for ref in lint.asked():
        assert lint.mark(ref, "level"), ref
        assert lint.mark(ref, "origin"), ref


def test_no_question_is_held_less_sensitive_than_the_catalogue_says(
    lint: Lint, catalogue: dict[str, str]
) -> None:
    for ref in lint.binds:
        item = lint.mark(ref, "item")
        if (
            not item or lint.name(ref) == "sh_uscc"
        ):  # the catalogue's one item holds persons and organisations
            continue
        assert LEVELS.index(lint.mark(ref, "level")) >= LEVELS.index(catalogue[item]), ref


def test_sensitive_questions_wait_for_their_consent(lint: Lint) -> None:
    for ref in lint.asked():
        consent = lint.mark(ref, "consent")
        if lint.mark(ref, "level") == "L4":
            assert CONSENT_NAMES.match(consent), ref
        if consent:
            assert lint.gated(ref, consent), ref


def test_identity_contact_money_and_place_are_asked_with_consent_and_purpose(lint: Lint) -> None:
    public = {"registration", "shareholders"}  # in the public register
    for ref in lint.asked():
        kind = lint.binds[ref].get("type", "")
        if lint.mark(ref, "item").startswith("P4/"):
            continue  # a consent itself
        if kind not in SENSITIVE_TYPES and not SENSITIVE_NAMES.search(lint.name(ref)):
            continue
        if ref.split("/")[2] in public and lint.mark(ref, "level") != "L4":
            continue
        assert lint.mark(ref, "consent"), ref
        hint = lint.controls[ref].find(XF + "hint")
        signature = "signature" in lint.controls[ref].get("appearance", "")
        assert signature or ("用于" in lint.text(hint, ZH) and "sed to" in lint.text(hint, EN)), ref


def test_no_consent_is_ticked_beforehand(lint: Lint, built: dict[str, FormSource]) -> None:
    for form in built.values():
        root = ET.fromstring(form.xml)
        for name in ("pc_read", "pc_general", "pc_id", "pc_finance", "pc_location", "tr_agree", "au_scope"):
            assert not [e.text for e in root.iter(XF + name) if e.text]
            assert f'/{name}" event' not in form.xml.decode()


def test_subject_questions_are_marked(lint: Lint) -> None:
    marked = [lint.mark(ref, "subject") for ref in lint.binds]
    assert marked.count("kind") == 1
    assert marked.count("name") == 1
    assert marked.count("code") == 4


def test_identifiers_are_text_and_money_is_decimal(lint: Lint) -> None:
    for ref, bind in lint.binds.items():
        if re.search(r"(_code|_id|uscc|account|_no|phone)$", lint.name(ref)):
            assert bind.get("type") == "string", ref
        if "元" in lint.mark(ref, "unit") and ref in lint.controls:
            assert bind.get("type") == "decimal", ref


def test_long_lists_open_on_demand(lint: Lint) -> None:
    for ref in lint.asked():
        control = lint.controls[ref]
        if control.tag == XF + "select1" and lint.name(ref).startswith(
            ("region_", "reg_industry", "farm_product")
        ):
            assert "minimal" in control.get("appearance", ""), ref
