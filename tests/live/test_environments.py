"""Environments: built once, complete or not at all, and let a probe in.

Built from a package made on the spot, so that no test waits for a network.
"""

import asyncio
import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from quiz.demos.loader import load_demos
from quiz.demos.locks import SHIPPED_LOCKS
from quiz.runs.engine.environment import COMPLETE, BuildError
from quiz.runs.engine.environments import Environments
from tests.waiting import wait_until

WHEEL = "lamp-1.0-py3-none-any.whl"
FILES = {
    "lamp.py": "LIGHT = 'on'\n",
    "lamp-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: lamp\nVersion: 1.0\n",
    "lamp-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "lamp-1.0.dist-info/RECORD": "".join(
        f"{name},,\n" for name in ("lamp.py", "lamp-1.0.dist-info/METADATA")
    ),
}


class Place:
    """A folder of locks with one environment, `tiny`, and its own cache."""

    def __init__(self, folder: Path) -> None:
        self.locks, self.cache, self.lines = folder / "locks", folder / "cache", list[str]()
        self.locks.mkdir()
        with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
            for name, text in FILES.items():
                wheel.writestr(name, text)
        self.digest = hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()
        self.write(f"lamp==1.0 --hash=sha256:{self.digest}\n")

    def write(self, lock: str) -> None:
        (self.locks / "tiny.txt").write_text(lock)

    @property
    def environments(self) -> Environments:
        """Environments read from the disk again, as another process would read them."""
        return Environments((self.locks,), self.cache)

    async def build(self) -> Path:
        return (await self.environments.build("tiny", self.lines.append)).folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    return Place(tmp_path)


def say(python: Path, code: str, **environ: str) -> str:
    environ = {**os.environ, **environ}
    return subprocess.check_output([python, "-c", code], text=True, env=environ)


async def test_a_built_environment_has_its_packages_and_no_others(place: Place) -> None:
    assert not place.environments.ready("tiny")
    await place.build()
    assert place.environments.ready("tiny")
    python = place.environments.get("tiny").python
    assert say(python, "import lamp; print(lamp.LIGHT)") == "on\n"
    assert say(python, "import importlib.util as u; print(u.find_spec('fastapi'))") == "None\n"


async def test_a_probe_named_by_the_variable_is_executed_at_the_start_of_python(
    place: Place, tmp_path: Path
) -> None:
    await place.build()
    probe = tmp_path / "probe.py"
    # As a module's code would be: what a function names is found.
    probe.write_text("WORD = 'probe'\ndef say():\n    print(WORD, end=' ')\nsay()\n")
    python = place.environments.get("tiny").python
    assert say(python, "print('demo')", AFTER_RESPONSE_PROBE=str(probe)) == "probe demo\n"
    assert say(python, "print('demo')") == "demo\n"


async def test_an_environment_is_built_and_reported_once(place: Place) -> None:
    await place.build()
    await place.build()
    assert place.lines == [
        "Building the environment tiny.",
        "The environment tiny is built.",
    ]


async def test_two_concurrent_builds_build_once(place: Place) -> None:
    folders = await asyncio.gather(place.build(), place.build())
    assert folders[0] == folders[1]
    assert place.lines.count("Building the environment tiny.") == 1


async def test_a_half_built_environment_is_built_again(place: Place) -> None:
    folder = await place.build()
    (folder / COMPLETE).unlink()
    (folder / "half").write_text("")
    assert not place.environments.ready("tiny")
    await place.build()
    assert place.environments.ready("tiny")
    assert not (folder / "half").exists()


async def test_an_environment_whose_python_is_gone_is_built_again(place: Place) -> None:
    folder = await place.build()
    python = folder / "bin" / "python"
    python.unlink()
    python.symlink_to("/no/such/python")
    assert not place.environments.ready("tiny")
    await place.build()
    assert place.environments.ready("tiny")


async def test_a_new_lock_gets_a_new_folder_and_old_folders_are_removed(place: Place) -> None:
    first = await place.build()
    place.write(f"# Another.\nlamp==1.0 --hash=sha256:{place.digest}\n")
    second = await place.build()
    assert first.exists()
    os.utime(first / COMPLETE, (0, 0))
    place.write(f"# A third.\nlamp==1.0 --hash=sha256:{place.digest}\n")
    await place.build()
    assert (first.exists(), second.exists()) == (False, True)


async def test_a_failed_build_names_the_package_and_the_command_to_retry(
    place: Place,
) -> None:
    place.write(f"shade==2.0 --hash=sha256:{place.digest}\n")
    environments = place.environments
    assert environments.needs("tiny") is None
    with pytest.raises(BuildError, match=r"tiny could not be built.*shade.* prepare tiny$") as e:
        await environments.build("tiny")
    assert environments.needs("tiny") == str(e.value)
    assert not environments.ready("tiny")


async def test_a_package_that_is_not_what_was_locked_is_refused(place: Place) -> None:
    place.write(f"lamp==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(BuildError, match="(?i)hash mismatch"):
        await place.build()
    assert not place.environments.ready("tiny")


async def test_an_environment_built_after_a_failure_is_ready(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments = place.environments
    monkeypatch.setenv("UV_FIND_LINKS", str(place.locks))
    with pytest.raises(BuildError):
        await environments.build("tiny")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    # By another process: `quiz prepare` say.
    await place.build()
    assert environments.needs("tiny") is None


async def test_a_cancelled_build_ends_uv_and_leaves_nothing_that_looks_complete(
    place: Place,
) -> None:
    building = asyncio.create_task(place.build())
    await wait_until(lambda: place.lines, "the build has begun")
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert not place.environments.ready("tiny")
    await place.build()
    assert place.environments.ready("tiny")


async def test_an_unknown_name_is_answered_with_the_one_that_was_meant(place: Place) -> None:
    said = "There is no environment tiney. Did you mean tiny?"
    assert place.environments.needs("tiney") == said
    with pytest.raises(BuildError, match=said.replace("?", r"\?")):
        place.environments.get("tiney")


async def test_the_first_of_two_locks_with_one_name_is_used(place: Place, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "tiny.txt").write_text("another==1\n")
    found = Environments((place.locks, other), place.cache)
    assert found.get("tiny").lock == place.locks / "tiny.txt"


def test_every_shipped_variant_has_its_environments(environments: Environments) -> None:
    demos, _ = load_demos()
    named = {name for d in demos.values() for v in d.variants.values() for name in v.environments}
    assert named <= set(environments.names)
    assert all(environments.ready(name) for name in named)


def test_no_lock_contains_an_address_or_a_path() -> None:
    root = Path(__file__).parents[2]
    locks = [*root.glob("requirements*.txt"), *SHIPPED_LOCKS.glob("*.txt")]
    assert len(locks) >= 4
    for lock in locks:
        lines = lock.read_text().splitlines()
        assert not [line for line in lines if "/" in line or line.startswith("-")], lock
