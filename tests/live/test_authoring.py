"""The files of docs/authoring.md make a pack that is valid, runs and is proven."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from quiz.claims.fact_table import fact_table
from quiz.demos.locks import SHIPPED_LOCKS
from tests.live.test_new import quiz
from tests.unit.packs.test_pack_archive import WHOLE, zipped

REGENERATE = (
    '.venv/bin/python -c "from quiz.claims.fact_table import fact_table; print(fact_table())"'
)
PAGE = Path(__file__).parents[2] / "docs" / "authoring.md"
FENCE = re.compile(r"```\w+\n(.*?)```", re.DOTALL)
NAME = re.compile(r"`([\w/-]+\.(?:py|yaml))`")


def files_of(page: str) -> dict[str, str]:
    """Each block of code, by the file name that precedes it."""
    before, *rest = re.split(FENCE, page)
    found = {}
    for block, after in zip(rest[::2], rest[1::2], strict=True):
        found[NAME.findall(before)[-1]] = block
        before = after
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of files that the page tells the author to write."""
    told = files_of(PAGE.read_text(encoding="utf-8"))
    assert set(told) == {
        "demos/flaky_mail/main.py",
        "demos/flaky_mail/scenario.py",
        "demos/flaky_mail/demo.yaml",
        "retries-at-work.yaml",
    }
    for name, text in told.items():
        file = tmp_path / "packs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "packs"


def test_the_pack_of_the_documentation_is_valid_and_proven(folder: Path) -> None:
    assert quiz(folder, "check")[0] == 0
    code, said = quiz(folder, "prove", "retries-at-work", "--times", "2")
    assert code == 0, said
    (proof,) = json.loads((folder / "retries-at-work.proof.json").read_text())["questions"]
    assert proof["claims"][0]["held"] == 2


def test_a_pack_from_outside_can_bring_its_own_environment(folder: Path) -> None:
    (folder / "environments").mkdir()
    # A copy of a shipped lock under a new name, so that nothing has to be downloaded.
    shutil.copy(SHIPPED_LOCKS / "fastapi-0.117.txt", folder / "environments" / "mail.txt")
    demo = folder / "demos" / "flaky_mail" / "demo.yaml"
    demo.write_text(demo.read_text().replace("[current]", "[mail]"))
    code, said = quiz(folder, "prove", "retries-at-work", "--times", "1", "--json")
    assert code == 0, said
    ran = json.loads(said[said.index("{") :])["questions"][0]["ran"]
    assert ran["environment"] == "mail"
    assert ran["versions"]["fastapi"].startswith("0.117")


def test_a_pack_is_built_with_its_proof_and_installed_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copy(PAGE.parents[1] / "LICENSE", folder)
    assert quiz(folder, "prove", "retries-at-work", "--times", "1")[0] == 0
    file = tmp_path / "shared.zip"
    code, said = quiz(folder, "pack", "build", str(folder), "--to", str(file))
    assert code == 0, said
    code, said = quiz(tmp_path / "other", "pack", "add", str(file), "--yes")
    assert code == 0, said
    assert "by Ada Lovelace, license CC-BY-4.0" in said
    assert "1 question; runs decide 1: proven 1" in said
    assert "demos/flaky_mail/scenario.py" in said
    there = (file for file in (tmp_path / "other").rglob("*") if file.is_file())
    added = {str(file.relative_to(tmp_path / "other")) for file in there}
    assert added == {
        "demos/flaky_mail/demo.yaml",
        "demos/flaky_mail/main.py",
        "demos/flaky_mail/scenario.py",
        "retries-at-work.LICENSE",
        "retries-at-work.proof.json",
        "retries-at-work.yaml",
    }
    assert quiz(tmp_path / "other", "check")[0] == 0


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A pack as a zip. Other tests check its contents."""
    return zipped(tmp_path, WHOLE)


@pytest.mark.parametrize(("answer", "installed"), [("y", True), ("n", False), ("", False)])
def test_adding_asks_at_the_terminal_after_showing_the_code(
    tmp_path: Path, shared: Path, answer: str, installed: bool
) -> None:
    (tmp_path / "packs").mkdir()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "quiz", "pack", "add", str(shared)],
        env=os.environ | {"QUIZ_PACKS": str(tmp_path / "packs")},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while b"Install it? [y/N] " not in said:
        said += os.read(ours, 4096)
    assert b"demos/tiny/scenario.py (1 line)" in said
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(30) == (0 if installed else 1)
    os.close(ours)
    assert (tmp_path / "packs" / "small.yaml").exists() is installed


def test_a_pack_is_added_from_an_address(tmp_path: Path, shared: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(shared.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        code, said = quiz(tmp_path / "packs", "pack", "add", f"{address}/none.zip", "--yes")
        assert (code, "cannot be downloaded: File not found" in said) == (1, True), said
        code, said = quiz(tmp_path / "packs", "pack", "add", f"{address}/pack.zip", "--yes")
        server.shutdown()
    assert code == 0, said
    assert (tmp_path / "packs" / "demos" / "tiny" / "tiny.py").is_file()


def test_the_page_s_table_of_facts_is_that_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page.partition("<!-- facts -->\n")[2].partition("<!-- end of facts -->")[0]
    assert written == fact_table(), f"Paste the output of: {REGENERATE}"


def test_the_page_stays_short() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("<!-- facts -->")[0]
    assert len(page.splitlines()) <= 180
