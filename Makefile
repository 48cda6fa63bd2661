# `make help` lists the targets. Two are enough to begin with: `make run` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
FLASK  := $(BIN)/flask --app wsgi
PYTEST_OPTIONS ?= -n auto --dist loadfile

CATALOGUES := $(wildcard tori/translations/*/LC_MESSAGES/messages.po)
CODE       := $(shell find tori migrations -name "*.py") wsgi.py
TEMPLATES  := $(shell find templates -type f)
COMPILED   := $(CATALOGUES:.po=.mo)
STATIC     := $(shell find static -name "*.css" -o -name "*.js" -o -name "*.svg")
LOCKED     := --quiet --disable-pip-version-check --require-hashes
# Its command would stand before ours.
NO_LONGER  := flask-migrate
PIP_COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url \
  --no-emit-trusted-host --no-emit-find-links --no-emit-options

.DEFAULT_GOAL := help
.PHONY: help run test check format lock messages bench bench-search drill load soak shots vendor system-packages
.DELETE_ON_ERROR:

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: install ## The whole site on http://127.0.0.1:8000 (PORT=8001 make run for another port)
	@TORI_DEMO=$${TORI_DEMO-1}; export TORI_DEMO; exec $(FLASK) serve

install: $(VENV)/.run-stamp $(COMPILED) $(VENV)/.packed-stamp $(VENV)/.words-stamp $(VENV)/.code-stamp $(VENV)/.templates-stamp ## What a server needs: the locked packages, compiled catalogues, code and templates, packed styles, laid out dictionaries

test: system-packages check ## Every check and test; installs what they need
	$(BIN)/pytest $(PYTEST_OPTIONS)

check: $(VENV)/.dev-stamp $(COMPILED) ## Formatting, lint, types, layers, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python tests/tools/vendor_static.py --check

format: $(VENV)/.dev-stamp ## Formats the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.dev-stamp ## Locks the newest allowed versions with hashes into requirements*.txt
	$(PIP_COMPILE) --upgrade --output-file=requirements.txt requirements.in
	$(PIP_COMPILE) --upgrade --allow-unsafe --output-file=requirements-dev.txt requirements-dev.in

messages: $(VENV)/.run-stamp ## Reads the texts of the code into the catalogues and compiles them
	$(BIN)/pybabel --quiet extract -F babel.cfg -k __ -k setting:3 --sort-by-file --no-location --project "Tekojen tori" \
	  --copyright-holder "Tekojen tori" -o $(VENV)/messages.pot .
	@for locale in fi sv; do \
	  if [ -f tori/translations/$$locale/LC_MESSAGES/messages.po ]; \
	  then verb="update --no-fuzzy-matching --ignore-obsolete --no-wrap"; else verb=init; fi; \
	  $(BIN)/pybabel --quiet $$verb -i $(VENV)/messages.pot -d tori/translations -l $$locale || exit 1; \
	done
	$(BIN)/pybabel --quiet compile -d tori/translations

bench: $(VENV)/.dev-stamp install ## Times the pages beside a bare Flask and writes the table of docs/performance.md (needs wrk)
	$(BIN)/python -m tests.benchmarks.bench_pages --write

# Twenty minutes or more; PostgreSQL takes part when BENCH_DATABASE_URL names a database that may be emptied.
bench-search: $(VENV)/.dev-stamp ## Times the search engines beside each other and writes the table of docs/search.md
	$(BIN)/python -m tests.benchmarks.bench_search --large --write

# Some minutes; needs root for small disks, PostgreSQL and nginx. `make drill NAMES=machines` runs one.
drill: $(VENV)/.dev-stamp $(COMPILED) ## Faults that need minutes or machines; writes the table of docs/faults.md
	$(BIN)/python -m tests.drills $(NAMES) --write

load: $(VENV)/.dev-stamp $(COMPILED) ## The promise of load: 40 mixed requests a second (SECONDS=600 for the whole of it)
	$(BIN)/python -m tests.drills.load --seconds $(or $(SECONDS),60) $(LOAD_OPTIONS)

soak: $(VENV)/.dev-stamp $(COMPILED) ## The same for half an hour, with memory every five minutes, an attacker, a backup and a rebuilt index
	$(BIN)/python -m tests.drills.load --seconds $(or $(SECONDS),1800) --windows 6 --clients 64 --company --attack $(LOAD_OPTIONS)

shots: $(VENV)/.dev-stamp $(COMPILED) ## Screenshots of every type of page into screenshots/
	$(BIN)/python tests/tools/shots.py

audit: $(VENV)/.dev-stamp ## Known faults and licences of the packages, and a list of parts (sbom.cdx.json)
	$(BIN)/ruff check --select S tori
	$(BIN)/python tests/tools/vendor_static.py --check
	$(BIN)/python -m tests.tools.supply_chain

vendor: $(VENV)/.dev-stamp ## Copies the front-end packages of package-lock.json into static/vendor (needs npm)
	npm ci --ignore-scripts
	$(BIN)/python tests/tools/vendor_static.py

# Only tests need these; without root or apt-get the tests say themselves what they miss.
system-packages:
	@.ci/install-packages $$(cat .ci/packages)

$(VENV)/.packed-stamp: $(VENV)/.run-stamp $(STATIC)
	$(BIN)/python -W ignore::RuntimeWarning -m tori.packing
	@touch $@

$(VENV)/.words-stamp: $(VENV)/.run-stamp tori/search/dictionaries.py
	$(BIN)/python -W ignore::RuntimeWarning -m tori.search.dictionaries
	@touch $@

# A service that may not write to its code would compile it at every start, which takes longer than all the rest.
$(VENV)/.code-stamp: $(VENV)/.run-stamp $(CODE)
	@$(BIN)/python -m compileall -q tori migrations wsgi.py
	@touch $@

$(VENV)/.templates-stamp: $(VENV)/.run-stamp $(TEMPLATES) tori/compile_templates.py tori/edge/compiled_templates.py tori/edge/templating.py
	$(BIN)/python -W ignore::RuntimeWarning -m tori.compile_templates
	@touch $@

%.mo: %.po $(VENV)/.run-stamp
	$(BIN)/pybabel --quiet compile -i $< -o $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Install the Debian package python3-venv first." >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.run-stamp: requirements.txt | $(BIN)/python
	@echo "Installing the locked packages"
	@$(BIN)/python -m pip install $(LOCKED) -r requirements.txt
	@$(BIN)/python -m pip uninstall --yes --quiet $(NO_LONGER) 2>/dev/null
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.txt $(VENV)/.run-stamp
	@echo "Installing what the checks and tests need"
	@$(BIN)/python -m pip install $(LOCKED) -r requirements-dev.txt
	@touch $@
