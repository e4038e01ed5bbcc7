"""A command's answer as a person reads it: lists as columns that stand under one another.

Rules: only what is flat becomes a table; all else stays the JSON that a program reads. A column in which
nothing stands is left out, a cell that is too long is cut with `…`. Chinese characters count two places.
Instants are shown as Beijing's clocks show them. What others wrote moves no cursor: a character that is no
print is shown as `?`.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from xincai import clock

_LONGEST = 44
_BEIJING = datetime.timedelta(hours=8)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_GAP = "  "
_HEADS = {
    "office": "采集单位",
    "name": "名称",
    "contact": "联系人与电话",
    "closed_at": "停办时间",
    "closed_by": "停办人",
    "devices": "在用设备",
    "records": "件数",
    "last": "最近送达",
    "device": "设备编号",
    "officer": "采集员",
    "enrolled_at": "登记时间",
    "revoked_at": "停用时间",
    "batches": "批次",
    "kind": "种类",
    "id": "编号",
    "published_at": "发布时间",
    "bytes": "字节",
    "delivery": "送出编号",
    "destination": "送往",
    "status": "状态",
    "made_at": "组成时间",
    "tries": "已试",
    "done_at": "完成时间",
    "code": "代码",
    "message": "对方的说明",
    "follows": "取自",
    "ordered_by": "谁重送",
    "reason": "理由",
    "refused": "退回",
    "group": "分组",
    "completeness": "完整性",
    "accuracy": "准确性",
    "consistency": "一致性",
    "timeliness": "及时性",
    "uniqueness": "唯一性",
    "key": "密钥",
    "use": "用途",
    "version": "版本",
    "gateway": "前置机",
    "administrators": "管理员",
}


def shown(said: Mapping[str, object]) -> str:
    """What a command said, for a terminal: its lists as tables, the rest beside them."""
    lists = {name: _rows(name, value) for name, value in said.items() if isinstance(value, list)}
    if not lists or None in lists.values():
        return json.dumps(said, ensure_ascii=False) + "\n"
    told = [f"{_HEADS.get(name, name)}：{_cell(value)}" for name, value in said.items() if name not in lists]
    tables = [_table(rows) for rows in lists.values() if rows is not None]
    return "\n".join([*tables, *told]) + "\n"


def _rows(name: str, value: list[object]) -> list[dict[str, str | int | float]] | None:
    """The rows of a list; None when it is not flat."""
    rows = []
    for each in value:
        told = each if isinstance(each, Mapping) else {name: each}
        flat: dict[str, object] = {}
        for key, cell in told.items():
            flat.update(cell if isinstance(cell, Mapping) else {key: cell})
        if any(isinstance(cell, list | Mapping) for cell in flat.values()):
            return None
        rows.append(
            {key: cell if isinstance(cell, int | float) else _cell(cell) for key, cell in flat.items()}
        )
    return rows


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1%}"
    text = str(value)
    if _STAMP.fullmatch(text):
        return (clock.parse_stamp(text) + _BEIJING).strftime("%Y-%m-%d %H:%M")
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _table(rows: list[dict[str, str | int | float]]) -> str:
    if not rows:
        return "（没有）"
    names = [name for name in rows[0] if any(row[name] != "" for row in rows)]
    lines = [[_HEADS.get(name, name) for name in names]]
    lines += [[_cut(_cell(row[name])) for name in names] for row in rows]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(names))]
    right = {place for place, name in enumerate(names) if all(not isinstance(row[name], str) for row in rows)}
    drawn = [
        _GAP.join(
            _padded(cell, widths[place], right=place in right) for place, cell in enumerate(line)
        ).rstrip()
        for line in lines
    ]
    note = [f"共 {len(rows)} 行，时间为北京时间。"]
    return "\n".join([drawn[0], _GAP.join("-" * width for width in widths), *drawn[1:], *note])


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _cut(text: str) -> str:
    if _width(text) <= _LONGEST:
        return text
    while _width(text) > _LONGEST - 1:
        text = text[:-1]
    return f"{text}…"


def _width(letters: Iterable[str]) -> int:
    """How many places letters take on a terminal."""
    return sum(
        0
        if unicodedata.category(letter) in {"Mn", "Me"}
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in letters
    )
