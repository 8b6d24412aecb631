# Two commands on a fresh machine (Python 3.11, make): `make run` and `make test`. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE ?= teemagraafi.store

.PHONY: run test lint lock pictures notebooks clean

# The stamp holds the requirements that are installed; a changed file installs anew.
$(VENV)/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("teemagraafi needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: $(VENV)/.installed
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/teemagraafi query money-by-theme --store $(STORE)
	$(BIN)/teemagraafi query organisations-in-several-themes --store $(STORE)
	$(BIN)/teemagraafi query themes-by-ely-centre --store $(STORE)

test: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

# Pins with hashes; no index address is written.
lock: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements.txt

# The pictures of the README, over the graph of the shipped sources.
pictures: $(VENV)/.installed
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/python -m bench.pictures $(STORE) notebooks/pictures

# The notebooks' outputs, over the graph of the shipped sources.
notebooks: $(VENV)/.installed
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/python -m bench.notebooks $(STORE)

clean:
	rm -rf $(VENV) $(STORE) .mypy_cache .ruff_cache .pytest_cache
