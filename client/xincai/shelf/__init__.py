"""Where forms stand: from the sheets a person writes to the forms the program opens.

`build` turns one XLSForm into an XForm and its code lists; `Shelf` opens what was built. Both work from any
folder. Nothing here knows what a form is about.
"""

from xincai.shelf.card import FormCard
from xincai.shelf.convert import FormSource, build
from xincai.shelf.sources import Rule, Sources, parse_rules
from xincai.shelf.store import Shelf

__all__ = ["FormCard", "FormSource", "Rule", "Shelf", "Sources", "build", "parse_rules"]
