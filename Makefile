# make run   set up, index the bundled sample, serve the web form and the API on 127.0.0.1:8000
# make test  set up, then run every check and test
# make bench measure speed against a baseline in the same run; make bench-growth: 1,000 to 1,000,000 passages
#
# Both need Python 3.11 or newer and nothing else. The second time, the set-up is skipped.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
# --no-compile: what is never imported is never compiled, which halves the time of the first start.
PIP := $(BIN)/pip install --disable-pip-version-check --no-compile -c constraints.txt
ROOMS := sources index qa service eval
.DEFAULT_GOAL := help
.PHONY: help run test bench bench-growth lint chromium constraints docs clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: $(VENV)/installed
	$(BIN)/quotary serve --with-sample

test: $(VENV)/installed-dev chromium lint
	HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false $(BIN)/pytest

bench: $(VENV)/installed-dev
	for part in floor encoder reading ask http load indexing cold fidelity recall; do $(BIN)/python -m eval.bench.$$part || exit 1; echo; done

bench-growth: $(VENV)/installed-dev
	$(BIN)/python -m eval.bench.growth

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS) tests

$(BIN)/python:
	@for python in python3.11 python3.12 python3.13 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "$$python -m venv $(VENV)"; exec $$python -m venv $(VENV); \
	  fi; \
	done; echo "Python 3.11 or newer is needed; none was found" >&2; exit 1

$(VENV)/installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) -e '.[dev]'
	@touch $@

# The browser tests need Chromium. Where it cannot be installed they are skipped, and say so.
chromium:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium && exit 0; \
	fi; \
	echo "Chromium is not installed and cannot be (it takes root and apt-get): the browser tests will be skipped" >&2

# The README's example output and screenshot, from a real server over the bundled sample.
docs: $(VENV)/installed-dev chromium
	HF_HUB_OFFLINE=1 $(BIN)/python docs/refresh.py

# Pin anew what a fresh environment gets within the ranges of pyproject.toml.
constraints:
	rm -rf $(VENV)-fresh && $(BIN)/python -m venv $(VENV)-fresh
	$(VENV)-fresh/bin/pip install --disable-pip-version-check -e '.[dev]'
	{ echo "# Every version that Quotary was tested with. Made by 'make constraints'."; \
	  $(VENV)-fresh/bin/pip freeze --exclude-editable | sed 's/+cpu$$//'; } > constraints.txt
	rm -rf $(VENV)-fresh

clean:
	rm -rf $(VENV) $(VENV)-fresh .quotary build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(ROOMS) tests -name __pycache__ -type d -prune -exec rm -rf {} +
