# Everything a newcomer needs: `make demo` and `make test`, each alone, do all the set-up that they need.
PYTHON ?= python3
VENV   ?= .venv
ONCE   ?=
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
LOCK   := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header
IMAGE  := --extra cluster --extra s3 --extra parquet --constraint constraints.txt

# Our processes start often, and those of the tests more so: what they import is compiled once
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-cluster test-crash coverage unit lint format docs site lock bench bench-tools start audit fuzz mutants clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt security/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo 'newsdesk needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.13 …'; exit 1; }
	@echo 'setting up $(VENV) (once; half a minute with a warm package cache)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r security/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r constraints.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## run the whole pipeline on the demo newsroom and show what arrived (ONCE=1: end by itself)
	@$(BIN)/newsdesk demo $(if $(ONCE),--once)

start: $(READY) ## run the pipeline on the sources in dags/sources, until Ctrl-C
	@$(BIN)/newsdesk start

test: lint ## all tests: lint, types, units, real PostgreSQL, real HTTP, whole runs by Airflow
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

test-crash: $(READY) ## an ingest killed 26 times at places drawn by chance must end as an undisturbed one (some minutes)
	@$(BIN)/python bench/crash.py --kills 26 --names-rounds 0

coverage: $(READY) ## all tests once more, and which lines none of them runs (a quarter of an hour)
	@rm -rf coverage && mkdir coverage
	@-$(BIN)/coverage run -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report && $(BIN)/coverage html --quiet --directory coverage/html

unit: $(READY) ## the fast tests alone
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal tests/unit

test-cluster: $(READY) ## docker-compose.yml for real: two workers, one killed, Redis away; the result as if nothing had been
	@PYTHONPATH=tests $(BIN)/python tests/cluster/trial.py

lint: $(READY) ## ruff, mypy, and sqlfluff on the cookbook
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/sqlfluff lint --disable-progress-bar docs/cookbook

format: $(READY) ## put the code into shape
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: $(READY) ## write the pages of docs/ that the database describes
	@$(BIN)/python docs/generate.py

site: .venv-site/.ready ## build the pages of docs/ as a web site, into site/
	@NO_MKDOCS_2_WARNING=1 .venv-site/bin/mkdocs build --strict

.venv-site/.ready: docs/requirements.txt | $(READY)
	@test -x .venv-site/bin/python || $(PYTHON) -m venv .venv-site
	@$(BIN)/uv pip install --quiet --python .venv-site/bin/python --require-hashes -r docs/requirements.txt
	@touch $@

lock: $(READY) ## make constraints.txt and the locks of docker/, bench/, security/, fuzz/, mutation/ and docs/ anew
	@$(LOCK) --extra cluster --extra s3 --extra dev pyproject.toml --output-file constraints.txt
	@$(LOCK) $(IMAGE) pyproject.toml --output-file docker/constraints.txt
	@$(LOCK) $(IMAGE) --extra kubernetes pyproject.toml --output-file docker/constraints-kubernetes.txt
	@$(LOCK) --extra airflow --extra bench --constraint constraints.txt pyproject.toml --output-file bench/constraints.txt
	@$(LOCK) bench/extractors/requirements.in --output-file bench/extractors/requirements.txt
	@$(LOCK) security/requirements.in --output-file security/requirements.txt
	@echo uv | $(LOCK) - --output-file security/uv.txt
	@$(LOCK) fuzz/requirements.in --output-file fuzz/requirements.txt
	@$(LOCK) --constraint constraints.txt mutation/requirements.in --output-file mutation/requirements.txt
	@$(LOCK) docs/requirements.in --output-file docs/requirements.txt

bench-tools: $(READY) ## install the libraries that bench/ compares ours with
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r bench/constraints.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --require-hashes -r bench/extractors/requirements.txt

bench: bench-tools ## the figures of docs/measured.md that need no labelled material (DATA=folder: speed on its pages)
	@$(BIN)/python bench/pipeline.py --pages 600 --hosts 60 --stages $(if $(DATA),--labelled $(DATA)/extract)
	@$(BIN)/python bench/fetching.py
	@$(BIN)/python bench/templates.py
	@$(BIN)/python bench/alerts.py --days 120 --sources 20 --deaths 60

audit: .venv-audit/.ready ## ask the known advisories about every package of the locks (SERVICE=osv: another source)
	@.venv-audit/bin/python security/audit.py --service $(or $(SERVICE),pypi)

.venv-audit/.ready: security/requirements.txt | $(READY)
	@test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	@$(BIN)/uv pip install --quiet --python .venv-audit/bin/python --require-hashes -r security/requirements.txt
	@touch $@

fuzz: .venv-fuzz/.ready ## fuzz every parser for MINUTES=1 each (PARSER=feed: one alone)
	@.venv-fuzz/bin/python fuzz/run.py --minutes $(or $(MINUTES),1) $(if $(PARSER),--parser $(PARSER))

.venv-fuzz/.ready: fuzz/requirements.txt constraints.txt | $(READY)
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	@$(BIN)/uv pip install --quiet --python .venv-fuzz/bin/python --require-hashes -r constraints.txt -r fuzz/requirements.txt
	@touch $@

mutants: .venv-mutation/.ready ## change the code in small ways: would the tests notice? (MODULE=urls: one subject alone)
	@.venv-mutation/bin/python mutation/run.py $(if $(MODULE),--module $(MODULE))

.venv-mutation/.ready: mutation/requirements.txt constraints.txt | $(READY)
	@test -x .venv-mutation/bin/python || $(PYTHON) -m venv .venv-mutation
	@$(BIN)/uv pip install --quiet --python .venv-mutation/bin/python --require-hashes -r constraints.txt -r mutation/requirements.txt
	@touch $@

clean: ## remove the virtual environment and all that the local mode made
	@! test -x $(BIN)/newsdesk || $(BIN)/newsdesk stop
	rm -rf $(VENV) .venv-bench .venv-audit .venv-fuzz .venv-mutation .venv-site fuzz/work mutation/work coverage site .newsdesk
