"""Cold start: from a fresh process to the first paint, against a bare QMainWindow with one label.

Every round starts both programs anew, in turn; what is compared are the medians.
Run it with nothing else going on: `python tests/bench/bench_start.py [rounds]`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT = 3.0
"""The first paint may take so many times a bare window's."""

BARE = """
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("Xincai"))
window.resize(1366, 768)
window.show()
app.processEvents()
window.grab()
print("painted", flush=True)
"""
GREETING = """
from xincai import app
from xincai.ui.tasks import Tasks
from xincai.ui.window import MainWindow
qt = app.dressed()
window = MainWindow(Tasks(qt))
window.show()
qt.processEvents()
window.grab()
print("painted", flush=True)
"""
DOOR = """
import os
from pathlib import Path
from xincai import app
qt, window = app.build(Path(os.environ["XINCAI_HOME"]))
window.show()
qt.processEvents()
window.grab()
print("painted", flush=True)
window.end()
"""


def painted(script: str, home: str) -> float:
    """Seconds from starting the process to its word that it has painted."""
    environment = {**os.environ, "XINCAI_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == b"painted"
        return time.perf_counter() - began


def main() -> int:
    """Print the medians and the ratios; 1 when the first paint is over its limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    scripts = {"bare window": BARE, "first paint": GREETING, "door usable": DOOR}
    times: dict[str, list[float]] = {name: [] for name in scripts}
    with tempfile.TemporaryDirectory() as home:
        for script in scripts.values():
            painted(script, home)  # bytecode and disk cache
        for _ in range(rounds):
            for name, script in scripts.items():
                times[name].append(painted(script, home))
    bare = statistics.median(times["bare window"])
    for name, taken in times.items():
        middle = statistics.median(taken)
        least, ratio = min(taken) * 1000, middle / bare
        print(f"{name:12} median {middle * 1000:5.0f} ms  least {least:5.0f} ms  x{ratio:.2f}")
    return 0 if statistics.median(times["first paint"]) / bare <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
