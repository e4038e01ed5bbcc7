"""The guard on every Qt override.

On Python 3.11 a C-level exception that leaves an overridden virtual kills the process. So each override
wears `@guarded(default)`: a stray error goes to `sys.excepthook`, where bugs are reported, and Qt gets the
default answer.
"""

import functools
import sys
from collections.abc import Callable
from typing import TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., object])


def guarded(default: object) -> Callable[[_F], _F]:
    """Answer `default` to Qt, and report, when the override raises."""

    def wrap(method: _F) -> _F:
        @functools.wraps(method)
        def safely(*args: object, **kwargs: object) -> object:
            try:
                return method(*args, **kwargs)
            except Exception:  # noqa: BLE001 - the guard: whatever it is, Qt must not see it
                sys.excepthook(*sys.exc_info())
                return default

        safely.guarded = True  # type: ignore[attr-defined]  # the mark that the walking test looks for
        return cast("_F", safely)

    return wrap
