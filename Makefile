# Each target first makes the virtual environment it needs in .venv. `make demo` installs what a user has;
# the others add what a developer needs. `make demo PYTHON=/some/python` chooses another interpreter.

PYTHON ?= $(shell for p in python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
PINS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench growth docs screenshots soak
.SUFFIXES:
.DELETE_ON_ERROR:

help:  # what can be made
	@sed -n 's/^\([a-z]*\):[^#]*# \(.*\)/make \1\t\2/p' Makefile | expand -t 12

demo: .venv/default  # the whole loop on dummy data, in a minute
	@$(BIN)/winback demo

test: lint  # lint, then every test
	@echo "== pytest"
	@$(BIN)/pytest -n auto --dist worksteal

lint: .venv/dev  # style, formatting, types, layers, spelling
	@echo "== ruff check";  $(BIN)/ruff check --quiet .
	@echo "== ruff format"; $(BIN)/ruff format --quiet --check .
	@echo "== mypy";        $(BIN)/mypy --no-error-summary src tests examples bench docs/make_cli.py docs/make_wording.py docs/make_screenshots.py
	@echo "== layers";      $(BIN)/lint-imports --no-logo --cache-dir .cache/imports >.cache/layers.txt \
		|| { cat .cache/layers.txt; exit 1; }
	@echo "== codespell";   $(BIN)/codespell

bench: .venv/dev  # time and memory beside other tools; N=10000000 for another size
	@$(BIN)/python bench/run.py --markdown $(N)

growth: .venv/dev  # the same over N, drawn in docs/growth.svg
	@$(BIN)/python bench/run.py --markdown --runs 1 --picture docs/growth.svg 100000 1000000 3000000 10000000

docs: .venv/default  # docs/cli.md anew from the commands, docs/wording.md from what messages say
	@$(BIN)/python docs/make_cli.py >.venv/cli.md && mv .venv/cli.md docs/cli.md && echo "docs/cli.md written"
	@$(BIN)/python docs/make_wording.py >.venv/wording.md && mv .venv/wording.md docs/wording.md && echo "docs/wording.md written"

screenshots: .venv/dev  # docs/pictures anew, of the pages; needs Chromium
	@$(BIN)/python docs/make_screenshots.py

soak: .venv/dev  # long random play, all real and odd reports, every kill of a pull, all rules on Spark
	@$(BIN)/pytest -m soak --timeout 0

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "winback needs Python 3.11 or newer; none was found" >&2; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv

.venv/default: .venv/bin/python $(PINS)
	@echo "installing winback"
	@$(PIP) -e .
	@touch $@

# The developer's environment holds the user's too.
.venv/dev: .venv/bin/python $(PINS)
	@echo "installing winback and the developer's tools"
	@$(PIP) -e '.[dev]'
	@mkdir -p .cache
	@touch .venv/default $@
