SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON_VERSION := 3.13

BIN := .venv/bin
SAM := .venvs/sam/bin/sam
DEV := .venv/.installed .venv/.texts
TOOLS := .venvs/sam/.synced .venvs/local-aws/.synced

# A version manager's shim can be on PATH and still not run, so uv counts only if it answers.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .venvs/uv/bin/uv)
UV_READY := $(filter .venvs/uv/bin/uv,$(UV))

# A company's proxy signs with an authority that only the system knows, not the list that uv brings along.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)

# The processes of a run, the functions of the local AWS too, import the same modules: they are compiled once.
unexport PYTHONDONTWRITEBYTECODE

# pyenv hides versions that are not selected; uv sees only what is on PATH and would try to download.
FIND_PYTHON = $(UV) python find --system --no-python-downloads $(PYTHON_VERSION) 2>/dev/null \
	|| ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(PYTHON_VERSION).*/bin/python3 2>/dev/null | tail -n 1 | grep . \
	|| echo $(PYTHON_VERSION)

# A flag of make's command line: LATE=0 is off.
on = $(filter 1 y yes on true,$(1))

# Folders that exist: each command works from the first commit on.
with-python = $(foreach dir,$(wildcard $(1)),$(if $(shell find $(dir) -name '*.py' -print -quit),$(dir)))
CODE := $(call with-python,layers/responder functions ops)
TESTS := $(call with-python,tests)
TEMPLATE := $(wildcard template.yaml)

SAM_ENV := PATH="$(CURDIR)/$(BIN):$$PATH" SAM_CLI_TELEMETRY=0
# Many tests wait, for a local AWS or for a time of day: two workers more than cores keep the cores busy.
WAITING := 2
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + $(WAITING))))
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The long ones first.
SLOW_STATIC := check-types check-template check-imports
JOBS := -j2 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# The type check keeps one core busy for half a minute, and tests often wait: it runs beside them, and what it
# prints comes last. The two quickest checks end it before. Ctrl-C reaches no job in the background.
BESIDE_STATIC = @$(MAKE) --no-print-directory check-format check-lint && mkdir -p out || exit; \
	$(MAKE) --no-print-directory $(JOBS) $(SLOW_STATIC) >out/static.txt 2>&1 & static=$$!; \
	trap 'kill $$static 2>/dev/null; exit 130' INT TERM; \
	$(1); tests=$$?; \
	wait $$static; static=$$?; cat out/static.txt; \
	exit $$((tests ? tests : static))

.PHONY: help setup format generate check test proof scan audit drill witness bench bench-change bench-detection size trace first-deployment upgrade sam-drill recipe pages pictures docs mutants build deploy lock clean unit secrets checkov bandit check-format check-lint $(SLOW_STATIC)

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) $(TOOLS) ## Install everything (the other targets do it when needed)

format: $(DEV) ## Format the code and apply safe fixes
	$(BIN)/ruff format $(CODE) $(TESTS)
	$(BIN)/ruff check --fix $(CODE) $(TESTS)

docs: $(DEV) ## Rules of the documents: style, headings in both languages, links, names, generated pages
	$(BIN)/pytest -q --no-header $(DOCS)

check: $(DEV) ## Style, types, imports, template and the quick unit tests; offline once installed
	$(call BESIDE_STATIC,$(MAKE) --no-print-directory unit)

test: $(DEV) $(TOOLS) ## Everything that `check` does, and integration, template and end-to-end tests
	$(call BESIDE_STATIC,$(PYTEST) --waiting $(WAITING) $(TESTS) -m "not long")

proof: $(DEV) $(TOOLS) ## Let everything fail, race and be forged: figures and out/proof; make proof [PART=provokable]
	@test -z "$(PART)" -o -f "tests/proof/test_$(PART).py" || { echo "No such part. Parts: $(PROOF_PARTS)" >&2; exit 2; }
ifeq ($(PART),)
	@PROOF=1 $(SAM_ENV) $(PYTEST) --dist worksteal $(PROOF_TESTS); first=$$?; $(PYTEST) tests/e2e && exit $$first
else
	PROOF=1 $(SAM_ENV) $(PYTEST) --dist worksteal $(PROOF_TESTS)
endif

