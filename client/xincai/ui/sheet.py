"""The one style sheet, as a template over the tokens of `theme`.

Widgets are addressed by Qt class and by the `role` and `tone` that `theme.dress` gives them.
"""

SHEET = """
* { outline: none; }
QWidget { color: $ink; font-size: $px14; }
QMainWindow, QDialog, QWidget[role="page"], QScrollArea[role="page"] { background: $page; }
QScrollArea { border: none; background: transparent; }
QWidget[role="clear"], QStackedWidget { background: transparent; }
QToolTip { background: $ink; color: $card; border: none; padding: 6px 8px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: $px22; font-weight: 700; }
QLabel[role="heading"] { font-size: $px16; font-weight: 700; }
QLabel[role="label"] { font-weight: 700; }
QLabel[role="muted"] { color: $muted; font-size: $px13; }
QLabel[role="figure"] { font-size: $px28; font-weight: 700; }
QLabel[role="code"] { font-size: $px22; font-weight: 700; letter-spacing: 1px; background: $primary_soft;
  border: 1px solid $primary; border-radius: 6px; padding: 16px; }
QLabel[role="message"] { font-size: $px13; }
QLabel[tone="bad"] { color: $red; }
QLabel[tone="warn"] { color: $amber_ink; }
QLabel[tone="good"] { color: $primary; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="muted"] { color: $muted; }

QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[role="card"][tone="chosen"] { border: 2px solid $primary; }
QFrame[role="card"][tone="bad"] { border: 1px solid $red; }
QFrame[role="card"][tone="warn"] { border: 1px solid $amber; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="well"] { background: $page; border: 1px solid $line; border-radius: 6px; }

QPushButton, QToolButton { background: $card; border: 1px solid $field_line; border-radius: 6px;
  padding: 6px 15px; min-height: 22px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 5px 14px; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: $line; background: $page; }
QPushButton[role="primary"] { background: $primary; color: $on_primary; border-color: $primary;
  font-weight: 700; }
QPushButton[role="primary"]:hover { background: $primary_hover; }
QPushButton[role="primary"]:pressed { background: $primary_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $focus; }
QPushButton[role="primary"]:disabled { background: $neutral_soft; color: $disabled; border-color: $line; }
QPushButton[role="danger"] { color: $red; border-color: $red; }
QPushButton[role="danger"]:hover { background: $red_soft; }
QPushButton[role="danger"]:disabled { color: $disabled; border-color: $line; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border: 1px solid transparent;
  color: $primary; padding: 6px 9px; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border: 2px solid $focus;
  padding: 5px 8px; }
QPushButton[role="quiet"]:disabled, QToolButton[role="quiet"]:disabled { color: $disabled;
  background: transparent; border-color: transparent; }
QPushButton[role="link"], QToolButton[role="link"] { background: transparent; border: 2px solid transparent;
  color: $primary; padding: 0 1px; min-height: 20px; text-align: left; }
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover { background: $hover; }
QPushButton[role="link"]:focus, QToolButton[role="link"]:focus { border-color: $focus; padding: 0 1px; }
QPushButton[role="choice"] { text-align: left; padding: 11px 15px; }
QPushButton[role="choice"]:focus { padding: 10px 14px; }
QPushButton[role="choice"]:checked { background: $primary_soft; border: 2px solid $primary;
  padding: 10px 14px;
  font-weight: 700; }
QPushButton[role="choice"]:checked:focus { border-color: $focus; }
QToolButton::menu-indicator { image: none; }
QLineEdit > QToolButton { background: transparent; border: none; padding: 0; margin: 0; min-height: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit,
QDateTimeEdit {
  background: $field; border: 1px solid $field_line; border-radius: 6px; padding: 6px 10px; min-height: 22px;
  selection-background-color: $primary; selection-color: $on_primary; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QTimeEdit:focus, QDateTimeEdit:focus { border: 2px solid $focus; padding: 5px 9px; }
QLineEdit[tone="bad"], QPlainTextEdit[tone="bad"], QComboBox[tone="bad"] {
  border-color: $red; background: $red_soft; }
QLineEdit[tone="warn"], QPlainTextEdit[tone="warn"], QComboBox[tone="warn"] { border-color: $amber; }
QLineEdit:disabled, QLineEdit[readOnly="true"], QPlainTextEdit:disabled, QPlainTextEdit[readOnly="true"],
QComboBox:disabled { background: $page; color: $muted; border-color: $line; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; padding: 4px;
  selection-background-color: $primary_soft; selection-color: $ink; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; padding: 5px; border: 2px solid transparent;
  border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: 18px; height: 18px; border: 1px solid $field_line;
  background: $field; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 10px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $primary; }
QCheckBox::indicator:checked { background: $primary; border-color: $primary;
  image: url("$icons/check.svg"); }
QRadioButton::indicator:checked { background: $primary; border-color: $primary;
  image: url("$icons/dot.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $page; }

QFrame[role="rail"] { background: $rail; border: none; }
QFrame[role="rail"] QLabel { color: $rail_ink; }
QFrame[role="rail"] QLabel[role="brand"] { font-size: $px18; font-weight: 700; }
QFrame[role="rail"] QLabel[role="muted"] { color: $rail_muted; }
QFrame[role="rail"] QToolButton { background: transparent; border: 2px solid transparent; color: $rail_muted;
  text-align: left; padding: 8px 10px; min-height: 24px; border-radius: 6px; }
QFrame[role="rail"] QToolButton:hover { background: rgba(255, 255, 255, 24); color: $rail_ink; }
QFrame[role="rail"] QToolButton:checked { background: $rail_chosen; color: $rail_ink; font-weight: 700; }
QFrame[role="rail"] QToolButton:focus { border: 2px solid #9AD0FF; padding: 8px 10px; }
QFrame[role="topbar"] { background: $card; border: none; border-bottom: 1px solid $line; }
QFrame[role="topbar"] QLabel[role="place"] { font-size: $px16; font-weight: 700; }
QFrame[role="footer"] { background: $card; border: none; border-top: 1px solid $line; }
QFrame[role="footer"] QLabel { color: $muted; font-size: $px12; }
QFrame[role="footer"] QLabel[tone="good"] { color: $primary; }
QFrame[role="footer"] QLabel[tone="warn"] { color: $amber_ink; }

QLabel[role="badge"] { border-radius: 4px; padding: 2px 8px; font-size: $px12; font-weight: 700; }
QLabel[role="badge"][tone="muted"] { background: $neutral_soft; color: $muted; }
QLabel[role="badge"][tone="info"] { background: $info_soft; color: $info; }
QLabel[role="badge"][tone="warn"] { background: $amber_soft; color: $amber_ink; }
QLabel[role="badge"][tone="bad"] { background: $red_soft; color: $red; }
QLabel[role="badge"][tone="good"] { background: $primary_soft; color: $primary; }
QFrame[role="notice"] { border-radius: 8px; border: 1px solid $line; background: $card; }
QFrame[objectName="window.said"] { margin: 12px 24px 0 24px; }
QFrame[role="notice"][tone="info"] { background: $info_soft; border-color: $info; }
QFrame[role="notice"][tone="good"] { background: $primary_soft; border-color: $primary; }
QFrame[role="notice"][tone="warn"] { background: $amber_soft; border-color: $amber; }
QFrame[role="notice"][tone="bad"] { background: $red_soft; border-color: $red; }

QFrame[role="outline"] { background: $card; border: none; border-right: 1px solid $line; }
QFrame[role="side"] { background: $card; border: none; border-left: 1px solid $line; }
QFrame[role="strip"] { background: $card; border: none; border-bottom: 1px solid $line; }
QFrame[role="strip"][tone="info"] { background: $info_soft; }
QToolButton[role="section"] { background: transparent; border: 2px solid transparent;
  border-left: 3px solid transparent; border-radius: 0; text-align: left; padding: 9px 12px; }
QToolButton[role="section"]:hover { background: $hover; }
QToolButton[role="section"]:checked { background: $primary_soft; border-left-color: $primary;
  font-weight: 700; }
QToolButton[role="section"]:focus { border: 2px solid $focus; padding: 9px 12px; }
QToolButton[role="finding"] { background: transparent; border: 2px solid transparent; border-radius: 6px;
  text-align: left; padding: 5px 6px; font-size: $px13; color: $ink; }
QToolButton[role="finding"]:hover { background: $hover; }
QToolButton[role="finding"]:focus { border-color: $focus; padding: 5px 6px; }
QFrame[role="question"] { background: transparent; border: none; border-left: 3px solid transparent; }
QFrame[role="question"][tone="active"] { border-left-color: $primary; }
QFrame[role="question"][tone="bad"] { border-left-color: $red; }
QFrame[role="question"][tone="warn"] { border-left-color: $amber; }
QRadioButton[role="option"], QCheckBox[role="option"] { border: 1px solid $line; border-radius: 6px;
  padding: 8px 12px; background: $card; }
QRadioButton[role="option"]:hover, QCheckBox[role="option"]:hover { background: $hover; }
QRadioButton[role="option"]:checked, QCheckBox[role="option"]:checked { border-color: $primary;
  background: $primary_soft; }
QRadioButton[role="option"]:focus, QCheckBox[role="option"]:focus { border: 2px solid $focus;
  padding: 7px 11px; }
QRadioButton[role="tile"], QCheckBox[role="tile"] { border: 1px solid $line; border-radius: 6px;
  padding: 9px 14px; background: $card; spacing: 0; }
QRadioButton[role="tile"]::indicator, QCheckBox[role="tile"]::indicator { width: 0; height: 0; border: none;
  image: none; }
QRadioButton[role="tile"]:hover, QCheckBox[role="tile"]:hover { background: $hover; }
QRadioButton[role="tile"]:checked, QCheckBox[role="tile"]:checked { border: 2px solid $primary;
  padding: 8px 13px; background: $primary_soft; font-weight: 700; }
QRadioButton[role="tile"]:focus, QCheckBox[role="tile"]:focus { border: 2px solid $focus;
  padding: 8px 13px; }
QRadioButton[role="bare"], QCheckBox[role="bare"] { spacing: 0; }
QPushButton[role="picture"] { background: transparent; border: 1px solid $line; border-radius: 6px;
  padding: 3px; }
QPushButton[role="picture"]:focus { border: 2px solid $focus; padding: 2px; }
QLineEdit[role="bare"] { border: none; background: transparent; padding: 6px 10px; min-height: 22px; }
QFrame[role="box"] { background: $field; border: 1px solid $field_line; border-radius: 6px; }
QFrame[role="box"][tone="focus"] { border: 2px solid $focus; }
QFrame[role="box"][tone="bad"] { border-color: $red; background: $red_soft; }
QFrame[role="box"][tone="still"] { background: $page; border-color: $line; }
QLabel[role="star"] { color: $red; font-weight: 700; }
QLabel[role="answer"] { font-size: $px16; font-weight: 700; }
QLabel[role="note"] { border-radius: 8px; padding: 10px 14px; }
QLabel[role="note"][tone="warn"] { background: $amber_soft; border: 1px solid $amber; color: $amber_ink; }
QLabel[role="note"][tone="info"] { background: $info_soft; border: 1px solid $info; color: $ink; }
QFrame[role="drop"] { border: 1px dashed $field_line; border-radius: 8px; background: $page; }
QFrame[role="drop"][tone="focus"] { border: 2px solid $focus; }
QFrame[role="drop"][tone="over"] { border: 2px dashed $primary; background: $primary_soft; }

QProgressBar { background: $neutral_soft; border: none; border-radius: 4px;
  min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $primary; border-radius: 4px; }

QTableView, QListView, QListWidget, QTreeView, QTreeWidget { background: $card; border: 1px solid $line;
  border-radius: 8px; gridline-color: $line; selection-background-color: $primary_soft; selection-color: $ink;
  alternate-background-color: $page; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $focus; }
QTableView::item, QListView::item, QTreeView::item { padding: 6px 8px; }
QTableView::item:hover, QListView::item:hover, QTreeView::item:hover { background: $hover; }
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected { background: $primary_soft;
  color: $ink; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 8px 8px 8px 11px; font-size: $px13; font-weight: 700; }
QTableCornerButton::section { background: $card; border: none; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $scroll; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 8px 24px 8px 16px; border-radius: 4px; }
QMenu::item:selected { background: $primary_soft; color: $ink; }
QSplitter::handle { background: $line; }
QCalendarWidget QWidget { alternate-background-color: $page; }
"""
