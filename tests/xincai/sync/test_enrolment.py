"""One-time codes as people bring them: typed anyhow, of yesterday's key, or meant for somebody else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from strange_server import http, strange

from gateway_here import OFFICE, GatewayHere
from xincai.errors import Problem
from xincai.sync import enrol
from xincai.vault import Vault
from xincai_gateway import identity
from xincai_gateway.enrol import void_codes
from xincai_gateway.schema import enrolment_codes

Vaults = Callable[[], Vault]


def folder(here: GatewayHere) -> Path:
    return here.gateway.settings.folder


def spent(here: GatewayHere) -> int:
    """How many codes were used."""
    used = sa.select(enrolment_codes).where(enrolment_codes.c.used_at.is_not(None))
    return len(here.gateway.database.rows(used))


def typed_code(code: str, how: str) -> str:
    secret, _, key_id = code.partition(".")
    return {
        "lower": code.lower(),
        "spaces": f" {secret.replace('-', ' ')} . {key_id} ",
        "no dashes": secret.replace("-", "") + "." + key_id.upper(),
        "long dashes": secret.replace("-", "—") + "。" + key_id,
        "full width": "".join(chr(ord(letter) + 0xFEE0) if letter != "." else "．" for letter in code),
        "look-alikes": f"{OFFICE}{secret.removeprefix(OFFICE).replace('0', 'o').replace('1', 'l')}.{key_id}",
    }[how]


@pytest.mark.parametrize("how", ["lower", "spaces", "no dashes", "long dashes", "full width", "look-alikes"])
def test_however_a_code_is_typed_it_is_the_same_code(here: GatewayHere, new_vault: Vaults, how: str) -> None:
    vault = new_vault()
    enrol(vault, here.url, typed_code(here.code(), how))
    device = vault.device()
    assert device is not None
    assert device.office == OFFICE
    assert spent(here) == 1


def test_a_paper_of_before_the_keys_were_changed_still_lets_in(here: GatewayHere, new_vault: Vaults) -> None:
    code, vault = here.code(), new_vault()
    for _ in range(2):
        identity.rotate(folder(here))
    enrol(vault, here.url, code)
    assert spent(here) == 1


def test_a_paper_that_names_a_revoked_key_is_not_spent_and_the_reason_is_said(
    here: GatewayHere, new_vault: Vaults
) -> None:
    code, vault = here.code(), new_vault()
    identity.rotate(folder(here), revoke=True)
    with pytest.raises(Problem, match=r"sync\.code_of_other_key"):
        enrol(vault, here.url, code)
    assert spent(here) == 0
    assert vault.device() is None
    enrol(vault, here.url, here.code())


def test_codes_are_void_with_the_key_that_they_name(here: GatewayHere, new_vault: Vaults) -> None:
    used, unused = here.code(), [here.code(), here.code()]
    enrol(new_vault(), here.url, used)
    assert void_codes(here.gateway.database) == 2
    assert void_codes(here.gateway.database) == 0
    for code in unused:
        with pytest.raises(Problem, match=r"sync\.code_refused"):
            enrol(new_vault(), here.url, code)


def test_a_code_goes_to_nobody_who_cannot_sign_by_the_list_that_he_shows(
    here: GatewayHere, new_vault: Vaults
) -> None:
    """A stranger may show the real list and yesterday's real words; he cannot sign our nonce."""
    words = {
        path: requests.get(f"{here.url}{path}", timeout=5).content
        for path in ("/.well-known/xincai", "/v1/keys", "/v1/time")
    }

    def answer(request: bytes) -> Iterator[bytes]:
        path = request.split(b" ")[1].decode().partition("?")[0]
        yield http(200, words[path]) if path in words else http(404)

    with strange(answer) as server, pytest.raises(Problem, match=r"wire\.bad_field"):
        enrol(new_vault(), server.url, here.code())
    assert [request.split(b" ")[0] for request in server.heard] == [b"GET"] * 3


@pytest.mark.parametrize("page", [b"<html>log in</html>", b""])
def test_a_log_in_page_between_costs_no_code(here: GatewayHere, new_vault: Vaults, page: bytes) -> None:
    """From the first question on, or just before the code would be sent."""
    known = requests.get(f"{here.url}/.well-known/xincai", timeout=5).content
    portal = http(200, b"<html>log in</html>", "text/html")

    def answer(request: bytes) -> Iterator[bytes]:
        yield portal if page or b"well-known" not in request else http(200, known)

    vault = new_vault()
    with strange(answer) as server, pytest.raises(Problem, match=r"sync\.captive_portal"):
        enrol(vault, server.url, here.code())
    assert all(request.startswith(b"GET") for request in server.heard)
    assert vault.device() is None
