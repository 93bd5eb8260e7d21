# Every target does its own set-up; nothing has to be prepared by hand.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint lock clean
# A wrong one of these would send the packages to another place than .venv.
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PYTHONHOME PYTHONPATH VIRTUAL_ENV

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 16

setup:  ## Make .venv with everything that the service needs
	@sh scripts/setup.sh

setup-dev:  ## The same, with the tools of the tests
	@sh scripts/setup.sh --dev

run: setup  ## Start Triage on http://127.0.0.1:8000 with a demo key and demo accounts
	@exec .venv/bin/triage serve --demo

lint: setup-dev  ## Check style, types and the rule book
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/triage rules check --no-hints

test: lint  ## Check style, types and rules, then run the whole test suite
	.venv/bin/python -m pytest -n 2

lock:  ## Pin requirements*.in again, with hashes, into requirements*.txt
	@sh scripts/lock.sh

clean:  ## Remove the environment and all caches; data/ is kept
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
