"""Settings: flags override QUIZ_* variables, which override defaults. Unknown names are refused."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from quiz.settings import Settings, SettingsError


def test_defaults_listen_on_this_machine_only() -> None:
    settings = Settings.read({"HOME": "/home/alice", "PORT": "9"})
    assert (settings.host, settings.port, settings.code) == ("127.0.0.1", 8000, "")


def test_every_setting_has_a_description() -> None:
    docs = [field.metadata["doc"] for field in dataclasses.fields(Settings)]
    assert all(doc.endswith(".") for doc in docs)


def test_a_flag_overrides_a_variable_and_a_variable_overrides_a_default() -> None:
    environ = {"QUIZ_PORT": "9000", "QUIZ_HOST": "::1"}
    settings = Settings.read(environ, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "::1")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("RUN_SECONDS", "2.5", 2.5),
        ("OPEN_ACCESS", "yes", True),
        ("RELOAD", "0", False),
        ("CODE", " otter ", "otter"),
        ("ALLOWED_HOSTS", "quiz.lan, quiz", ("quiz.lan", "quiz")),
        ("PACKS", "/srv/a:/srv/b", (Path("/srv/a"), Path("/srv/b"))),
        ("DATA", "/srv/data", Path("/srv/data")),
        ("REDIS_SERVER", "/bin/sh", "/bin/sh"),
        ("REDIS_SERVER", "sh", shutil.which("sh")),
    ],
)
def test_a_variable_is_read_with_the_type_of_its_setting(
    name: str, text: str, value: object
) -> None:
    settings = Settings.read({f"QUIZ_{name}": text})
    assert getattr(settings, name.lower()) == value


def test_a_folder_can_be_relative_or_start_with_a_tilde() -> None:
    settings = Settings.read({"QUIZ_DATA": "data", "QUIZ_CACHE": "~/cache"})
    assert settings.data == Path.cwd() / "data"
    assert settings.cache == Path.home() / "cache"


def test_a_misspelt_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match=r"QUIZ_PROT is not a setting. Did you mean QUIZ_PORT"):
        Settings.read({"QUIZ_PROT": "9000"})


def test_an_unknown_variable_is_refused_with_all_names() -> None:
    with pytest.raises(SettingsError, match=r"QUIZ_XYZZY is not a setting. There are: QUIZ_HOST"):
        Settings.read({"QUIZ_XYZZY": "1"})


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("QUIZ_PORT", "http", "a port from 0 to 65535"),
        ("QUIZ_PORT", "65536", "a port from 0 to 65535"),
        ("QUIZ_PORT", "-1", "a port from 0 to 65535"),
        ("QUIZ_MEMORY_MB", "1.5", "a whole number from 0"),
        ("QUIZ_RUN_SECONDS", "0", "a number of seconds above 0"),
        ("QUIZ_RUN_SECONDS", "nan", "a number of seconds above 0"),
        ("QUIZ_OPEN", "perhaps", "1 or 0"),
        ("QUIZ_DATA", "", "a folder"),
        ("QUIZ_CODE", " ", "a word"),
        ("QUIZ_REDIS_SERVER", "/nowhere/redis-server", "an installed program, by name or path"),
        ("QUIZ_REDIS_SERVER", "", "an installed program, by name or path"),
    ],
)
def test_a_malformed_variable_is_refused_by_name(variable: str, text: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} must be {expected}, not "):
        Settings.read({variable: text})
