"""What schemathesis is told, in whose process this runs: names that the gateway knows, so that what is asked
reaches further than "not found".
"""

import os
import random
from typing import Any

import schemathesis

KNOWN = os.environ["XINCAI_KNOWN"].split(",")


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Three times in four, a name that is there."""
    if path_parameters and "sm3" in path_parameters:
        chance = random.Random(repr(path_parameters))
        if chance.random() < 0.75:
            return {**path_parameters, "sm3": chance.choice(KNOWN)}
    return path_parameters


@schemathesis.hook
def map_headers(context: Any, headers: dict[str, Any] | None) -> dict[str, Any] | None:
    """The length that a body has: who announces more than is sent waits for an answer until it is cut."""
    return {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
