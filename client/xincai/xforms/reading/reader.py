"""From XForm bytes to a `Form`: the head (instances, binds, texts); the body is read in `body`.

The bytes are hostile until proven plain (`document`); every expression is parsed and every function name
checked here, so that a form that loads does not stop half way.
"""

import gc
from collections.abc import Callable, Mapping

from lxml import etree

from xincai.errors import Problem
from xincai.xforms import budget, entities
from xincai.xforms.facts import XC
from xincai.xforms.form import Bind, Control, Form, Rule
from xincai.xforms.reading import body, external, graph, triggers, wording
from xincai.xforms.reading.body import JAVAROSA
from xincai.xforms.reading.document import named, parse_xml, space
from xincai.xforms.tree import Definition, Item, Seed
from xincai.xforms.xpath.checks import check
from xincai.xforms.xpath.gist import Gist, gist, joined
from xincai.xforms.xpath.syntax import Call, Expr, Path

ORX = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
ENTITIES = "http://www.opendatakit.org/xforms/entities"
XFORMS = "http://www.w3.org/2002/xforms"
LAST_SAVED = "jr://instance/last-saved"
_TEMPLATE = "jr:template"
_ALWAYS = "true()"
_RULES = ("calculate", "relevant", "required", "readonly", "constraint")
_PLAIN = frozenset({"", XFORMS})
_NOTHING: Mapping[str, str] = {}
_SAME = {ODK: ORX, ENTITIES: ORX}  # whose attributes mean the same to us
_TYPES = {
    "integer": "int", "int": "int", "long": "int", "decimal": "decimal", "double": "decimal",
    "float": "decimal", "date": "date", "time": "time", "dateTime": "dateTime", "boolean": "boolean",
    "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "binary": "binary",
    "anyURI": "binary", "barcode": "barcode",
}  # fmt: skip


