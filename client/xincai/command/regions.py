"""`xincai form regions`: a county's own list of towns and villages, for the forms of this computer."""

import json
import sys
from pathlib import Path

from xincai import paths
from xincai.command.form import Options
from xincai.shelf import Shelf
from xincai.shelf.county import adopt, shelf_of


class Asked(Options):
    """What `regions` is asked."""

    file: Path
    data: Path | None


def main(options: Asked) -> int:
    """Take the list in and say what it holds; forms are made with it at once."""
    folder, shipped = options.data or paths.data(), Shelf()
    county = adopt(options.file, folder, shipped)
    shelf_of(folder, shipped)
    said = {"county": county.code, "towns": county.towns, "villages": county.villages}
    sys.stdout.write(json.dumps(said) + "\n")
    return 0
