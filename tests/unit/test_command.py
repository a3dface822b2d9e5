"""The command line: arguments and refusals. Serving and running are tested in tests/live."""

import json
import socket
from pathlib import Path

import pytest

from quiz import __version__
from quiz.__main__ import main
from quiz.network import is_loopback
from tests import packs


@pytest.fixture(autouse=True)
def own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUIZ_DATA", str(tmp_path))


def test_the_version_is_printed_without_the_web_server(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"After Response {__version__}\n"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["serv"])
    assert "invalid choice: 'serv'" in capsys.readouterr().err


def test_a_misspelt_setting_is_refused_with_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUIZ_PROT", "9000")
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "quiz: QUIZ_PROT is not a setting. Did you mean QUIZ_PORT?\n"
    )


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_an_invalid_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([f"--port={port}"])
    assert "argument --port" in capsys.readouterr().err


def test_a_port_in_use_is_reported_with_the_flag_to_change_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert f"Port {port} is taken on 127.0.0.1. " in (said := capsys.readouterr().err)
    assert "--port" in said
    assert "QUIZ_PORT" in said


def test_other_machines_have_access_only_with_a_code_or_a_flag(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--host", "0.0.0.0"]) == 1
    told = capsys.readouterr().err
    assert "Set QUIZ_CODE=WORD, which visitors must know, or add --open-access" in told


def test_a_host_that_is_not_an_address_of_this_machine_is_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--host", "no.such.name.invalid", "--open-access", "--port", "0"]) == 1
    assert "no.such.name.invalid is no address of this machine" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_created_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--port", "0", "--data", str(tmp_path / "file" / "data")]) == 3
    assert "choose another folder with --data (QUIZ_DATA)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True)]
    + [("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("quiz.lan", False)],
)
def test_loopback_addresses_are_recognized(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_check_finds_no_problem_in_the_shipped_content(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "Nothing is wrong.\n"


def test_check_prints_the_place_of_a_problem_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "mine.yaml"
    pack.write_text("pack: mine\ntitel: Mine\n")
    assert main(["check", str(pack)]) == 1
    assert f"{pack}:2:1: titel: " in capsys.readouterr().out


def test_check_prints_hints_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = packs.write(tmp_path, packs.SOUND)
    assert main(["check", str(pack)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Nothing is wrong.\n\nCould be better:\n")
    assert f"{pack}:4:10: topics.order: has 3 questions. A sitting is 6 to 10.\n" in said


def test_the_schema_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "draft-07" in json.loads(capsys.readouterr().out)["$schema"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["task_ordr"], "Did you mean task_order?"),
        (["task_order", "--variant", "gatherd"], "Did you mean gathered?"),
        (["task_order", "--set", "task_a=1"], "Did you mean task_a_seconds?"),
        (["task_order", "--set", "task_a_seconds=99"], "must lie between"),
    ],
)
def test_a_run_of_an_unknown_demo_is_refused_before_anything_starts(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_value_without_a_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["run", "task_order", "--set", "3"])
    assert "'3' is not NAME=VALUE" in capsys.readouterr().err


def test_an_unknown_environment_is_not_built(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "curent"]) == 1
    assert "There is no environment curent. Did you mean current?" in capsys.readouterr().out
