# The commands of this clone. Each sets up what it needs, once.
SHELL = /bin/sh
BIN = .venv/bin

.PHONY: run test check pythons cover bench lighthouse prove lock clean

run:
	@sh scripts/setup.sh run
	@exec $(BIN)/quiz serve --prepare

test:
	@sh scripts/setup.sh test
	@sh scripts/test.sh

check:
	@sh scripts/setup.sh test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_demos.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/draw_architecture.py --check
	$(BIN)/codespell content/*.yaml docs templates README.md CONTRIBUTING.md CHANGELOG.md content/demos
	$(BIN)/python scripts/check_prose.py README.md CONTRIBUTING.md CHANGELOG.md docs scripts Makefile Containerfile pyproject.toml .ci/run quiz bench static tests
	$(BIN)/quiz check

pythons:
	@sh scripts/setup.sh test
	@$(BIN)/python -m scripts.try_pythons

cover:
	@sh scripts/setup.sh test
	@$(BIN)/python -m pytest -n 2 --cov=quiz --cov-fail-under=82 tests/unit tests/web

bench:
	@sh scripts/setup.sh test
	@$(BIN)/python -m bench

lighthouse:
	@sh scripts/setup.sh test
	@$(BIN)/python -m bench lighthouse

prove:
	@sh scripts/setup.sh test
	@$(BIN)/quiz prove --environment all

lock:
	@sh scripts/setup.sh test
	@$(BIN)/python scripts/lock.py

clean:
	rm -rf .venv build dist .coverage .coverage.* htmlcov
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