drill: $(DEV) $(TOOLS) ## Rehearse on a local AWS: make drill [ALARM=…|all|timelines] [SCENARIO=…] [MESSAGES=en] [LATE=1] [V=1] [LIST=1]
ifeq ($(ALARM),timelines)
	@$(BIN)/python -m tests.timelines $(SCENARIO) $(if $(MESSAGES),--messages "$(MESSAGES)")
else
	@$(SAM_ENV) $(BIN)/liveness-ops drill $(DRILL_OPTIONS) $(DRILL_SHOWS)
endif

witness: $(DEV) $(TOOLS) ## The same scenarios on the local AWS and on moto: decision, changes and calls must be equal
	@$(SAM_ENV) $(BIN)/python -m tests.witness $(if $(PORT),--port "$(PORT)")

size: $(DEV) ## What the code weighs, by part, and what it may weigh
	@$(BIN)/python -m tests.size

trace: $(DEV) ## Through how many files and functions one event goes
	@$(BIN)/python -m tests.trace

bench: $(DEV) ## CPU of a response before its first call to AWS, next to boto3 with the same clients
	@$(BIN)/python -m rehearsal.bench

bench-change: $(DEV) $(TOOLS) ## From an alarm to the written change on a local AWS, next to the manual's commands in the AWS CLI
	@$(SAM_ENV) $(BIN)/python -m rehearsal.bench_change

bench-detection: $(DEV) $(TOOLS) ## Minutes from a fault to its alarm, and false alarms a year, by traffic; three cells on a local AWS
	@$(SAM_ENV) $(BIN)/python -m rehearsal.bench_detection

first-deployment: ## Clone to deployed and self-tested stack on the local AWS, with an empty home: [REGION=…]
	@ops/first-deployment.sh $(if $(REGION),--region "$(REGION)") $(if $(CONCURRENCY),--concurrency "$(CONCURRENCY)")

upgrade: $(DEV) $(TOOLS) ## An earlier commit on a local AWS, this checkout over it, and that commit again: make upgrade FROM=<commit>
	@$(BIN)/python -m rehearsal.upgrade.run $(FROM)

sam-drill: $(DEV) $(TOOLS) ## Run the functions in SAM CLI's containers: make sam-drill [ALARM=…]
	@$(SAM_ENV) $(BIN)/liveness-ops sam-drill $(DRILL_OPTIONS)

generate: $(DEV) ## Write what follows from playbooks and remedies: template.yaml, events/, snapshots of messages
	@$(BIN)/python -m liveness_ops.generate
	@$(BIN)/pytest -q --no-header --snapshot-update tests/unit/alarms/test_each_playbook.py

recipe: $(DEV) ## Add an alarm and a remedy in copies, by the letter of docs/extending.md: green at the end, nothing can be forgotten
	RECIPE=1 $(PYTEST) --dist worksteal tests/recipe

pages: $(DEV) $(TOOLS) ## Open every page in a headless Chromium and keep pictures of them
	@$(SAM_ENV) $(BIN)/liveness-ops pages $(if $(MESSAGES),--messages "$(MESSAGES)")

pictures: $(DEV) $(TOOLS) ## Make the pictures of README: docs/pictures; needs Chromium
	@$(SAM_ENV) $(BIN)/liveness-ops pictures

