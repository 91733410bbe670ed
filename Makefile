# Two commands: `make run` and `make test`. Each sets up what it needs from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= runs/default

.PHONY: run test check bench docs lock clean

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Drivebelt needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(READY)

run: $(READY)
	@if [ -e $(OUT)/run.json ]; then echo "$(OUT) is there already; reading it (make run OUT=another for a new run)"; \
	elif [ -e $(OUT) ]; then $(BIN)/drivebelt run --out $(OUT) --resume; else $(BIN)/drivebelt run --out $(OUT); fi
	$(BIN)/drivebelt report $(OUT)

test: $(READY) check
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)
	$(BIN)/ruff check drivebelt tests benchmarks docs
	$(BIN)/ruff format --check drivebelt tests benchmarks docs
	$(BIN)/mypy drivebelt

docs: $(READY)
	$(BIN)/python docs/make_model.py

bench: $(READY)
	$(BIN)/python -m pip install --quiet --requirement benchmarks/requirements.lock
	$(BIN)/python benchmarks/run.py

lock: $(READY)
	$(BIN)/pip-compile --quiet --strip-extras --extra dev --extra sensitivity --extra cluster --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --extra bench --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file benchmarks/requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) runs
