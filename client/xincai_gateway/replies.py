"""What a refusal looks like on the wire: a status, a platform code, words for a person; never a stack trace.

Rules: each expected trouble has its status and code here, by what helps against it (`wire.codes`).
Anything else is our fault: 500 with code 5000 and no detail.
"""

from collections.abc import Mapping

from pydantic import BaseModel
from starlette.responses import Response

from xincai.errors import Problem, explain
from xincai.wire import codes
from xincai.wire.messages import ErrorReply

JSON = "application/json"
RETRY_AFTER = "10"

_ANSWERS: Mapping[str, tuple[int, str]] = {
    "wire.bad_signature": (422, codes.BAD_SIGNATURE),
    "wire.unknown_key": (422, codes.BAD_SIGNATURE),
    "wire.unknown_suite": (422, codes.BAD_CERTIFICATE),
    "wire.too_large": (413, codes.TOO_LARGE),
    "wire.bad_pack": (422, codes.ATTACHMENT_MISSING),
    "wire.bad_series": (422, codes.ATTACHMENT_MISSING),
    "gateway.bad_proof": (403, codes.UNAUTHORISED),
    "gateway.bad_key_proof": (403, codes.UNAUTHORISED),
    "gateway.no_token": (401, codes.UNAUTHORISED),
    "gateway.bad_code": (403, codes.UNAUTHORISED),
    "gateway.code_used": (403, codes.UNAUTHORISED),
    "gateway.code_expired": (403, codes.UNAUTHORISED),
    "gateway.bad_device": (403, codes.UNAUTHORISED),
    "gateway.device_taken": (403, codes.UNAUTHORISED),
    "gateway.device_unknown": (403, codes.UNAUTHORISED),
    "gateway.device_revoked": (403, codes.REVOKED),
    "gateway.other_office": (403, codes.UNAUTHORISED),
    "gateway.other_recipient": (422, codes.WRONG_PLACE),
    "gateway.blobs_missing": (409, codes.ATTACHMENT_MISSING),
    "gateway.wrong_offset": (409, codes.IN_PROGRESS),
    "gateway.upload_replaced": (409, codes.IN_PROGRESS),
    "gateway.blob_unknown": (404, codes.ATTACHMENT_MISSING),
    "gateway.batch_unknown": (404, codes.BAD_FORMAT),
    "gateway.no_such_document": (404, codes.BAD_FORMAT),
    "gateway.no_such_part": (416, codes.BAD_FORMAT),
    "gateway.wrong_digest": (422, codes.ATTACHMENT_MISSING),
    "gateway.blob_too_large": (413, codes.TOO_LARGE),
    "gateway.body_too_large": (413, codes.TOO_LARGE),
    "gateway.batch_too_large": (413, codes.TOO_LARGE),
    "gateway.too_slow": (408, codes.PLATFORM_FAULT),
    "gateway.storage_full": (507, codes.STORAGE_FULL),
    "gateway.storage_fault": (503, codes.PLATFORM_FAULT),
    "gateway.bucket_away": (503, codes.MAINTENANCE),
    "gateway.bucket_refused": (503, codes.MAINTENANCE),
    "gateway.no_bucket": (503, codes.MAINTENANCE),
    "gateway.blob_damaged": (503, codes.PLATFORM_FAULT),
    "gateway.form_damaged": (503, codes.PLATFORM_FAULT),
    "gateway.database_busy": (503, codes.IN_PROGRESS),
    "gateway.database_away": (503, codes.MAINTENANCE),
    "gateway.database_damaged": (503, codes.MAINTENANCE),
}
_OTHERWISE = (400, codes.BAD_FORMAT)


def reply(model: BaseModel, status: int = 200) -> Response:
    """A message as JSON."""
    return Response(model.model_dump_json(), status, media_type=JSON)


def refusal(problem: Problem, missing: tuple[str, ...] = ()) -> Response:
    """The reply to expected trouble."""
    status, code = _ANSWERS.get(problem.code, _OTHERWISE)
    explanation = explain(problem)
    response = refused(status, code, f"{explanation.what}{explanation.next}", missing)
    if status in {503, 507}:
        response.headers["Retry-After"] = RETRY_AFTER
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "offset" in problem.facts:
        response.headers["Upload-Offset"] = str(problem.facts["offset"])
    return response


def refused(status: int, code: str, text: str, missing: tuple[str, ...] = ()) -> Response:
    """A refusal in so many words."""
    return reply(ErrorReply(code=code, text=text[:1000], missing=list(missing)), status)
