"""What the frozen program needs and no import statement at the top tells: held against PyInstaller's spec.

That the frozen program runs is proven by `build/freeze.py`, which makes it; this finds in a second what a new
module, data file or name put together at run time would break there.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "client"
SPEC = ROOT / "build" / "xincai.spec"


@pytest.fixture(scope="module")
def spec() -> dict[str, object]:
    """The spec's lists, run without PyInstaller's building: only what comes before `Analysis`."""
    pytest.importorskip("PyInstaller")
    text = SPEC.read_text("utf-8")
    lists = text[: text.index("found = Analysis(")]
    names: dict[str, object] = {"SPECPATH": str(SPEC.parent)}
    exec(compile(lists, str(SPEC), "exec"), names)
    return names


def hidden(spec: dict[str, object]) -> set[str]:
    names = spec["HIDDEN"]
    assert isinstance(names, list)
    return set(names)


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(CLIENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                yield path, node


def packages_imported_by_name() -> Iterator[str]:
    """The packages whose modules are imported by a name that is put together: `import_module(f"a.b.{c}")`."""
    for path, call in calls():
        name = call.args[0]
        if isinstance(name, ast.JoinedStr):
            first = name.values[0]
            whole = isinstance(first, ast.Constant)
            yield (
                str(first.value).rstrip(".") if isinstance(first, ast.Constant) and whole else path.parts[-2]
            )
        else:
            yield ".".join(path.parent.relative_to(CLIENT).parts)


def test_every_module_that_is_imported_by_name_is_named(spec: dict[str, object]) -> None:
    named, found = hidden(spec), sorted(set(packages_imported_by_name()))
    assert {"xincai.command", "xincai.ui.work", "xincai.desk"} <= set(found)
    for package in found:
        folder = CLIENT.joinpath(*package.split("."))
        modules = {f"{package}.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__"}
        assert modules <= named, package


def test_the_gateway_is_in_it(spec: dict[str, object]) -> None:
    assert {"xincai_gateway", "xincai_gateway.__main__"} <= hidden(spec)


def test_the_keychains_of_every_system_are_in_it(spec: dict[str, object]) -> None:
    backends = {"Windows", "macOS", "SecretService", "kwallet", "chainer", "fail"}
    assert {f"keyring.backends.{name}" for name in backends} <= hidden(spec)


def test_what_is_named_exists(spec: dict[str, object]) -> None:
    optional = {"psycopg_binary"}  # a wheel of its own, for the gateway in a county
    missing = {name for name in hidden(spec) - optional if find_spec(name) is None}
    assert not missing


def test_files_that_are_no_modules_come_along(spec: dict[str, object]) -> None:
    """Whatever lies in the client beside the modules, and what `paths` and the migrations look for."""
    data = spec["DATA"]
    assert isinstance(data, list)
    places = {target for _, target in data}
    assert {"xincai/resources", "xincai/forms", "xincai/vault/migrations"} <= places
    beside = {
        path.parent for path in CLIENT.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    documents = {
        CLIENT / "decisions",
        CLIENT / "xincai" / "xforms",
        CLIENT / "xincai_gateway",
    }  # pages to read
    assert {folder.relative_to(CLIENT).as_posix() for folder in beside - documents} <= places
    assert any(Path(source).name == "json_form_schema.json" for source, _ in data), "pyxform's own data"
    assert not any(Path(source).suffix == ".jar" for source, _ in data)


def test_nothing_that_the_program_needs_is_left_out(spec: dict[str, object]) -> None:
    left_out = spec["DEVELOPERS"]
    assert isinstance(left_out, list)
    needed = {name.split(";")[0] for name in requires("xincai") or () if "extra ==" not in name}
    assert len(needed) > 10
    sources = "".join(path.read_text("utf-8") for path in CLIENT.rglob("*.py"))
    for name in left_out:
        assert f"import {name}\n" not in sources
        assert f"from {name}" not in sources


def test_an_installed_program_can_try_itself() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "xincai", "selftest"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout
    assert [line.partition(":")[0] for line in told.stdout.splitlines()] == [
        "vault", "forms", "letters", "signatures", "keychain",
    ]  # fmt: skip


def test_a_part_that_fails_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from xincai.command import selftest

    def broken(_folder: Path) -> str:
        raise ImportError("no such library")

    monkeypatch.setattr(selftest, "_PARTS", {"letters": broken, "keychain": lambda _folder: "there"})
    assert selftest.main() == 1
    assert "letters: FAILED ImportError: no such library\nkeychain: there" in capsys.readouterr().out
