# Each command does its own set-up in .venv: slow the first time, quick and without network after that.
#   make run PORT=9000         another port
#   make run PYTHON=python3.12 another Python (3.11 or newer) for a new .venv
#   make soak MINUTES=30 SESSIONS=10  a longer soak with more visitors
#   make fuzz MINUTES=60 SEED=7  more cases, other ones

PORT ?= 8501
# One for each core, at most four.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ "$$n" -le 4 ] && echo "$$n" || echo 4)
MINUTES ?= 10
SESSIONS ?= 5
SEED ?= 1
PYTHON ?=
PY := .venv/bin/python

.PHONY: help run test lint format docs screenshots workbook-check bench load soak replicas fuzz audit setup setup-dev

help:
	@echo 'make run         serve the dashboard on http://127.0.0.1:$(PORT)'
	@echo 'make test        linters, types and every test, the browser included'
	@echo 'make lint        linters and types only'
	@echo 'make format      write the agreed format'
	@echo 'make docs        write docs/method.md from the declarations in the code'
	@echo 'make screenshots write pictures of every page to docs/screenshots'
	@echo 'make workbook-check recompute the workbooks of all presets, also in LibreOffice'
	@echo 'make bench       measure speed, in ratios within one run: one table, and benchmarks/results.json'
	@echo 'make load        count the visitors that one server holds, and what happens beyond'
	@echo 'make soak        visitors for $(MINUTES) minutes: memory and waits over time'
	@echo 'make replicas    the same with two servers behind nginx, one of which is killed'
	@echo 'make fuzz        broken and extreme input for every reader, for $(MINUTES) minutes, counted'
	@echo 'make audit       ask whether a pinned package has a published weakness'

run: setup
	@$(PY) -m streamlit run server.py --server.address 127.0.0.1 --server.port $(PORT) --server.headless true

test: lint
	@$(PY) scripts/browser.py
	$(PY) -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy pricing costmodel report commands addresses cli.py

format: setup-dev
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

docs: setup
	$(PY) -m report.method > docs/method.md

screenshots: setup-dev
	@$(PY) scripts/browser.py
	$(PY) -m scripts.screenshots

workbook-check: setup-dev
	@$(PY) -m scripts.workbook_check

bench: setup-dev
	@$(PY) scripts/browser.py
	@$(PY) -m benchmarks

load: setup-dev
	$(PY) -m benchmarks.load

soak: setup-dev
	$(PY) -m benchmarks.load soak --minutes $(MINUTES) --sessions $(SESSIONS)

replicas: setup-dev
	$(PY) -m deploy.two_replicas

fuzz: setup-dev
	@$(PY) -m tests.fuzz --minutes $(MINUTES) --seed $(SEED) --workers $(WORKERS)

audit: setup
	@$(PY) -m scripts.audit

setup:
	@PYTHON='$(PYTHON)' sh scripts/setup.sh requirements.txt

setup-dev:
	@PYTHON='$(PYTHON)' sh scripts/setup.sh requirements-dev.txt
