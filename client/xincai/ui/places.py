"""Where one can be, what each place is called, and which errand works there."""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from xincai.ui.frame import Frame
from xincai.ui.parts import Page
from xincai.ui.work.errand import Errand

if TYPE_CHECKING:
    from xincai.desk.rights import Right
    from xincai.ui.finder import Finder

translate = QCoreApplication.translate


class Place(StrEnum):
    """A page of the program."""

    FIRSTRUN = "firstrun"
    RESTORE = "restore"
    UNLOCK = "unlock"
    HOME = "home"
    ASSIGNMENTS = "assignments"
    CHOOSE = "choose"
    FILLING = "filling"
    DOSSIERS = "dossiers"
    RECORD = "record"
    LETTER = "letter"
    LETTERS = "letters"
    OUTBOX = "outbox"
    RECEIPTS = "receipts"
    SETTINGS = "settings"
    PEOPLE = "people"
    REVIEW = "review"
    UPKEEP = "upkeep"
    HISTORY = "history"
    HANDBACK = "handback"


SHUT = frozenset({"firstrun", "restore", "unlock"})
"""Places before the vault is open: no rail, no lock."""
KEPT = frozenset({"home", "assignments", "letters", "choose", "dossiers", "outbox", "receipts", "settings"})
"""Places whose page stays as it was left."""
NEEDED: dict[Place, "Right"] = {
    Place.ASSIGNMENTS: "fill",
    Place.CHOOSE: "fill",
    Place.DOSSIERS: "read",
    Place.LETTERS: "read",
    Place.OUTBOX: "read",
    Place.RECEIPTS: "read",
    Place.REVIEW: "approve",
    Place.PEOPLE: "manage",
    Place.HISTORY: "audit",
}
"""The right without which a place is not offered; whoever is in may open the others."""
NAMED = (
    Place.HOME,
    Place.ASSIGNMENTS,
    Place.CHOOSE,
    Place.DOSSIERS,
    Place.LETTERS,
    Place.OUTBOX,
    Place.RECEIPTS,
    Place.REVIEW,
    Place.PEOPLE,
    Place.HISTORY,
    Place.UPKEEP,
    Place.SETTINGS,
)
"""Places that stand by themselves and are found by their name."""
HANDED = frozenset({"filling", "handback"})
"""Places that a subject sees whom the computer was handed to."""


def title(place: Place) -> str:
    """What a place is called."""
    return {
        Place.FIRSTRUN: translate("places", "首次使用"),
        Place.RESTORE: translate("places", "从备份恢复"),
        Place.UNLOCK: translate("places", "打开保险库"),
        Place.HOME: translate("places", "首页"),
        Place.ASSIGNMENTS: translate("places", "采集任务"),
        Place.CHOOSE: translate("places", "新建填报"),
        Place.FILLING: translate("places", "填报"),
        Place.DOSSIERS: translate("places", "档案"),
        Place.RECORD: translate("places", "填报件"),
        Place.LETTER: translate("places", "文书预览"),
        Place.LETTERS: translate("places", "文书"),
        Place.OUTBOX: translate("places", "待发箱"),
        Place.RECEIPTS: translate("places", "回执与更正"),
        Place.SETTINGS: translate("places", "设置"),
        Place.PEOPLE: translate("places", "人员与权限"),
        Place.REVIEW: translate("places", "待复核"),
        Place.UPKEEP: translate("places", "备份与恢复"),
        Place.HISTORY: translate("places", "操作记录"),
        Place.HANDBACK: translate("places", "交还电脑"),
    }[place]


def allowed(place: Place, may: Callable[["Right"], bool]) -> bool:
    """Whether somebody with these rights is offered a place."""
    return place not in NEEDED or may(NEEDED[place])


def finder_for(frame: Frame, ground: QWidget) -> "Finder":
    """What Ctrl+K opens over this ground, loaded when first needed."""
    finder: Finder = import_module("xincai.ui.work.finding").begin(frame, ground)
    return finder


def errand_for(place: str, frame: Frame) -> Errand[Page]:
    """The errand of a place with its page, loaded when first needed."""
    module = import_module(f"xincai.ui.work.{Place(place)}")
    errand: Errand[Page] = module.begin(frame)
    return errand
