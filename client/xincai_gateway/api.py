"""The HTTP face: the endpoints that `xincai.wire.messages` promises, each a few lines over the rooms behind.

Rules: every body is read against a cap and a deadline; nothing is believed because it came over HTTP. Work
that waits for disk or database runs beside the event loop. An upload's bytes go to the disk as they come,
so what arrived before a cut stays.
"""

import logging
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from xincai import __version__, clock
from xincai.errors import Problem, explain
from xincai.wire import codes, messages, series
from xincai.wire.canonical import strict_json
from xincai.wire.manifest import manifest_id
from xincai.wire.messages import (
    API,
    CommitReply,
    EnrolReply,
    EnrolRequest,
    ErrorReply,
    Head,
    KeyReply,
    KeyRequest,
    KeysModel,
    ReceiptModel,
    ReceiptPage,
    SignedModel,
    Wellknown,
    read_signature_header,
)
from xincai.wire.receipt import SignedReceipt
from xincai_gateway import commit, ledger, metrics, offices, publishing, replaying
from xincai_gateway.arrivals import Arrivals
from xincai_gateway.blobs import Standing
from xincai_gateway.bodies import BRIEF, body_pieces, read_body, take_pieces
from xincai_gateway.commit import BlobsMissing
from xincai_gateway.enrol import Device, authenticate, change_key, enrol
from xincai_gateway.gateway import Gateway
from xincai_gateway.identity import signed_time
from xincai_gateway.judges import judges_of
from xincai_gateway.replies import refusal, refused, reply

MAX_ENROLMENT = 16 * 1024
_log = logging.getLogger(__name__)

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Length = Annotated[int | None, Header(alias="Upload-Length", ge=0)]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0)]
Part = Annotated[str, Header(alias="Range", pattern=r"^(bytes=[0-9]{1,12}-[0-9]{0,12})?$")]
_REFUSALS: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorReply}, "5XX": {"model": ErrorReply}}
_OCTETS = {
    "requestBody": {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    }
}


def _body(model: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": model.model_json_schema()}}}}


def create_app(gateway: Gateway, *, diary: str = "diary") -> FastAPI:
    """The application over an open gateway, whose diary has this name."""
    judges = judges_of(gateway, diary)
    app = FastAPI(
        lifespan=lambda _: judges.serving(),
        title="信采前置机 Xincai gateway",
        version=__version__,
        openapi_url=f"/{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.gateway = gateway
    app.state.judges = judges
    app.include_router(_open)
    app.include_router(_enrolled)
    app.state.durations = metrics.Durations()
    app.add_middleware(metrics.Timed, durations=app.state.durations, traffic=gateway.traffic)
    app.add_middleware(MethodOverride)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(BlobsMissing, _on_missing)
    app.add_exception_handler(RequestValidationError, _on_bad_request)
    app.add_exception_handler(ValidationError, _on_bad_request)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_cut)
    app.add_exception_handler(Exception, _on_fault)
    return app


class MethodOverride:
    """Lets POST stand for PATCH, PUT or HEAD where a proxy lets nothing else through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            method = Headers(scope=scope).get("X-HTTP-Method-Override", "").upper()
            if method in {"PATCH", "PUT", "HEAD"}:
                scope = {**scope, "method": method}
        await self._app(scope, receive, send)


def _gateway(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


Here = Annotated[Gateway, Depends(_gateway)]


def _device(gateway: Here, authorization: Annotated[str, Header()] = "") -> Device:
    return authenticate(gateway.database, authorization)


Caller = Annotated[Device, Depends(_device)]

_open = APIRouter(responses=_REFUSALS)
_enrolled = APIRouter(prefix=f"/{API}", responses=_REFUSALS)


@_open.get(messages.WELL_KNOWN, response_model=Wellknown)
def wellknown(gateway: Here) -> Response:
    """Who answers here."""
    settings = gateway.settings
    return reply(
        Wellknown(
            gateway=gateway.identity.gateway,
            name=settings.name,
            practice=settings.practice,
            time=clock.stamp(clock.now()),
            limits=settings.limits,
        )
    )


@_open.get("/healthz", include_in_schema=False)
def health(gateway: Here) -> Response:
    """Whether the gateway can take anything in; 503 when it cannot."""
    well, told = metrics.health(gateway)
    return Response(told, 200 if well else 503, {"Cache-Control": "no-store"}, "application/json")


@_open.get("/metrics", include_in_schema=False)
def measured(gateway: Here, request: Request) -> Response:
    """What is measured, for Prometheus."""
    state = request.app.state
    told = metrics.text(gateway, state.durations, state.judges.restarts)
    return Response(told, media_type="text/plain; version=0.0.4; charset=utf-8")


@_open.get(f"/{API}/keys", response_model=KeysModel)
def keys(gateway: Here) -> Response:
    """The signed list of the gateway's keys, and those that revoked one."""
    who = gateway.identity
    return reply(KeysModel.of_lists(who.keys, who.revocations))


@_open.get(f"/{API}/time", response_model=SignedModel)
def time(
    gateway: Here, nonce: Annotated[str, Query(max_length=100, pattern=r"^[0-9A-Za-z._~-]*$")] = ""
) -> Response:
    """The gateway's time, signed together with the caller's nonce."""
    return reply(SignedModel.of(signed_time(gateway.identity, nonce)))


@_open.post(f"/{API}/enrol", response_model=EnrolReply, openapi_extra=_body(EnrolRequest))
async def enrol_device(gateway: Here, request: Request) -> Response:
    """Let a device in for a one-time code."""
    body = strict_json(await read_body(request, MAX_ENROLMENT, BRIEF), limit=MAX_ENROLMENT)
    asked = EnrolRequest.model_validate(body)
    device, token = await run_in_threadpool(enrol, gateway.database, asked)
    _log.info("enrolled a device of office %s", device.office)
    office_name = await run_in_threadpool(offices.name_of, gateway.database, device.office)
    return reply(
        EnrolReply(
            device=device.device,
            office=device.office,
            office_name=office_name or gateway.settings.name,
            token=token,
            gateway=gateway.identity.gateway,
            practice=gateway.settings.practice,
            keys=SignedModel.of(gateway.identity.keys),
        )
    )


@_enrolled.get("/index", response_model=SignedModel)
def index(gateway: Here, device: Caller) -> Response:
    """The signed index of what is published to the device."""
    return reply(SignedModel.of(publishing.signed_index(gateway, device.office, device.device)))


@_enrolled.get("/documents/{sm3}")
def document(gateway: Here, device: Caller, sm3: Digest, wanted: Part = "") -> Response:
    """A file that the index names, or the part of it that is asked for."""
    data = publishing.read_file(gateway, device.office, device.device, sm3)
    begin, end = _part(wanted, len(data))
    headers = {"Cache-Control": "no-store", "Accept-Ranges": "bytes"}
    if wanted:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(data)}"
    return Response(data[begin:end], 206 if wanted else 200, headers, "application/octet-stream")


