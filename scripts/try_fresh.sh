#!/bin/sh
# Tries `make run` on a bare Debian: `try_fresh.sh bookworm|trixie|sid [FLAG …]`. It needs root.
# debootstrap creates the system in a temporary folder. The script clones the last commit into it and
# starts the app twice, first with empty caches.
#   --test       also run `make test` there
#   --container  run the steps of the Containerfile there instead, and the app without a network
#   --keep       keep the system in its folder
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
suite=${1:?Name a Debian release: bookworm, trixie or sid}
shift
port=${QUIZ_PORT:-8765}
variables="HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin QUIZ_PORT=$port"
# The name must not start with after-response-: the server removes such folders when it starts.
folder=$(mktemp -d "${TMPDIR:-/tmp}/fresh-$suite-XXXXXX")
root=$folder/root
keep=

clean_up() {
    status=$?
    trap - EXIT
    if [ -n "${server:-}" ]; then stop_server; fi
    for place in dev/shm dev/pts dev sys proc; do
        if mountpoint -q "$root/$place"; then umount -l "$root/$place"; fi
    done
    if [ -z "$keep" ]; then rm -rf --one-file-system "$folder"; else echo "Kept: $root"; fi
    exit $status
}
trap clean_up EXIT
trap 'exit 130' INT TERM

inside() { chroot "$root" /usr/bin/env -i $variables "$@"; }

# In its own process group, so that one signal stops it and all its children.
inside_session() { exec setsid chroot "$root" /usr/bin/env -i $variables "$@"; }

make_system() {
    echo "Creating a bare Debian $suite."
    debootstrap --variant=minbase "$suite" "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$folder/debootstrap.log" ||
        { tail "$folder/debootstrap.log" >&2; exit 1; }
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    # A network with a proxy may need extra certificates. Debian's package would overwrite them in the
    # usual place.
    if [ -n "${SSL_CERT_FILE:-}" ]; then
        cp -L "$SSL_CERT_FILE" "$root/certificates.pem"
        variables="$variables SSL_CERT_FILE=/certificates.pem PIP_CERT=/certificates.pem"
    fi
    for place in proc sys dev dev/pts; do mount --bind "/$place" "$root/$place"; done
    mount -t tmpfs tmpfs "$root/dev/shm"
    # The files on a mirror of sid can be expired.
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99old-mirror"
    # The README requires make.
    inside apt-get update -qq
    inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends make >"$folder/apt.log" 2>&1
}

now() { date +%s.%N; }
since() { echo "$1 $(now)" | awk '{ printf "%.1f", $2 - $1 }'; }

# Requests the first page every 20 ms, for 1 s. Fails until `make run` has installed Python.
ask='import time, urllib.request as r
for _ in range(50):
    try:
        raise SystemExit(r.urlopen("http://127.0.0.1:PORT/", timeout=5).status != 200)
    except OSError:
        time.sleep(0.02)
raise SystemExit(1)'
answers() { inside python3 -c "$(echo "$ask" | sed "s/PORT/$port/")" 2>/dev/null; }

# Starts `make run` in its own session, waits for the first page and prints how long that took.
start_server() {
    begun=$(now)
    inside_session sh -c 'cd /src && exec make run' >"$folder/$1.log" 2>&1 &
    server=$!
    until answers; do
        require_server "$1"
        sleep 0.1
    done
    echo "$1: first page after $(since "$begun") s"
}

require_server() {
    if kill -0 "$server" 2>/dev/null; then return; fi
    cat "$folder/$1.log" >&2
    echo "make run has ended before it served the first page. Its output is above." >&2
    exit 1
}

stop_server() {
    kill -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}

# The app builds environments while it serves. The second start is timed once they are built.
wait_until_built() {
    until grep -q "^All environments are built" "$folder/first.log"; do
        require_server first
        sleep 0.5
    done
    echo "first: all environments after $(since "$begun") s"
}

try_clone() {
    start_server first
    sed 's/^/    /' "$folder/first.log"
    wait_until_built
    stop_server
    start_server second
    stop_server
}

try_tests() {
    echo "Running make test. Its output is in $folder/test.log"
    status=0
    inside sh -c 'cd /src && make test' >"$folder/test.log" 2>&1 || status=$?
    grep -E '^(=+ .* =+|FAILED|ERROR)' "$folder/test.log" || tail -n 30 "$folder/test.log"
    return $status
}

# Runs the commands with the Containerfile's variables and user.
as_container() {
    settings="$variables QUIZ_DATA=/data QUIZ_CACHE=/cache QUIZ_HOST=0.0.0.0 HOME=/home/quiz"
    "$@" chroot --userspec=1000:1000 "$root" /usr/bin/env -i $settings sh -c "$commands"
}

try_container() {
    # The base image of the Containerfile includes Python, this system does not.
    inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >"$folder/apt.log" 2>&1
    for step in wheel system app; do
        echo "container: $step"
        inside sh "/$([ $step = wheel ] && echo src/scripts || echo wheel)/container.sh" $step >"$folder/$step.log" 2>&1 ||
            { cat "$folder/$step.log" >&2; exit 1; }
    done
    commands='sh /wheel/container.sh environments' as_container
    commands='
        /app/bin/after-response serve && exit 1
        export QUIZ_OPEN_ACCESS=1
        /app/bin/after-response serve & server=$!
        until sh /wheel/container.sh healthy 2>/dev/null; do sleep 0.2; kill -0 $server || exit 1; done
        echo "container: healthy"
        /app/bin/after-response run broker_crash --variant confirmed; status=$?
        kill $server; wait $server
        exit $status' as_container unshare --net sh -c 'ip link set lo up && exec "$@"' sh
    echo "container: served without a network, and RabbitMQ ran"
}

mode=try_clone test=
for flag in "$@"; do
    case $flag in
    --test) test=yes ;;
    --container) mode=try_container ;;
    --keep) keep=yes ;;
    *)
        echo "try_fresh.sh: unknown flag $flag. Use --test, --container or --keep." >&2
        exit 2
        ;;
    esac
done
make_system
git clone --quiet "$here" "$root/src"
$mode
if [ -n "$test" ]; then try_tests; fi
