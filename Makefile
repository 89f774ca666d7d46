# Targets that do their own set-up: demo, test, check, bench. `make` alone lists all.
PYTHON ?= python3
BIN := .venv/bin

# Tests keep the bytecode of what pytest makes of their asserts, or they make it anew each time, for a tenth of the unit suite.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 22

.venv/installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "warraq needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: .venv/installed  ## the main job on the local stack: a small newsroom becomes searchable (KEEP=1 leaves it running)
	$(BIN)/python -m deploy.demo

# What only computes is done first, in two processes; the rest waits for servers and is better left alone.
BESIDE := tests/robustness tests/processes

test: .venv/installed  ## unit, golden, contract and stack tests
	$(BIN)/python -m pytest -p tests.beside $(BESIDE:%=--beside %)

unit: .venv/installed  ## unit tests alone, in two processes side by side
	$(MAKE) --no-print-directory --jobs=2 --output-sync unit-core unit-edge

# What imports the clients of Redis and Elasticsearch is one half.
EDGE := tests/unit/workers tests/unit/benchmarks

unit-core:
	$(BIN)/python -m pytest -q tests/unit $(EDGE:%=--ignore=%)

unit-edge:
	$(BIN)/python -m pytest -q $(EDGE)

test-compose: .venv/installed  ## docker compose on the real engine, tried as its users do (8 minutes; needs Docker)
	$(BIN)/python -m pytest tests/compose

demo-compose: .venv/installed  ## the demo in containers (needs Docker; KEEP=1 leaves them running)
	$(BIN)/python -m deploy.demo.on_compose

pictures: .venv/installed  ## docs/img anew: Flower and the desk after the newsroom is ingested (needs Chromium)
	$(BIN)/python -m deploy.demo.pictures

golden: .venv/installed  ## the documents that tests/golden compares with anew; read `git diff tests/golden` then
	$(BIN)/python -m tests.golden.renew

docs: .venv/installed  ## docs/fields.md and docs/metrics.md anew, from the declarations
	$(BIN)/python -m deploy.fields
	$(BIN)/python -m workers.metrics.page > docs/metrics.md

chaos: .venv/installed  ## kill everything, 2,000 articles, three runs each: the table of what was lost (about two hours)
	$(BIN)/python -m tests.chaos

check: .venv/installed  ## ruff, mypy --strict, the compose file by the real docker compose
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m deploy.compose.check

up: .venv/installed  ## start the stack on this machine, without Docker
	$(BIN)/warraq up

down: .venv/installed  ## stop it; its data stays
	$(BIN)/warraq down

bench: .venv/installed  ## the benchmarks, as ratios against a baseline in the same run
	$(BIN)/python -m benchmarks

lock:  ## make the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras $(LOCK) --output-file requirements.lock
	uv pip compile pyproject.toml --all-extras --group dev $(LOCK) --output-file requirements-dev.lock

LOCK := --generate-hashes --no-emit-index-url --no-emit-find-links --universal --no-annotate --no-header --quiet

clean:  ## stop the stack and remove what was built here (its data stays in the state folder: docs/operations.md)
	[ ! -x $(BIN)/warraq ] || $(BIN)/warraq down
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help demo demo-compose test unit unit-core unit-edge test-compose golden pictures docs chaos check up down bench lock clean
