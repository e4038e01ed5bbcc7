"""Which language the screen speaks: Chinese is the source, English is translated.

Qt's own words (buttons of its dialogs, menus of its fields) come from `qtbase_zh_CN`.
"""

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from xincai import paths

Language = Literal["zh", "en"]


class _Spoken:
    """The language in use and the translators that carry it."""

    language: Language = "zh"
    installed: tuple[QTranslator, ...] = ()


def current() -> Language:
    """The language of the screen."""
    return _Spoken.language


def speak(app: QCoreApplication, language: Language) -> None:
    """Switch the program's language; what is built from now on speaks it."""
    for translator in _Spoken.installed:
        app.removeTranslator(translator)
    qt_words = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    wanted = {
        "zh": ("qtbase_zh_CN", qt_words),
        "en": ("xincai_en", str(paths.resources() / "i18n")),
    }
    translator = QTranslator(app)
    _Spoken.language = language
    _Spoken.installed = (translator,)
    if translator.load(*wanted[language]):
        app.installTranslator(translator)


def pick(words: Mapping[str, str]) -> str:
    """The text for the screen's language out of a mapping by language; Chinese when it is missing."""
    return words.get(_Spoken.language) or words.get("zh") or next(iter(words.values()), "")
