"""People and rights: who has a key, what they may do, and what else opens the vault."""

from PySide6.QtWidgets import QWidget

from xincai.desk import Access, PersonCard
from xincai.ui import language, messages
from xincai.ui.pages.people_cards import PersonForm, RecoveryCard, WaysCard
from xincai.ui.parts import Card, Cell, Page, PagingTable, PassphraseField, Row, button, labelled, row, text


class PeoplePage(Page):
    """One's own passphrase on top, since every change asks for it; then the list and three cards."""

    def __init__(self) -> None:
        super().__init__("people", self.tr("人员与权限"), wide=860)
        self.form, self.recovery, self.ways = PersonForm(), RecoveryCard(), WaysCard()
        self.column.addWidget(self._secret_card())
        self._list_box = self._list_card()
        self.column.addWidget(self._list_box)
        for card in (self.form, self.recovery, self.ways):
            self.column.addWidget(card)
        self.column.addStretch(1)

    def show_access(self, access: Access) -> None:
        """Show who has a key and how things are set."""
        self.list.show_rows(tuple(_row(person, self.tr("（您）")) for person in access.people))
        self.list.fit()
        for card in (self.form, self.recovery):
            card.setVisible(access.manages)
        self.new.setVisible(access.manages)
        self.ways.show_access(access)
        self._turn_to_new()

    def show_busy(self, busy: bool) -> None:
        """Work is under way."""
        for card in (self._list_box, self.form, self.recovery, self.ways):
            card.setEnabled(not busy)

    def has_secret(self) -> bool:
        """Whether one's own passphrase is given; the cursor goes there when it is not."""
        given = bool(self.secret.text())
        self._missing.setVisible(not given)
        if not given:
            self.secret.setFocus()
            self.area.verticalScrollBar().setValue(0)
        return given

    def clear_secrets(self) -> None:
        """Forget what was typed once it is used."""
        self.secret.clear()
        self.form.clear_secrets()

    def start_focus(self) -> None:
        """At one's own passphrase."""
        self.secret.setFocus()

    def _secret_card(self) -> QWidget:
        card = Card("people.own")
        self.secret = PassphraseField("people.secret")
        hint = self.tr("添加、移除、重设口令、恢复码和托管，每次都要再输一遍您自己的口令。")
        card.body.addWidget(labelled(self.tr("您现在的口令(&O)"), self.secret, hint))
        self._missing = text(self.tr("请先输入您现在的口令"), "message", "bad", "people.missing")
        self._missing.hide()
        card.body.addWidget(self._missing)
        return card

    def _list_card(self) -> QWidget:
        card = Card("people.people")
        self.list = PagingTable("people.list", (self.tr("姓名"), self.tr("职责")), stretch=1)
        self.list.setAccessibleName(self.tr("人员名单"))
        self.new = button(self.tr("添加人员(&D)"), "people.new_person", "secondary", "plus")
        card.body.addWidget(self.list)
        hint = text(self.tr("点一行，可以改职责、重设口令或移除"), "muted")
        hint.setWordWrap(False)
        card.body.addWidget(row(hint, None, self.new))
        self.list.clicked.connect(self._turn_to_chosen)
        self.list.opened.connect(self._turn_to)
        self.new.clicked.connect(self._turn_to_new)
        return card

    def _turn_to_new(self) -> None:
        self.list.clearSelection()
        self.form.show_person(None)

    def _turn_to_chosen(self) -> None:
        self._turn_to(self.list.current())

    def _turn_to(self, thing: object) -> None:
        if isinstance(thing, PersonCard):
            self.form.show_person(thing)


def _row(person: PersonCard, me: str) -> Row:
    between = "、" if language.current() == "zh" else ", "
    roles = between.join(messages.role(role) for role in person.roles)
    return Row(person, (Cell(person.name + (me if person.me else "")), Cell(roles)))
