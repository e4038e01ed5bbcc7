"""Functions of XPath 1.0 that ODK Web Forms knows and JavaRosa does not: names of nodes, nodes by id."""

from typing import TYPE_CHECKING, cast

from xincai.xforms.tree import Place
from xincai.xforms.xpath.live import Code, Nodes
from xincai.xforms.xpath.syntax import Call, Path, Step
from xincai.xforms.xpath.values import to_string

if TYPE_CHECKING:
    from xincai.xforms.xpath.compiler import Compiler, Scope

HERE = Path(".", (Step("self", "node()", ()),))


def name(make: "Compiler", call: Call, scope: "Scope") -> Code:
    """`name(node?)`: as written, with its prefix; "" when there is none."""
    nodes = make.nodes(call.args[0] if call.args else HERE, scope)
    return lambda c: next((node.name.removeprefix("@") for node in nodes(c)), "")


def local_name(make: "Compiler", call: Call, scope: "Scope") -> Code:
    """`local-name(node?)`: without its prefix."""
    whole = name(make, call, scope)
    return lambda c: cast("str", whole(c)).rpartition(":")[2]


def by_id(make: "Compiler", call: Call, scope: "Scope") -> Nodes:
    """`id(names)`: the elements of the answers whose attribute `id` is one of the names."""
    names = make.values(call.args[0], scope)
    top = make.live.single[make.live.form.root]

    def run(c: Place) -> list[Place]:
        wanted = {part for value in names(c) for part in to_string(value).split()}
        return [node for node in top.walk() if node.relevant and node.attributes.get("id") in wanted]

    return run
