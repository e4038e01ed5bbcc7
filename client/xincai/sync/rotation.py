"""A new key for this device, agreed with the gateway.

Rules: the new key is in the vault before it is named to anybody, and the former one signs until the gateway
has said that it takes the new one. A lost answer is asked for again with the same key: the gateway, which
may have changed it already, then says so once more. What the former key signed must be in the gateway's
custody first, because it is not taken afterwards.
"""

from xincai.errors import Problem
from xincai.sync.enrolment import enrolled
from xincai.sync.platform import Platform
from xincai.sync.trouble import Trouble
from xincai.vault import Vault
from xincai.wire.codes import Help
from xincai.wire.suites import PrivateKey

_NOT_THERE = ("batched", "unknown")


def change_key(vault: Vault, platform: Platform) -> str:
    """Give this device a new key; its id. What a lost answer left open is ended first, and is the change.

    Raises Problem `sync.batches_first` while batches of this device are not in custody, or network trouble:
    then the former key signs on, and asking again ends it.
    """
    from xincai.wire.messages import KeyRequest, key_message

    device = enrolled(vault)
    waiting = vault.next_device_key() is None and any(
        row.state in _NOT_THERE and row.device == device.device_id for row in vault.batches()
    )
    if waiting:
        raise Problem("sync.batches_first")
    former = PrivateKey.load(device.suite, device.private_key)
    pending = vault.begin_key_rotation(device.suite)
    new = PrivateKey.load(pending.suite, pending.handle)
    pem = new.public.pem
    message = key_message(device.recipient, device.device_id, former.public.key_id, pem)
    request = KeyRequest(
        former=former.public.key_id, public_key=pem, proof=new.sign(message), consent=former.sign(message)
    )
    taken = platform.change_key(request)
    if taken != new.public.key_id:
        raise Trouble("sync.other_gateway", helps=Help.CORRECT)
    vault.finish_key_rotation(taken)
    return taken
