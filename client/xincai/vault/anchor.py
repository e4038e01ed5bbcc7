"""The header as the vault itself remembers it: `vault.json` that is put back alone does not count.

Rules: a header is remembered after it stands durably, so what the vault remembers is never ahead of what was
written; a header that is ahead was cut off before that, and is remembered then. One that is behind was put
back: the remembered one takes its place on the disk, and only who has a way in by that one comes in. So a
passphrase that was changed opens nothing through an old header. Who has the new one alone comes in with the
recovery code: what an old header does not hold cannot be read from it.
"""

from typing import Final

from xincai.vault import header as headers
from xincai.vault.cursor import Cursor
from xincai.vault.header import Header

_NAME: Final = "header"
PUT_BACK: Final = "header_put_back"


def remember(cursor: Cursor, header: Header) -> None:
    """Remember a header that stands on the disk."""
    cursor.run(
        "INSERT INTO secrets (name, secret) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET secret = excluded.secret",
        _NAME,
        headers.encode(header),
    )


def remembered(cursor: Cursor, data_key: bytes) -> Header | None:
    """The header that was remembered last; None in a vault that never did, or under another data key."""
    row = cursor.first("SELECT secret FROM secrets WHERE name = ?", _NAME)
    header = headers.decode(row.blob("secret")) if row else None
    return header if header is not None and header.genuine(data_key) else None
