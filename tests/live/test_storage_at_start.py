"""`quiz serve` over storage that it cannot use: one line says what, where and what to do."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.app import DATABASE
from tests.attempts import opened

COMMAND = [sys.executable, "-m", "quiz", "serve", "--port=0"]
PRIVATE = ["unshare", "--map-root-user", "--mount"]


def can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*PRIVATE, "true"], capture_output=True, check=False).returncode == 0


mounts = pytest.mark.skipif(not can_mount(), reason="this machine does not allow mounting a folder")


def refusal(data: Path, prepare: str = "") -> str:
    """The one line on stderr. `prepare` are commands that mount something for this server alone."""
    command = [*COMMAND, f"--data={data}"]
    if prepare:
        command = [*PRIVATE, "sh", "-c", f"{prepare} && exec {shlex.join(command)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("quiz: ")
    assert "--data (QUIZ_DATA)" in done.stderr
    return done.stderr


async def made(data: Path) -> Path:
    """A database that the app has created."""
    async with opened(data / DATABASE):
        pass
    return data / DATABASE


def test_a_file_that_is_not_a_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("Dear diary," * 1000)
    assert f"{tmp_path / DATABASE} is not a database." in refusal(tmp_path)


async def test_a_damaged_database_is_reported(tmp_path: Path) -> None:
    file = await made(tmp_path)
    pages = bytearray(file.read_bytes())
    pages[8192:] = os.urandom(len(pages) - 8192)
    file.write_bytes(pages)
    assert f"{file} is damaged" in refusal(tmp_path)


async def test_a_truncated_database_is_reported(tmp_path: Path) -> None:
    file = await made(tmp_path)
    os.truncate(file, file.stat().st_size // 2)
    assert f"{file} is damaged" in refusal(tmp_path)


async def test_a_database_of_a_newer_version_is_reported(tmp_path: Path) -> None:
    file = await made(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert f"{file} was written by a newer After Response" in refusal(tmp_path)


def test_a_folder_in_place_of_the_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    assert f"{tmp_path / DATABASE} is a folder, not a database." in refusal(tmp_path)


def test_a_file_in_place_of_the_data_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert f"cannot be made: {tmp_path / 'data'} is a file." in refusal(tmp_path / "data")


@mounts
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "used before"])
async def test_a_read_only_folder_is_reported(tmp_path: Path, is_new: bool) -> None:
    file = tmp_path / DATABASE if is_new else await made(tmp_path)
    mount = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}"
    assert f"{file} cannot be written: it is read-only for you." in refusal(tmp_path, mount)


@mounts
async def test_a_read_only_database_is_reported(tmp_path: Path) -> None:
    file = await made(tmp_path)
    mount = f"mount --bind {file} {file} && mount -o remount,ro,bind {file}"
    assert f"{file} cannot be written: it is read-only for you." in refusal(tmp_path, mount)


@mounts
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "used before"])
async def test_a_full_disk_is_reported(tmp_path: Path, is_new: bool) -> None:
    file = await made(tmp_path / "before")
    data = tmp_path / "data"
    data.mkdir()
    fill = [f"mount -t tmpfs -o size=600k tmpfs {data}"]
    if not is_new:
        fill.append(f"cp {file} {data}")
    fill.append(f"{{ cat /dev/zero > {data}/rest 2>/dev/null || true; }}")
    assert f"{data / DATABASE} cannot be written: the disk is full." in refusal(
        data, " && ".join(fill)
    )
