"""Time in a real browser from the press of Answer to the verdict on the screen."""

import shutil
import statistics
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from bench.figures import Figure, percentile
from bench.runs import warm
from bench.server import Place, quiz

QUESTION = "/packs/background-tasks/what-the-client-waits-for"
ANSWERS = 40
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
# Painted: in the frame after the one in which it stands in the page.
PRESS = """() => new Promise((done) => {
  document.querySelector('input[name="answer"]').checked = true;
  const button = document.querySelector('#answer button[type="submit"]');
  const began = performance.now();
  new MutationObserver((_, observer) => {
    if (!document.getElementById("verdict")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  }).observe(document.getElementById("main"), { childList: true, subtree: true });
  button.click();
})"""


def figures(at: Place) -> Iterator[Figure]:
    with quiz(at, at.new("data")) as served, sync_playwright() as playwright:
        warm(served)
        found = next((path for name in NAMES if (path := shutil.which(name))), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page()
        took: list[float] = []
        for _ in range(ANSWERS):
            page.goto(f"http://{served.address.host}:{served.address.port}{QUESTION}")
            took.append(float(page.evaluate(PRESS)))
        browser.close()
    yield Figure(
        "Press of Answer to the verdict on the screen, p95",
        percentile(took, 0.95),
        100,
        "ms",
        notes=(f"{ANSWERS} answers in Chromium; median {statistics.median(took):.0f} ms.",),
    )
