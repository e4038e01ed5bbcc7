# Everything here sets itself up first; `make setup` alone does only that.
.PHONY: setup setup-tests run demo test check bench campaign freeze clean

PY = .venv/bin/python
OFFSCREEN = QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-$$(test -n "$$DISPLAY$$WAYLAND_DISPLAY" && echo xcb || echo offscreen)}

setup:
	@python3 build/setup.py

setup-tests:
	@python3 build/setup.py --tests

run: setup
	@$(PY) -m xincai

demo: setup
	@$(OFFSCREEN) $(PY) tests/journeys/demo.py demo-output

test: setup-tests
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -n 2

check: setup
	@.venv/bin/ruff format --check client tests build installer
	@.venv/bin/ruff check client tests build installer
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup-tests
	@for file in tests/bench/bench_*.py; do echo "== $$file"; QT_QPA_PLATFORM=offscreen $(PY) $$file || exit 1; done

campaign: setup-tests
	@for file in tests/campaign/campaign_*.py; do echo "== $$file"; QT_QPA_PLATFORM=offscreen $(PY) $$file || exit 1; done

freeze: setup
	@$(PY) build/freeze.py

clean:
	rm -rf .venv forms/xform demo-output dist
