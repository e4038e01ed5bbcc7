"""Settings: language and type, passphrase, connection, about."""

import platform
from typing import Literal, get_args

from PySide6.QtCore import Signal, qVersion
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from xincai import __version__
from xincai.desk import Connection, LineCard, LockAfter, Preferences, Profile, Upkeep
from xincai.ui import messages, theme
from xincai.ui.pages.enrolfields import EnrolFields
from xincai.ui.pages.saving import backup_words
from xincai.ui.parts import Card, Page, PassphraseField, button, field, labelled, row, text

_LIMITS = (16, 32, 64, 128, 256, 512, 1024)
"""KB a second."""


class SettingsPage(Page):
    """Cards, one for each matter."""

    preferred = Signal(object)
    """Preferences"""
    passphrase_changed = Signal(str, str)
    enrolled = Signal(str, str)
    practice_wanted = Signal()
    upkeep_wanted = Signal()
    people_wanted = Signal()
    key_change_wanted = Signal()
    history_wanted = Signal()
    proxy_set = Signal(str, str, str)
    authorities_wanted = Signal(bool)
    certificate_wanted = Signal(bool)
    paced = Signal(bool, bool, int)
    """Whether deliveries begin by themselves, also where paid for by volume, and KB a second at most."""

    def __init__(self) -> None:
        super().__init__("settings", self.tr("设置"), wide=760)
        self.column.addWidget(self._screen_card())
        self.column.addWidget(self._connection_card())
        self.column.addWidget(self._pace_card())
        self.column.addWidget(self._line_card())
        self.column.addWidget(self._upkeep_card())
        self.column.addWidget(self._people_card())
        self.column.addWidget(self._passphrase_card())
        self.column.addWidget(self._history_card())
        self.column.addWidget(self._about_card())
        self.column.addStretch(1)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is worn; telling it again changes nothing."""
        for box, value in (
            (self.language, preferences.language),
            (self.text_size, preferences.text_size),
            (self.lock_after, preferences.lock_after),
        ):
            box.setCurrentIndex(box.findData(value))

    def show_connection(self, connection: Connection | None, profile: Profile) -> None:
        """Show where this device is enrolled, and who works here."""
        self._who.setText(
            "  ·  ".join(filter(None, (messages.role(profile.role), profile.name, profile.office)))
        )
        self.renew.setVisible(connection is not None)
        if connection is None:
            self._link.setText(self.tr("还没有登记。向县级管理员要一次性登记码，填在下面。"))
        elif connection.practice:
            self._link.setText(self.tr("已登记到本机的演练平台；资料不会上报。"))
        else:
            self._link.setText(
                self.tr("已登记到 %1，机构 %2，设备公钥编号 %3。")
                .replace("%1", connection.url)
                .replace("%2", connection.office)
                .replace("%3", connection.key_id)
            )

    def show_busy(self, busy: bool) -> None:
        """Work is under way."""
        for act in (self.enrol, self.enrol_fields.read, self.practice, self.renew, self.change):
            act.setEnabled(not busy)

    def clear_secrets(self) -> None:
        """Forget what was typed once it is used."""
        for typed in (self.old, self.new, self.again):
            typed.clear()
        self.enrol_fields.clear_code()

    def start_focus(self) -> None:
        """At the first choice."""
        self.language.setFocus()

    def _screen_card(self) -> QWidget:
        card = Card("settings.screen")
        card.body.addWidget(text(self.tr("屏幕"), "heading"))
        self.language = QComboBox()
        self.language.setObjectName("settings.language")
        self.language.addItem("中文", "zh")
        self.language.addItem("English", "en")
        self.text_size = QComboBox()
        self.text_size.setObjectName("settings.text_size")
        for words, size in (
            (self.tr("标准"), "standard"),
            (self.tr("大"), "large"),
            (self.tr("特大"), "larger"),
        ):
            self.text_size.addItem(words, size)
        card.body.addWidget(labelled(self.tr("界面语言(&G)"), self.language))
        card.body.addWidget(labelled(self.tr("字号(&Z)"), self.text_size))
        self.lock_after = QComboBox()
        self.lock_after.setObjectName("settings.lock_after")
        for minutes in get_args(LockAfter):
            self.lock_after.addItem(self.tr("%1 分钟").replace("%1", str(minutes)), minutes)
        card.body.addWidget(labelled(self.tr("无人操作多久后锁定(&W)"), self.lock_after))
        self.lock_after.activated.connect(self._prefer)
        self.language.activated.connect(self._prefer)
        self.text_size.activated.connect(self._prefer)
        return card

    def _connection_card(self) -> QWidget:
        card = Card("settings.connection")
        card.body.addWidget(text(self.tr("身份和联网"), "heading"))
        self._who = text("", name="settings.who")
        self._link = text("", "muted", name="settings.link")
        card.body.addWidget(self._who)
        card.body.addWidget(self._link)
        self.enrol_fields = EnrolFields("settings")
        card.body.addWidget(self.enrol_fields)
        self.enrol = button(self.tr("登记(&E)"), "settings.enrol", "primary", "online")
        self.practice = button(self.tr("进入演练模式(&D)"), "settings.practice", "secondary", "practice")
        self.renew = button(self.tr("更换设备密钥"), "settings.change_key", "quiet", "key")
        self.renew.clicked.connect(self.key_change_wanted)
        card.body.addWidget(row(self.enrol, self.practice, self.renew, None))
        self.enrol.clicked.connect(self._enrol)
        self.practice.clicked.connect(self.practice_wanted)
        return card

    def _pace_card(self) -> QWidget:
        card = Card("settings.pace")
        card.body.addWidget(text(self.tr("投递"), "heading"))
        words = self.tr("打开后，开锁、封存和恢复联网时自动签名装批并投递；演练时不自动投递。")
        self.automatic = QCheckBox(self.tr("联网时自动投递"))
        self.automatic.setObjectName("settings.automatic")
        self.metered = QCheckBox(self.tr("按流量计费的网络（如手机热点）也自动投递"))
        self.metered.setObjectName("settings.metered")
        self.limit = QComboBox()
        self.limit.setObjectName("settings.limit")
        self.limit.addItem(self.tr("不限"), 0)
        for kilobytes in _LIMITS:
            self.limit.addItem(f"{kilobytes} KB/s", kilobytes)
        card.body.addWidget(text(words, "muted"))
        card.body.addWidget(self.automatic)
        card.body.addWidget(self.metered)
        card.body.addWidget(
            labelled(
                self.tr("上传限速"), self.limit, self.tr("给同一条线路上的其他人留出余地；下次投递起用。")
            )
        )
        self.automatic.clicked.connect(self._pace)
        self.metered.clicked.connect(self._pace)
        self.limit.activated.connect(self._pace)
        return card

    def _pace(self) -> None:
        self.metered.setEnabled(self.automatic.isChecked())
        self.paced.emit(self.automatic.isChecked(), self.metered.isChecked(), self.limit.currentData())

    def _line_card(self) -> QWidget:
        card = Card("settings.line")
        card.body.addWidget(text(self.tr("网络"), "heading"))
        words = self.tr(
            "一般不用填：代理按系统设置走。系统里没有设，或县里有自己的根证书时才填；密码只存在加密库里。"
        )
        card.body.addWidget(text(words, "muted"))
        self.proxy = field("settings.proxy", "http://10.1.2.3:8080")
        self.proxy_user = field("settings.proxy.user")
        self.proxy_password = PassphraseField("settings.proxy.password")
        card.body.addWidget(labelled(self.tr("代理地址(&Y)"), self.proxy))
        card.body.addWidget(labelled(self.tr("代理用户名"), self.proxy_user))
        card.body.addWidget(labelled(self.tr("代理密码"), self.proxy_password))
        keep = button(self.tr("保存代理"), "settings.proxy.keep", "secondary")
        keep.clicked.connect(self._keep_proxy)
        card.body.addWidget(row(keep, None))
        self._trust = text("", name="settings.trust")
        own = button(self.tr("选用县里的根证书…"), "settings.authorities", "secondary", "folder")
        usual = button(self.tr("恢复通用根证书"), "settings.authorities.usual", "quiet")
        show = button(self.tr("选用单位证书…"), "settings.certificate", "secondary", "folder")
        hide = button(self.tr("不出示单位证书"), "settings.certificate.none", "quiet")
        own.clicked.connect(lambda: self.authorities_wanted.emit(True))
        usual.clicked.connect(lambda: self.authorities_wanted.emit(False))
        show.clicked.connect(lambda: self.certificate_wanted.emit(True))
        hide.clicked.connect(lambda: self.certificate_wanted.emit(False))
        card.body.addWidget(self._trust)
        card.body.addWidget(row(own, usual, None))
        card.body.addWidget(row(show, hide, None))
        return card

    def show_line(self, line: LineCard) -> None:
        """Show how the platform is reached."""
        self.proxy.setText(line.proxy)
        self.proxy_user.setText(line.user)
        self.proxy_password.clear()
        own, usual = self.tr("只信任县里的根证书。"), self.tr("信任通用的根证书。")
        shown, none = self.tr("已选用单位证书。"), self.tr("没有选用单位证书。")
        facts = (own if line.own_authorities else usual, shown if line.certificate else none)
        self._trust.setText(" ".join(facts))
        self.automatic.setChecked(line.automatic)
        self.metered.setChecked(line.metered)
        self.metered.setEnabled(line.automatic)
        if self.limit.findData(line.limit) < 0:
            self.limit.addItem(f"{line.limit} KB/s", line.limit)
        self.limit.setCurrentIndex(self.limit.findData(line.limit))

    def _keep_proxy(self) -> None:
        self.proxy_set.emit(
            self.proxy.text().strip(), self.proxy_user.text().strip(), self.proxy_password.text()
        )

    def show_upkeep(self, upkeep: Upkeep) -> None:
        """Show when the last backup was made."""
        self._backup.setText(backup_words(upkeep))
        theme.dress(self._backup, "", "warn" if upkeep.backup_due else "")

    def _upkeep_card(self) -> QWidget:
        card = Card("settings.upkeep")
        card.body.addWidget(text(self.tr("备份与恢复"), "heading"))
        self._backup = text("", name="settings.backup")
        card.body.addWidget(self._backup)
        words = self.tr("备份到U盘、换一台电脑、受理后清除内容，都在这里。")
        card.body.addWidget(text(words, "muted"))
        see = button(self.tr("备份与恢复(&B)"), "settings.upkeep.open", "secondary", "export")
        see.clicked.connect(self.upkeep_wanted)
        card.body.addWidget(row(see, None))
        return card

    def _people_card(self) -> QWidget:
        card = Card("settings.people")
        card.body.addWidget(text(self.tr("人员与权限"), "heading"))
        words = self.tr("几个人合用这台电脑、换新的恢复码、请县里托管钥匙，都在这里。")
        card.body.addWidget(text(words, "muted"))
        see = button(self.tr("人员与权限(&P)"), "settings.people.open", "secondary", "people")
        see.clicked.connect(self.people_wanted)
        card.body.addWidget(row(see, None))
        return card

    def _passphrase_card(self) -> QWidget:
        card = Card("settings.passphrase")
        card.body.addWidget(text(self.tr("更换口令"), "heading"))
        self.old = PassphraseField("settings.old")
        self.new = PassphraseField("settings.new")
        self.again = PassphraseField("settings.again")
        card.body.addWidget(labelled(self.tr("现在的口令(&O)"), self.old))
        card.body.addWidget(labelled(self.tr("新口令(&N)"), self.new))
        card.body.addWidget(labelled(self.tr("再输一遍新口令(&A)"), self.again))
        self._differ = text(self.tr("两次输入不一样"), "message", "bad", "settings.differ")
        self._differ.hide()
        card.body.addWidget(self._differ)
        self.change = button(self.tr("更换口令(&H)"), "settings.change", "secondary", "key")
        card.body.addWidget(row(self.change, None))
        self.change.clicked.connect(self._change)
        self.again.returnPressed.connect(self._change)
        return card

    def _history_card(self) -> QWidget:
        card = Card("settings.history")
        card.body.addWidget(text(self.tr("操作记录"), "heading"))
        card.body.addWidget(
            text(self.tr("谁在什么时候做过什么；可以筛选、核验和导出，不含填报内容。"), "muted")
        )
        self.history = button(self.tr("查看操作记录(&J)"), "settings.see_history", "secondary", "shield")
        self.history.clicked.connect(self.history_wanted)
        card.body.addWidget(row(self.history, None))
        return card

    def _about_card(self) -> QWidget:
        card = Card("settings.about")
        card.body.addWidget(text(self.tr("关于信采"), "heading"))
        card.body.addWidget(text(self.tr("自愿填报、信用承诺的加密离线客户端。"), "muted"))
        facts = f"Xincai {__version__}  ·  Qt {qVersion()}  ·  Python {platform.python_version()}"
        card.body.addWidget(text(facts, "muted", name="settings.version"))
        return card

    def _prefer(self) -> None:
        language: Literal["zh", "en"] = "en" if self.language.currentData() == "en" else "zh"
        self.preferred.emit(
            Preferences(language, self.text_size.currentData(), self.lock_after.currentData())
        )

    def _enrol(self) -> None:
        url, code = self.enrol_fields.typed()
        if url and code:
            self.enrolled.emit(url, code)
        else:
            (self.enrol_fields.one_time if url else self.enrol_fields.url).setFocus()

    def _change(self) -> None:
        same = self.new.text() == self.again.text()
        self._differ.setVisible(not same)
        if same and self.old.text() and self.new.text():
            self.passphrase_changed.emit(self.old.text(), self.new.text())
