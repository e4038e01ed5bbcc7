"""What is asked: the ODK XForms engine. No Qt, no files, no network.

`read_form` turns an XForm into a `Form`; a `Session` is one filling of it. Dialect: what JavaRosa does, and
where JavaRosa throws, what the specification says; but a value that breaks a constraint is kept and flagged.
A stored value that nobody touched is never rewritten.

Where we differ from JavaRosa on purpose: calculated numbers are stored without exponents; a date stays a date
in a text; a time of day compares as such; `item[2]` means the second; a counted repeat follows at once; an
answer that a cascade no longer offers is dropped at once; unknown functions, wrong argument counts and
unknown lists are refused when a form is read, not later.
"""

from xincai.xforms.facts import XC, Changes, Choice, Entity, EntityKind, Entry, Finding, Request
from xincai.xforms.filling.entities import apply_entities
from xincai.xforms.filling.session import Session
from xincai.xforms.filling.steady import dump_form
from xincai.xforms.form import Form
from xincai.xforms.markup import unmarked
from xincai.xforms.reading.cache import load_form
from xincai.xforms.reading.locally import rows_of, with_entities
from xincai.xforms.reading.reader import read_form

__all__ = [
    "XC",
    "Changes",
    "Choice",
    "Entity",
    "EntityKind",
    "Entry",
    "Finding",
    "Form",
    "Request",
    "Session",
    "apply_entities",
    "dump_form",
    "load_form",
    "read_form",
    "rows_of",
    "unmarked",
    "with_entities",
]
