"""Where one can be, what each place is called, and which errand works there."""

from enum import StrEnum
from importlib import import_module

from PySide6.QtCore import QCoreApplication

from xincai.ui.frame import Frame
from xincai.ui.parts import Page
from xincai.ui.work.errand import Errand

translate = QCoreApplication.translate


class Place(StrEnum):
    """A page of the program."""

    FIRSTRUN = "firstrun"
    UNLOCK = "unlock"
    HOME = "home"
    CHOOSE = "choose"
    FILLING = "filling"
    DOSSIERS = "dossiers"
    RECORD = "record"
    LETTER = "letter"
    OUTBOX = "outbox"
    RECEIPTS = "receipts"
    SETTINGS = "settings"


SHUT = frozenset({"firstrun", "unlock"})
"""Places before the vault is open: no rail, no lock."""
KEPT = frozenset({"home", "choose", "dossiers", "outbox", "receipts", "settings"})
"""Places whose page stays as it was left."""


def title(place: Place) -> str:
    """What a place is called."""
    return {
        Place.FIRSTRUN: translate("places", "首次使用"),
        Place.UNLOCK: translate("places", "打开保险库"),
        Place.HOME: translate("places", "首页"),
        Place.CHOOSE: translate("places", "新建填报"),
        Place.FILLING: translate("places", "填报"),
        Place.DOSSIERS: translate("places", "档案"),
        Place.RECORD: translate("places", "填报件"),
        Place.LETTER: translate("places", "文书预览"),
        Place.OUTBOX: translate("places", "待发箱"),
        Place.RECEIPTS: translate("places", "回执与更正"),
        Place.SETTINGS: translate("places", "设置"),
    }[place]


def errand_for(place: str, frame: Frame) -> Errand[Page]:
    """The errand of a place with its page, loaded when first needed."""
    module = import_module(f"xincai.ui.work.{Place(place)}")
    errand: Errand[Page] = module.begin(frame)
    return errand
