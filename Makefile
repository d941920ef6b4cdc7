# Needs Python 3.11+ (with venv), git and make. Everything else is installed into .venv,
# from lock files with hashes. `make help` lists the targets.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
# Few arenas: each thread of a test would leave memory in one of its own.
PYTEST := MALLOC_ARENA_MAX=2 $(BIN)/pytest --numprocesses auto --dist loadfile \
	--no-loadscope-reorder --durations 15
PIP := -m pip --disable-pip-version-check --quiet

# A process that tests start must not compile all modules again, whatever the user's shell says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-long fuzz check lint format types contracts deps locks lock docs soak bench dist up vendor clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Set up, then run the gateway with a simulated source on port 9600
	@exec $(BIN)/plg demo $(ARGS)

test: $(VENV)/.dev ## Set up, then run all tests, briefly; ARGS="-k name" for some, ARGS=--cov for coverage
	@$(PYTEST) $(ARGS)

test-long: $(VENV)/.dev ## The tests that have a longer form, in it
	@TEST_LENGTH=long $(PYTEST) $$(grep -rl '^from tests.length import' tests --include 'test_*.py') $(ARGS)

fuzz: $(VENV)/.dev ## Search for requests that the two carriers answer differently, for hours
	@TEST_LENGTH=fuzz $(BIN)/pytest tests/integration/http/differential/test_carriers_agree.py $(ARGS)

check: lint types contracts deps locks ## All that CI checks before the tests

lint: $(VENV)/.dev ## Ruff's rules and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(VENV)/.dev ## Rewrite the code as `make lint` wants it
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

contracts: $(VENV)/.dev ## Who may import whom
	@$(BIN)/lint-imports

deps: $(VENV)/.dev ## Dependencies: none missing, none unused
	@$(BIN)/deptry src

locks: $(VENV)/.dev ## Do the locks fit pyproject.toml?
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/locks.sh check

lock: $(VENV)/bin/uv ## Renew the locks with the newest allowed versions
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/locks.sh renew

docs: $(VENV)/.dev ## Renew what the pages have from the code
	@$(BIN)/python -m tests.docs.generated

soak: $(VENV)/.dev ## Kill a gateway under load, round after round, and check the ledger; ARGS="--rounds 300"
	@$(BIN)/python -m tests.integration.http.soak $(ARGS)

bench: $(BENCH)/.bench ## Measure against the peers, in a virtual environment of its own
	@$(BENCH)/bin/python -m bench $(or $(ARGS),--write)

dist: $(VENV)/.dev ## Build the wheel and the source distribution into dist/
	@$(BIN)/python -m build --no-isolation

up: ## Build and start the container, on port 9600
	docker compose up --detach --build --wait

vendor: ## Renew the vendored assets of the docs pages (needs npm)
	@scripts/vendor-docs.sh

clean: ## Remove what the other targets made, but no data
	rm -rf $(VENV) $(BENCH) dist htmlcov .coverage .coverage.* .hypothesis .schemathesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache node_modules
	find alembic bench src tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# ---- Virtual environments: a stamp is older than its lock, so the lock is installed again.

define make_venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo 'PLG needs Python 3.11 or newer: name one with `make PYTHON=/path/to/python3.11 ...`.' >&2; \
	exit 1; }
@test -x $(1)/bin/pip || { echo 'Setting up $(1) (once).'; $(PYTHON) -m venv --clear $(1); }
endef

$(VENV)/bin/uv:  # renews locks that do not fit pyproject.toml yet
	$(call make_venv,$(VENV))
	@$(BIN)/python $(PIP) install --no-deps --require-hashes --requirement requirements-dev.lock

# A lock is complete, so nothing is resolved: a release of tomorrow cannot change what is installed.
define install # VENV LOCK...
@$(1)/bin/python $(PIP) install --no-deps --require-hashes $(addprefix --requirement ,$(2))
@$(1)/bin/python $(PIP) install --no-deps --no-build-isolation --editable .
@$(1)/bin/python $(PIP) check
endef

$(VENV)/.run: requirements-demo.lock requirements-build.lock pyproject.toml
	$(call make_venv,$(VENV))
	$(call install,$(VENV),requirements-build.lock requirements-demo.lock)
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(call install,$(VENV),requirements-dev.lock)
	@touch $@

$(BENCH)/.bench: requirements-bench.lock requirements-build.lock pyproject.toml
	$(call make_venv,$(BENCH))
	$(call install,$(BENCH),requirements-build.lock requirements-bench.lock)
	@touch $@
