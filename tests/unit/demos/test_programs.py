"""Programs outside the environments: found, or reported with the command that installs them."""

from dataclasses import replace
from pathlib import Path

import pytest

from quiz.demos import system_programs
from quiz.demos.system_programs import PROGRAMS

RABBITMQ = PROGRAMS["rabbitmq-server"]


def put(folder: Path, name: str) -> Path:
    folder.mkdir()
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any known program."""
    monkeypatch.setitem(PROGRAMS, "rabbitmq-server", replace(RABBITMQ, folders=()))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.mark.usefixtures("nowhere")
def test_a_missing_program_is_named_with_the_one_command_that_installs_it() -> None:
    said = system_programs.missing(["rabbitmq-server"])
    assert said == f"RabbitMQ is not installed here. Type: {RABBITMQ.command}"


def test_the_command_uses_sudo_only_where_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    command = "apt-get install --no-install-recommends rabbitmq-server"
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert RABBITMQ.command == command
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert RABBITMQ.command == f"sudo {command}"
    monkeypatch.setattr("sys.platform", "darwin")
    assert RABBITMQ.command == "brew install rabbitmq"


@pytest.mark.usefixtures("nowhere")
def test_a_program_on_the_path_is_found(tmp_path: Path) -> None:
    file = put(tmp_path / "bin", "rabbitmq-server")
    assert system_programs.find("rabbitmq-server") == str(file)
    assert system_programs.missing(["rabbitmq-server"]) is None


@pytest.mark.usefixtures("nowhere")
def test_the_known_folders_of_a_program_come_before_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "bin", "rabbitmq-server")
    file = put(tmp_path / "lib", "rabbitmq-server")
    known = replace(RABBITMQ, folders=(str(file.parent),))
    monkeypatch.setitem(PROGRAMS, "rabbitmq-server", known)
    assert system_programs.find("rabbitmq-server") == str(file)


def test_without_needs_no_program_is_missing() -> None:
    assert system_programs.missing([]) is None
