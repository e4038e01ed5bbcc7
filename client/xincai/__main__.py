"""`python -m xincai` and the `xincai` command."""

import sys


def main() -> int:
    """Open the program."""
    from xincai import app

    return app.main()


if __name__ == "__main__":
    sys.exit(main())
