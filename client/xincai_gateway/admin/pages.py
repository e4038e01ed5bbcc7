"""The pages: what each shows, asked of the tables, and how it is drawn.

Rules: templates stand in `resources/admin`, every value in them is escaped. Their words are Chinese;
`en.toml` has the English for each.
"""

import datetime
import functools
import tomllib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import jinja2
import sqlalchemy as sa
from markupsafe import Markup

from xincai import clock, paths
from xincai.errors import Language
from xincai.wire.slip import EnrolmentSlip
from xincai_gateway import accesses, acts, enrol, offices, publishing, quality, slips
from xincai_gateway.accepted import LEVELS
from xincai_gateway.admin.sessions import Session
from xincai_gateway.flags import OPEN, VERDICTS, flagged_records, look_up
from xincai_gateway.gateway import Gateway
from xincai_gateway.outgoing import again
from xincai_gateway.schema import batches, devices, flags, objections, outcomes, records

Query = dict[str, str]
Facts = dict[str, Any]
_SHOWN = 200
_BEIJING = datetime.timedelta(hours=8)
SIGNALS = {
    "photo": "不同主体用同一张照片",
    "point": "多个主体在同一定位点",
    "haste": "填得过快",
    "chance": "数值像随机生成",
}
ORIGINS = {"declared": "自报", "observed": "现场所见", "document": "证件所载", "platform": "平台核验"}
TIMED = frozenset(
    {
        "offices",
        "devices",
        "published",
        "batches",
        "flags",
        "flag",
        "objections",
        "deliveries",
        "accesses",
        "report",
    }
)
WITHIN = {
    "code": "devices",
    "flag": "flags",
    "report": "subject",
    "left": "subject",
    "delivery": "deliveries",
}
"""The page in the line of pages under which another one stands."""
LEVEL_WORDS = dict(zip(LEVELS, ("公开", "内部", "商业秘密与一般个人信息", "敏感个人信息"), strict=True))


def facts_of(page: str, gateway: Gateway, query: Query) -> Facts:
    """What a page shows, and the offices by name."""
    return {"names": offices.names(gateway.database), **PAGES[page](gateway, query)}


def draw(  # noqa: PLR0917 - a page and everything on it
    page: str, language: Language, session: Session | None, gateway: Gateway, facts: Facts, query: Query
) -> str:
    """A page as HTML."""
    words = _english() if language == "en" else {}

    def tr(text: str) -> str:
        return words.get(text, text)

    def when(stamp: str) -> str:
        """An instant as Beijing's clocks show it."""
        return (clock.parse_stamp(stamp) + _BEIJING).strftime("%Y-%m-%d %H:%M")

    def size(octets: int) -> str:
        return f"{octets} B" if octets < 1024 else f"{octets / 1024:,.0f} KB"

    def percent(share: float | None) -> str:
        return "—" if share is None else f"{share * 100:.1f}%"

    return (
        _templates()
        .get_template(f"{page}.html")
        .render(
            t=tr,
            percent=percent,
            when=when,
            size=size,
            shown=_SHOWN,
            levels=LEVEL_WORDS,
            signals=SIGNALS,
            origins=ORIGINS,
            within=WITHIN,
            timed=TIMED,
            page=page,
            lang=language,
            session=session,
            gateway=gateway.settings.name or gateway.identity.gateway,
            practice=gateway.settings.practice,
            done=query.get("done", ""),
            switch=_switch(page, language, query),
            **facts,
        )
    )


def printed_slip(language: Language, gateway: Gateway, slip: EnrolmentSlip) -> str:
    """An enrolment slip as a page of its own, to be printed from a file."""
    style = (paths.resources() / "admin" / "admin.css").read_text("utf-8")
    facts = {**slips.facts(gateway, slip), "style": Markup(style)}  # noqa: S704 - our own file
    return draw("printed", language, None, gateway, facts, {})


def _switch(page: str, language: Language, query: Query) -> str:
    """Where the same stands in the other language; what a form showed has no address of its own."""
    place = f"/admin/{WITHIN[page]}" if page in WITHIN and page not in PAGES else ""
    shown = {key: value for key, value in query.items() if key != "done"}
    return f"{place}?{urlencode({**shown, 'lang': 'zh' if language == 'en' else 'en'})}"


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(paths.resources() / "admin")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@functools.cache
def _english() -> Mapping[str, str]:
    return tomllib.loads((paths.resources() / "admin" / "en.toml").read_text("utf-8"))


def _offices_page(gateway: Gateway, _: Query) -> Facts:
    return {"offices": offices.standing(gateway.database)}


def _devices(gateway: Gateway, _: Query) -> Facts:
    return {"devices": enrol.standing(gateway.database), "address": slips.address_of(gateway.database)}


def _batches(gateway: Gateway, _: Query) -> Facts:
    newest = sa.select(
        *(batches.c[name] for name in ("office", "device", "manifest_sm3", "received_at", "settled_at")),
        *(batches.c[name] for name in ("records", "accepted", "chain", "sequence")),
    )
    return {
        "batches": gateway.database.rows(
            newest.order_by(batches.c.received_at.desc(), batches.c.position.desc()).limit(_SHOWN)
        )
    }


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
        "offices": _offices(gateway),
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


def _flag(gateway: Gateway, query: Query) -> Facts:
    """A flag with the records under it; who they are about is masked."""
    key = (query.get("office", ""), query.get("flag", ""))
    return {"flag": look_up(gateway.database, *key), "records": flagged_records(gateway.database, *key)}


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
        "titles": {card.form_id: card.title for card in gateway.library.cards},
        "offices": _offices(gateway),
    }


def _deliveries(gateway: Gateway, _: Query) -> Facts:
    return {"deliveries": again.latest(gateway.database)}


def _delivery(gateway: Gateway, query: Query) -> Facts:
    office, delivery = query.get("office", ""), query.get("delivery", "")
    return {"office": office, "delivery": delivery, "lines": again.lines(gateway.database, office, delivery)}


def _accesses(gateway: Gateway, _: Query) -> Facts:
    return {"accesses": accesses.latest(gateway.database), "acts": acts.latest(gateway.database)}


def _published(gateway: Gateway, _: Query) -> Facts:
    return {"published": publishing.standing(gateway)}


PAGES: Mapping[str, Callable[[Gateway, Query], Facts]] = {
    "offices": _offices_page,
    "devices": _devices,
    "batches": _batches,
    "rejects": _rejects,
    "quality": _quality,
    "flags": _flags,
    "flag": _flag,
    "subject": _subject,
    "objections": _objections,
    "data": _data,
    "published": _published,
    "deliveries": _deliveries,
    "delivery": _delivery,
    "accesses": _accesses,
}
