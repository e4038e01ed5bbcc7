"""A process that holds keys leaves no core dump, and lets no other program of the user read it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from xincai import paths
from xincai.vault import Vault

CRASH = """
import ctypes, os, pathlib, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
from xincai.vault import Vault
vault = Vault.open(pathlib.Path(sys.argv[1]), sys.argv[2])
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.abort()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_crash_with_the_vault_open_leaves_no_core(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    with subprocess.Popen(
        [sys.executable, "-c", CRASH, str(folder), passphrase],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read() == "(0, 0) 0\n"
        _, status = os.waitpid(child.pid, 0)
        child.returncode = status
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert not [path.name for path in folder.parent.iterdir() if "core" in path.name]