# In a copy that is laid out as on Lambda: mutmut knows a module by its path.
mutants: $(DEV) ## Change the code that decides: which changes does no test notice? make mutants [ONLY='responder.guards*']
	rm -rf out/mutants && mkdir -p out/mutants
	cp -R layers/responder/responder functions/* tests events template.yaml pyproject.toml out/mutants
	cd out/mutants && CI=true $(abspath $(BIN))/mutmut run $(if $(ONLY),'$(ONLY)')
	cd out/mutants && $(abspath $(BIN))/mutmut results | sed '/: not checked/d'

build: $(DEV) .venvs/sam/.synced ## sam build
	$(SAM_ENV) $(SAM) build

# Only on make's command line: one that the shell still has from an earlier deployment must let no data go.
ifneq ($(origin DELETES),command line)
override DELETES :=
endif
# Given on make's command line, they reach the command's environment, where no shell reads the values.
export ADDRESS DELETES PARAMETERS
# Preflight's own options; PARAMETERS="Level2Email=lead@example.com CheckZone=UTC" for further parameters.
WHERE = $(if $(PROFILE),--profile "$(PROFILE)") $(if $(REGION),--region "$(REGION)")

deploy: $(DEV) .venvs/sam/.synced ## Preflight, show the change set, ask, deploy: make deploy ADDRESS=oncall@example.com [PROFILE=… REGION=… STACK=… YES=1]
	@$(BIN)/python -m liveness_ops.deploying $(WHERE) $(if $(STACK),--stack "$(STACK)") $(if $(call on,$(YES)),--yes) \
		--deletes "$$DELETES" $(if $(ADDRESS),"OnCallEmail=$$ADDRESS") --parameters "$$PARAMETERS"

clean: ## Remove what was built, and the caches (environments stay)
	rm -rf .aws-sam out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(CODE) $(TESTS) -name __pycache__ -prune -exec rm -rf {} +

# Tests of documents; `make test` plays them too.
DOCS := $(addprefix tests/,unit/test_prose.py unit/test_markdown.py unit/test_named_paths.py unit/test_glossary.py \
	unit/test_first_deployment_guide.py template/test_readme.py template/test_parameters.py template/test_settings_docs.py \
	template/test_cost.py template/test_ninth_alarm.py)

# A part of the proof is one file of it.
PROOF_PARTS = $(patsubst tests/proof/test_%.py,%,$(wildcard tests/proof/test_*.py))
# The whole of it includes what is too long for `make test`, and every property with many examples.
PROOF_TESTS = $(if $(PART),tests/proof/test_$(PART).py,--ignore tests/e2e tests -m "proof or long or hypothesis")

DRILL_OPTIONS = $(if $(ALARM),--alarm "$(ALARM)") $(if $(SCENARIO),--scenario "$(SCENARIO)") \
	$(if $(MESSAGES),--messages "$(MESSAGES)")
# What `drill` plays with and shows; sam-drill has no such options.
DRILL_SHOWS = $(if $(call on,$(LATE)),--late) $(if $(call on,$(V)),--verbose) $(if $(call on,$(LIST)),--list)

# --- the parts of check -------------------------------------------------------------------------

check-format:
	$(BIN)/ruff format --check $(CODE) $(TESTS)

check-lint:
	$(BIN)/ruff check $(CODE) $(TESTS)

check-types:
	$(BIN)/mypy $(CODE) $(TESTS)

check-imports:
ifneq ($(wildcard functions/alarms),)
	$(BIN)/lint-imports --no-logo
endif

check-template: $(if $(TEMPLATE),.venv/.template-checked) ; @:

# Ten seconds, so a template without an error is checked once.
.venv/.template-checked: $(TEMPLATE) .cfnlintrc.yaml requirements-dev.txt
	$(BIN)/cfn-lint
	@touch $@

# These wait for nothing: a worker more than cores would only collect them once more.
unit:
	$(PYTEST) -n auto tests/unit -m "not slow and not long"

# --- scanners -----------------------------------------------------------------------------------

SCAN := .venvs/scan/bin
# A picture has no lines.
SCANNED := git ls-files -z | grep -zvE '(^|/)requirements[^/]*\.txt$$|/__snapshots__/|\.png$$'
# Ids of incidents and proposals, what only names a secret (an ARN, an action, a parameter), names of roles (Identity
# Center, CDK) and policies, and the key that AWS's own documentation shows, are none.
NO_SECRETS := [a-z0-9]-\d{8}T\d{6}Z|"[0-9a-f]{16}"|secretsmanager|SECRET: !Ref|arn:aws:iam::aws:policy|"[nN]ext(Page)?Token"|AKIAIOSFODNN7EXAMPLE|AWSReservedSSO_|cfn-exec-role|:policy/service-role

scan: .venvs/scan/.synced ## Security scanners over code, template and everything that is committed
	@$(MAKE) --no-print-directory $(JOBS) secrets checkov bandit

bandit: .venvs/scan/.synced
	$(SCAN)/bandit --quiet --recursive --configfile pyproject.toml functions layers/responder ops

checkov: .venvs/scan/.synced
	$(SCAN)/checkov --file template.yaml

secrets: .venvs/scan/.synced
	$(SCANNED) | xargs -0 -n 300 -P 2 $(SCAN)/detect-secrets-hook --exclude-lines '$(NO_SECRETS)'

audit: .venvs/scan/.synced ## Ask the public advisories about every pinned package (needs the internet)
	for file in $(wildcard layers/*/requirements*.txt requirements-*.txt ops/*/requirements.txt); do \
		$(SCAN)/pip-audit --strict --disable-pip --require-hashes --requirement $$file || exit 1; done

# --- environments: a stamp in each, so that a second run is instant -------------------------------

.venvs/uv/bin/uv: requirements-uv.txt
	@python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || { \
		echo 'Python 3.9 or newer with venv and ensurepip is needed as python3 (on Debian and Ubuntu: apt install python3-venv), or uv on PATH.' >&2; exit 1; }
	@echo "Installing uv (.venvs/uv)"
	@python3 -m venv --clear .venvs/uv
	@.venvs/uv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: --requirement $<
	@touch $@

.venv/.synced: requirements-dev.txt
.venvs/sam/.synced: requirements-sam.txt
.venvs/scan/.synced: requirements-scan.txt
.venvs/local-aws/.synced: ops/local_aws/requirements.txt

.venv/.synced: WHAT = 1/3: Python packages (.venv)
.venvs/sam/.synced: WHAT = 2/3: AWS SAM CLI (.venvs/sam)
.venvs/local-aws/.synced: WHAT = 3/3: local AWS (.venvs/local-aws)
.venvs/scan/.synced: WHAT = security scanners (.venvs/scan)
# Several local AWS start at the same time: each would compile all its modules.
.venvs/local-aws/.synced: SYNC_OPTIONS = --compile-bytecode

.venv/.synced .venvs/sam/.synced .venvs/local-aws/.synced .venvs/scan/.synced: | $(UV_READY)
	@echo "Installing $(WHAT)"
	@test -x $(@D)/bin/python || $(UV) venv --quiet --allow-existing --python "$$($(FIND_PYTHON))" $(@D)
	@$(UV) pip sync --quiet $(SYNC_OPTIONS) --require-hashes --python $(@D)/bin/python $<
	@touch $@

PARTS := $(wildcard ops/*/pyproject.toml)

