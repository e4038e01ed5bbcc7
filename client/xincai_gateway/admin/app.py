"""The application: who may see a page, what a form does, and how trouble is told.

Rules: all but the log-in page asks for a session; a form is a POST with the session's mark, and is answered
with a way back to a page (303). Work that waits for the database runs beside the event loop.
"""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xincai import paths
from xincai.errors import Language, Problem, explain
from xincai_gateway import administrators
from xincai_gateway.accepted import as_csv, as_parquet, take_away
from xincai_gateway.accesses import Asking
from xincai_gateway.admin import doing, pages, sessions
from xincai_gateway.admin.sessions import COOKIE, Session, check_mark, check_origin, parts_of
from xincai_gateway.gateway import Gateway

_log = logging.getLogger(__name__)
HOME = "/admin/devices"
_MAX_FORM = 64 * 1024
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
Handler = Callable[[Request], Awaitable[Response]]


class Guarded:
    """Adds the headers that keep a browser from doing anything but showing the page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((name.lower().encode(), value.encode()) for name, value in _HEADERS),
                ]
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def create_app(gateway: Gateway) -> Guarded:
    """The application over an open gateway."""
    routes = [
        Route("/", _home),
        Route("/admin", _home),
        Route("/admin/admin.css", _style),
        Route("/admin/login", _login_page, methods=["GET"]),
        Route("/admin/login", _login, methods=["POST"]),
        Route("/admin/logout", _form(_logout), methods=["POST"]),
        Route("/admin/download", _form(_download), methods=["POST"]),
        Route("/admin/{page}", _page, methods=["GET"]),
        Route("/admin/{act}", _form(_do), methods=["POST"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={Problem: _on_problem, Exception: _on_fault, 404: _on_absent, 405: _on_absent},
    )
    app.state.gateway = gateway
    app.state.one_at_a_time = anyio.CapacityLimiter(1)
    return Guarded(app)  # from outside: what tells a fault is a page too


def language(request: Request) -> Language:
    """Chinese, unless the switch or its cookie says English."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if chosen == "en" else "zh"


async def _home(_: Request) -> Response:
    return RedirectResponse(HOME, 303)


async def _style(_: Request) -> Response:
    return Response((paths.resources() / "admin" / "admin.css").read_bytes(), media_type="text/css")


async def _login_page(request: Request) -> Response:
    return _drawn(request, "login", None, {"what": "", "next": ""})


async def _login(request: Request) -> Response:
    check_origin(request)
    given = await _given(request)
    state = request.app.state
    name, token = given.get("name", ""), sessions.fresh_token()
    await to_thread.run_sync(
        administrators.log_in,
        state.gateway.database,
        name,
        given.get("passphrase", ""),
        functools.partial(sessions.begin, name=name, token=token),
        limiter=state.one_at_a_time,
    )
    response = RedirectResponse(HOME, 303)
    response.set_cookie(
        COOKIE,
        token,
        path="/admin",
        httponly=True,
        samesite="strict",
        secure="https" in {request.url.scheme, request.headers.get("X-Forwarded-Proto")},
    )
    return response


async def _logout(request: Request, _: Session, __: dict[str, str]) -> Response:
    await run_in_threadpool(sessions.end, request.app.state.gateway.database, request)
    return RedirectResponse("/admin/login", 303)


async def _page(request: Request) -> Response:
    name = request.path_params["page"]
    session = await _session(request)
    if session is None:
        return RedirectResponse("/admin/login", 303)
    if name not in pages.PAGES:
        return await _on_absent(request, Problem("gateway.no_such_page"))
    facts = await run_in_threadpool(
        pages.facts_of, name, request.app.state.gateway, _told(dict(request.query_params))
    )
    return _drawn(request, name, session, facts)


async def _do(request: Request, session: Session, given: dict[str, str]) -> Response:
    act = doing.ACTS.get(request.path_params["act"])
    if act is None:
        return await _on_absent(request, Problem("gateway.no_such_page"))
    given["language"] = language(request)
    done = await run_in_threadpool(act, request.app.state.gateway, given, session.name)
    if done.file:
        name, data = done.file
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, headers=headers, media_type="text/plain; charset=utf-8")
    if done.page:
        return _drawn(request, done.page, session, done.facts)
    return RedirectResponse(f"/admin/{done.back}?{urlencode({'done': done.said})}", 303)


