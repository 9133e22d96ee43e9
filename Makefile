# What a newcomer runs. Each target installs what it needs into .venv, from locked versions with hashes.

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1    # Material's notice about MkDocs 2: README says what we do about it

.PHONY: serve site check addresses test lock clean

serve: .venv/site    ## Serve both languages on http://127.0.0.1:8000/ and rebuild at every change
	$(BIN)/mkdocs serve

site: .venv/site     ## Build into site/
	$(BIN)/mkdocs build --strict

check: .venv/site    ## Run the checks alone: citations and bibliography, translations, then How to Cite on a built site
	$(BIN)/python scripts/check_citations.py
	$(BIN)/python scripts/check_translations.py --allow-stale    # what is stale is told, here and to readers, and holds up nothing
	$(BIN)/mkdocs build --strict
	$(BIN)/python scripts/check_how_to_cite.py --site site

addresses: .venv/site ## After a build: add what is new to addresses.txt, which promises that it stays
	$(BIN)/python scripts/check_addresses.py --record --site site

test: .venv/clients  ## Run all tests; they need Chrome or Chromium
	$(BIN)/ruff check scripts tests benchmarks
	$(BIN)/ruff format --check scripts tests benchmarks
	$(BIN)/pytest

lock:                ## After a change of the dependencies in pyproject.toml (needs uv)
	uv lock
	uv export --quiet --frozen --no-default-groups --no-header --output-file requirements/site.txt
	uv export --quiet --frozen --no-default-groups --group test --no-header --output-file requirements/test.txt

clean:               ## Remove what make made, except site/
	rm -rf .venv tests/clients/node_modules .pytest_cache .ruff_cache .site.building

# A stamp per set of requirements: installed again only when the lock changes.
.venv/site: requirements/site.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/site.txt
	touch $@

.venv/test: requirements/test.txt .venv/site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements/test.txt
	touch $@

# The readers in tests/clients, by the Node that is among the requirements (npm looks for it in PATH); package-lock.json holds their hashes.
.venv/clients: tests/clients/package-lock.json .venv/test
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --loglevel error
	touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
