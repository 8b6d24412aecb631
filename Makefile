# Two commands on a fresh machine (Python 3.11, make): `make run` and `make test`. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE ?= teemagraafi.store
# Compiled modules are kept even where the environment says otherwise: each of the suite's processes would compile all of them anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run quick fuzz kills leaks patterns test mutants lint lock pictures notebooks clean

# The stamps hold the requirements that are installed; a changed file installs anew.
$(VENV)/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("teemagraafi needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# What developing needs besides: the test tools, the type checker, the notebooks.
$(VENV)/.developing: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

run: $(VENV)/.installed
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/teemagraafi query money-by-theme --store $(STORE)
	$(BIN)/teemagraafi query organisations-in-several-themes --store $(STORE)
	$(BIN)/teemagraafi query themes-by-ely-centre --store $(STORE)

# A test of servers, limits or the browser waits for a good part of its time: a process more than there are cores.
test: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder && wait $$types

# While working: lint, types and the unit tests (a minute); no whole store, server, browser, second engine or full document.
quick: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not browser and not documents" && wait $$types

# Break the code in small ways and see that a test notices: a sample of each room, the same each time (three quarters of an hour).
# Another sample, or one room: make mutants COUNT=100 SEED=7 ROOMS=query
COUNT ?= 40
SEED ?= 1
ROOMS ?= values reading fusion query
mutants: $(VENV)/.developing
	$(BIN)/python -m bench.mutants $(ROOMS) --count $(COUNT) --seed $(SEED)

# Hostile input and sudden ends (hours; see bench/robust.md).
fuzz: $(VENV)/.developing
	$(BIN)/python -m bench.fuzz --inputs 8000

# Every regular expression of the code on long runs of each class of character (2 minutes): what grows faster than its text.
patterns: $(VENV)/.developing
	$(BIN)/python -m tests.robust.patterns

kills: $(VENV)/.developing
	$(BIN)/python -m bench.kills --kills 1000

# A server asked for 20 minutes: contact data in its answers, growth of its memory.
leaks: $(VENV)/.developing
	$(BIN)/python -m bench.leaks

lint: $(VENV)/.developing
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

# Pins with hashes; no index address is written.
lock: $(VENV)/.developing
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra web --extra mcp --group build --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --all-extras --group build --group dev --constraint requirements.txt --output-file requirements-dev.txt

# The pictures of the README, over the graph of the shipped sources.
pictures: $(VENV)/.developing
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/python -m bench.pictures $(STORE) notebooks/pictures

# The notebooks' outputs, over the graph of the shipped sources.
notebooks: $(VENV)/.developing
	$(BIN)/teemagraafi build --store $(STORE)
	$(BIN)/python -m bench.notebooks $(STORE)

clean:
	rm -rf $(VENV) $(STORE) .mypy_cache .ruff_cache .pytest_cache
