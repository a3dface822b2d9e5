"""A failed build names the cause and the remedy. Every cause here is a real one."""

import hashlib
import http.server
import os
import re
import shlex
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.live.test_storage_at_start import PRIVATE, mounts


class Pack:
    """A folder of packs with one environment, `tiny`, whose one package lies in a folder."""

    def __init__(self, folder: Path) -> None:
        self.cache, self.wheels = folder / "cache", folder / "wheels"
        self.locks = folder / "pack" / "environments"
        for place in (self.cache, self.wheels, self.locks):
            place.mkdir(parents=True)
        self.digest = ""
        self.add("py3-none-any")
        # Neither pip's settings nor what uv has stored for this machine's user.
        self.variables = {
            "QUIZ_PACKS": str(folder / "pack"),
            "QUIZ_CACHE": str(self.cache),
            "UV_CACHE_DIR": str(folder / "uv"),
            "UV_FIND_LINKS": str(self.wheels),
            "UV_OFFLINE": "1",
            "UV_HTTP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        }

    def add(self, tag: str) -> None:
        wheel = self.wheels / f"lamplight-1.0-{tag}.whl"
        with zipfile.ZipFile(wheel, "w") as file:
            info = "lamplight-1.0.dist-info"
            # As large as what a small disk holds of the rest.
            file.writestr("lamplight.py", os.urandom(50_000).hex())
            file.writestr(
                f"{info}/METADATA", "Metadata-Version: 2.1\nName: lamplight\nVersion: 1.0\n"
            )
            file.writestr(
                f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
            )
            file.writestr(f"{info}/RECORD", "")
        self.lock(hashlib.sha256(wheel.read_bytes()).hexdigest())

    def lock(self, digest: str) -> None:
        (self.locks / "tiny.txt").write_text(f"lamplight==1.0 --hash=sha256:{digest}\n")

    def prepare(self, mount: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "quiz", "prepare", "tiny"]
        if mount:
            command = [*PRIVATE, "sh", "-c", f"{mount} && exec {shlex.join(command)}"]
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
        environ |= self.variables | variables
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    def build(self, mount: str = "", **variables: str) -> str:
        """The message of `quiz prepare tiny` about its failure."""
        done = self.prepare(mount, **variables)
        assert (done.returncode, done.stderr) == (1, ""), done.stderr
        told = done.stdout.removeprefix("Building the environment tiny.\n")
        assert re.fullmatch(
            r"The environment tiny could not be built: .+ Then type: \S+ prepare tiny\n", told
        ), told
        return told


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return Pack(tmp_path)


def test_an_unreachable_index_is_reported(pack: Pack) -> None:
    # The port of `discard`, on which nothing listens.
    told = pack.build(UV_OFFLINE="0", UV_FIND_LINKS="", UV_DEFAULT_INDEX="http://127.0.0.1:9/")
    assert "Connection refused" in told
    assert "The index cannot be reached. Connect to the network" in told


def test_a_proxy_that_is_down_is_named_as_a_cause(pack: Pack) -> None:
    index = {"UV_DEFAULT_INDEX": "http://index.invalid/", "ALL_PROXY": "http://127.0.0.1:9"}
    told = pack.build(UV_OFFLINE="0", UV_FIND_LINKS="", NO_PROXY="", **index)
    assert "look at index and proxy in the settings of pip and uv" in told


def test_a_file_that_differs_from_the_lock_is_reported(pack: Pack) -> None:
    pack.lock("0" * 64)
    told = pack.build()
    assert "Hash mismatch" in told
    assert "Look for an index or a folder of wheels in the settings of pip and uv." in told


@pytest.mark.parametrize("tag", ["cp39-cp39-any", "py3-none-win_amd64"])
def test_a_missing_wheel_for_this_python_or_machine_is_reported(pack: Pack, tag: str) -> None:
    next(pack.wheels.iterdir()).unlink()
    pack.add(tag)
    told = pack.build()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"That package has no wheel for Python {version} on this machine." in told


def test_a_package_missing_from_the_index_is_reported(pack: Pack) -> None:
    (pack.locks / "tiny.txt").write_text(f"shade==2.0 --hash=sha256:{'0' * 64}\n")
    (pack.wheels / "shade-1.0-py3-none-any.whl").write_bytes(b"")
    assert "The index does not have that package." in pack.build()


@pytest.fixture
def closed_index() -> Iterator[str]:
    """An index that answers 403."""

    class Refuse(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Refuse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_an_index_that_refuses_access_is_reported(pack: Pack, closed_index: str) -> None:
    told = pack.build(UV_OFFLINE="0", UV_FIND_LINKS="", UV_DEFAULT_INDEX=closed_index)
    assert "The index or a proxy refuses access." in told


@mounts
@pytest.mark.parametrize("kilobytes", [1, 64])
def test_a_full_disk_is_reported(pack: Pack, kilobytes: int) -> None:
    told = pack.build(f"mount -t tmpfs -o size={kilobytes}k tmpfs {pack.cache}")
    assert "Make room on that disk, or choose other folders with QUIZ_CACHE" in told


@mounts
def test_a_read_only_cache_is_reported(pack: Pack) -> None:
    told = pack.build(
        f"mount --bind {pack.cache} {pack.cache}; mount -o remount,ro,bind {pack.cache}"
    )
    assert f"Read-only file system: '{pack.cache}" in told
    assert "Allow writing there, or choose other folders with QUIZ_CACHE" in told


@mounts
def test_a_read_only_cache_of_uv_is_reported(pack: Pack, tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.mkdir()
    told = pack.build(f"mount --bind {uv} {uv} && mount -o remount,ro,bind {uv}")
    assert str(uv) in told
    assert "Allow writing there, or choose other folders with QUIZ_CACHE and UV_CACHE_DIR." in told


@mounts
def test_an_installation_without_uv_is_reported(pack: Pack) -> None:
    told = pack.build(f"mount --bind /dev/null {find_uv_bin()}")
    assert "Install uv for this Python: pip install uv." in told


@mounts
def test_a_built_environment_works_in_a_read_only_cache(pack: Pack) -> None:
    assert pack.prepare().returncode == 0
    cache = pack.cache
    done = pack.prepare(f"mount --bind {cache} {cache} && mount -o remount,ro,bind {cache}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The environment tiny is built.\n"
