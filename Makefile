# `make` alone says what there is. Everything needs Python 3.11 or later, and nothing else.

STACK ?= dev
# Where `preview` also writes its summary as Markdown, if anywhere.
SUMMARY ?=
# A JSON file that turns policies down for `up` and `preview`, each for a reason, if any.
POLICY_CONFIG ?=
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
LOCKS := requirements-bootstrap requirements requirements-dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up preview destroy refresh outputs graph test lint format lock bench clean

help: ## Say what the targets do
	@echo 'make TARGET [STACK=dev]: STACK names a stack file, Pulumi.<STACK>.yaml.'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(INSTALLED) ## Deploy the stack on the simulated cloud, policies enforced
	@$(BIN)/python -m sandbox up $(STACK) $(if $(POLICY_CONFIG),--policy-config '$(POLICY_CONFIG)')

preview: $(INSTALLED) ## Show what `up` would change
	@$(BIN)/python -m sandbox preview $(STACK) $(if $(SUMMARY),--summary '$(SUMMARY)') \
	  $(if $(POLICY_CONFIG),--policy-config '$(POLICY_CONFIG)')

destroy: $(INSTALLED) ## Delete what `up` made
	@$(BIN)/python -m sandbox destroy $(STACK)

refresh: $(INSTALLED) ## Read the simulated cloud back into the state
	@$(BIN)/python -m sandbox refresh $(STACK)

outputs: $(INSTALLED) ## Print the stack's outputs
	@$(BIN)/python -m sandbox outputs $(STACK)

graph: $(INSTALLED) ## Print the tree of the stack's resources
	@$(BIN)/python -m sandbox graph $(STACK)

test: $(INSTALLED) ## Run every test; the servers they need are installed first
	@$(BIN)/python -m tests.servers.system_packages
	@$(BIN)/python -m pytest --numprocesses=2

lint: $(INSTALLED) ## Check style, types, import walls, generated pages, stack files and workflows
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m reference --check
	@$(BIN)/check-jsonschema --schemafile stack.schema.json Pulumi.*.yaml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --no-progress --quiet .github/workflows

format: $(INSTALLED) ## Format the code and write the generated files anew
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format
	@$(BIN)/python -m components.settings.schema > stack.schema.json
	@$(BIN)/python -m reference

lock: $(INSTALLED) ## Resolve the requirements anew, with hashes and without addresses
	@for lock in $(LOCKS); do \
	  $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes \
	    --no-emit-index-url --no-emit-find-links $$lock.in --output-file $$lock.txt || exit 1; \
	done

bench: $(INSTALLED) ## Time previews and the policy pack, as ratios to an empty preview
	@$(BIN)/python -m sandbox.bench

clean: ## Remove what was installed and deployed here
	rm -rf .venv .sandbox .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Compiled, once: the providers' SDKs are 150 MB of source, and where the environment forbids bytecode
# (PYTHONDONTWRITEBYTECODE) each process would compile its part of them again.
$(INSTALLED): $(LOCKS:=.txt)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one: make PYTHON=python3.11")'
	@echo 'Installing the Python packages into .venv (once; about a minute).'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes \
	  -r requirements.txt -r requirements-dev.txt
	@touch $@
