# The commands of this repository; `make` alone lists them. GNU make 3.81 (macOS) is enough.

PYTHON ?= python3
VENV ?= .venv
AUDIT = $(VENV)-audit
ARGS ?=

# Tests that use nothing but their own process; tests/conftest.py holds the folders to that.
QUICK = tests/domain tests/store tests/pipeline tests/control tests/api tests/fakes tests/real_files tests/test_house.py
# One process of pytest a core. Each that runs out of tests takes some from the others.
SIDE_BY_SIDE = -n auto --maxprocesses 8 --dist worksteal

# As in an activated environment: its tools come first, and node from a wheel where that had to be installed.
IN_VENV = PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
PIP_INSTALL = -m pip install -qq --disable-pip-version-check --require-hashes
LOCK = $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
# For every Python and machine that people work with, and for those of Azure alone, where no other Python shall do.
EVERYWHERE = --universal --python-version 3.11
IN_AZURE = --python-version 3.13 --python-platform x86_64-manylinux_2_28

# What the page is made of. The packages that it needs are installed beside its lock file when that has changed.
PAGE = shared/page/manifest.json
PAGE_SOURCES = $(shell find web -type f ! -path '*/node_modules/*') docs/openapi.json $(wildcard local/web/*.py)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo quick test check format format-check lint types contracts page-check bench chaos soak mutants screenshots package audit openapi lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo "PYTHON=... chooses the Python that the environment is made of, ARGS=... is handed on to demo, quick, test, bench, chaos, mutants, screenshots, package."

setup: $(VENV)/.packages local/node_modules/.packages $(PAGE) ## make the Python environment, the node packages and the page, where something changed

demo: setup ## export a segment into a list before your eyes
	@$(IN_VENV) python -m local demo $(ARGS)

quick: $(VENV)/.packages ## run the tests that need no other process and no network, while you work
	@$(IN_VENV) python -m pytest $(SIDE_BY_SIDE) $(QUICK) $(ARGS)

test: setup ## run the tests
	@$(IN_VENV) python -m pytest $(SIDE_BY_SIDE) $(ARGS)

check: format-check lint types contracts page-check test ## format, lint, types, import contracts, the page, tests

format: setup ## bring the code into its format
	@$(IN_VENV) ruff format

format-check: setup
	@$(IN_VENV) ruff format --check

lint: setup ## look for what the linter knows
	@$(IN_VENV) ruff check

types: setup ## check the types
	@$(IN_VENV) mypy

contracts: setup ## check which module may import which
	@$(IN_VENV) lint-imports --no-logo

page-check: setup ## format, lint, types and tests of the page
	@$(IN_VENV) npm run check --prefix web

bench: setup ## measure speed, memory and costs, and write the table in docs/performance.md
	@$(IN_VENV) python -m local bench --write $(ARGS)

chaos: setup ## kill the hosts at random moments, and compare every row with the truth (SEED=... repeats the draws)
	@$(IN_VENV) python -m local chaos $(if $(SEED),--seed $(SEED)) $(ARGS)

soak: setup ## play 20,000 random sequences of deaths and faults, and read 1,000,000 made-up files, all never seen before
	@SOAK=1 $(IN_VENV) python -m pytest tests/crashes/test_crash_sequences.py $(ARGS)
	@$(IN_VENV) python -m tests.generated_files $(if $(SEED),--seed $(SEED))

mutants: setup ## plant deliberate faults, one at a time, and see that the tests catch each (ARGS=word: those named so)
	@$(IN_VENV) python -m tests.mutants $(ARGS)

screenshots: setup ## make the pictures of the page in docs/pictures (ARGS=name: those named so)
	@.ci/browser >/dev/null && .ci/fonts
	@$(IN_VENV) python -m local screenshots $(ARGS)

package: $(VENV)/.packages $(VENV)/.node ## write package.zip, the files that are deployed (ARGS=--with-requirements: and what they need)
	@$(IN_VENV) python -m local web
	@$(IN_VENV) python -m local package $(ARGS)

audit: $(AUDIT)/.packages $(VENV)/.node ## ask whether a pinned package, of Python or node, is known to be vulnerable
	@for lock in requirements.txt requirements-dev.txt requirements-node.txt requirements-audit.txt; do \
		echo "$$lock:"; $(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --requirement $$lock || exit 1; done
	@$(IN_VENV) npm audit --prefix local --audit-level=critical # it stays on laptops, and listens to nobody else
	@$(IN_VENV) npm audit --prefix web --omit=dev # what browsers get
	@$(IN_VENV) npm audit --prefix web --audit-level=high # and what the page is built with

openapi: setup ## write what the documents say of the management API: docs/openapi.json, the table in docs/api.md
	@$(IN_VENV) python -m local openapi

lock: setup ## write the lock files anew after a change of dependencies (ARGS=--upgrade takes newer versions)
	@$(LOCK) $(EVERYWHERE) $(ARGS) pyproject.toml --group dev -o requirements-dev.txt
	@$(LOCK) $(IN_AZURE) pyproject.toml -c requirements-dev.txt -o requirements.txt
	@$(LOCK) $(EVERYWHERE) $(ARGS) --group node -o requirements-node.txt
	@$(LOCK) $(EVERYWHERE) $(ARGS) --group audit -o requirements-audit.txt
	@$(IN_VENV) npm install --package-lock-only --prefix local
	@$(IN_VENV) npm install --package-lock-only --prefix web

clean: ## remove everything that the other commands made
	rm -rf .venv .venv-* local/node_modules web/node_modules shared/page .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Each stamp is written after its step has succeeded, so a step that was cut off is done again.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not that: install one, or name it with PYTHON=..." >&2; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.packages: requirements-dev.txt $(VENV)/.made
	@echo "Installing the Python packages of $<; this takes about half a minute, and only when they have changed."
	@$(VENV)/bin/python $(PIP_INSTALL) -r $<
	@touch $@

$(AUDIT)/.packages: requirements-audit.txt
	$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python $(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/.node: requirements-node.txt $(VENV)/.made
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null || { \
		echo "There is no node of version 20 or newer with npm here: installing one from a wheel."; \
		$(VENV)/bin/python $(PIP_INSTALL) -r $<; }
	@touch $@

local/node_modules/.packages: local/package-lock.json | $(VENV)/.node
	@echo "Installing the node packages of $<."
	@$(IN_VENV) npm ci --prefix local
	@touch $@

$(PAGE): $(PAGE_SOURCES) | $(VENV)/.packages $(VENV)/.node
	@$(IN_VENV) python -m local web
