"""What was sealed last, as a list that the next filling of the form may read (`jr://instance/last-saved`).

It belongs to one filling, not to the form: a form with what was sealed last is a light copy of the form.
"""

import copy

from xincai.xforms.form import Form
from xincai.xforms.reading import external
from xincai.xforms.reading.document import parse_xml


def with_last_saved(form: Form, submission: bytes | None) -> Form:
    """The form with a submission of it in the place of what was sealed last; itself where it asks for none.

    Raises:
        Problem: the bytes are refused (`document`).
    """
    if submission is None or not form.last_saved:
        return form
    last = external.from_element(parse_xml(submission))
    own = copy.copy(form)
    own.instances = {**form.instances, **dict.fromkeys(form.last_saved, last)}
    own.indexes = {}
    return own
