"""Lighthouse's four scores of each page, in Chromium, as a slow phone would have them.

It comes from npm, in the version below, into the cache. What it would have bettered is told.
"""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.browser import FLAGS, NAMES
from bench.figures import BenchError, Figure
from bench.runs import PATH, warm
from bench.server import Address, Place, quiz
from quiz.settings import Settings

VERSION = "12.8.2"
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
QUESTION = "/packs/background-tasks/what-the-client-waits-for"
SECONDS = 180.0


def figures(at: Place) -> Iterator[Figure]:
    command = _installed(Settings.read(os.environ).cache / f"lighthouse-{VERSION}")
    with quiz(at, at.new("data")) as served:
        warm(served)
        learner = f"learner={secrets.token_urlsafe(32)}"
        for what, path in _pages(served.address, learner).items():
            report = _report(
                command, f"http://{served.address.host}:{served.address.port}{path}", learner
            )
            for category, goal in GOALS.items():
                yield _figure(f"Lighthouse, {what}: {category}", report, category, goal)


def _installed(folder: Path) -> Path:
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        if shutil.which("npm") is None:
            raise BenchError("Lighthouse needs Node.js and npm. Type: apt-get install nodejs npm")
        folder.mkdir(parents=True, exist_ok=True)
        wanted = ["npm", "install", "--silent", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        if subprocess.run([*wanted, "--prefix", str(folder)]).returncode:
            raise BenchError(f"npm could not install lighthouse@{VERSION}.")
    return command


def _pages(address: Address, learner: str) -> dict[str, str]:
    """Those of a first visit, then those of someone who has answered and run something."""
    run = address.json("POST", PATH, {}, prefer="wait=20")
    return {
        "home": "/",
        "question": QUESTION,
        "answer": _answered(address, learner),
        "run": f"/runs/{run['id']}",
        "progress": "/progress",
    }


def _answered(address: Address, learner: str) -> str:
    sent = urlencode({"answer": "o1", "token": secrets.token_urlsafe(12)}).encode()
    url = f"http://{address.host}:{address.port}{QUESTION}/attempts"
    with urlopen(Request(url, sent, {"Cookie": learner})) as answer:
        return str(answer.geturl()).removeprefix(f"http://{address.host}:{address.port}")


def _report(command: Path, url: str, learner: str) -> dict[str, Any]:
    chromium = next((path for name in NAMES if (path := shutil.which(name))), "")
    arguments = [
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(GOALS)}",
        f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}",
        f"--extra-headers={json.dumps({'Cookie': learner})}",
    ]
    environment = os.environ | ({"CHROME_PATH": chromium} if chromium else {})
    done = subprocess.run(
        [command, *arguments], env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise BenchError(f"Lighthouse could not look at {url}: {done.stderr.strip()[-400:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    # Another learner's answer leads to the question, an error to its own page.
    if report["finalDisplayedUrl"] != url or report.get("runtimeError"):
        raise BenchError(f"Lighthouse looked at {report['finalDisplayedUrl']} instead of {url}.")
    return report


def _figure(what: str, report: dict[str, Any], category: str, goal: float) -> Figure:
    found = report["categories"][category]
    audits = [report["audits"][ref["id"]] for ref in found["auditRefs"] if ref["weight"]]
    faults = [
        audit["title"]
        for audit in audits
        if (audit["score"] or 0) < 0.9 and audit["scoreDisplayMode"] != "notApplicable"
    ]
    notes = (f"{'; '.join(faults) or 'nothing to better'}.",)
    return Figure(what, round((found["score"] or 0) * 100), goal, "", at_least=True, notes=notes)
