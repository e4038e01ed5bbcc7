"""A new key for this device, in two steps, so that at every moment there is a key that the gateway takes.

The new key is made and kept beside the old one, which goes on signing. Once the gateway has acknowledged the
new one (it is told in a message that both keys sign; that message belongs to the wire), the new key takes the
old one's place in one transaction. Before that, nothing that is lost on the way changes anything.
"""

from dataclasses import dataclass, field

from xincai import clock
from xincai.errors import Problem
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.events import add_event
from xincai.vault.providers import KeyProvider, Signer, SoftwareKeys


@dataclass(frozen=True)
class NextKey:
    """The key to be; `handle` is what its provider opens."""

    device_id: str
    suite: str
    handle: bytes = field(repr=False)


class Rotation:
    """The device's next key."""

    _database: Database
    vault_id: str

    def device_signer(self, provider: KeyProvider | None = None) -> Signer:
        """The key that signs for this device today; Problem before enrolment."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT suite, private_key FROM device")
        if row is None:
            raise Problem("vault.no_device")
        return (provider or SoftwareKeys()).open(row.text("suite"), row.blob("private_key"))

    def begin_key_rotation(self, suite: str, provider: KeyProvider | None = None) -> NextKey:
        """The device's key to be: made now, or the one made before that is not acknowledged yet."""
        keys = provider or SoftwareKeys()
        with self._database.reading():  # the lane: never two keys at once
            pending = self.next_device_key()
            if pending is not None and pending.suite == suite:
                return pending
            handle = keys.generate(suite)
            key = keys.open(suite, handle).public.key_id
            with self._database.writing() as cursor:
                device = _device(cursor)
                cursor.run("DELETE FROM next_device_key")
                cursor.insert(
                    "next_device_key",
                    only_one=1,
                    device_id=device,
                    suite=suite,
                    private_key=handle,
                    made_at=clock.stamp(clock.now()),
                )
                add_event(cursor, self.vault_id, "key_made", {"device": device, "key": key})
        return NextKey(device, suite, handle)

    def next_device_key(self) -> NextKey | None:
        """The key that waits for the gateway's acknowledgement, if one does."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT device_id, suite, private_key FROM next_device_key")
        if row is None:
            return None
        return NextKey(row.text("device_id"), row.text("suite"), row.blob("private_key"))

    def finish_key_rotation(self, key_id: str, provider: KeyProvider | None = None) -> None:
        """The gateway has acknowledged the key of this id: it signs from now on, the old one is forgotten.

        Raises Problem `vault.no_next_key` when no such key waits, or the device has enrolled anew meanwhile.
        """
        keys = provider or SoftwareKeys()
        with self._database.reading():
            pending = self.next_device_key()
            if pending is None or keys.open(pending.suite, pending.handle).public.key_id != key_id:
                raise Problem("vault.no_next_key")
            with self._database.writing() as cursor:
                if _device(cursor) != pending.device_id:
                    raise Problem("vault.no_next_key")
                cursor.run("UPDATE device SET suite = ?, private_key = ?", pending.suite, pending.handle)
                cursor.run("DELETE FROM next_device_key")
                add_event(cursor, self.vault_id, "key_changed", {"device": pending.device_id, "key": key_id})

    def drop_key_rotation(self) -> None:
        """Forget the key to be: the gateway refused it."""
        with self._database.writing() as cursor:
            cursor.run("DELETE FROM next_device_key")


def _device(cursor: Cursor) -> str:
    row = cursor.first("SELECT device_id FROM device")
    if row is None:
        raise Problem("vault.no_device")
    return row.text("device_id")
