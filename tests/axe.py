"""axe-core over a page as it stands: what it finds, one line for each element."""

from importlib.resources import files

from playwright.sync_api import Page

SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """(off) => axe.run(document, {
  resultTypes: ["violations"],
  rules: Object.fromEntries(off.map((rule) => [rule, {enabled: false}])),
})"""


def faults(page: Page, *off: str) -> list[str]:
    """All of axe's rules but those that are `off`."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(SOURCE)
    found = page.evaluate(RUN, list(off))["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
