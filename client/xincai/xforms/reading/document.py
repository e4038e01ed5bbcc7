"""The door for XML: hostile until proven plain.

Refused before any tree is kept: a DOCTYPE (hence every entity), more bytes, depth or elements than a form can
need. lxml runs without network, DTD or entity resolution.
"""

import functools

from lxml import etree

from xincai.errors import Problem

LARGEST = 64 * 1024 * 1024
DEEPEST = 100
MOST = 1_000_000
_SHORTEST = 4  # bytes of an element: <a/>
_DECLARATION = b"<!DOCTYPE"
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (DEEPEST + 1) + ")")
_COUNT = etree.XPath("count(//*)")


def parse_xml(data: bytes) -> etree._Element:
    """Parse a document into its root element.

    Raises:
        Problem: `xforms.too_large`, `xforms.doctype`, `xforms.too_deep`, `xforms.too_many_nodes`,
            `xforms.not_xml`.
    """
    if len(data) > LARGEST:
        raise Problem("xforms.too_large", size=len(data), most=LARGEST)
    _refuse_doctype(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        if "depth" in str(error).lower():
            raise Problem("xforms.too_deep", most=DEEPEST) from error
        raise Problem("xforms.not_xml", line=line) from error
    if root.getroottree().docinfo.doctype:
        raise Problem("xforms.doctype")
    _measure(root, len(data))
    return root


@functools.lru_cache(maxsize=5_000)
def named(tag: str) -> tuple[str, str]:
    """Namespace, or "", and plain name of an element's or attribute's full name."""
    uri, _, plain = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    return uri, plain


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return named(element.tag)[1]


def space(element: etree._Element) -> str:
    """The element's namespace, or ""."""
    return named(element.tag)[0]


def children(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each name."""
    found: dict[str, etree._Element] = {}
    for child in element:
        found.setdefault(named(child.tag)[1], child)
    return found


def _refuse_doctype(data: bytes) -> None:
    """Look for a declaration in any encoding the parser would accept."""
    head = data[:4]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise Problem("xforms.not_utf8")
    if _DECLARATION in data:
        raise Problem("xforms.doctype")


def _measure(root: etree._Element, size: int) -> None:
    if _TOO_DEEP(root):
        raise Problem("xforms.too_deep", most=DEEPEST)
    count = _COUNT(root) if size > MOST * _SHORTEST else 0
    if isinstance(count, float) and count > MOST:
        raise Problem("xforms.too_many_nodes", most=MOST)
