#!/bin/sh
# The steps of the Containerfile, in order: `container.sh wheel|system|app|environments|healthy`.
# `try_fresh.sh RELEASE --container` runs the same steps without a container engine.
set -eu
export PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

case ${1:-} in
wheel)
    cd "$(dirname "$0")/.."
    python3 -m venv /build
    /build/bin/pip wheel --quiet --no-deps --wheel-dir /wheel .
    cp requirements.txt scripts/container.sh /wheel
    ;;
system)
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends rabbitmq-server
    rm -rf /var/lib/apt/lists/*
    useradd --uid 1000 --create-home quiz
    install -d -o quiz -g quiz /data /cache
    ;;
app)
    python3 -m venv /app
    /app/bin/pip install --quiet --no-deps --require-hashes --requirement /wheel/requirements.txt
    /app/bin/pip install --quiet --no-deps --no-index /wheel/*.whl
    ;;
environments)
    # Build all environments, so that the container needs no network. Delete uv's cache: it would
    # double the size of the image.
    UV_CACHE_DIR=$(mktemp -d)
    export UV_CACHE_DIR
    /app/bin/after-response prepare
    rm -rf "$UV_CACHE_DIR"
    ;;
healthy)
    exec /app/bin/python -c "import os, urllib.request as r
r.urlopen(f'http://127.0.0.1:{os.environ.get(\"QUIZ_PORT\", 8000)}/healthz', timeout=3)"
    ;;
*)
    echo "container.sh needs one step: wheel, system, app, environments or healthy." >&2
    exit 2
    ;;
esac
