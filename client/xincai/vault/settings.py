"""What may change freely: the person's settings, and this device's standing with the gateway."""

import json
from collections.abc import Mapping

from xincai.vault import practice
from xincai.vault.connection import Database
from xincai.vault.cursor import Cursor
from xincai.vault.events import add_event
from xincai.vault.rows import Device


class Settings:
    """Settings and the device."""

    _database: Database
    vault_id: str

    def setting(self, key: str) -> str | None:
        """The value of a setting, None when it was never set."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT value FROM settings WHERE key = ?", key)
        return row.text("value") if row else None

    def set_setting(self, key: str, value: str | None) -> None:
        """Set a setting; None forgets it."""
        with self._database.writing() as cursor:
            set_value(cursor, key, value)

    def device(self) -> Device | None:
        """This device as it is enrolled, None before."""
        with self._database.reading() as cursor:
            row = cursor.first("SELECT * FROM device")
        if row is None:
            return None
        return Device(
            device_id=row.text("device_id"),
            office=row.text("office"),
            suite=row.text("suite"),
            private_key=row.blob("private_key"),
            gateway_url=row.text("gateway_url"),
            token=row.text("token"),
            gateway_keys=tuple(json.loads(row.text("gateway_keys"))),
            recipient=row.text("recipient"),
            practice=row.whole("practice") == 1,
        )

    def save_device(self, device: Device, settings: Mapping[str, str | None] | None = None) -> None:
        """Remember how this device is enrolled, in place of what was before; `settings` go with it."""
        with self._database.writing() as cursor:
            cursor.run("DELETE FROM device")
            cursor.insert(
                "device",
                only_one=1,
                device_id=device.device_id,
                office=device.office,
                suite=device.suite,
                private_key=device.private_key,
                gateway_url=device.gateway_url,
                token=device.token,
                gateway_keys=json.dumps(device.gateway_keys),
                recipient=device.recipient,
                practice=int(device.practice),
            )
            for key, value in (settings or {}).items():
                set_value(cursor, key, value)
            add_event(
                cursor,
                self.vault_id,
                "device",
                {"device": device.device_id, "practice": int(device.practice)},
            )
            practice.set_aside(cursor, self.vault_id)


def set_value(cursor: Cursor, key: str, value: str | None) -> None:
    """Set a setting inside an open transaction; None forgets it."""
    if value is None:
        cursor.run("DELETE FROM settings WHERE key = ?", key)
    else:
        cursor.run("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", key, value)