.venv/.installed: .venv/.synced $(PARTS)
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python $(foreach part,$(PARTS), --editable ./$(dir $(part)))
	@touch $@

LOCALE := layers/responder/responder/messages/locale

# The folder itself is newer once a source has gone.
.venv/.texts: .venv/.installed layers/responder/compile_texts.py $(LOCALE) $(wildcard $(LOCALE)/*.po)
	@$(BIN)/python layers/responder/compile_texts.py $(LOCALE)
	@touch $@

# --- pinned requirements --------------------------------------------------------------------------

# Parts that need one another are installed from their folders.
OWN := --no-emit-package liveness-ops --no-emit-package liveness-local-aws
LAYERS := $(sort $(wildcard layers/*/requirements.in))
COMPILE = $(UV) pip compile --quiet --universal --python-version $(PYTHON_VERSION) \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(UPGRADE)

lock: | $(UV_READY) ## Compile the requirements: make lock [UPGRADE=--upgrade]
	@# The other layers follow the first and leave out what it brings: a second copy would shadow the pinned one.
	$(COMPILE) layers/responder/requirements.in -o layers/responder/requirements.txt
	$(COMPILE) layers/responder/requirements-build.in -o layers/responder/requirements-build.txt
	$(foreach in,$(filter-out layers/responder/%,$(LAYERS)),\
		$(COMPILE) -c layers/responder/requirements.txt $(in) -o $(in:.in=.txt) \
			$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' layers/responder/requirements.txt) &&) true
	$(COMPILE) $(foreach in,$(LAYERS),-c $(in:.in=.txt)) -c layers/responder/requirements-build.txt --group ops/liveness_ops/pyproject.toml:checkout $(OWN) requirements-dev.in $(LAYERS) $(PARTS) -o requirements-dev.txt
	$(COMPILE) requirements-uv.in -o requirements-uv.txt
	$(COMPILE) requirements-sam.in -o requirements-sam.txt
	$(COMPILE) requirements-scan.in -o requirements-scan.txt
	$(COMPILE) --group ops/local_aws/pyproject.toml:server -o ops/local_aws/requirements.txt
