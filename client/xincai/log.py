"""The diary: what the program did, blind to what people answered.

Rules: only codes, counts, durations and public ids are written; runs of eighteen characters that look
like an identity or credit code, telephone numbers and long hex keys are blackened on the way out, should a
careless line or a foreign exception carry one. Tracebacks name files, lines and the exception's class, never
its text, unless it is a `Problem`.
"""

import copy
import logging
import logging.handlers
import re
import traceback
from pathlib import Path
from types import TracebackType

from xincai.errors import Problem

_SECRETS = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Z]{17}[0-9A-Zx]|1[3-9]\d{9}|[0-9a-f]{64,})(?![0-9A-Za-z])")
_SIZE = 1_000_000
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class BlindFormatter(logging.Formatter):
    """Formats a line without anything that belongs to a person."""

    def format(self, record: logging.LogRecord) -> str:
        blind = copy.copy(record)
        blind.exc_text = None  # another handler may have cached the exception's own words here
        return _SECRETS.sub("■", super().format(blind))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        error = ei[1]
        if error is None:
            return ""
        frames = traceback.extract_tb(ei[2])
        places = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        text = str(error) if isinstance(error, Problem) else type(error).__name__
        return "\n".join([*places, text])


def start(folder: Path, name: str = "diary") -> None:
    """Write the diary into a folder, two files of at most 1 MB each; programs that run side by side give it
    names of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        folder / f"{name}.log", maxBytes=_SIZE, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(BlindFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
