# The few commands of this project. Another Python: make run PYTHON=python3.12. Words for the program: make run ARGS=--lan

PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command 'make lock'

.PHONY: help run clients test check faults screenshots bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp ## set up what is missing, then serve
	@$(PY) -m app $(ARGS)

clients: .venv/clients.stamp ## set up what the terminal and the desktop client need, and say how they start
	@echo 'In a terminal:  .venv/bin/python -m clients.terminal'
	@echo 'In a window:    .venv/bin/python -m clients.desktop'

test: .venv/dev.stamp ## set up, then run every test, in a real browser too
	@$(PY) -m tools.prepare
	@$(PY) -m pytest --numprocesses 2 --dist loadfile $(ARGS)

check: .venv/dev.stamp ## style, types and the fast tests, in less than a minute
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PY) -m pytest -m 'not slow' $(ARGS)

faults: .venv/dev.stamp ## break everything for three quarters of an hour and see what is lost; words: ARGS="--short --seed 7"
	@$(PY) -m tools.prepare
	@$(PY) -m tests.faults $(ARGS)

screenshots: .venv/dev.stamp ## every page and state as a picture in screenshots/; those of the README: ARGS=--readme
	@$(PY) -m tools.prepare
	@$(PY) -m tests.browser.screenshots $(ARGS)

bench: .venv/run.stamp ## measure ours beside others, for half an hour; words: ARGS="--quick --write"
	@$(PY) -m bench $(ARGS)

lock: .venv/dev.stamp ## write the locks from the ranges; newer versions with ARGS=--upgrade
	$(LOCK) $(ARGS) -o requirements.lock requirements.txt
	$(LOCK) $(ARGS) -c requirements.lock -o requirements-clients.lock requirements-clients.txt
	$(LOCK) $(ARGS) -c requirements.lock -c requirements-clients.lock -o requirements-dev.lock requirements-dev.txt
	$(LOCK) $(ARGS) -o requirements-node.lock requirements-node.txt
	npm install --package-lock-only --ignore-scripts

clean: ## remove what set-up made; the talk in instance/ stays
	rm -rf .venv .vendor-* node_modules static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo 'There is no $(PYTHON) here: install Python 3.11 or newer.' >&2; exit 1; }
	@$(PYTHON) tools/check_python.py
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }

.venv/run.stamp: requirements.lock .venv/bin/python
	@echo 'Installing what the chatroom needs into .venv'
	@$(PIP) -r requirements.lock
	@touch $@

.venv/clients.stamp: requirements-clients.lock .venv/bin/python
	@echo 'Installing what the clients need into .venv'
	@$(PIP) -r requirements-clients.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo 'Installing what the tests need into .venv'
	@$(PIP) -r requirements-dev.lock
	@touch $@
