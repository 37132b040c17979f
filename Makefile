# Every command sets up what it needs first (see .ci/setup), so `make run` and `make test` work on a fresh machine.
# Extra arguments: make run ARGS="--port 9000", make unit ARGS="-k palette".

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

UV := $(or $(shell command -v uv),.tools/bin/uv)
RUN := $(UV) run --no-sync
NPM := npm --prefix client --silent
CLIENT := pixels/web/index.html
CLIENT_INPUTS := $(shell find client -type f -not -name '*.test.*' \
	-not -path '*/node_modules/*' -not -path 'client/coverage/*' 2>/dev/null)

.PHONY: help run wheel run-distributed chaos test lint types generated client unit simulation services-test client-test e2e readme-test bench client-bench screenshots gen fmt clean runtime python node browser services

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: runtime $(CLIENT) ## Set up, build and start Pixels on http://127.0.0.1:8000
	@$(RUN) pixels serve $(ARGS)

run-distributed: runtime services $(CLIENT) ## The same as several processes on Redis and DynamoDB, behind HAProxy
	@$(RUN) pixels cluster $(ARGS)

chaos: python services $(CLIENT) ## Kill, stop and restart all of that while people draw, then check every promise
	@$(RUN) python -m tests.chaos $(ARGS)

# Three workers on two cores, for many tests wait.
test: python node browser services lint types generated client client-test ## Everything CI checks; pytest's summary comes last
	$(RUN) pytest -n 3 --dist loadgroup

lint: python node ## Linters and formatting: ruff and biome
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(NPM) run lint

types: python node ## Type checkers: mypy and tsc, both strict
	$(RUN) mypy
	$(NPM) run types

generated: python ## Fail if a generated file is out of date
	$(RUN) python -m scripts.protocol --check

client: $(CLIENT) ## Build the web client where its sources are newer

wheel: runtime $(CLIENT) ## Build dist/pixels-….whl, which carries the web page
	rm -rf dist && PROGRAM_WHEEL=1 $(UV) build --quiet --wheel --out-dir dist
	@ls dist/*.whl

unit: python ## The fast Python tests, without a server or a service
	$(RUN) pytest tests/meta tests/core tests/scripts --ignore tests/core/adapters --ignore tests/core/client -m "not slow" $(ARGS)

client-test: node ## The web client's tests
	$(NPM) test -- --run $(ARGS)

simulation: python ## The seeded simulation, on every core
	$(RUN) pytest tests/sim -n auto $(ARGS)

services-test: python services $(CLIENT) ## What runs on Redis, Valkey and DynamoDB Local, and the servers themselves
	$(RUN) pytest tests/core/adapters tests/contract tests/ws tests/api tests/program tests/integration -n 3 --dist loadgroup $(ARGS)

readme-test: python browser services ## README's commands on a clean clone
	$(RUN) pytest tests/readme $(ARGS)

e2e: python browser $(CLIENT) ## A real browser against the real server
	$(RUN) pytest tests/e2e $(ARGS)

bench: python services $(CLIENT) ## Measure the budgets; never part of pass or fail
	$(RUN) python -m tests.bench $(ARGS)

client-bench: python browser $(CLIENT) ## Measure the web client in Chromium (ARGS="--quick", "lighthouse")
	$(RUN) python -m tests.bench.client $(ARGS)

screenshots: python browser $(CLIENT) ## Pictures of every view, in tests/output/screenshots
	$(RUN) python -m tests.e2e.screenshots $(ARGS)

gen: python ## Write the files that are made from pixels_core/protocol
	$(RUN) python -m scripts.protocol

fmt: python node ## Format and repair what the linters can repair
	$(RUN) ruff check --fix
	$(RUN) ruff format
	$(NPM) run format

clean: ## Remove everything that can be made again (never data/)
	rm -rf .tools .venv client/node_modules pixels/web .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CLIENT): $(CLIENT_INPUTS) | node
	$(NPM) run build

runtime python node browser services:
	@.ci/setup $@