def read_form(xml: bytes, files: Mapping[str, bytes] | None = None, *, meta: bool = True) -> Form:
    """Read an XForm and the files it names.

    Args:
        xml: the XForm, UTF-8.
        files: contents by bare file name, for `jr://file-csv/name.csv` and the like.
        meta: give the form an instanceID where it has none, which a submission needs.

    Raises:
        Problem: `xforms.…` when the form is refused; the facts say where.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with budget.Meter(budget.READ):
            return _Reader(parse_xml(xml), {} if files is None else files).form(meta=meta)
    finally:
        if collecting:
            gc.enable()


class _Reader:
    """Reads one document."""

    def __init__(self, html: etree._Element, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.head: etree._Element = next(html.iterchildren("{*}head"), html)
        self.model, self.page = _needed(self.head, "model"), _needed(html, "body")
        self.namespaces = {ORX: "orx", JAVAROSA: "jr", ODK: "odk", XC: "xc"}
        self.used: set[str] = set()
        self.places: dict[str, Definition] = {}
        self.rules: dict[Rule, Gist] = {}
        self.meta: Seed | None = None
        self.last_saved: tuple[str, ...] = ()

    def form(self, *, meta: bool) -> Form:
        instances = list(self.model.iterchildren("{*}instance"))
        if not instances or not len(instances[0]):
            raise Problem("xforms.no_instance")
        main = instances[0][0]
        seed = self.seed(main)
        root = self.define(seed, None)
        if meta:
            self.ensure_meta(root)
        texts, languages, default, said = wording.read_itext(self.model)
        self.binds(root)
        controls = body.read_body(self.page, root, self.places)
        listed = wording.by_list(said)
        for control in body.walk(controls):
            self.control_rules(control, said, listed)
        actions = triggers.read_actions(self.model, self.page, root, self.place_of_action(root))
        secondary = self.secondary(instances[1:])
        for itext, outputs in said.items():
            for expr in outputs:
                check(gist(expr).doubts, "output", itext, secondary)
        for index, (rule, asked) in enumerate(self.rules.items()):
            rule.index = index
            if asked.doubts:
                check(asked.doubts, rule.property, rule.definition.path, secondary)
        graph.connect(self.rules, root, self.places)
        title = _child(self.head, "title")
        return Form(
            form_id=main.get("id") or space(main) or root.name,
            version=main.get("version") or main.get(f"{{{JAVAROSA}}}version") or "",
            title=("".join(title.itertext()) if title is not None else "").strip(),
            languages=languages,
            default_language=default,
            attributes=self.form_attributes(main),
            root=root,
            seed=seed if self.meta is None else seed._replace(children=(*seed.children, self.meta)),
            places=self.places,
            instances=secondary,
            last_saved=self.last_saved,
            texts=texts,
            body=tuple(controls),
            rules=tuple(sorted(self.rules, key=lambda rule: rule.rank)),
            actions=tuple(actions),
            namespaces={prefix: uri for uri, prefix in self.namespaces.items()},
        )

    def name(self, element: etree._Element, uri: str, plain: str) -> str:
        """The element's name in a namespace of its own: it carries the prefix."""
        if element.prefix is None:
            return plain
        prefix = self.namespaces.setdefault(uri, str(element.prefix))
        if prefix != element.prefix and uri not in self.used:
            prefix = self.namespaces[uri] = str(element.prefix)
        self.used.add(uri)
        return f"{prefix}:{plain}"

    def attribute_name(self, key: str, element: etree._Element) -> str:
        uri, plain = named(key)
        if not uri:
            return plain
        prefixes = {u: p for p, u in element.nsmap.items() if p}
        return f"{self.namespaces.setdefault(uri, prefixes.get(uri) or 'n')}:{plain}"

    def seed(self, element: etree._Element) -> Seed:
        budget.spend(budget.SEED)
        children = tuple([self.seed(child) for child in element])
        text = "" if children else (element.text or "").strip()  # as JavaRosa reads a form's own values
        attributes = {self.attribute_name(key, element): value for key, value in element.items()}
        uri, name = named(element.tag)
        if uri not in _PLAIN:
            name = self.name(element, uri, name)
            if element.prefix is None and uri != space(element.getparent()):
                attributes["xmlns"] = uri
        return Seed(name, text, attributes, children)

    def define(self, seed: Seed, parent: Definition | None) -> Definition:
        """The definitions of an instance; repeated elements share one."""
        place = parent.children.get(seed.name) if parent else None
        if place is None:
            budget.spend(budget.SEED)
            place = Definition(seed.name, parent)
            if seed.attributes:
                place.attributes = {k: v for k, v in seed.attributes.items() if k != _TEMPLATE}
            if parent:
                parent.children[seed.name] = place
            self.places[place.path] = place
        template = _TEMPLATE in seed.attributes
        if place.template is None or (template and _TEMPLATE not in place.template.attributes):
            place.template = seed
        if not template:
            place.defaults.append(seed)
        names: set[str] = set()
        for child in seed.children:
            below = self.define(child, place)
            if _TEMPLATE not in child.attributes:
                below.several = below.several or child.name in names
                names.add(child.name)
        return place

    def ensure_meta(self, root: Definition) -> None:
        """A submission needs an instanceID (OpenRosa metadata); add one where the form has none."""
        for name in ("meta", f"{self.namespaces[ORX]}:meta"):
            meta = root.children.get(name)
            if meta and any(child.rpartition(":")[2] == "instanceID" for child in meta.children):
                return
            if meta:
                prefix = name.rpartition(":")[0]
                added = self.define(
                    Seed(f"{prefix}:instanceID" if prefix else "instanceID", "", {}, ()), meta
                )
                added.bind = Bind(preload="uid")
                return
        prefix = self.namespaces[ORX]
        self.meta = Seed(f"{prefix}:meta", "", {}, (Seed(f"{prefix}:instanceID", "", {}, ()),))
        self.define(self.meta, root).added = True

    def binds(self, root: Definition) -> None:
        for element in self.model.iterchildren("{*}bind"):
            own = dict(element.items())
            place = self.place_of(own.get("nodeset") or own.get("ref") or "", root)
            if place is None:
                continue
            place.bind = _bind(own)
            place.type = place.bind.type
            for kind in _RULES:
                text = own.get(kind, "").strip()
                if text == _ALWAYS and kind == "required":
                    place.required = True
                elif text == _ALWAYS and kind == "readonly":
                    place.readonly = True
                elif text:
                    self.rule(place, kind, text)

    def place_of(self, ref: str, root: Definition) -> Definition | None:
        ref = ref.strip()
        if not ref.startswith("/"):
            ref = f"{root.path}/{ref}"
        found = self.places.get(ref)
        if found is None and "/meta" in ref:
            found = self.places.get(ref.replace("/meta/", "/orx:meta/orx:"))
        if found is None and "/@" in ref:
            found = self.attribute(ref, root)
        return found

    def attribute(self, ref: str, root: Definition) -> Definition | None:
        """The place of an attribute that a bind or an action names; its text is the attribute's own."""
        head, _, name = ref.rpartition("/@")
        above = self.place_of(head, root)
        if above is None or not name:
            return None
        place = Definition(f"@{name}", above)
        above.children[place.name] = self.places[place.path] = place
        return place

    def place_of_action(self, root: Definition) -> Callable[[str], Definition | None]:
        return lambda ref: self.place_of(ref, root)

    def rule(self, place: Definition, kind: str, text: str, control: Control | None = None) -> None:
        rule = Rule(place, kind, text, body.parse_at(text, kind, place.path), control=control)
        self.rules[rule] = gist(rule.expr)
        place.rules.append(rule)

    def control_rules(self, control: Control, said: wording.Said, listed: wording.Said) -> None:
        """Rules that tell when a label, a list of choices or a count is stale."""
        place = control.definition
        if place is None:
            return
        if control.kind == "repeat" and control.parameters.get("count"):
            self.rule(place, "count", control.parameters["count"], control)
        if control.itemset is not None and control.itemset.stable:
            rows = control.itemset.nodes
            if isinstance(rows, Path) and wording.spoken(rows, listed):
                control.itemset = control.itemset._replace(stable=False)
        if control.itemset is not None and not control.itemset.stable:
            shown = wording.offering(control.itemset, listed)
            control.choices_rule = self.own_rule(control, place, "choices", "itemset", shown)
        spoken = wording.expressions(control, said)
        if spoken:
            control.words_rule = self.own_rule(control, place, "words", "output", spoken)

    def own_rule(self, control: Control, place: Definition, kind: str, text: str, reads: list[Expr]) -> Rule:
        """A rule of a control that no bind states."""
        rule = Rule(place, kind, text, Call("concat", tuple(reads)), control=control)
        self.rules[rule] = joined(reads)
        return rule

    def secondary(self, elements: list[etree._Element]) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for element in elements:
            name = element.get("id") or ""
            source = element.get("src")
            if source == LAST_SAVED:
                self.last_saved = (*self.last_saved, name)
                found[name] = Item("root", None, "", {})
            elif source:
                found[name] = self.file(source)
            elif len(element):
                found[name] = external.Inline(element[0])
            else:
                found[name] = Item("root", None, "", {})
        return found

    def file(self, source: str) -> Item:
        name = source.rpartition("/")[2]
        data = self.files.get(name)
        if data is None:
            raise Problem("xforms.missing_file", name=name)
        return external.from_file(name, data)

    def form_attributes(self, main: etree._Element) -> dict[str, str]:
        found = {named(k)[1]: v for k, v in main.items() if k not in ("id", "version")}
        for child in self.model.iterchildren("{*}submission"):
            found.update({f"submission-{named(k)[1]}": v for k, v in child.items()})
        version = self.model.get(f"{{{ENTITIES}}}entities-version")
        entities.check_version(version)
        if version is not None:
            found["entities-version"] = version
        return found


def _bind(own: Mapping[str, str]) -> Bind:
    """What a bind says beside its rules."""
    kind = (own.get("type") or "string").strip()
    bind = Bind(_TYPES.get(kind.removeprefix("xsd:").removeprefix("xs:"), "string"))
    special: dict[str, dict[str, str]] = {}
    for key, value in own.items():
        if key[0] == "{":
            uri, name = named(key)
            special.setdefault(_SAME.get(uri, uri), {})[name] = value
    if special:
        said = special.get(JAVAROSA, _NOTHING)
        bind.preload, bind.preload_parameters = said.get("preload", ""), said.get("preloadParams", "")
        bind.required_message = wording.message(said.get("requiredMsg"))
        bind.constraint_message = wording.message(said.get("constraintMsg"))
        bind.attributes, bind.parameters = special.get(XC, _NOTHING), special.get(ORX, _NOTHING)
    return bind


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(element.iterchildren(f"{{*}}{name}"), None)


def _needed(element: etree._Element, name: str) -> etree._Element:
    found = _child(element, name)
    if found is None:
        raise Problem("xforms.not_a_form", missing=name)
    return found
