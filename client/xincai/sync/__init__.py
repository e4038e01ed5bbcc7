"""How it travels: batches, the courier, the platform as seen from here, bundles for sticks, the practice
platform.

Nothing here draws, and nothing here keeps: facts go to the vault before and after each step on the line.
Importing this room loads neither requests nor pydantic; the first `Platform` does.
"""

from xincai.sync.batches import make_batch
from xincai.sync.courier import DeliveryReport, Progress, deliver
from xincai.sync.enrolment import enrol, enrolled, open_platform
from xincai.sync.line import Line, line_of, set_line
from xincai.sync.platform import Platform
from xincai.sync.practice import PracticeGateway
from xincai.sync.pull import Pulled, index_in_use, pull, set_aside
from xincai.sync.returns import take_published, take_return
from xincai.sync.rotation import change_key
from xincai.sync.sticks import export_container
from xincai.sync.trouble import Trouble

__all__ = [
    "DeliveryReport",
    "Line",
    "Platform",
    "PracticeGateway",
    "Progress",
    "Pulled",
    "Trouble",
    "change_key",
    "deliver",
    "enrol",
    "enrolled",
    "export_container",
    "index_in_use",
    "line_of",
    "make_batch",
    "open_platform",
    "pull",
    "set_aside",
    "set_line",
    "take_published",
    "take_return",
]
