"""`xincai form run FORM --answers FILE`: a form filled without a screen, written as its submission.

Everything the form does not take and everything it still wants is told on stderr; nothing is written then,
except a draft that was asked for. Where the form has a public key the submission is encrypted for its holder:
its manifest is written, and beside it the encrypted files that it names, as ODK's tools expect them.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from xincai.command.answers import Filler, Refusal, read_answers
from xincai.command.form import Options, properties_of, say
from xincai.errors import Problem, explain
from xincai.xforms import Form, Session, read_form
from xincai.xforms.filling.sealing import encrypt_submission, wants_encryption


class RunOptions(Options):
    """What is to be filled, with what, and where the result goes."""

    form: str
    answers: Path
    lang: str | None
    out: Path | None
    draft: bool
    property: list[str]


def main(options: Options) -> int:
    """Fill the form; 0 when the submission is written, 1 when something stands against it."""
    asked = RunOptions(**vars(options))
    form = form_of(asked.form)
    if asked.lang is not None and asked.lang not in form.languages:
        raise Problem("xforms.unknown_language", language=asked.lang)
    session = Session.new(form, properties=properties_of(asked), language=asked.lang)
    filler = Filler(session, asked.answers.absolute().parent)
    filler.fill(read_answers(asked.answers))
    if _told(session, filler.refusals):
        if asked.draft:
            write(session.draft_xml(), asked.out)
        return 1
    submission = session.finalize()
    if wants_encryption(form):
        write_encrypted(session, submission, filler.attachments, asked.out)
    else:
        write(submission, asked.out)
    return 0


def form_of(name: str) -> Form:
    """The form of a file, or of a number on the shelf; raises Problem when it is neither or is refused."""
    path = Path(name)
    if path.suffix or path.exists():
        from xincai.shelf.reading import read_any

        source = read_any(path)
        return read_form(source.xml, source.files)
    from xincai import paths
    from xincai.shelf import Shelf
    from xincai.shelf.county import shelf_of

    return shelf_of(paths.data(), Shelf()).open(name)


def write_encrypted(
    session: Session, submission: bytes, attachments: Mapping[str, Path], out: Path | None
) -> None:
    """Write an encrypted submission: its files, then the manifest that names them.

    Raises:
        Problem: `command.out_wanted`, `xforms.bad_public_key`.
    """
    if out is None:
        raise Problem("command.out_wanted")
    named = [value for _, value, _ in session.leaves() if value in attachments]
    media = [(name, attachments[name].read_bytes()) for name in dict.fromkeys(named)]
    sealed = encrypt_submission(session.form, session.instance_id, submission, media)
    for name, data in sealed.files.items():
        write(data, out.with_name(name))
    write(sealed.manifest, out)


def write(xml: bytes, out: Path | None) -> None:
    """Write to a file, whole or not at all, or to stdout."""
    if out is None:
        sys.stdout.buffer.write(xml + b"\n")
        sys.stdout.buffer.flush()
        return
    part = out.with_name(f"{out.name}.part")
    part.write_bytes(xml)
    part.replace(out)


def _told(session: Session, refusals: list[Refusal]) -> bool:
    """Say what stands against the submission; whether there is anything."""
    for refusal in refusals:
        name = _name(session, refusal.ref)
        zh, en = explain(refusal.problem, "zh"), explain(refusal.problem, "en")
        sys.stderr.write(f"{name}: {zh.what} {zh.next}\n{name}: {en.what} {en.next}\n")
    findings = session.findings()
    for finding in findings:
        sys.stderr.write(f"{finding.label} ({finding.ref}): {finding.message}\n")
    if refusals or findings:
        say(Problem("command.unfinished", refused=len(refusals), findings=len(findings)))
    return bool(refusals or findings)


def _name(session: Session, ref: str) -> str:
    """A question's label and reference; the reference alone where no such question stands."""
    try:
        return f"{session.entry(ref).label} ({ref})"
    except Problem:
        return ref or "JSON"
