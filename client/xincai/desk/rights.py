"""What each role may do: one table of roles, one of the desk's methods, held at the desk's door.

    filer, officer, clerk   fill in, seal, print, deliver
    reviewer                read, and approve what others sealed
    administrator           people and settings; no answers
    auditor                 what happened; no answers

Rules: rights add up over a person's roles; the first person has every role until somebody changes that. A
method that is not named below asks for every right. Whoever lacks a right gets a Problem, not an empty page.
This parts duties inside the program. It does not part keys: see client/decisions.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, TypeVar

from xincai.errors import Problem
from xincai.vault import PersonRole, Vault

Right = Literal["", "read", "fill", "deliver", "approve", "manage", "audit"]
D = TypeVar("D", bound=type)

_WORK: Final[frozenset[Right]] = frozenset({"read", "fill", "deliver"})
ROLES: Final[Mapping[PersonRole, frozenset[Right]]] = {
    "filer": _WORK,
    "officer": _WORK,
    "clerk": _WORK,
    "reviewer": frozenset({"read", "approve"}),
    "administrator": frozenset({"manage"}),
    "auditor": frozenset({"audit"}),
}
ALL: Final = frozenset(right for rights in ROLES.values() for right in rights)

METHODS: Final[Mapping[Right, str]] = {
    # before the door, or without anybody's answers
    "": """
        reviews offers_keychain
        door preferences prefer passphrase_weakness passphrase_strength offer_passphrase begin
        check_recovery unlock unlock_with_recovery unlock_with_keychain set_passphrase change_passphrase
        close recovery_sheet recovery_images may access keep_in_keychain overview profile profile_of_me
        connection line delivers_itself clock_is_wrong device_pem start_practice forms imported upkeep
        remind_after back_up place_warning
        look_at_backup lacks_file restore tidy history_state verify_history take_back enclose_old
    """,
    "read": """
        drafts records count_records record record_image letter_pdf letter_page waiting outbox receipts
        corrections reveal hand_over assignments notices check_paper count_for_letters villages
    """,
    "fill": """
        start start_visit start_imported start_in_earnest resume correct discard seal write_letter
        export_letter write_report keep_scan make_letters export_letters export_stamped
        keep_content
    """,
    "deliver": """
        sign_batch write_slip deliver sign_and_deliver pull take_return export_batch export_receipts
        export_encrypted set_pace sign_in_at_proxy
    """,
    "approve": "to_approve approve refuse",
    "manage": """
        read_enrolment_slip take_enrolment_slip enrol change_key
        set_proxy set_authorities set_certificate
        inspect_form keep_form withdraw_form holds_county keep_county add_person remove_person set_roles
        reset_passphrase renew_recovery set_escrow escrow_envelope set_four_eyes erase_after erase_now
        accept_history
    """,
    "audit": "events_page count_events event_kinds export_events",
}
RIGHTS: Final[Mapping[str, Right]] = {
    name: right for right, names in METHODS.items() for name in names.split()
}


def rights_of(roles: Iterable[PersonRole]) -> frozenset[Right]:
    """All that these roles may do together."""
    return frozenset(right for role in roles for right in ROLES[role])


def by_rights(desk: D) -> D:
    """Hold every public method of a desk, inherited ones too, to the table."""
    for name, method in inspect.getmembers(desk, inspect.isfunction):
        right = RIGHTS.get(name)
        if not name.startswith("_") and right != "":
            setattr(desk, name, _held(method, name, right))
    return desk


def _held(method: Callable[..., Any], name: str, right: Right | None) -> Callable[..., Any]:
    wanted = ALL if right is None else frozenset({right})

    @functools.wraps(method)
    def asked(self: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - stands for any method
        vault: Vault | None = self._open
        if vault is not None and not wanted <= rights_of(vault.me().roles):
            raise Problem("desk.not_allowed", action=name)
        return method(self, *given, **named)

    return asked
