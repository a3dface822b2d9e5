# The commands of this clone. Each sets up what it needs and skips that the next time.
SHELL = /bin/sh
BIN = .venv/bin

.PHONY: run test check bench lock clean

run:
	@sh scripts/setup.sh run
	@exec $(BIN)/quiz serve

test:
	@sh scripts/setup.sh test
	@$(BIN)/python scripts/test.py

check:
	@sh scripts/setup.sh test
	@echo "Format and lint"
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@echo "Types"
	@$(BIN)/mypy
	@$(BIN)/python scripts/check_demos.py
	@echo "Layers"
	@$(BIN)/lint-imports --no-cache
	@echo "Packs"
	@$(BIN)/quiz check

bench:
	@sh scripts/setup.sh test
	@$(BIN)/python -m bench

lock:
	@sh scripts/setup.sh test
	@$(BIN)/python scripts/lock.py

clean:
	rm -rf .venv build dist .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
