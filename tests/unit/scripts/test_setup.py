"""scripts/setup.sh when something is missing: it prints the command that installs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[3] / "scripts" / "setup.sh"
TOOLS = ("cat", "cksum", "dirname", "find", "head", "sh")


class Machine:
    """A clone and a PATH with nothing on it but the shell's tools and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.clone, self.bin = folder / "clone", folder / "bin"
        (self.clone / "scripts").mkdir(parents=True)
        (self.clone / "content" / "environments").mkdir(parents=True)
        for name in ("pyproject.toml", "requirements.txt", "content/environments/a.txt"):
            (self.clone / name).write_text("")
        shutil.copy(SETUP, self.clone / "scripts")
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        self.add("id", "echo 1000")

    def add(self, name: str, script: str) -> None:
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def set_up(self, **variables: str) -> str:
        command = [str(self.bin / "sh"), str(self.clone / "scripts" / "setup.sh"), "run"]
        environ = {"PATH": str(self.bin), "HOME": os.devnull, **variables}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        return done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def old(version: str) -> str:
    return f'[ "$1" = --version ] && echo Python {version} || exit 1'


def test_without_python_debian_s_command_is_said(machine: Machine) -> None:
    machine.add("apt-get", "exit 1")
    assert machine.set_up() == (
        "There is no python3: After Response needs Python 3.11 or newer. "
        "Type: sudo apt-get install python3 python3-venv\n"
    )


def test_a_python_that_is_too_old_is_reported(machine: Machine) -> None:
    machine.add("python3", old("3.9.2"))
    assert machine.set_up().startswith("Python 3.9.2: After Response needs Python 3.11 or newer. ")


def test_a_missing_venv_module_of_debian_is_reported(machine: Machine) -> None:
    machine.add("python3", 'case "$*" in --version) echo Python 3.11.2;; *venv*) exit 1;; esac')
    assert machine.set_up() == (
        "Python 3.11.2 lacks its venv module. Type: sudo apt-get install python3-venv\n"
    )


def test_root_needs_no_sudo(machine: Machine) -> None:
    machine.add("id", "echo 0")
    machine.add("python3", 'case "$*" in --version) echo Python 3.11.2;; *venv*) exit 1;; esac')
    assert machine.set_up().endswith("Type: apt-get install python3-venv\n")


def test_a_newer_python_beside_an_old_one_is_used(machine: Machine) -> None:
    machine.add("python3", old("3.9.2"))
    machine.add("python3.12", 'case "$*" in --version) echo Python 3.12.1;; *venv*) exit 1;; esac')
    assert machine.set_up() == (
        "Python 3.12.1 lacks its venv module. Type: sudo apt-get install python3.12-venv\n"
    )


def test_the_python_in_the_variable_is_used(machine: Machine) -> None:
    machine.add("python3", 'case "$*" in --version) echo Python 3.11.2;; *venv*) exit 1;; esac')
    machine.add("python3.13", 'case "$*" in --version) echo Python 3.13.1;; *venv*) exit 1;; esac')
    assert machine.set_up(PYTHON="python3.13").startswith("Python 3.13.1 lacks its venv module. ")


def test_a_missing_python_in_the_variable_is_reported(machine: Machine) -> None:
    machine.add("python3", "echo Python 3.11.2")
    assert machine.set_up(PYTHON="python3.14").startswith("There is no python3.14: ")


def test_root_on_debian_gets_python_installed(machine: Machine) -> None:
    machine.add("id", "echo 0")
    machine.add("python", 'case "$*" in --version) echo Python 3.11.2;; *venv*) exit 1;; esac')
    install = f"/bin/ln -sf {machine.bin / 'python'} {machine.bin / 'python3'}"
    machine.add("apt-get", f'case "$*" in *install*python3*) {install};; esac')
    # The module is still missing after that, so the set-up ends here.
    assert machine.set_up() == (
        "Python 3.11.2 lacks its venv module. Type: apt-get install python3-venv\n"
    )


def test_packages_that_cannot_be_installed_are_reported_after_the_output_of_pip(
    machine: Machine,
) -> None:
    (machine.bin / "python3").symlink_to(sys.executable)
    shade = f"shade==1.0 --hash=sha256:{'0' * 64}\n"
    (machine.clone / "requirements.txt").write_text(shade)
    told = machine.set_up(PIP_NO_INDEX="1").splitlines()
    assert "ERROR: No matching distribution found for shade==1.0" in told[-2]
    assert told[-1].startswith("The packages of requirements.txt could not be installed.")
