"""`python -m xincai` and the `xincai` command.

`xincai gateway ...` is the gateway's command line, where that package is installed: the frozen program plays
both parts. `xincai form ...` are the tools for forms, `xincai verify` checks a letter, `xincai selftest`
tries every part of an installed program; none needs a screen.
"""

import sys
from collections.abc import Callable
from typing import cast

_GATEWAY = "xincai_gateway"
_MISSING = "此电脑没有安装前置机程序 (xincai_gateway)。请用带前置机的安装包，或安装 xincai[gateway]。\n"


def main() -> int:
    """Open the program, or hand over to the gateway's command line."""
    words = sys.argv[1:]
    if words[:1] == ["gateway"]:
        return _gateway(words[1:])
    if words[:1] == ["form"]:
        from xincai.command import form

        return form.main(words[1:])
    if words[:1] == ["verify"]:
        from xincai.command import verify

        return verify.main(words[1:])
    if words[:1] == ["selftest"]:
        from xincai.command import selftest

        return selftest.main()
    from xincai import app

    return app.main(words)


def _gateway(words: list[str]) -> int:
    """Run the gateway's command; 2 with a sentence when it is not here."""
    import importlib.util

    if importlib.util.find_spec(_GATEWAY) is None:
        sys.stderr.write(_MISSING)
        return 2
    command = cast("Callable[[list[str]], int]", importlib.import_module(f"{_GATEWAY}.__main__").main)
    return command(words)


if __name__ == "__main__":
    sys.exit(main())
