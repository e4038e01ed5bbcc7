"""The gateway put together: its settings, and the parts that the one way in needs."""

from dataclasses import dataclass, field
from pathlib import Path

from xincai import clock, paths
from xincai.shelf import Shelf
from xincai.shelf.county import shelf_of
from xincai.wire.messages import Limits
from xincai_gateway.blobs import Blobs
from xincai_gateway.database import Database
from xincai_gateway.identity import Identity, Keyring
from xincai_gateway.library import FORMS, Library
from xincai_gateway.store import Store

_GLANCE = 0.005
_GLANCES = 40
_LULL = 0.04
"""Seconds without work after which the sender of a batch is hardly about to send the next."""


@dataclass(frozen=True)
class Settings:
    """How this gateway runs. An empty `database_url` means embedded, an empty `blob_url` the folder;
    `authorised_forms` ask for 3005.
    """

    folder: Path
    database_url: str = ""
    blob_url: str = ""
    practice: bool = False
    name: str = ""
    forms: Path = field(default_factory=paths.forms)
    authorised_forms: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=lambda: Limits(packs=True, series=True))


@dataclass
class Closing:
    """Whether the gateway is asked to stop: long work beside the requests looks here now and then."""

    asked: bool = False


@dataclass
class Traffic:
    """How many requests are worked on, those apart that wait for the sender's bytes: work beside them gives
    way, but not for ever.
    """

    requests: int = 0
    _ended: float = 0.0

    def begin(self) -> None:
        self.requests += 1

    def end(self) -> None:
        self.requests -= 1
        self._ended = clock.monotonic()

    def give_way(self) -> None:
        """Wait a little while there are any, or were just now."""
        for _ in range(_GLANCES):
            if self.requests <= 0 and clock.monotonic() - self._ended > _LULL:
                return
            clock.pause(_GLANCE)


@dataclass(frozen=True)
class Gateway:
    """One running gateway."""

    settings: Settings
    keyring: Keyring
    database: Database
    blobs: Blobs
    store: Store
    library: Library
    closing: Closing = field(default_factory=Closing)
    traffic: Traffic = field(default_factory=Traffic)

    @property
    def identity(self) -> Identity:
        """Who it is, and the key it signs with now."""
        return self.keyring.now()

    @classmethod
    def open(cls, settings: Settings) -> "Gateway":
        """Open the folder's gateway, making what is not there yet."""
        keyring = Keyring(settings.folder, practice=settings.practice)
        database = Database.open(settings.folder, settings.database_url)
        try:
            blobs = Blobs(settings.folder, limit=settings.limits.blob_bytes, url=settings.blob_url)
            shipped = Shelf(settings.forms)
            library = Library(
                shelf_of(settings.folder, shipped), settings.folder / FORMS, shipped, database=database
            )
        except BaseException:
            database.close()
            raise
        return cls(settings, keyring, database, blobs, Store(database, blobs), library)

    def close(self) -> None:
        self.database.close()
