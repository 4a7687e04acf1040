# Needs python3 (3.11 or later) and make; everything else is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.complete
BROWSER := chromium fonts-dejavu-core fonts-liberation

# What the user's own Python looks for modules with must not change what ours finds.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH

.PHONY: help demo run test test-ui check lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' Makefile

demo: $(STAMP) ## tell what Tidings does, with real processes (KEEP=1 keeps them running)
	@$(BIN)/python -m demo $(if $(KEEP),--keep)

run: $(STAMP) ## run the service with a Temporal server of its own, until Ctrl-C
	@TIDINGS_EMBEDDED=true TIDINGS_EGRESS_ALLOW="$${TIDINGS_EGRESS_ALLOW-127.0.0.0/8, ::1}" \
		exec $(BIN)/python worker.py

# Most tests wait for a server or a clock, so three processes are not too many for two cores.
# Those that hold the server to a second come after them, alone.
test: $(STAMP) ## run the tests (ARGS="tests/unit -k retry" goes to pytest)
	@$(BIN)/python -m pytest -n 3 --dist loadfile $(or $(ARGS),-m 'not timed')
	@$(if $(ARGS),,$(BIN)/python -m pytest -m timed)

# Playwright drives Debian's Chromium, and never downloads one of its own.
test-ui: $(STAMP) ## test the Web UI in a real browser (SCREENSHOTS=1 takes those of the README anew)
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo 'make test-ui needs Chromium: apt-get install $(BROWSER)' >&2; exit 1; fi; \
		apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(BROWSER); }
	@$(if $(SCREENSHOTS),TIDINGS_SCREENSHOTS=docs) $(BIN)/python -m pytest tests/real/ui $(ARGS)

check: $(STAMP) ## lint, formatting, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The stamp is written last and removed first, so an interrupted install never counts as one.
# The environment is made anew each time: an update would leave behind what is no longer needed.
$(STAMP): constraints.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Tidings needs Python 3.11 or later, which $(PYTHON) is not: make PYTHON=python3.11' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) comes without venv and ensurepip: install them (on Debian, python3-venv)' >&2; exit 1; }
	@echo 'installing into .venv' >&2
	@rm -f $@ && rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r constraints.txt
	@touch $@

# uv resolves for every platform at once, which pip cannot. Versions that still fit stay.
lock: ## remake constraints.txt from pyproject.toml (ARGS=--upgrade takes the newest of everything)
	@made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && trap 'exit 130' INT TERM && \
	"$(PYTHON)" -m venv "$$made/venv" && \
	"$$made/venv/bin/python" -m pip install -q --disable-pip-version-check uv && \
	if [ -e constraints.txt ]; then cp constraints.txt "$$made"; fi && \
	"$$made/venv/bin/uv" pip compile -q $(ARGS) pyproject.toml -o "$$made/constraints.txt" \
		--python "$$made/venv/bin/python" --universal --python-version 3.11 --all-extras \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links && \
	{ echo '# What .venv holds: the exact versions, with hashes, of everything that pyproject.toml asks for,'; \
	  echo '# its extras included. `make lock` remakes this file.'; \
	  grep -v '^#' "$$made/constraints.txt"; } > "$$made/commented" && \
	cp "$$made/commented" constraints.txt

# Not .tidings: that is the database of `make run`, with notifications that were accepted.
clean: ## remove .venv, caches and builds; what `make run` has stored stays
	@rm -f $(STAMP)
	@rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +
