# Two commands matter: `make run` and `make test`. Everything happens inside .venv and this folder.
SHELL := /bin/bash
# dg looks for the environment it runs in, and reports home unless told not to.
export VIRTUAL_ENV := $(CURDIR)/.venv
export DAGSTER_DISABLE_TELEMETRY := yes
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
  "$$p" -c 'import sys; raise SystemExit(not (3,11) <= sys.version_info[:2] < (3,13))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
READY := .venv/.installed

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或 3.12 / Python 3.11 or 3.12 is needed: install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing into .venv (once; about a minute) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

install: $(READY) ## make .venv from the hash-pinned lock

run: $(READY) ## read data/raw/, build the warehouse and the dashboards (an empty folder first gets the sample district)
	@$(BIN)/outreach sample --if-empty
	@$(BIN)/outreach run

serve: $(READY) ## Dagster's UI on localhost, with schedule and folder sensor running
	@$(BIN)/outreach serve

test: $(READY) ## the whole suite, browser tests included
	@bash .ci/browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow"
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "browser and not slow" -rs

check: $(READY) ## ruff, pyright, Dagster's definitions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/dg check defs

bench: $(READY) ## benchmarks: reading a sheet, measures and pages of large synthetic offices
	@for name in reading measures_at_scale pages_at_scale; do echo "== $$name"; $(BIN)/python benchmarks/$$name.py || exit 1; done

slow: $(READY) ## the long trials that have a short version in `make test`, and the pages in Firefox
	@bash .ci/browser firefox
	@$(BIN)/python -m pytest -m slow

lock: ## pin the dependencies anew (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --universal --generate-hashes --all-extras --no-strip-extras \
	  --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements.lock

.PHONY: help install run serve test check bench slow lock
