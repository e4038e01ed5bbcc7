"""Where the frozen program starts: as `python -m xincai` does."""

import sys

from xincai.__main__ import main

sys.exit(main())