@_enrolled.get("/head", response_model=Head)
def device_head(gateway: Here, device: Caller) -> Response:
    """What the gateway holds of the calling device."""
    return reply(ledger.head(gateway.database, device.office, device.device))


@_enrolled.post("/key", response_model=KeyReply, openapi_extra=_body(KeyRequest))
async def key(gateway: Here, device: Caller, request: Request) -> Response:
    """Put a new key in the place of the calling device's."""
    body = strict_json(await read_body(request, MAX_ENROLMENT, BRIEF), limit=MAX_ENROLMENT)
    asked = KeyRequest.model_validate(body)
    name = gateway.identity.gateway
    key_id = await run_in_threadpool(change_key, gateway.database, name, device, asked)
    _log.info("changed the key of a device of office %s", device.office)
    return reply(KeyReply(key_id=key_id))


@_enrolled.head("/blobs/{sm3}")
def blob_standing(gateway: Here, device: Caller, sm3: Digest) -> Response:
    """How far an upload is."""
    standing = gateway.store.standing(device.office, sm3)
    return Response(status_code=404) if standing is None else _standing(200, standing)


@_enrolled.post("/blobs/{sm3}", status_code=201, openapi_extra=_OCTETS)
async def create_blob(
    gateway: Here, device: Caller, request: Request, sm3: Digest, length: Length = None
) -> Response:
    """Begin an upload, with its first bytes or all of them."""
    if length is None:
        raise Problem("gateway.no_length")
    standing = await run_in_threadpool(gateway.store.standing, device.office, sm3)
    if standing is not None and standing.complete:
        async for _ in body_pieces(request, gateway.settings.limits.blob_bytes):
            pass
        return _standing(201, standing)
    await run_in_threadpool(gateway.blobs.create, device.office, sm3, length)
    return await _receive(gateway, device, request, sm3, offset=0, status=201)


@_enrolled.post("/blobs", status_code=201, openapi_extra=_OCTETS)
async def create_blobs(
    gateway: Here, device: Caller, request: Request, length: Annotated[int, Header(alias="Content-Length")]
) -> Response:
    """Take in a series of blobs: all of them are here when this is answered."""
    arrivals = Arrivals(gateway.store, device.office, length)
    try:
        await take_pieces(request, series.MOST_BYTES, arrivals.write)
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(arrivals.close)
    arrivals.check()
    return Response(status_code=201)


@_enrolled.patch("/blobs/{sm3}", status_code=204, openapi_extra=_OCTETS)
async def append_blob(
    gateway: Here, device: Caller, request: Request, sm3: Digest, offset: Offset
) -> Response:
    """Go on with an upload."""
    return await _receive(gateway, device, request, sm3, offset=offset, status=204)


