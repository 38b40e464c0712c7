# Everything runs in .venv, which the first target that needs it makes. Needs Python 3.11 or newer, make and git.
PYTHON ?= python3
REPO ?=
PY = $(CURDIR)/.venv/bin/python
SHOP = $(CURDIR)/.work/legacy_shop
# Each worker begins with one half of the tests in their order, so that most fixtures of a module are made once.
PYTEST = .venv/bin/python -m pytest -n 2 --dist=worksteal

.PHONY: help migrate audit service check test ruff flake8 mypy pyright coverage kill-test bench trials docs docs-serve nox clean

help:
	@echo "make migrate [REPO=path]   migrate a repository, show diff and summary; without REPO a copy of examples/legacy_shop,"
	@echo "                           its tests and what the linter finds before and after"
	@echo "make audit                 audit a copy of the legacy shop before and after its migration; opens nothing, names the pages"
	@echo "make service               start the service of examples/order_service and one that it asks, send requests, show all"
	@echo "                           that they answer and log; DATABASE_URL=postgresql://... instead of SQLite"
	@echo "make check                 lint, types, the fast tests and those that changed"
	@echo "make test                  lint (our own rules too), types, the whole suite"
	@echo "make coverage              the whole suite with branch and raise coverage"
	@echo "make kill-test             50 runs over 2,000 files killed at random moments: every file whole, every byte restored"
	@echo "make bench                 every figure of docs/figures.md, measured anew"
	@echo "make docs                  the documentation site, into .work/site; make docs-serve shows it while you write"
	@echo "make trials                released packages migrated, their own suites compared: docs/real-repositories.md"
	@echo "make nox                   the suite on Python 3.11 to 3.15, those that are there"

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "flext-exceptions needs Python 3.11 or newer; name one: make PYTHON=python3.11")'
	@echo "installing into .venv ..."
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

migrate: .venv/installed
	@PY="$(PY)" SHOP="$(SHOP)" sh examples/migrate.sh "$(REPO)"

audit: .venv/installed
	@PY="$(PY)" SHOP="$(CURDIR)/.work/audited_shop" sh examples/audit.sh

service: .venv/installed
	@$(PY) -m examples.order_service.demo

CHANGED = $(shell git diff --name-only --diff-filter=d HEAD -- 'tests/**/test_*.py'; git ls-files -o --exclude-standard 'tests/**/test_*.py')

check: .venv/installed
	$(MAKE) --no-print-directory -j 2 -O ruff flake8 mypy
	$(PYTEST) -q -m "not sweep" tests/analysis tests/lint/test_rules.py tests/codemods/test_golden.py $(CHANGED)

test: .venv/installed
	$(MAKE) --no-print-directory -j 2 -O ruff flake8 mypy pyright
	$(PYTEST)

ruff:
	.venv/bin/ruff check
	.venv/bin/ruff format --check

flake8 mypy pyright:
	.venv/bin/$@

coverage: .venv/installed
	.venv/bin/coverage erase
	.venv/bin/coverage run -m pytest -n 2 --dist=worksteal --flext-raise-fail-under=85
	.venv/bin/coverage combine --quiet
	.venv/bin/coverage report

kill-test: .venv/installed
	$(PY) -m tests.codemods.storage.kill_runs --rounds 50 --files 2000

bench: .venv/installed
	$(PY) -m benchmarks

trials: .venv/installed
	$(PY) -m trials.real_repositories

docs: export NO_MKDOCS_2_WARNING = 1
docs: .venv/installed
	$(PY) -m mkdocs build --quiet
	@echo "the site is in .work/site; $(PY) -m http.server -d .work/site shows it"

docs-serve: .venv/installed
	$(PY) -m mkdocs serve

nox: .venv/installed
	.venv/bin/nox

clean:
	rm -rf .venv .work .nox .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
