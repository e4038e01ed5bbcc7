"""Instances of repeats: counted, added, copied, removed; and what must be asked again when they move."""

import heapq
import math
from typing import TYPE_CHECKING

from xincai.errors import Problem
from xincai.xforms import budget
from xincai.xforms.filling import actions, preloads
from xincai.xforms.form import Rule
from xincai.xforms.tree import Definition, Node, Seed, climb
from xincai.xforms.xpath.values import to_number

if TYPE_CHECKING:
    from xincai.xforms.filling.model import Model

MOST_INSTANCES = 10_000


def _bare(definition: Definition) -> Seed:
    return Seed(definition.name, "", {}, ())


def set_count(model: "Model", rule: Rule, parent: Node) -> None:
    """`jr:count`: as many instances as the expression says; an empty one leaves those that stand.

    A count that reads its own instances ("one more until the last says no") grows once a step, and not while
    the filling is opened, so that it never runs away.
    """
    kids = parent.kids[rule.definition.name]
    place = kids[0] if kids else model.grow(_bare(rule.definition), rule.definition, parent)
    number = to_number(model.code_of(rule)(place))
    if math.isnan(number):
        return
    wanted = int(min(number, MOST_INSTANCES + 1)) if number > 0 else 0
    if wanted > MOST_INSTANCES:
        raise Problem("xforms.too_many_instances", place=rule.definition.path, most=MOST_INSTANCES)
    model.step.counted += 1
    if model.step.counted > 2 * MOST_INSTANCES:
        raise Problem("xforms.endless_count", place=rule.definition.path)
    while len(kids) > wanted:
        cut(model, kids[-1])
    if rule.loose and len(kids) < wanted:
        key = (rule.index, parent)
        if key in model.step.laps or (model.loading and kids):
            return
        model.step.laps[key] = 1
    while len(kids) < wanted:
        insert(model, parent, rule.definition, len(kids), counted=True)


def insert(
    model: "Model",
    parent: Node,
    definition: Definition,
    at: int,
    like: Node | None = None,
    *,
    counted: bool = False,
) -> Node:
    """A fresh instance (or a copy) at an index; its actions run before its rules.

    One that a count asks for starts with the form's own values for that position, if it has any.
    """
    kids = parent.kids[definition.name]
    if len(kids) >= MOST_INSTANCES:
        raise Problem("xforms.too_many_instances", place=definition.path, most=MOST_INSTANCES)
    model.meter.spend(budget.INSTANCE + len(kids) // 64)
    seed = definition.template or Seed(definition.name, "", {}, ())
    if counted and at < len(definition.defaults) and not parent.definition.in_repeat:
        seed = definition.defaults[at]
    node = model.grow(seed, definition, parent)
    if (parent, definition.name) not in model.step.rows:
        model.step.rows[parent, definition.name] = list(kids)
    kids.insert(at, node)
    parent.rewrite()
    model.places.clear()
    _number(kids, at)
    model.step.new.update(node.walk())
    if like is not None:
        copy(model, like, node)
    preloads.at_start(model, node, over=like is None)
    actions.new_repeat(model, node, marks_only=like is not None)
    awaken(model, node)
    moved(model, parent, definition, at + 1)
    return node


def copy(model: "Model", old: Node, new: Node) -> None:
    """Copy answers, instance by instance."""
    new.text, new.value, new.seen = old.text, old.value, old.value
    for name, olds in old.kids.items():
        news = new.kids[name]
        for surplus in news[len(olds) :]:
            model.step.new.difference_update(surplus.walk())
        del news[len(olds) :]
        while len(news) < len(olds):
            definition = olds[len(news)].definition
            kid = model.grow(Seed(definition.name, "", {}, ()), definition, new)
            news.append(kid)
            kid.position = len(news)
            model.step.new.update(kid.walk())
        for old_kid, new_kid in zip(olds, news, strict=False):
            copy(model, old_kid, new_kid)


def awaken(model: "Model", node: Node) -> None:
    """Bring a new instance into force: its own rules, then what reads it."""
    if node.parent is not None and not node.parent.relevant:
        for inner in node.walk():
            inner.relevant, inner.seen = False, ""
    for inner in node.walk():
        for rule in inner.definition.rules:
            if rule.property == "count":
                continue
            model.push(rule, inner)
        for child in inner.definition.children.values():
            for rule in child.rules:
                if rule.property == "count":
                    model.push(rule, inner)


def cut(model: "Model", node: Node) -> None:
    """Remove an instance."""
    parent = node.parent
    if parent is None:
        raise TypeError(node)
    kids = parent.kids[node.name]
    at = node.position - 1
    model.meter.spend(budget.INSTANCE + len(model.work) // 4)
    if (parent, node.name) not in model.step.rows:
        model.step.rows[parent, node.name] = list(kids)
    del kids[at]
    parent.rewrite()
    model.places.clear()
    _number(kids, at)
    gone = set(node.walk())
    model.forget(gone)
    model.work[:] = [entry for entry in model.work if entry[2].node not in gone]
    heapq.heapify(model.work)
    model.step.gone |= gone
    for touched in (model.step.new, model.step.choices):
        touched.difference_update(gone)
    for node_gone in gone & model.step.words.keys():
        del model.step.words[node_gone]
    moved(model, parent, node.definition, at)


def moved(model: "Model", parent: Node, definition: Definition, first: int) -> None:
    """Queue what reads the repeat as a whole, and what reads the positions of those that moved."""
    for place in definition.walk():
        for edge in place.edges:
            if edge.depth < definition.depth:
                model.spread_edge(edge, climb(parent, edge.depth))
    later = parent.kids[definition.name][first:]
    if not later:
        return
    for rule in model.form.rules:
        if rule.positional and _within(rule.definition, definition):
            for kid in later:
                for home in model.homes(rule, kid):
                    model.push(rule, home)


def _number(kids: list[Node], start: int) -> None:
    for at in range(start, len(kids)):
        kids[at].move(at + 1)


def _within(place: Definition | None, above: Definition) -> bool:
    while place is not None:
        if place is above:
            return True
        place = place.parent
    return False
