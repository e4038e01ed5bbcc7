"""Making, opening and closing."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xincai import paths
from xincai.errors import Problem, explain
from xincai.vault import KdfParams, Vault


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != "vault.lock"}


def refused(code: str, action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == f"vault.{code}"
    for language in ("zh", "en"):
        assert explain(caught.value, language).next
    return caught.value


def test_a_vault_opens_with_its_passphrase(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.set_setting("language", "zh")
    vault.close()
    with Vault.open(folder, passphrase) as again:
        assert again.setting("language") == "zh"
        assert again.name == "李采集"
        assert again.vault_id == vault.vault_id


def test_a_wrong_passphrase_changes_nothing(vault: Vault, folder: Path) -> None:
    vault.close()
    before = snapshot(folder)
    refused("wrong_passphrase", lambda: Vault.open(folder, "不对"))
    assert snapshot(folder) == before


def test_the_recovery_code_opens(made: tuple[Vault, str], folder: Path) -> None:
    vault, code = made
    assert vault.opens_with_recovery(code.lower())
    vault.close()
    with Vault.open(folder, recovery=code) as again:
        assert again.name == "李采集"


def test_another_vaults_recovery_code_is_told_apart_from_a_slip(
    made: tuple[Vault, str], folder: Path, tmp_path: Path
) -> None:
    vault, code = made
    other, other_code = Vault.create(tmp_path / "other", "x", name="", params=KdfParams.for_tests())
    other.close()
    assert not vault.opens_with_recovery(other_code)
    vault.close()
    refused("wrong_recovery", lambda: Vault.open(folder, recovery=other_code))
    refused("recovery_typo", lambda: Vault.open(folder, recovery=("2" if code[0] != "2" else "3") + code[1:]))


def test_a_changed_passphrase_rewrites_one_slot(
    made: tuple[Vault, str], folder: Path, passphrase: str
) -> None:
    vault, code = made
    vault.set_setting("kept", "yes")
    before = vault._header
    vault.change_passphrase(passphrase, "新的口令")
    assert vault._header.slot("recovery") == before.slot("recovery")
    assert vault._header.slot("passphrase") != before.slot("passphrase")
    vault.close()
    refused("wrong_passphrase", lambda: Vault.open(folder, passphrase))
    with Vault.open(folder, "新的口令") as again:
        assert again.setting("kept") == "yes"
    Vault.open(folder, recovery=code).close()


def test_a_forgotten_passphrase_is_set_anew_with_the_code(made: tuple[Vault, str], folder: Path) -> None:
    vault, code = made
    vault.set_passphrase(code, "又一个口令")
    vault.close()
    Vault.open(folder, "又一个口令").close()


def test_changing_needs_the_old_passphrase(vault: Vault, folder: Path, passphrase: str) -> None:
    before = snapshot(folder)
    refused("wrong_passphrase", lambda: vault.change_passphrase("不对", "新的口令"))
    refused("empty_passphrase", lambda: vault.change_passphrase(passphrase, ""))
    assert snapshot(folder) == before


def test_a_vault_is_never_made_over_another(vault: Vault, folder: Path) -> None:
    vault.close()
    before = snapshot(folder)
    refused("already_there", lambda: Vault.create(folder, "x", name="", params=KdfParams.for_tests()))
    assert snapshot(folder) == before


def test_no_vault_is_made_by_opening(folder: Path) -> None:
    refused("not_here", lambda: Vault.open(folder, "x"))
    assert not folder.exists()


def test_an_empty_passphrase_makes_no_vault(folder: Path) -> None:
    refused("empty_passphrase", lambda: Vault.create(folder, "", name=""))
    assert not Vault.is_there(folder)


def test_a_lost_file_is_told_and_not_replaced(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    (folder / "vault.db").unlink()
    assert Vault.is_there(folder)
    refused("file_missing", lambda: Vault.open(folder, passphrase))
    refused("already_there", lambda: Vault.create(folder, "x", name="", params=KdfParams.for_tests()))


def test_a_locked_vault_answers_nothing(vault: Vault) -> None:
    vault.close()
    refused("locked", vault.drafts)
    refused("locked", lambda: vault.set_setting("a", "b"))
    vault.close()


def test_tests_alone_make_weak_vaults(vault: Vault, tmp_path: Path) -> None:
    assert vault.for_tests
    strong, _ = Vault.create(tmp_path / "strong", "口令", name="")
    assert not strong.for_tests
    strong.close()


def test_a_second_process_is_told_who_has_the_vault(vault: Vault, folder: Path, passphrase: str) -> None:
    script = (
        "import sys, pathlib\n"
        "from xincai.errors import Problem\n"
        "from xincai.vault import Vault\n"
        "try:\n    Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])\n"
        "except Problem as problem:\n    print(problem.code, problem.facts['process'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])}
    command = [sys.executable, "-c", script, str(folder), passphrase]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["vault.in_use", str(os.getpid())]
    assert told.stderr == ""
    vault.set_setting("still", "ours")


def test_a_second_window_of_one_process_is_told_too(vault: Vault, folder: Path, passphrase: str) -> None:
    refused("in_use", lambda: Vault.open(folder, passphrase))
    vault.set_setting("still", "ours")


def test_all_threads_may_write(vault: Vault) -> None:
    def work(number: int) -> None:
        for turn in range(25):
            vault.add_event("turn", thread=number, turn=turn)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.events(limit=1000)) == 101
    vault.verify_chain()


def test_nothing_is_left_in_the_clear(
    made: tuple[Vault, str], office: Any, folder: Path, passphrase: str, tmp_path: Path
) -> None:
    vault, code = made
    office.everything()
    canaries = [
        "王测䶮",
        "410499199003071234",
        "柳河村",
        "李采集",
        passphrase,
        code,
        code.replace("-", ""),
        "ff_collect",
    ]
    canaries += ["SQLite format", "CREATE TABLE", "photo", "token", "%PDF"]
    vault.set_setting("canary", "金丝雀")
    vault.close()
    seen = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert seen == {"head.json", "vault.db", "vault.json", "vault.json.bak", "vault.lock"}
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for canary in [*canaries, "金丝雀"]:
                for encoding in ("utf-8", "utf-16-le", "gb18030"):
                    assert canary.encode(encoding) not in data, (path.name, canary)


def test_the_rollback_journal_holds_nothing_in_the_clear(vault: Vault, office: Any, folder: Path) -> None:
    vault.save_draft(office.draft(xml="<name>金丝雀</name>".encode() * 500))
    with vault._database.writing() as cursor:
        cursor.run("UPDATE drafts SET xml = ?", b"x" * 50_000)
        cursor.run("PRAGMA cache_spill = 1")
        journal = (folder / "vault.db-journal").read_bytes()
    assert "金丝雀".encode() not in journal
