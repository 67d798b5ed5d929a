# `make demo` and `make test` are all one needs on a machine with Python 3.11+, Node 20+ and make.
PYTHON ?= python3
PORT   ?= 8765
DEMO   ?= demo-data
BIN    := .venv/bin
NODE   := tests/story/node
# Two runs share the cores: where matrices are small, a second thread only waits, on the other's.
SOME   := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -m "not long" --durations 12
TWO     = $(MAKE) --no-print-directory --output-sync=target -j2
LAWS   := $(addprefix tests/,laws engines folders store pipeline web_door matching)

.DEFAULT_GOAL := help
.PHONY: help env ui demo compiled test test-shape test-stories test-pages test-laws test-pool test-web test-rooms test-long check check-ui bench lock reference picture notices clean

help:
	@echo "make demo       a simulated brand on http://127.0.0.1:$(PORT), kept in $(DEMO)"
	@echo "make test       style, types, floors and every test but the long ones"
	@echo "make test-long  every test"
	@echo "make ui         the pages of the browser, built where their sources changed"
	@echo "make check      style, types and floors only"
	@echo "make bench      the benches, as ratios against a baseline of the same run"
	@echo "make lock       pins every dependency anew"
	@echo "make reference  writes the reference, the notices and the drawing anew"
	@echo "make picture    takes the picture of the README anew"
	@echo "make clean      removes what make made; data folders stay"

env: .venv/.ready

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' \
	  || { echo "The venv module is missing; type: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.locked: requirements/dev.txt | .venv/.python
	$(BIN)/python -m pip install --quiet --no-input --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

.venv/.ready: pyproject.toml .venv/.locked
	$(BIN)/python -m pip install --quiet --no-input --no-deps --no-build-isolation -e .
	@touch $@

# The client libraries of the story tests; without Node those tests say why they are skipped.
$(NODE)/node_modules/.ready: $(NODE)/package-lock.json
	@if command -v npm >/dev/null; then \
	  cd $(NODE) && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.ready; \
	else echo "npm is missing: the tests of the Node client libraries will be skipped"; fi

# The pages of the browser; nothing is done where they are as their sources say.
ui: env
	$(BIN)/python hatch_build.py

demo: ui
	$(BIN)/hotspring demo --data $(DEMO) --port $(PORT)

check: env
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check-ui: ui
	cd ui && npm run --silent lint && npm run --silent types && npm run --silent test

# What is compiled at its first use is compiled once, before two runs that both want it. The longest
# runs begin first, so that both cores are busy to the end.
test: env
	$(TWO) check check-ui compiled test-shape $(NODE)/node_modules/.ready
	$(TWO) test-stories test-pages test-laws test-rooms test-pool test-web

compiled: env
	$(BIN)/python -c "from hotspring.app import rehearse; rehearse()"

test-shape: ui
	$(BIN)/python -m pytest tests/shape

test-stories:
	$(SOME) tests/story

test-pages:
	$(SOME) tests/ui

test-laws:
	$(SOME) $(LAWS)

test-pool:
	$(SOME) tests/pool

test-web:
	$(SOME) tests/web

test-rooms:
	$(SOME) $(patsubst %,--ignore %,tests/shape tests/story tests/ui tests/pool tests/web $(LAWS))

test-long: check check-ui $(NODE)/node_modules/.ready
	$(BIN)/python -m pytest --hypothesis-profile search

bench: env
	$(BIN)/hotspring bench

lock: .venv/.python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --upgrade --extra test pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  -c requirements/dev.txt pyproject.toml -o requirements/runtime.txt

reference: env
	$(BIN)/python -m tools.reference
	$(BIN)/python -m tools.schema
	$(BIN)/python -m tools.dashboard
	$(BIN)/python -m tools.notices
	$(BIN)/python -m tools.picture

# The first picture of the README: the heat map of a demo of its own, in Chromium.
picture: ui
	$(BIN)/python -m tools.screenshot

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build \
	  $(NODE)/node_modules ui/node_modules ui/shots hotspring/web/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
