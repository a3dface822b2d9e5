#!/bin/sh
# All tests. First the unit and web tests, then the live tests that need a quiet machine. After that, the
# other live tests and the browser tests run in parallel. The output of the browser tests comes last.
set -u
cd "$(dirname "$0")/.."
# With this variable, every pytest process would compile all test modules again.
unset PYTHONDONTWRITEBYTECODE
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
