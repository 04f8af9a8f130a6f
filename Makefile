# The two commands: `make run` and `make test`. `make` alone lists them all.

PORT ?= 8000
PY := .venv/bin/python

# Compiled modules are kept whatever the environment says: without them each start takes half a second more.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run check test bench faults load install install-test lint

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1#/p' $(firstword $(MAKEFILE_LIST)) | awk -F'#' '{ printf "make %-8s %s\n", $$1, $$2 }'

run: install ## Install, load the demonstration at first, serve http://127.0.0.1:8000 (PORT, RELAIS_DATA)
	@exec $(PY) -m forum serve --host 127.0.0.1 --port $(PORT) --first-run

check: install-test lint ## Lint, types, and the tests that need no browser and no server (a minute)
	@$(PY) -m pytest -q -n auto -m "not browser and not servers"

test: install-test lint ## Everything: browser too, on SQLite and on PostgreSQL (some minutes)
	@$(PY) -m tests.servers
	@RELAIS_TEST_DATABASE=$${RELAIS_TEST_DATABASE:-both} $(PY) -m pytest -q -n auto --screenshot only-on-failure

bench: install-test ## Speed beside a yardstick, on a copy of RELAIS_DATA (some minutes)
	@$(PY) -m bench $${RELAIS_DATA:-var}

faults: install-test ## Every fault experiment, whole, into the table of bench/README.md (most of an hour)
	@$(PY) -m tests.servers
	@$(PY) -m bench.faults

load: install-test ## 10,000 sockets and more, beside a bare server, into bench/README.md (some minutes)
	@$(PY) -m bench.load

lint: install-test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

install:
	@sh tools/install.sh

install-test:
	@sh tools/install.sh test
