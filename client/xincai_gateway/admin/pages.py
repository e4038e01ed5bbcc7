"""The pages: what each shows, asked of the tables, and how it is drawn.

Rules: templates stand in `resources/admin`, every value in them is escaped. Their words are Chinese;
`en.toml` has the English for each.
"""

import functools
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
import sqlalchemy as sa

from xincai import paths
from xincai.errors import Language
from xincai_gateway import accesses, quality
from xincai_gateway.accepted import LEVELS
from xincai_gateway.admin.sessions import Session
from xincai_gateway.flags import OPEN, VERDICTS
from xincai_gateway.gateway import Gateway
from xincai_gateway.schema import batches, devices, flags, objections, outcomes, records

Query = dict[str, str]
Facts = dict[str, Any]
_SHOWN = 200


def draw(  # noqa: PLR0917 - a page and everything on it
    page: str, language: Language, session: Session | None, gateway: Gateway, facts: Facts, query: Query
) -> str:
    """A page as HTML."""
    words = _english() if language == "en" else {}

    def tr(text: str) -> str:
        return words.get(text, text)

    def percent(share: float | None) -> str:
        return "—" if share is None else f"{share * 100:.1f}%"

    return (
        _templates()
        .get_template(f"{page}.html")
        .render(
            t=tr,
            percent=percent,
            page=page,
            lang=language,
            session=session,
            gateway=gateway.settings.name or gateway.identity.gateway,
            practice=gateway.settings.practice,
            done=query.get("done", ""),
            **facts,
        )
    )


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(paths.resources() / "admin")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@functools.cache
def _english() -> Mapping[str, str]:
    return tomllib.loads((paths.resources() / "admin" / "en.toml").read_text("utf-8"))


def _devices(gateway: Gateway, _: Query) -> Facts:
    last = (
        sa.select(batches.c.office, batches.c.device, sa.func.max(batches.c.received_at).label("last"))
        .group_by(batches.c.office, batches.c.device)
        .subquery()
    )
    same = sa.and_(last.c.office == devices.c.office, last.c.device == devices.c.device)
    found = sa.select(devices, last.c.last).outerjoin(last, same)
    rows = gateway.database.rows(found.order_by(devices.c.office, last.c.last.desc(), devices.c.device))
    return {"devices": rows}


def _batches(gateway: Gateway, _: Query) -> Facts:
    newest = sa.select(
        *(batches.c[name] for name in ("office", "device", "manifest_sm3", "received_at", "settled_at")),
        *(batches.c[name] for name in ("records", "accepted", "chain", "sequence")),
    )
    return {"batches": gateway.database.rows(newest.order_by(batches.c.received_at.desc()).limit(_SHOWN))}


def _rejects(gateway: Gateway, _: Query) -> Facts:
    count = sa.func.count().label("n")
    keys = [outcomes.c.office, outcomes.c.form, outcomes.c.code, outcomes.c.path]
    rejected = (
        sa.select(*keys, sa.func.min(outcomes.c.text).label("text"), count)
        .where(outcomes.c.status == "rejected")
        .group_by(*keys)
        .order_by(count.desc())
        .limit(_SHOWN)
    )
    return {"rejects": gateway.database.rows(rejected)}


def _quality(gateway: Gateway, query: Query) -> Facts:
    office = query.get("office", "")
    return {
        "office": office,
        "figures": quality.FIGURES,
        "tables": [
            ("采集单位", quality.measure(gateway.database, office)),
            ("村（地区）", quality.measure(gateway.database, office, "region")),
            ("表单", quality.measure(gateway.database, office, "form")),
        ],
    }


def _flags(gateway: Gateway, _: Query) -> Facts:
    waiting = sa.case((flags.c.status == OPEN, 0), else_=1)
    rows = gateway.database.rows(
        sa.select(flags).order_by(waiting, flags.c.raised_at.desc(), flags.c.flag).limit(_SHOWN)
    )
    return {"flags": rows, "open": OPEN, "verdicts": VERDICTS, "offices": _offices(gateway)}


def _offices(gateway: Gateway) -> list[str]:
    query = sa.select(devices.c.office).distinct().order_by(devices.c.office)
    return [row["office"] for row in gateway.database.rows(query)]


def _subject(_: Gateway, __: Query) -> Facts:
    return {}


def _objections(gateway: Gateway, _: Query) -> Facts:
    newest = sa.select(objections).order_by(
        objections.c.closed_at.is_not(None), objections.c.raised_at.desc()
    )
    return {"objections": gateway.database.rows(newest.limit(_SHOWN))}


def _data(gateway: Gateway, _: Query) -> Facts:
    forms = sa.select(records.c.form, sa.func.count().label("n")).group_by(records.c.form)
    return {
        "forms": gateway.database.rows(forms.order_by(records.c.form)),
        "offices": _offices(gateway),
        "levels": LEVELS,
    }


def _accesses(gateway: Gateway, _: Query) -> Facts:
    return {"accesses": accesses.latest(gateway.database)}


PAGES: Mapping[str, Callable[[Gateway, Query], Facts]] = {
    "devices": _devices,
    "batches": _batches,
    "rejects": _rejects,
    "quality": _quality,
    "flags": _flags,
    "subject": _subject,
    "objections": _objections,
    "data": _data,
    "accesses": _accesses,
}