@_enrolled.post("/packs/{sm3}", status_code=204, openapi_extra=_OCTETS)
async def open_pack(gateway: Here, device: Caller, request: Request, sm3: Digest) -> Response:
    """Open a pack: the small blobs in it are here from now on. Without a body it was uploaded as a blob."""
    data = await read_body(request, gateway.settings.limits.chunk_bytes)
    await run_in_threadpool(gateway.store.unpack, device.office, sm3, data)
    return Response(status_code=204)


@_enrolled.put("/batches/{sm3}", response_model=CommitReply, openapi_extra=_OCTETS)
async def put_batch(
    gateway: Here,
    device: Caller,
    request: Request,
    sm3: Digest,
    signature: Annotated[str, Header(alias=messages.SIGNATURE_HEADER)],
) -> Response:
    """Take a batch whose blobs are here; 201 the first time, 200 with the same receipts again.

    Without a body the manifest is one of the blobs.
    """
    limit = gateway.settings.limits.manifest_bytes
    data = await read_body(request, limit) or await run_in_threadpool(
        commit.sent_before, gateway, device.office, sm3, limit
    )
    if manifest_id(data) != sm3:
        raise Problem("gateway.wrong_name")
    try:
        _, value = read_signature_header(signature)
    except ValueError as error:
        raise Problem("wire.bad_signature") from error
    taking = await run_in_threadpool(commit.take, gateway, data, value, office=device.office)
    _log.info("batch %s of office %s: %s", sm3[:16], device.office, "taken" if taking.fresh else "again")
    response = _receipts(taking.receipts, 201 if taking.fresh else 200)
    if not taking.settled:
        response.background = BackgroundTask(request.app.state.judges.settle, device.office, sm3)
    return response


@_enrolled.get("/batches/{sm3}/receipts", response_model=CommitReply)
def batch_receipts(gateway: Here, device: Caller, sm3: Digest) -> Response:
    """The receipts of a batch, as they were made."""
    found = replaying.receipts_of(gateway, device.office, sm3)
    if not found:
        raise Problem("gateway.batch_unknown")
    return _receipts(found, 200)


@_enrolled.get("/receipts", response_model=ReceiptPage)
def receipts(
    gateway: Here, device: Caller, after: Annotated[str, Query(pattern=r"^[0-9]{0,15}$")] = ""
) -> Response:
    """The device's receipts after a cursor, oldest first."""
    found, position, more = replaying.receipts_after(gateway, device.office, device.device, int(after or "0"))
    page = [ReceiptModel.of(receipt) for receipt in found]
    return reply(ReceiptPage(receipts=page, cursor=str(position), more=more))


async def _receive(
    gateway: Gateway, device: Device, request: Request, sm3: str, *, offset: int, status: int
) -> Response:
    """Append a request's body to an upload; check and place the blob when it is whole."""
    with await run_in_threadpool(gateway.blobs.upload, device.office, sm3, offset) as upload:
        async for piece in body_pieces(request, gateway.settings.limits.blob_bytes):
            upload.write(piece)
    whole = upload.offset == upload.length
    if whole:
        await run_in_threadpool(gateway.blobs.finish, device.office, sm3)
    return _standing(status, Standing(upload.offset, upload.length, whole))


def _standing(status: int, standing: Standing) -> Response:
    return Response(
        status_code=status,
        headers={
            "Upload-Offset": str(standing.offset),
            "Upload-Length": str(standing.length),
            "Upload-Complete": "?1" if standing.complete else "?0",
            "Cache-Control": "no-store",
        },
    )


def _part(wanted: str, size: int) -> tuple[int, int]:
    """Where the part of a file begins and ends that a Range header asks for."""
    if not wanted:
        return 0, size
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    begin, end = int(first), min(int(last or size) + 1, size)
    if begin >= end:
        raise Problem("gateway.no_such_part", size=size)
    return begin, end


def _receipts(found: tuple[SignedReceipt, ...], status: int) -> Response:
    return reply(CommitReply(receipts=[ReceiptModel.of(receipt) for receipt in found]), status)


def _on_problem(_: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem("gateway.fault")
    _log.info("refused: %s", problem.code)
    return refusal(problem)


def _on_missing(_: Request, error: Exception) -> Response:
    missing = error if isinstance(error, BlobsMissing) else BlobsMissing(())
    return refusal(missing.problem, missing.missing)


def _on_bad_request(_: Request, __: Exception) -> Response:
    return refusal(Problem("gateway.bad_request"))


def _on_http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return refused(status, "", explain(Problem("gateway.no_such_place")).what)


def _on_cut(_: Request, __: Exception) -> Response:
    return Response(status_code=400)


def _on_fault(_: Request, __: Exception) -> Response:
    return refused(500, codes.PLATFORM_FAULT, explain(Problem("gateway.fault")).what)
