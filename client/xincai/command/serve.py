"""`xincai form serve`: one JSON operation a line in, one JSON reply a line out, until the input ends.

Whatever goes wrong is a reply: `{"result": "error", "error": "…"}`; what is our own bug also leaves its
traceback on stderr. The operations are those of `Driver`.
"""

import json
import sys

from xincai.command.driver import Driver, Unable
from xincai.command.form import Options, properties_of
from xincai.errors import Problem, explain

PROPERTIES = {
    "deviceid": "dev-1", "username": "user-1", "email": "u@example.org", "phonenumber": "555",
    "subscriberid": "s", "simserial": "ss", "uri:deviceid": "x:dev-1", "uri:username": "username:user-1",
    "uri:email": "mailto:u@example.org", "uri:phonenumber": "tel:555",
}  # fmt: skip


def main(options: Options) -> int:
    """Serve until the input ends."""
    driver = Driver({**PROPERTIES, **properties_of(options)})
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    for line in reader:
        if line.strip():
            reply = json.dumps(answer(driver, line), ensure_ascii=False, separators=(",", ":"))
            writer.write(reply.encode("utf-8", "backslashreplace") + b"\n")
            writer.flush()
    return 0


def answer(driver: Driver, line: bytes) -> dict[str, object]:
    """The reply to one line."""
    try:
        operation = json.loads(line.decode("utf-8-sig"))
        if not isinstance(operation, dict) or not isinstance(operation.get("op"), str):
            return _failed('JSON: an object with an "op" is expected')
        return driver.run(operation)
    except Problem as problem:
        return {**_failed(_words(problem)), "code": problem.code}
    except Unable as refusal:
        return _failed(str(refusal))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as trouble:
        return _failed(f"{type(trouble).__name__}: {trouble}")
    except Exception as bug:  # noqa: BLE001 - the next operation is still to be served
        return _unexpected(bug)


def _words(problem: Problem) -> str:
    """A problem's code and English words; its facts where it has no words."""
    try:
        told = explain(problem, "en")
    except KeyError:
        return str(problem)
    return f"{problem.code}: {told.what} {told.next}"


def _failed(words: str) -> dict[str, object]:
    return {"result": "error", "error": words}


def _unexpected(bug: Exception) -> dict[str, object]:
    import traceback

    traceback.print_exception(bug)
    return _failed(f"{type(bug).__name__}: {bug}")
