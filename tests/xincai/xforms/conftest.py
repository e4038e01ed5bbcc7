"""Lets the tests of this room share `scenario`."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
