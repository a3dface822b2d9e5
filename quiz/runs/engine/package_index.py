"""Translates pip's configuration of package indexes into variables of uv, which does not read it.

It knows pip's files and variables, not what is installed.
"""

import configparser
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Sections of pip's configuration that apply to an installation. A later one wins.
_SECTIONS = ("global", "install")


def uv_variables(
    environ: Mapping[str, str], files: tuple[Path, ...] | None = None
) -> dict[str, str]:
    """Variables of uv that match pip's configuration, without those that are already set."""
    pip = _from_files(_files(environ) if files is None else files) | _from_variables(environ)
    extra = _present(pip.get("extra-index-url", ""))
    found = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(extra),
        # pip takes the best version of all indexes, uv the first index that has the package.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
        "UV_FIND_LINKS": ",".join(_present(pip.get("find-links", ""))),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "ALL_PROXY": pip.get("proxy", ""),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    return {name: value for name, value in found.items() if value and name not in environ}


def _present(text: str) -> list[str]:
    """The places without missing local folders: pip ignores those, uv fails."""
    return [place for place in text.split() if _local(place) is None or _exists(place)]


def _exists(place: str) -> bool:
    local = _local(place)
    return local is not None and local.exists()


def _local(place: str) -> Path | None:
    parts = urlsplit(place)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return None if parts.scheme else Path(place).expanduser()


def _files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that pip reads, the least specific first."""
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return ()
    home = Path.home()
    if sys.platform == "darwin":
        site = [Path("/Library/Application Support/pip")]
        user = home / "Library" / "Application Support" / "pip"
        user = user if user.is_dir() else home / ".config" / "pip"
    else:
        folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        site = [Path(folder) / "pip" for folder in folders.split(":") if folder]
        user = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip"
    places = [*site, *([] if sys.platform == "darwin" else [Path("/etc")])]
    places += [home / ".pip", user, Path(sys.prefix)]
    return (*(place / "pip.conf" for place in places), *([Path(named)] if named else []))


def _from_files(files: tuple[Path, ...]) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    found: dict[str, str] = {}
    for file in files:
        try:
            parser.read(file, encoding="utf-8")
        except configparser.Error:
            # pip reports this file itself. The default index may still work.
            continue
    for section in _SECTIONS:
        if parser.has_section(section):
            found |= {name.replace("_", "-"): value for name, value in parser.items(section)}
    return found


def _from_variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("PIP_").lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("PIP_") and value
    }
