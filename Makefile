# Two commands matter: `make demo` and `make test`. `make help` lists the others.
PYTHON ?= $(or $(shell python3 requirements/which.py),python3)
TEST_OPTIONS ?=
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?=

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check format bench drill screenshots messages lock vendor dist clean runtime dev

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: runtime ## Prepare everything and serve the portal on http://127.0.0.1:8000
	@$(BIN)/inters4 demo

test: dev ## Run the whole suite
	@$(BIN)/python -m tests.run $(TEST_OPTIONS)

coverage: dev ## Run the whole suite, and say which lines no test reaches
	@$(BIN)/python -m tests.run --coverage $(TEST_OPTIONS)

check: dev ## Format, lint, types, import contracts, templates, messages: what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python -m inters4.core.catalogue --check

format: dev ## Put the code in shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: dev ## Measure: process start, pages, search; ratios in one run
	@$(BIN)/python -m bench

drill: dev ## Long fault drills: kill -9 at random points
	@$(BIN)/python -m pytest tests/drill -m drill -q -p no:randomly

screenshots: dev ## Draw every page, as each role, into var/screenshots
	@$(BIN)/python -m tests.e2e.screenshots

messages: dev ## Bring the message catalogues up to date
	@$(BIN)/python -m inters4.core.catalogue

lock: dev ## For maintainers: write the dependency locks again
	@$(BIN)/python requirements/lock.py

vendor: ## For maintainers, with Node: write inters4/static/vendor again
	@npm ci --no-audit --no-fund && npm run vendor

dist: dev ## Build the wheel
	@$(BIN)/python -m hatchling build -t wheel

clean: ## Remove the environment and caches; data in var/ is kept
	@rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

runtime:
	@$(PYTHON) requirements/install.py runtime

dev:
	@$(PYTHON) requirements/install.py dev
