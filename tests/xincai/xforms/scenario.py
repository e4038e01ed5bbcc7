"""Fill a form as a person would: it stands in the test as Markdown; answers go in, the screen is read."""

import csv
import datetime
import io
from collections.abc import Mapping

from pyxform.xls2xform import convert

from xincai.xforms import Changes, Form, Session, read_form

NOON = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)


def form_of(markdown: str, files: Mapping[str, str] | None = None, settings: str = "") -> Form:
    """The form that a Markdown XLSForm means; `files` are CSV texts by name."""
    if "| settings" not in markdown:
        markdown += "\n| settings |\n| | form_id | version |\n| | test | 1 |\n"
    xml = convert(markdown + settings, validate=False, file_type=".md").xform
    return read_form(xml.encode(), {name: text.encode() for name, text in (files or {}).items()})


class Scenario:
    """One filling in a test; names are short references below /data or the form's root."""

    def __init__(self, form: Form, session: Session) -> None:
        self.form = form
        self.session = session
        self.root = form.root.path

    @classmethod
    def new(
        cls, markdown: str, files: Mapping[str, str] | None = None, language: str | None = None
    ) -> "Scenario":
        form = form_of(markdown, files)
        return cls(form, Session.new(form, now=lambda: NOON, language=language))

    @classmethod
    def xml(cls, xml: str) -> "Scenario":
        form = read_form(xml.encode())
        return cls(form, Session.new(form, now=lambda: NOON))

    def ref(self, name: str) -> str:
        return name if name.startswith("/") else f"{self.root}/{name}"

    def answer(self, name: str, value: str | int | float) -> Changes:
        return self.session.answer(self.ref(name), str(value))

    def value(self, name: str) -> str:
        return self.session.entry(self.ref(name)).value

    def label(self, name: str) -> str:
        return self.session.entry(self.ref(name)).label

    def problem(self, name: str) -> str:
        return self.session.entry(self.ref(name)).problem_kind

    def relevant(self, name: str) -> bool:
        return self.session.entry(self.ref(name)).relevant

    def choices(self, name: str) -> list[str]:
        return [choice.value for choice in self.session.choices(self.ref(name))]

    def add(self, name: str) -> Changes:
        return self.session.add_repeat(self.ref(name))

    def remove(self, name: str) -> Changes:
        return self.session.remove_repeat(self.ref(name))

    def resumed(self) -> "Scenario":
        return Scenario(self.form, Session.resume(self.form, self.session.draft_xml(), now=lambda: NOON))

    def state(self) -> dict[str, tuple[bool, str | None, bool, bool]]:
        return {ref: tuple(rest) for ref, *rest in self.session.nodes()}


def csv_of(*rows: tuple[str, ...]) -> str:
    """CSV text of rows."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def xform(instance: str, binds: str, body: str = "", extra: str = "") -> str:
    """A small XForm for what XLSForm cannot say."""
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">'
        f"<h:head><h:title>t</h:title><model><instance>{instance}</instance>{extra}{binds}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    )
