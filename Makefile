# Needs python3 (3.11 or later) and make; everything else is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.complete
BENCH_STAMP := .venv-bench/.complete
BROWSER := chromium fonts-dejavu-core fonts-liberation

# The user's own module paths must not change what the Python of .venv imports.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH

.PHONY: help demo run test test-pythons test-ui check docs bench bench-quick lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' Makefile

demo: $(STAMP) ## show what Tidings does, with real processes (KEEP=1 keeps them running)
	@$(BIN)/python -m demo $(if $(KEEP),--keep)

run: $(STAMP) ## run the service with an embedded Temporal server, until Ctrl-C
	@TIDINGS_EMBEDDED=true TIDINGS_EGRESS_ALLOW="$${TIDINGS_EGRESS_ALLOW-127.0.0.0/8, ::1}" \
		exec $(BIN)/python worker.py

# Most tests wait for a server or a clock, so two processes suit two cores. The tests that hold
# the server to a second would fail beside others, so they run alone in the end.
test: $(STAMP) ## run all tests but those of the Web UI (ARGS="tests/unit -k retry" goes to pytest)
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(or $(ARGS),-m 'not timed')
	@$(if $(ARGS),,$(BIN)/python -m pytest -m timed)

test-pythons: $(STAMP) ## run the unit tests on every other Python from 3.11 on that is installed
	@.ci/test-pythons

# Playwright drives Debian's Chromium and never downloads a browser of its own.
test-ui: $(STAMP) ## test the Web UI in a real browser (SCREENSHOTS=1 takes new screenshots for docs/)
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo 'make test-ui needs Chromium: apt-get install $(BROWSER)' >&2; exit 1; fi; \
		apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(BROWSER); }
	@$(if $(SCREENSHOTS),TIDINGS_SCREENSHOTS=docs) $(BIN)/python -m pytest tests/real/ui $(ARGS)

check: $(STAMP) ## check style, formatting, types, and which module imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(STAMP) ## build the documentation into build/docs; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -n -b html docs build/docs

bench-quick: $(STAMP) ## fail if the plainest workflow takes less than 1.3 times the processor time of Tidings (2 minutes)
	@$(BIN)/python -m bench.floor 200 --at-least 1.3

# It needs the default ports and about forty minutes. It does not install the two databases, because
# Debian would also start them.
bench: $(STAMP) $(BENCH_STAMP) ## measure all that the documentation has figures of (40 minutes)
	@command -v redis-server >/dev/null && test -d /usr/lib/postgresql || { \
		echo 'make bench needs two programs: apt-get install postgresql redis-server' >&2; exit 1; }
	@for each in floor isolation acceptance 'hands 300' 'growth 3000' 'commands 2000' 'alternatives 300'; do \
		echo "== bench.$$each" && \
		BENCH_PYTHON="$(CURDIR)/.venv-bench/bin/python" $(BIN)/python -m bench.$$each || exit 1; done

$(BENCH_STAMP): bench/others/requirements.txt
	@rm -f $@ && rm -rf .venv-bench
	@"$(PYTHON)" -m venv .venv-bench
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

# The stamp is removed first and written last, so an interrupted install never counts as complete.
# Each install starts from nothing: an update would keep packages that are no longer needed.
$(STAMP): constraints.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Tidings needs Python 3.11 or later, and $(PYTHON) is not that: make PYTHON=python3.11' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) comes without venv and ensurepip: install them (on Debian, python3-venv)' >&2; exit 1; }
	@echo 'installing into .venv' >&2
	@rm -f $@ && rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r constraints.txt
	@touch $@

# uv resolves for all platforms at once, which pip cannot do. It keeps versions that still fit.
lock: ## remake constraints.txt from pyproject.toml (ARGS=--upgrade takes the newest versions)
	@made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && trap 'exit 130' INT TERM && \
	"$(PYTHON)" -m venv "$$made/venv" && \
	"$$made/venv/bin/python" -m pip install -q --disable-pip-version-check uv && \
	if [ -e constraints.txt ]; then cp constraints.txt "$$made"; fi && \
	"$$made/venv/bin/uv" pip compile -q $(ARGS) pyproject.toml -o "$$made/constraints.txt" \
		--python "$$made/venv/bin/python" --universal --python-version 3.11 --all-extras \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links && \
	{ echo '# The exact versions, with hashes, of everything that pyproject.toml and its extras ask for.'; \
	  echo '# `make lock` remakes this file.'; \
	  grep -v '^#' "$$made/constraints.txt"; } > "$$made/commented" && \
	cp "$$made/commented" constraints.txt

# Not .tidings: it is the database of `make run`, with notifications that were accepted.
clean: ## remove environments, caches and builds; the database of `make run` stays
	@rm -f $(STAMP) $(BENCH_STAMP)
	@rm -rf .venv .venv-bench .venvs build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +
