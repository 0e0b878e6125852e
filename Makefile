# Everything starts here: `make run` and `make test` need Python 3 (with venv) and make alone.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV := .tools/bin/uv
APP := .venv-app/bin/python
RASA := .venv-rasa/bin/python
# Sources that mypy, ruff and import-linter hold to account.
CODE := app.py demo_people.py logs.py parse.py run.py settings.py actions carrier deploy dialogue locales migrations nlu outreach portal simulator sms voice tests bench

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

run: .venv-app/.app .venv-rasa/.rasa ## Prepare whatever is missing, then start Dialtone
	@$(APP) run.py

test: .venv-app/.dev .venv-rasa/.rasa chromium model ## Run every check and every test
	@$(MAKE) --no-print-directory lint
	@echo "dialtone: tests …"
	@$(APP) -m pytest

lint: .venv-app/.dev ## Check style, types, imports and words
	@echo "dialtone: style, types, imports, words …"
	@.venv-app/bin/ruff check $(CODE)
	@.venv-app/bin/ruff format --check $(CODE)
	@.venv-app/bin/mypy
	@.venv-app/bin/lint-imports --no-cache
	@$(APP) -m locales check

model: .venv-rasa/.rasa ## Train the dialogue model, if what it is made of has changed
	@$(RASA) -m nlu.train --out .models

seed: .venv-app/.app ## Write the demo clinic into the records
	@$(APP) -m portal migrate && $(APP) -m portal seed

call: .venv-app/.app ## Ring the line from this terminal (FROM=+1… chooses the caller)
	@$(APP) -m simulator call $(if $(FROM),--from $(FROM)) $(if $(TO),--to $(TO))

text: .venv-app/.app ## Text the line from this terminal
	@$(APP) -m simulator text $(if $(FROM),--from $(FROM)) $(if $(TO),--to $(TO))

parse: .venv-app/.app .venv-rasa/.rasa ## Read JSON lines, write what the line would make of each
	@$(APP) parse.py

bench: .venv-app/.dev .venv-rasa/.rasa model ## Measure how fast a turn is
	@$(APP) -m bench

words: .venv-app/.dev ## Take new wordings into the catalogues
	@$(APP) -m locales extract

lock: $(UV) ## Choose newer versions for both environments
	@for group in app dev rasa; do \
	  $(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --group pyproject.toml:$$group -o requirements/$$group.txt && echo "requirements/$$group.txt"; done

chromium:
	@tests/browser/ensure_chromium

$(UV): requirements/tools.txt
	@echo "dialtone: uv …"
	@python3 -m venv .tools
	@.tools/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv-app/.app: requirements/app.txt | $(UV)
	@test -f .venv-app/.dev || { echo "dialtone: the app's environment …"; $(call sync,app,app); }
	@touch $@

.venv-app/.dev: requirements/dev.txt | $(UV)
	@echo "dialtone: the app's environment, with what tests it …"
	@$(call sync,app,dev)
	@touch $@ .venv-app/.app

.venv-rasa/.rasa: requirements/rasa.txt | $(UV)
	@echo "dialtone: Rasa's environment (about 2.5 GB, once) …"
	@$(call sync,rasa,rasa)
	@touch $@

# $(1) the environment, $(2) the requirements that it holds exactly
define sync
test -x .venv-$(1)/bin/python || $(UV) venv -q --python 3.11 .venv-$(1); \
$(UV) pip sync --require-hashes --python .venv-$(1)/bin/python requirements/$(2).txt
endef

.PHONY: help run test lint model seed call text parse bench words lock chromium
