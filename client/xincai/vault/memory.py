"""What a process that holds keys keeps to itself: no core dump, no reading by the user's other programs.

Where the system has no way (Windows writes a report only when somebody has asked for it) nothing happens.
Swap and hibernation are beyond a program: there the disk has to be encrypted.
"""

import contextlib
import sys
from typing import Final

_SET_DUMPABLE: Final = 4


def keep_in() -> None:
    """Switch dumps of this process off, for good."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
