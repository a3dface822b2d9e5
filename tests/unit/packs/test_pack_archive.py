"""A pack as a zip: built from its files, shown and confirmed before it is installed, and safe."""

import io
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from quiz.__main__ import main
from quiz.packs.archive import ArchiveError, unpack
from quiz.packs.catalog import load
from quiz.settings import Settings
from tests.packs import CODE, DEMO, SOUND

SCENARIO = "def play(stage): ...\n"
META = "author: Ada\nlicense: MIT\nversion: '1.0'\n"
PACK = META + SOUND.replace("demo: {name: task_order}", "demo: {name: tiny}", 1).replace(
    "    items:\n      - {id: a, text: task_a ends, at: call.task_a.ended_ms}\n"
    "      - {id: b, text: task_b starts, at: call.task_b.started_ms}\n",
    "    items:\n      - {id: a, text: task_a ends, at: background_ms}\n"
    "      - {id: b, text: task_b starts, at: background_ms}\n",
)
REASONED = """\
pack: small
title: A small pack
topics:
  order: {title: Order}
questions:
  - id: queue
    kind: choice
    topic: order
    difficulty: 1
    stem: Which work may be lost?
    options:
      - {text: A statistic, key: true, why: It can be counted again.}
      - {text: A payment, why: The customer has paid.}
    explanation: A background task is lost when its process is killed.
"""
WHOLE = {
    "small.yaml": PACK,
    "demos/tiny/demo.yaml": DEMO,
    "demos/tiny/tiny.py": CODE,
    "demos/tiny/scenario.py": SCENARIO,
}


def zipped(folder: Path, files: Mapping[str, str]) -> Path:
    file = folder / "pack.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUIZ_PACKS", str(tmp_path / "packs"))
    (tmp_path / "packs").mkdir()
    return tmp_path / "packs"


def added(file: Path, *more: str) -> int:
    return main(["pack", "add", str(file), *more])


