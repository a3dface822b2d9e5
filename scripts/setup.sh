#!/bin/sh
# Sets up the clone: `setup.sh run` for the app, `setup.sh test` for all tests, `setup.sh unit` for
# the tests that need no browser and no broker. PYTHON=python3.13 chooses the interpreter.
# A second start is quick: it skips finished steps without starting Python.
set -eu
cd "$(dirname "$0")/.."
want=$1
stamp=.venv/.ready-$want

say() { echo "$*"; }
fail() {
    echo "$*" >&2
    exit 1
}

key() {
    {
        pwd
        echo "${QUIZ_CACHE:-} ${PYTHON:-}"
        cat scripts/setup.sh pyproject.toml requirements*.txt content/environments/*.txt
    } | cksum
}

# If the clone was moved or PYTHON differs, .venv must be created again.
made_in() { echo "$(pwd) ${PYTHON:-}"; }

as_root() { if [ "$(id -u)" = 0 ]; then echo "$*"; else echo "sudo $*"; fi; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

look_for_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if recent "$python"; then return 0; fi
    done
    return 1
}

find_python() {
    if look_for_python; then return; fi
    if [ -z "${PYTHON:-}" ] && may_install; then
        say "Installing python3 and python3-venv with apt-get."
        apt_install --no-install-recommends python3 python3-venv
        if look_for_python; then return; fi
    fi
    if command -v apt-get >/dev/null; then
        mend="Type: $(as_root apt-get install python3 python3-venv)"
    else
        mend="Install one; on macOS: brew install python3"
    fi
    found=$("${PYTHON:-python3}" --version 2>/dev/null || echo "There is no ${PYTHON:-python3}")
    fail "$found: After Response needs Python 3.11 or newer. $mend"
}

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    find_python
    # On Debian, venv is a separate package.
    if ! has_venv && may_install; then
        say "Installing $python-venv with apt-get."
        apt_install --no-install-recommends "$python-venv"
    fi
    if ! has_venv; then
        fail "$("$python" --version) lacks its venv module. Type: $(as_root apt-get install "$python-venv")"
    fi
    say "Creating .venv with $("$python" --version)."
    "$python" -m venv --clear .venv
    made_in >.venv/.made-in
}

install() {
    say "Installing the packages of $1 into .venv (about half a minute the first time)."
    # --no-deps, because the lock is complete. Without it, pip refuses a requirement with an extra,
    # such as `coverage[toml]`, as unpinned as soon as a newer coverage is released.
    PIP_USER=0 .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps \
        --require-hashes --requirement "$1" ||
        fail "The packages of $1 could not be installed. Fix the error that pip prints above, then run make again."
    put_on_path
}

# Does what `pip install --editable` does, without a build: adds the clone to the path and the command to bin.
put_on_path() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    pwd >"$site/after-response.pth"
    # -P, so that a folder named quiz in the current folder is not imported.
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m quiz "$@"\n' "$(pwd)" >.venv/bin/quiz
    chmod +x .venv/bin/quiz
}

find_chromium() {
    for browser in chromium chromium-browser google-chrome; do
        if command -v "$browser" >/dev/null; then return; fi
    done
    if may_install; then
        say "Installing Chromium for the browser tests."
        apt_install chromium fonts-dejavu-core
    else
        say "Installing Playwright's Chromium for the browser tests."
        .venv/bin/playwright install chromium
    fi
}

# Debian installs the brokers in /usr/sbin, which is not on every user's PATH.
has() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }

find_brokers() {
    if has rabbitmq-server && has redis-server; then return; fi
    if ! may_install; then
        say "RabbitMQ or Redis is missing, so the tests that need it are skipped. To install both, type:" \
            "$(as_root apt-get install --no-install-recommends rabbitmq-server redis-server)"
        return
    fi
    say "Installing RabbitMQ and Redis for the tests of the demos."
    # Debian starts services when it installs them. This file prevents that: every run starts its own broker.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    apt_install --no-install-recommends rabbitmq-server redis-server ||
        say "RabbitMQ and Redis could not be installed, so the tests that need them are skipped."
}

set_up() {
    if ! recent .venv/bin/python || [ "$(cat .venv/.made-in 2>/dev/null)" != "$(made_in)" ]; then
        make_venv
    fi
    case $want in
    run) install requirements.txt ;;
    unit) install requirements-dev.txt ;;
    test)
        install requirements-dev.txt
        find_chromium
        find_brokers
        ;;
    esac
}

if [ ! -x .venv/bin/python ] || [ "$(cat "$stamp" 2>/dev/null)" != "$(key)" ]; then
    set_up
    # The app builds environments while it serves. The tests need them before they start. If the
    # build fails, the next start tries again.
    if [ "$want" = run ] || .venv/bin/quiz prepare; then key >"$stamp"; fi
fi

# Compiled here, because PYTHONDONTWRITEBYTECODE may be set. Python recompiles edited files itself.
if [ ! -e .venv/.compiled ] || [ -n "$(find quiz -name '*.py' -newer .venv/.compiled | head -n 1)" ]; then
    .venv/bin/python -m compileall -q quiz
    touch .venv/.compiled
fi
