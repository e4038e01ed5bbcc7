"""`xincai selftest`: whether a program as it was installed has all its parts, told line by line.

Each part is used, not only loaded: a vault is made, opened both ways and read back, every form that ships is
begun, a letter is drawn and seen, both suites sign. It works in a folder that is gone afterwards; the
person's own is not touched. Ends with 1 when a part fails, and says which.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xincai.errors import Problem

_SECRET: Final = "麦田 风车 雨伞 铁桥 梨花 算盘"  # noqa: S105 - of a vault that is gone in a second
_PNG: Final = b"\x89PNG"


def main() -> int:
    """Try every part; 1 when one failed."""
    good = True
    with tempfile.TemporaryDirectory(prefix="xincai-selftest-") as place:
        for name, part in _PARTS.items():
            try:
                told = part(Path(place))
            except (Problem, ImportError, OSError, ValueError) as trouble:
                good = False
                told = f"FAILED {type(trouble).__name__}: {trouble}"
            sys.stdout.write(f"{name}: {told}\n")
    return 0 if good else 1


def _vault(folder: Path) -> str:
    from xincai.vault import Vault

    vault, code = Vault.create(folder / "vault", _SECRET, name="selftest")
    photo = vault.add_attachment(b"photo", "image/jpeg")
    vault.close()
    for passphrase, recovery in ((_SECRET, None), (None, code)):
        with Vault.open(folder / "vault", passphrase, recovery=recovery) as again:
            if again.attachment(photo.sm3) != b"photo":
                raise ValueError("what was kept does not come back")
            again.verify_chain()
    return "made, opened with passphrase and recovery code, read back"


def _forms(folder: Path) -> str:
    from xincai.desk import Beginning, Desk, Profile

    desk = Desk(folder / "home")
    try:
        desk.begin(Beginning(Profile("officer", "selftest"), _SECRET))
        cards = desk.forms()
        for card in cards:
            desk.start(card.form_id)
    finally:
        desk.close()
    if not cards:
        raise ValueError("no form ships with the program")
    return f"{len(cards)} begun"


def _letters(_folder: Path) -> str:
    from xincai import clock
    from xincai.letters import page_count, preview, recovery_sheet

    sheet = recovery_sheet("0" * 5, name="测试䶮", vault_id="selftest", made=clock.now(), language="zh")
    if not preview(sheet, page=0, width=300).startswith(_PNG):
        raise ValueError("no picture of a page")
    return f"{page_count(sheet)} page drawn and seen"


def _signatures(_folder: Path) -> str:
    from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey

    for suite in (SM2_SM3, ED25519):
        key = PrivateKey.generate(suite)
        key.public.verify(b"message", key.sign(b"message"))
    return f"{SM2_SM3}, {ED25519}"


def _keychain(_folder: Path) -> str:
    import keyring

    return type(keyring.get_keyring()).__module__


_PARTS: Final[dict[str, Callable[[Path], str]]] = {
    "vault": _vault,
    "forms": _forms,
    "letters": _letters,
    "signatures": _signatures,
    "keychain": _keychain,
}
