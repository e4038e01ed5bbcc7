"""Files that are no photographs: a sound, a video, a document; kept in the vault as they are."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from xincai.ui import icons, language, theme
from xincai.ui.filling import picture
from xincai.ui.filling.photo import PhotoField

_SOUNDS = "*.mp3 *.m4a *.aac *.amr *.wav *.ogg *.opus *.flac *.wma"
_VIDEOS = "*.mp4 *.mov *.avi *.mkv *.3gp *.webm *.wmv *.m4v"
_LOCALES = {"zh": QLocale.Language.Chinese, "en": QLocale.Language.English}


class FileField(PhotoField):
    """A file: picked or dropped, shown by its name and size."""

    def take(self, path: Path) -> None:
        """Take this file."""
        self._begin()
        self.scribe.attach(self.ref, partial(picture.read_upload, path), self._on_refused, path.name)

    def _take_image(self, image: QImage) -> None:
        self._begin()
        self.scribe.attach(self.ref, partial(picture.png, image), self._on_refused, "x.png")

    def _show(self) -> None:
        self._show_words()

    def _kind(self) -> str:
        return self.entry.media_type.partition("/")[0]

    def _show_words(self) -> None:
        has = bool(self.entry.value)
        self._drop_button.setVisible(has)
        self._sight.setPixmap(icons.pixmap("letter", "muted", theme.px(28), self.devicePixelRatioF()))
        if has:
            kept = self.scribe.filling.attachment(self.ref)
            size = QLocale(_LOCALES[language.current()]).formattedDataSize(kept.size) if kept else ""
            self._head.setText(f"{self.entry.value}　{size}".strip())
            self._words.setText(self.tr("已加密保存在本机。点这里换一个。"))
            return
        heads = {"audio": self.tr("选一个录音文件"), "video": self.tr("选一个录像文件")}
        self._head.setText(heads.get(self._kind(), self.tr("选一个文件")))
        self._words.setText(self.tr("点这里选文件，或把文件拖进来；最大 60 MB。"))

    def _ask(self) -> None:
        every = self.tr("所有文件 (*)")
        kinds = {
            "audio": self.tr("录音") + f" ({_SOUNDS});;{every}",
            "video": self.tr("录像") + f" ({_VIDEOS});;{every}",
        }
        chosen, _ = QFileDialog.getOpenFileName(self, self.entry.label, "", kinds.get(self._kind(), every))
        if chosen:
            self.take(Path(chosen))
