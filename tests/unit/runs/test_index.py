"""The index that is configured for pip, as variables of uv."""

from pathlib import Path

import pytest

from quiz.runs.engine.package_index import uv_variables

HOST = "https://packages.example"


def config(tmp_path: Path, text: str, name: str = "pip.conf") -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


def test_without_a_configuration_uv_uses_its_default_index() -> None:
    assert uv_variables({}, ()) == {"UV_PYTHON_DOWNLOADS": "never"}


def test_uv_receives_the_index_and_its_certificate(tmp_path: Path) -> None:
    text = f"[global]\nindex-url = {HOST}/simple\ncert = /etc/ca.pem\n"
    told = uv_variables({}, (config(tmp_path, text),))
    assert told["UV_DEFAULT_INDEX"] == f"{HOST}/simple"
    assert told["SSL_CERT_FILE"] == "/etc/ca.pem"


def test_the_best_version_of_several_indexes_wins_as_with_pip(tmp_path: Path) -> None:
    text = f"[install]\nextra_index_url =\n    {HOST}/a\n    {HOST}/b\n"
    told = uv_variables({}, (config(tmp_path, text),))
    assert told["UV_INDEX"] == f"{HOST}/a {HOST}/b"
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_missing_local_folders_are_ignored(tmp_path: Path) -> None:
    environ = {
        "PIP_EXTRA_INDEX_URL": f"file://{tmp_path} file:///no/such/folder",
        "PIP_FIND_LINKS": f"/no/such/folder {tmp_path}",
    }
    told = uv_variables(environ, ())
    assert told["UV_INDEX"] == f"file://{tmp_path}"
    assert told["UV_FIND_LINKS"] == str(tmp_path)


def test_a_variable_of_pip_wins_over_its_files(tmp_path: Path) -> None:
    file = config(tmp_path, f"[global]\nindex-url = {HOST}/file\n")
    told = uv_variables({"PIP_INDEX_URL": f"{HOST}/variable"}, (file,))
    assert told["UV_DEFAULT_INDEX"] == f"{HOST}/variable"


def test_a_variable_of_uv_wins_over_all_of_pip() -> None:
    environ = {"PIP_INDEX_URL": f"{HOST}/pip", "UV_DEFAULT_INDEX": f"{HOST}/uv"}
    assert "UV_DEFAULT_INDEX" not in uv_variables(environ, ())


def test_the_file_in_pip_config_file_is_read_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".pip"
    folder.mkdir()
    config(folder, f"[global]\nindex-url = {HOST}/user\ncert = /user.pem\n")
    named = config(tmp_path, f"[global]\nindex-url = {HOST}/named\n", "named.conf")
    environ = {"PIP_CONFIG_FILE": str(named), "XDG_CONFIG_HOME": str(tmp_path / "none")}
    told = uv_variables(environ)
    assert told["UV_DEFAULT_INDEX"] == f"{HOST}/named"
    assert told["SSL_CERT_FILE"] == "/user.pem"


def test_pip_config_file_can_disable_all_files() -> None:
    assert uv_variables({"PIP_CONFIG_FILE": "/dev/null"}) == {"UV_PYTHON_DOWNLOADS": "never"}


def test_an_invalid_configuration_file_is_ignored(tmp_path: Path) -> None:
    broken = config(tmp_path, "index-url = no section\n")
    assert uv_variables({}, (broken,)) == {"UV_PYTHON_DOWNLOADS": "never"}