async def _download(request: Request, session: Session, given: dict[str, str]) -> Response:
    asking = Asking(session.name, given.get("purpose", ""))
    form, office = given.get("form", ""), given.get("office", "")
    database = request.app.state.gateway.database
    table = await run_in_threadpool(take_away, database, office, form, given.get("level", ""), asking)
    kind = "parquet" if given.get("kind") == "parquet" else "csv"
    name = "".join(letter for letter in form if letter.isascii() and (letter.isalnum() or letter in "_-"))
    headers = {"Content-Disposition": f'attachment; filename="{name or "records"}.{kind}"'}
    if kind == "parquet":
        data = await run_in_threadpool(as_parquet, table)
        return Response(data, headers=headers, media_type="application/vnd.apache.parquet")
    return StreamingResponse(as_csv(table), headers=headers, media_type="text/csv; charset=utf-8")


def _form(act: Callable[[Request, Session, dict[str, str]], Awaitable[Response]]) -> Handler:
    """A form's handler: from here, by somebody logged in, with the session's mark."""

    async def handle(request: Request) -> Response:
        check_origin(request)
        session = await _session(request)
        if session is None:
            return RedirectResponse("/admin/login", 303)
        given = await _given(request)
        check_mark(session, given.get("csrf", ""))
        return await act(request, session, given)

    return handle


async def _session(request: Request) -> Session | None:
    return await run_in_threadpool(sessions.find, request.app.state.gateway.database, request)


async def _session_if_told(request: Request) -> Session | None:
    """The session on a page that tells trouble, which may be the database's own."""
    try:
        return await _session(request)
    except Problem:
        return None


async def _given(request: Request) -> dict[str, str]:
    """The fields of a form; raise Problem when it is none or too large."""
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _MAX_FORM:
            raise Problem("gateway.body_too_large", limit=_MAX_FORM)
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, strict_parsing=bool(data), max_num_fields=50)
    except ValueError as error:
        raise Problem("gateway.bad_request") from error
    return _told(dict(pairs))


def _told(given: dict[str, str]) -> dict[str, str]:
    """What was given; raise Problem when it holds a NUL, which no database takes."""
    if any("\0" in text for text in given.values()):
        raise Problem("gateway.bad_text")
    return given


def _drawn(
    request: Request, page: str, session: Session | None, facts: dict[str, Any], status: int = 200
) -> Response:
    chosen = language(request)
    text = pages.draw(page, chosen, session, request.app.state.gateway, facts, dict(request.query_params))
    response = Response(text, status, media_type="text/html; charset=utf-8")
    if "lang" in request.query_params:
        response.set_cookie("lang", chosen, path="/admin", samesite="strict", httponly=True)
    return response


async def _on_problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem("gateway.fault")
    explanation = explain(problem, language(request))
    back = parts_of(request.headers.get("Referer", "")).path
    facts = {"what": explanation.what, "next": explanation.next}
    known = back.removeprefix("/admin/")
    facts["back"] = f"/admin/{known}" if known in {*pages.PAGES, "login"} else HOME
    session = await _session_if_told(request)
    status = {
        "gateway.wait_to_log_in": 429,
        "gateway.bad_passphrase": 403,
        "gateway.stale_page": 403,
        "gateway.fault": 500,
    }
    page = "login" if request.url.path == "/admin/login" and session is None else "trouble"
    return _drawn(request, page, session, facts, status.get(problem.code, 400))


async def _on_fault(request: Request, error: Exception) -> Response:
    _log.error("%s: %s", request.url.path, type(error).__name__)
    return await _on_problem(request, error)


async def _on_absent(request: Request, _: Exception) -> Response:
    explanation = explain(Problem("gateway.no_such_page"), language(request))
    session = await _session_if_told(request)
    facts = {"what": explanation.what, "next": explanation.next, "back": HOME}
    return _drawn(request, "trouble", session, facts, 404)
