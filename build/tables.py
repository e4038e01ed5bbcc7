"""The tables' page: client/xincai_gateway/README.md, its part between the marks drawn from schema.py.

python build/tables.py           write it
python build/tables.py --check   exit 1 when it is not current
"""

import sys
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "client" / "xincai_gateway" / "README.md"
START, END = "<!-- tables: drawn by build/tables.py -->\n", "<!-- end of tables -->\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit code."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(START)
    _, mark, after = rest.partition(END)
    if not mark:
        print(f"{PAGE.name}: the marks are missing")
        return 1
    fresh = before + START + tables() + END + after
    if "--check" in arguments:
        if fresh != page:
            print("client/xincai_gateway/README.md is not current: run python build/tables.py")
        return int(fresh != page)
    PAGE.write_text(fresh, "utf-8")
    return 0


def tables() -> str:
    """Every table and column, with its comment."""
    sys.path.insert(0, str(ROOT / "client"))
    from xincai_gateway.schema import metadata

    return "\n".join(_table(table) for table in sorted(metadata.tables.values(), key=lambda each: each.name))


def _table(table: sa.Table) -> str:
    lines = [
        f"### `{table.name}` {table.comment}\n",
        "| 列 | 类型 | 键 | 可空 | 含义 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for column in table.columns:
        key = "主键" if column.primary_key else ""
        empty = "是" if column.nullable else ""
        kind = str(column.type).lower()
        lines.append(f"| `{column.name}` | {kind} | {key} | {empty} | {column.comment or ''} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
