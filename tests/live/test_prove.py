"""`quiz prove` and the proof made from a page, with real runs of a small pack."""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from starlette.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from tests import packs
from tests.live.players import write_demo

SAMPLE = """\
pack: ran
title: Ran
topics: {one: {title: One}}
questions:
  - id: how-long
    kind: choice
    topic: one
    difficulty: 1
    demo: {name: sample, variant: plain, parameters: {seconds: 0.1}}
    stem: How long does the work take?
    options:
      - {text: Longer, key: true, holds: background_ms >= 95.0, why: It waits.}
      - {text: Not at all, holds: background_ms < 95.0, why: It does wait.}
    explanation: It waits.
  - id: documented
    kind: number
    topic: one
    difficulty: 1
    stem: How many?
    answer: 3
    explanation: So it is written.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packs" / "demos").mkdir(parents=True)
    write_demo(tmp_path / "packs" / "demos")
    packs.write(tmp_path / "packs", SAMPLE, "ran.yaml")
    return tmp_path / "packs"


def prove(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "quiz", "prove", "ran", "--json", "--times", "2", *arguments]
    environment = os.environ | {"QUIZ_PACKS": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def look_until_it_is_proven(client: TestClient) -> str:
    end = monotonic() + 60
    while "Proving it here" in (html := client.get("/packs/ran/how-long/proof").text):
        assert monotonic() < end
    return html


def statuses(said: dict[str, Any]) -> dict[str, str]:
    return {found["id"]: found["status"] for found in said["questions"]}


def test_a_valid_pack_is_proven_and_its_proof_written_beside_it(folder: Path) -> None:
    code, said = prove(folder)
    assert statuses(said) == {"how-long": "proven", "documented": "documentation"}
    assert code == 0
    record = json.loads((folder / "ran.proof.json").read_text())
    (kept, _) = record["questions"]
    assert kept["times"] == 2
    assert {"fastapi", "python"} <= set(record["ran"][kept["ran"]]["versions"])
    assert [claim["held"] for claim in kept["claims"]] == [2, 0]


def test_a_wrong_key_is_refused_with_the_observations(folder: Path) -> None:
    packs.write(folder, SAMPLE.replace(">= 95.0", ">= 9500.0"), "ran.yaml")
    code, said = prove(folder, "--question", "how-long")
    assert statuses(said) == {"how-long": "failed"}
    assert code == 1
    least, *_ = said["questions"][0]["claims"][0]["values"]["background_ms"]
    assert 95 <= least < 9500


def test_a_failed_run_leaves_its_question_unproven(folder: Path) -> None:
    scenario = folder / "demos" / "sample" / "scenario.py"
    scenario.write_text("def play(stage):\n    raise RuntimeError('no')\n")
    code, said = prove(folder, "--dry")
    assert statuses(said)["how-long"] == "unproven"
    assert "RuntimeError: no" in said["questions"][0]["reason"]
    assert code == 1
    assert not (folder / "ran.proof.json").exists()


def test_an_unknown_question_is_reported_with_the_nearest(folder: Path) -> None:
    code, said = prove(folder, "--question", "how-lang")
    assert code == 1
    assert "how-long" in said["error"]


def test_a_broken_record_is_written_again_and_proofs_of_other_machines_stay(folder: Path) -> None:
    record = folder / "ran.proof.json"
    record.write_text("{ not json")
    code, said = prove(folder, "--question", "how-long")
    assert (code, statuses(said)) == (0, {"how-long": "proven"})
    kept = json.loads(record.read_text())
    kept["questions"][0]["elsewhere"] = {"current": True, "fastapi-0.117": False}
    record.write_text(json.dumps(kept))
    prove(folder, "--question", "how-long")
    again = json.loads(record.read_text())["questions"][0]
    assert again["elsewhere"] == {"current": True, "fastapi-0.117": False}


def test_an_unknown_or_unrelated_environment_is_refused_before_a_run(
    folder: Path,
) -> None:
    for name, word in (("curent", "current"), ("arq", "goes to the environment arq")):
        code, said = prove(folder, "--environment", name)
        assert code == 1
        assert word in said["error"]
    assert not (folder / "ran.proof.json").exists()


def test_a_learner_proves_a_question_on_their_own_machine(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    here = Settings(data=tmp_path / "data", cache=settings.cache, packs=(folder,))
    with TestClient(create_app(here), base_url="http://localhost:8000") as client:
        page = client.post("/packs/ran/how-long/proof")
        assert page.url.path == "/packs/ran/how-long/proof"
        assert "Proving it here" in page.text
        html = look_until_it_is_proven(client)
        assert "On this machine" in html
        assert "Proven 3 of 3" in html
    # It is kept over a restart.
    with TestClient(create_app(here), base_url="http://localhost:8000") as client:
        assert "Proven 3 of 3" in client.get("/packs/ran/how-long/proof").text
