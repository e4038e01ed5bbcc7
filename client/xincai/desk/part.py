"""What the parts of the desk lean on: the desk itself has it, each part is a page of what a person can do."""

from collections.abc import Callable, Mapping
from pathlib import Path

from xincai.desk.views import Preferences, Profile, Step
from xincai.sync.platform import SystemProxy
from xincai.vault import Vault
from xincai.xforms import Form


class Part:
    """A part of the desk."""

    folder: Path
    _open: Vault | None
    _system_proxy: SystemProxy | None

    @property
    def _vault(self) -> Vault:
        raise NotImplementedError

    def profile(self) -> Profile:
        """Who works here."""
        raise NotImplementedError

    def preferences(self) -> Preferences:
        """What is worn."""
        raise NotImplementedError

    def _pull_quietly(self, cancelled: Callable[[], bool], progress: Callable[[Step], None]) -> None:
        raise NotImplementedError

    def _unpack_quietly(self, receipts: Path) -> None:
        raise NotImplementedError

    def _opened(self, vault: Vault) -> None:
        raise NotImplementedError

    def _form(self, form_sm3: str) -> Form:
        raise NotImplementedError

    def _title(self, form_id: str) -> Mapping[str, str]:
        raise NotImplementedError
