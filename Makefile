# `make` or `make help` lists what there is. Needs git, make, Python 3.11 or newer and a Python package index in reach.

BIN := .venv/bin
READY := .venv/.set-up
# The first of these that is new enough makes the environment; `make PYTHON=… setup` puts one in front.
PYTHONS := $(PYTHON) python3.13 python3.12 python3.11 python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test fuzz explore soak up replay rebuild check bench function bqemulator checkov effects contracts docs format

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(READY) ## make .venv/ with everything pinned and the project installed editable

$(READY): requirements.txt requirements-dev.txt constraints.txt
	@set -e; found=; test -x $(BIN)/python || { \
	  for each in $(PYTHONS); do \
	    if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$each; break; fi; \
	  done; \
	  test -n "$$found" || { echo "make: needs Python 3.11 or newer; tried: $(PYTHONS). Say where: make PYTHON=/path/to/python3.12 setup" >&2; exit 1; }; \
	  "$$found" -m venv .venv || { rm -rf .venv; echo "make: $$found has no venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }; }
	@echo "setting up .venv/ with $$($(BIN)/python --version)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements.txt -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## start the whole estate in a throw-away folder, place orders, follow each to its end
	@$(BIN)/python -m shared.hosts.local.demo $(ARGS)

up: $(READY) ## run the estate on http://127.0.0.1:8080 with its data in .boutique/ (ARGS="--port … --fulfil auto")
	@$(BIN)/python -m shared.hosts.local $(ARGS)

# Tests that start an estate of processes need the machine to themselves, so they come after the others, one by one.
test: $(READY) ## run every test that this machine can run; say which were left out and why
	$(BIN)/python -m pytest -rfEs -m "not estate" -n 2 --dist loadfile $(ARGS)
	$(BIN)/python -m pytest -rfEs -m estate $(ARGS) || test $$? -eq 5 # none of them among ARGS

# Each run draws others; what fails prints the request.
fuzz: $(READY) ## send 10,000 drawn requests to each service: nightly, half an hour
	$(BIN)/python -m pytest -rfEs --hypothesis-profile nightly tests/fuzz $(ARGS)

explore: $(READY) ## find the schedule of crashes, losses and repeats that breaks an order: ten minutes
	@$(BIN)/python -m tests.explorer $(ARGS)

soak: $(READY) ## 1,000 customers while processes are killed at random, then every invariant: some minutes
	@$(BIN)/python -m bench.soak $(ARGS)

replay: $(READY) ## say what telling events again would do (ARGS="dead-letters" or "archive --order ord_…"), with --go do it
	@$(BIN)/python -m shared.hosts.local.replay $(ARGS)

rebuild: $(READY) ## build a store again from the archive and compare (ARGS="order_management --into FOLDER")
	@$(BIN)/python -m shared.hosts.local.rebuild $(ARGS)

check: $(READY) ## format, lint, types, import contracts, generated files current, then the tests: what CI runs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m shared.hosts.local.docs --check
	$(MAKE) test

.PHONY: azure fraud-zip
azure: $(READY) ## get Microsoft's Functions runtime and Azurite (tests get them themselves where they are missing)
	@$(BIN)/python -m tests.azure_runtime
	@$(BIN)/python -m tests.azurite

fraud-zip: $(READY) ## make build/fraud.zip, what Azure Functions deploys
	@$(BIN)/python -m shared.hosts.azure_package fraud

# The commands are Terraform's own; the tests of `make check` give the same ones and look into the plans.
.PHONY: terraform
terraform: $(READY) ## check both clouds' Terraform without a network: fmt, init, validate, test, plan for dev and prod
	@$(BIN)/python -m tests.terraform

# What the pipelines do beside `make check` (cloudbuild.yaml, azure-pipelines.yml, docs/operators-guide.md): on an
# operator's machine the same. `push` leaves the image by digest in build/image, which the targets after it read.
.PHONY: image push scan plan handover apply canary smoke promote seed rollback fraud-verify
image: ## build the one image of all services (needs Docker): make image IMAGE=europe-docker.pkg.dev/…/services:1
	docker build --tag "$(IMAGE)" .

push: ## push it, and keep its digest: make push IMAGE=…
	docker push "$(IMAGE)"
	@mkdir -p build
	docker inspect --format '{{index .RepoDigests 0}}' "$(IMAGE)" > build/image

scan: $(READY) ## look for known vulnerabilities in it: make scan PROJECT=…
	@$(BIN)/python -m deploy.scan --project "$(PROJECT)"

plan: $(READY) ## plan a stack: make plan STACK=gcp ENVIRONMENT=dev
	@$(BIN)/python -m deploy.stack plan "$(STACK)" --environment "$(ENVIRONMENT)"

handover: $(READY) ## give what a stack has put out to the other one: make handover STACK=gcp ENVIRONMENT=dev
	@$(BIN)/python -m deploy.handover "$(STACK)" --environment "$(ENVIRONMENT)"

apply: $(READY) ## apply what was planned: make apply STACK=gcp ENVIRONMENT=dev
	@$(BIN)/python -m deploy.stack apply "$(STACK)" --environment "$(ENVIRONMENT)"

canary: $(READY) ## give every service the new image, for a tenth of the requests: make canary PROJECT=… REGION=…
	@$(BIN)/python -m deploy.canary start --project "$(PROJECT)" --region "$(REGION)"

smoke: $(READY) ## ask every service from inside the networks: make smoke PROJECT=… REGION=…
	@$(BIN)/python -m deploy.smoke --project "$(PROJECT)" --region "$(REGION)"

promote: $(READY) ## watch the canaries, then promote them or roll back: make promote PROJECT=… REGION=… STANDBY=…
	@$(BIN)/python -m deploy.canary finish --project "$(PROJECT)" --region "$(REGION)" --standby "$(STANDBY)"

seed: $(READY) ## opening data for an empty estate: make seed PROJECT=… REGION=…
	@$(BIN)/python -m deploy.seed --project "$(PROJECT)" --region "$(REGION)"

rollback: $(READY) ## take the canaries back at once: make rollback PROJECT=… REGION=…
	@$(BIN)/python -m deploy.canary rollback --project "$(PROJECT)" --region "$(REGION)"

fraud-verify: $(READY) ## whether Azure has all of fraud's functions and they answer: make fraud-verify GROUP=… APP=…
	@$(BIN)/python -m deploy.fraud --group "$(GROUP)" --app "$(APP)"

bench: $(READY) ## run the benchmarks and print a table
	@$(BIN)/python -m bench $(ARGS)

function: $(READY) ## add a capability: make function service=inventory name=appraise_stock
	@$(BIN)/python -m shared.hosts.local.scaffold --service "$(service)" --name "$(name)"

bqemulator: $(READY) ## make the BigQuery emulator's environment (tests make it themselves where it is missing)
	@$(BIN)/python -m tests.bqemulator

checkov: $(READY) ## look through terraform/ with checkov, in an environment of its own (the tests do so too)
	@$(BIN)/python -m tests.checkov

effects: $(READY) ## say what came of an order on the running estate: make effects ORDER=ord_… (ARGS="--format otlp")
	@$(BIN)/python -m shared.hosts.local.effects $(ORDER) $(ARGS)

contracts: $(READY) ## say whom changed contracts break: make contracts ARGS="main~20 main"; one revision: the files here
	@$(BIN)/python -m shared.hosts.local.contracts $(ARGS)

docs: $(READY) ## write the files that are generated from the code, the rows and the plans
	@$(BIN)/python -m shared.hosts.local.docs
	@$(BIN)/python -m tests.terraform.reachability

format: $(READY) ## put the code into its format and mend what can be mended by itself
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
