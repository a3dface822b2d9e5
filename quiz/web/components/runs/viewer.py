"""Who looks at a run, and what the page's address says about the view. Plain data, no request."""

from dataclasses import dataclass

from fastapi import Request

from quiz.web.core.request import learner


@dataclass(frozen=True, slots=True)
class Viewer:
    """`base_url` ends with a slash. `span` is the selected span; None if the address has none."""

    learner: str
    base_url: str
    span: str | None = None


def viewer(request: Request) -> Viewer:
    return Viewer(learner(request), str(request.base_url), request.query_params.get("span"))
