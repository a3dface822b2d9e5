#!/bin/sh
# All tests: first those that run nothing; then, in a process each, those that measure time and those
# that a browser shows, whose words come when the others have had theirs.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
status=0
$python -m pytest -n 2 tests/unit tests/web || status=$?

said=$(mktemp)
$python -m pytest tests/browser >"$said" 2>&1 &
browser=$!
trap 'kill "$browser" 2>/dev/null; rm -f "$said"' EXIT
trap 'exit 130' INT TERM
$python -m pytest tests/live || status=$?
wait "$browser" || status=$?
cat "$said"
exit $status