def test_the_contents_of_an_added_pack_are_shown_before_it_is_installed(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(zipped(tmp_path, WHOLE), "--yes") == 0
    said = capsys.readouterr().out
    for line in (
        "A small pack (small), version 1.0",
        "by Ada, license MIT",
        "demos/tiny/scenario.py (1 line)",
        "Its demos and packages run as you",
    ):
        assert line in said
    catalog = load(Settings(packs=(packs,)))
    assert (catalog.packs["small"].author, "tiny" in catalog.demos) == ("Ada", True)


def test_without_confirmation_nothing_is_installed(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(tmp_path, WHOLE)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert added(file) == 1
    assert "Add --yes to install it without being asked." in capsys.readouterr().err
    assert list(packs.iterdir()) == []


def test_an_error_is_found_from_any_working_folder(
    tmp_path: Path, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(tmp_path, WHOLE | {"small.yaml": PACK.replace("kind: choice", "kind: chioce")})
    monkeypatch.chdir("/")
    assert added(file, "--yes") == 1
    assert list(packs.iterdir()) == []


def test_an_installed_version_is_not_installed_again(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = zipped(tmp_path, WHOLE)
    assert added(file, "--yes") == 0
    assert added(file) == 0
    assert "A small pack (small) is installed already, in this version." in capsys.readouterr().out
    assert (packs / "small.yaml").read_text() == PACK


NEWER = {
    "small.yaml": PACK.replace("'1.0'", "'1.1'").replace("name: tiny", "name: newer"),
    "demos/newer/demo.yaml": DEMO,
    "demos/newer/tiny.py": CODE,
    "demos/newer/scenario.py": SCENARIO,
}


def test_a_new_version_replaces_the_installed_one(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(zipped(tmp_path, WHOLE | {"LICENSE": "MIT"}), "--yes") == 0
    (packs / "mine.yaml").write_text(SOUND.replace("pack: small", "pack: mine"))
    assert added(zipped(tmp_path, NEWER), "--yes") == 0
    assert "It replaces the installed version 1.0 with its files." in capsys.readouterr().out
    catalog = load(Settings(packs=(packs,)))
    assert (catalog.packs["small"].version, list(catalog.broken)) == ("1.1", [])
    names = {file.relative_to(packs).as_posix() for file in packs.rglob("*") if file.is_file()}
    assert names == {*NEWER, "mine.yaml"}
    assert not (packs / "demos" / "tiny").exists()


def test_a_new_version_that_would_break_another_pack_is_not_installed(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(zipped(tmp_path, WHOLE), "--yes") == 0
    (packs / "mine.yaml").write_text(PACK.replace("pack: small", "pack: mine"))
    assert added(zipped(tmp_path, NEWER), "--yes") == 1
    said = capsys.readouterr().err
    assert "Nothing was installed: mine would not work with the new version." in said
    assert load(Settings(packs=(packs,))).packs["small"].version == "1.0"


def test_a_new_version_does_not_replace_a_file_of_another_pack(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(zipped(tmp_path, WHOLE), "--yes") == 0
    (packs / "demos" / "newer").mkdir()
    (packs / "demos" / "newer" / "scenario.py").write_text("# mine\n")
    assert added(zipped(tmp_path, NEWER), "--yes") == 1
    assert "scenario.py is there already" in capsys.readouterr().err
    assert (packs / "demos" / "newer" / "scenario.py").read_text() == "# mine\n"


def test_a_new_version_that_cannot_be_written_keeps_the_installed_version(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(zipped(tmp_path, WHOLE), "--yes") == 0
    (packs / "demos" / "newer").write_text("a file where the new demo's folder goes")
    assert added(zipped(tmp_path, NEWER), "--yes") == 1
    assert "The installed version was kept." in capsys.readouterr().err
    assert load(Settings(packs=(packs,))).packs["small"].version == "1.0"


def test_a_pack_with_an_error_or_a_lock_from_elsewhere_is_not_installed(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = "evil==1 --hash=sha256:0\n--extra-index-url https://packages.example\n"
    broken = {"scenario.py": "def play(stage): stage.serv()\n"}
    files = WHOLE | {"demos/tiny/scenario.py": broken["scenario.py"], "environments/own.txt": lock}
    assert added(zipped(tmp_path, files), "--yes") == 1
    said = capsys.readouterr().err
    assert "demos/tiny/scenario.py:1:18: the stage has no method serv. Did you mean serve?" in said
    assert "own.txt: installs from elsewhere: --extra-index-url https://packages.example" in said
    assert list(packs.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.yaml", "which is no file of a pack"),
        ("/etc/evil.yaml", "which is no file of a pack"),
        ("demos/../../evil/demo.yaml", "which is no file of a pack"),
        ("demos/tiny/run.sh", "which is no file of a pack"),
        (".bashrc", "which is no file of a pack"),
        ("a\x1b[2J.yaml", r"a\x1b[2J.yaml, which is no file of a pack"),
        ("SMALL.yaml", "SMALL.yaml twice"),
    ],
)
def test_an_unexpected_path_in_a_zip_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        unpack(zipped(tmp_path, {name: "x", "small.yaml": SOUND}))
    assert reason in str(caught.value)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("small.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match="is a link or a device"):
        unpack(tmp_path / "pack.zip")


def test_a_zip_bomb_is_refused_by_its_unpacked_size(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="small.yaml is too large: at most 10 MB for a file"):
        unpack(zipped(tmp_path, {"small.yaml": "x" * 10_000_001}))
    many = {f"demos/d/f{n}.py": "" for n in range(301)}
    with pytest.raises(ArchiveError, match="has 301 files; at most 300 are unpacked"):
        unpack(zipped(tmp_path, many))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"no zip"])
def test_a_file_that_is_not_a_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack.zip").write_bytes(content)
    with pytest.raises(ArchiveError, match="is not a zip file that can be read"):
        unpack(tmp_path / "pack.zip")


@pytest.mark.parametrize(
    "address", ["http://packs.example/a.zip", "file:///etc/passwd", "ftp://packs.example/a.zip"]
)
def test_an_address_without_https_is_refused(
    packs: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["pack", "add", address, "--yes"]) == 1
    assert "is not an https:// address. Download the file yourself." in capsys.readouterr().err


def test_without_a_folder_for_packs_a_pack_goes_into_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUIZ_PACKS", raising=False)
    monkeypatch.setenv("QUIZ_DATA", str(tmp_path / "data"))
    assert added(zipped(tmp_path, WHOLE), "--yes") == 0
    settings = Settings.read({"QUIZ_DATA": str(tmp_path / "data")})
    assert settings.packs == (tmp_path / "data" / "packs",)
    assert "small" in load(settings).packs


def test_a_folder_without_author_or_proof_is_not_built(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packs / "small.yaml").write_text(SOUND)
    assert main(["pack", "build", str(packs)]) == 1
    assert "lacks author, license, version. Add at its top:" in capsys.readouterr().err
    (packs / "small.yaml").write_text(META + SOUND)
    assert main(["pack", "build", str(packs)]) == 1
    assert "Not proven, or changed since: total, lines, seconds." in capsys.readouterr().err


def test_a_pack_in_which_runs_decide_nothing_is_built_without_a_proof(
    tmp_path: Path, packs: Path
) -> None:
    (packs / "small.yaml").write_text(META + REASONED)
    assert main(["pack", "build", str(packs), "--to", str(tmp_path / "small.zip")]) == 0
    assert list(unpack(tmp_path / "small.zip").files) == ["small.yaml"]


def test_a_link_in_place_of_a_proof_is_reported_and_not_read(
    tmp_path: Path, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packs / "small.yaml").write_text(META + REASONED)
    (tmp_path / "secret").write_text('{"pack": "small", "questions": []}')
    (packs / "small.proof.json").symlink_to(tmp_path / "secret")
    assert main(["prove", "small", "--dry"]) == 0
    assert "small.proof.json is a link. A new record replaces it." in capsys.readouterr().err


def test_a_pipe_in_place_of_a_proof_does_not_stop_prove(packs: Path) -> None:
    (packs / "small.yaml").write_text(META + REASONED)
    os.mkfifo(packs / "small.proof.json")
    command = [sys.executable, "-m", "quiz", "prove", "small"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert "small.proof.json is a pipe. A new record replaces it." in done.stderr
    assert (packs / "small.proof.json").is_file()
