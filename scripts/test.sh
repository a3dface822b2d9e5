#!/bin/sh
# All tests: first those that run nothing; then those whose runs want the machine for themselves; then,
# in a process each, the rest that runs and what a browser shows, whose words come last.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
status=0
$python -m pytest -n 2 tests/unit tests/web || status=$?
$python -m pytest -m quiet tests/live || status=$?

said=$(mktemp)
$python -m pytest tests/browser >"$said" 2>&1 &
browser=$!
trap 'kill "$browser" 2>/dev/null; rm -f "$said"' EXIT
trap 'exit 130' INT TERM
$python -m pytest -m "not quiet" tests/live || status=$?
wait "$browser" || status=$?
cat "$said"
exit $status
