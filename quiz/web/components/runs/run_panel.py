"""A run as a page shows it: its state, sentence, figure, facts, code and experiment.

Everything is made when a template asks for it, and the figure once a revision however many watch.
"""

import re
import sys
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup

from quiz import figure
from quiz.claims.facts import resolve
from quiz.claims.relations import Held, held
from quiz.demos.model import Demo, Extra
from quiz.figure.words import duration
from quiz.network import is_loopback
from quiz.questions.prediction import Prediction
from quiz.runs.run import Run
from quiz.timeline import Timeline
from quiz.web.components import wording
from quiz.web.components.runs import fault_controls
from quiz.web.components.runs.demo_files import File, files
from quiz.web.components.runs.parameter_form import Knobs
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_record import Record
from quiz.web.core.request import learner, state

# Below this a run is over before its steps could be read.
STEPS_FROM_SECONDS = 3.0
KEPT_DRAWINGS = 64
FAULTS = {
    "demo": "The demo is at fault",
    "limit": "A limit ended this run",
    "app": "The app is at fault, not the demo",
}
IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
NAMES = {
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "python": "Python",
    "sqlalchemy": "SQLAlchemy",
    "celery": "Celery",
    "arq": "ARQ",
    "rq": "RQ",
    "redis": "redis-py",
    "apscheduler": "APScheduler",
}

# By run and prediction: what was drawn last, and of which revision.
_drawings: OrderedDict[tuple[str, str], tuple[tuple[int, int, str], Markup]] = OrderedDict()


@dataclass(frozen=True)
class Offer:
    """A button that runs something, and why it has not run yet; or what is missing for that."""

    words: str
    action: str
    fields: list[tuple[str, str]]
    text: str
    main: bool = False
    needs: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lab:
    """Without a run it offers one. `choice` is None where the demo is no longer there."""

    request: Request
    choice: Choice | None
    run: Run | None = None
    attempt: str = ""
    paths: Sequence[str] = ()
    why: str = ""
    note: str = ""
    predicted: Prediction | None = None

    @property
    def demo(self) -> Demo | None:
        return self.choice.demo if self.choice else None

    # The run's state.

    @property
    def unfinished(self) -> bool:
        return self.run is not None and not self.run.is_over

    @property
    def status(self) -> str:
        return self.run.status if self.run else ""

    @property
    def href(self) -> str:
        return f"/runs/{self.run.id}" if self.run else ""

    @property
    def may_cancel(self) -> bool:
        return self.run is not None and self.run.may_be_stopped_by(learner(self.request))

    @property
    def breaks(self) -> list[tuple[str, str]]:
        """What may be broken now, and the button's words."""
        if self.run is None or not self.unfinished or not self.may_cancel:
            return []
        if self.run.zero_ns is None:
            return []
        left = [what for what in self.run.breaks if what not in self.run.broken]
        return [(what, fault_controls.BUTTONS[what]) for what in left]

    @property
    def broke(self) -> str:
        """What was broken in it by hand, and what followed where that ended the run."""
        if self.run and self.run.spared and self.unfinished:
            return fault_controls.SPARED[self.run.spared]
        if self.run is None or not self.run.broken:
            return ""
        ended = f" {self.run.reason}" if self.run.is_over and self.run.reason else ""
        return fault_controls.told(self.run.broken) + ended

    @property
    def first_href(self) -> str:
        """Where who starts it is led without script."""
        return f"{self.href}?{self._predicted_query}" if self._predicted_query else self.href

    @property
    def look_href(self) -> str:
        """Where one looks again, which waits for its end."""
        if self.attempt:
            return f"/attempts/{self.attempt}?look=again"
        return f"{self.href}?{'&'.join(filter(None, ('look=again', self._predicted_query)))}"

    @property
    def live_href(self) -> str:
        if not self.unfinished:
            return ""
        query = f"attempt={self.attempt}" if self.attempt else self._predicted_query
        return f"{self.href}/live?{query}" if query else f"{self.href}/live"

    @property
    def _predicted_query(self) -> str:
        """What a page of the run alone is asked for with, to show the prediction, too."""
        if self.predicted is None or self.attempt:
            return ""
        return urlencode({"predicted": str(self.predicted)})

    @property
    def since_start(self) -> timedelta:
        now = datetime.now(UTC)
        return now - (self.run.started or now) if self.run else timedelta()

    @property
    def says(self) -> str:
        """What it is at, for who waits."""
        assert self.run
        if self.run.status == "running":
            return f"Running. It takes about {wording.seconds(self.run.seconds)}."
        if self.run.place is None:
            return "Getting ready."
        left = wording.seconds(max(1.0, self.run.wait_seconds or 0.0))
        return f"Waiting for its turn: place {self.run.place} in the queue, about {left} left."

    @property
    def steps(self) -> list[str]:
        """What the scenario does, in its words; of a run that failed, how far it came."""
        run = self.run
        if run is None or run.status in ("finished", "cancelled"):
            return []
        slow = max(run.seconds, self.since_start.total_seconds()) > STEPS_FROM_SECONDS
        return run.steps if slow or run.status != "running" else []

    @property
    def pages(self) -> list[tuple[str, str]]:
        """Titles and addresses of pages that programs of the run have, where a browser gets there.

        They are on this machine's loopback: so is the browser, if we are.
        """
        if not self.unfinished or not is_loopback(state(self.request)["settings"].host):
            return []
        assert self.run
        return [(title, f"http://127.0.0.1:{port}/") for title, port in self.run.pages.items()]

    @property
    def fault(self) -> str:
        """Why a run that is over decides nothing; "" where it decides."""
        run = self.run
        if run is None or not run.is_over:
            return ""
        if run.status == "finished":
            return run.doubt
        ended = "This run was cancelled."
        if run.status != "cancelled":
            whose = FAULTS.get(run.fault or "app", FAULTS["app"])
            ended = f"{whose}: {run.reason or 'it did not end.'}"
        return f"{run.doubt} {ended}" if run.truncated else ended

    @property
    def said(self) -> str:
        """For who does not see it: that it started, that the response was sent, how it ended."""
        if self.run is None:
            return ""
        if self.run.is_over:
            return f"The run has ended. {self.fault or self.sentence}"
        responses = self.timeline.responses
        if responses and responses[0].sent_ms is not None:
            return f"The response was sent after {duration(responses[0].sent_ms)}."
        return "The run goes on." if self.run.status == "running" else "The run waits for its turn."

    # What is offered.

    @property
    def offer(self) -> Offer | None:
        return None if self.run else self._offer(self.why, main=True)

    @property
    def again(self) -> Offer | None:
        return self._offer("", main=bool(self.fault)) if self.run and self.run.is_over else None

    def _offer(self, why: str, *, main: bool) -> Offer | None:
        if self.choice is None:
            return None
        fields = self.choice.fields + ([("attempt", self.attempt)] if self.attempt else [])
        if self.predicted and not self.attempt:
            fields.append(("predicted", str(self.predicted)))
        text = f"{'Run again' if self.run else 'Run'} · about {self.choice.seconds}"
        needs = state(self.request)["runs"].needs(self.choice.variant, self.choice.environment)
        return Offer(why, self.choice.action, fields, text, main, needs)

    @property
    def demo_href(self) -> str:
        return self.choice.href if self.choice else ""

    @property
    def title(self) -> str:
        if self.choice:
            return self.choice.demo.title
        return self.run.demo if self.run else ""

    @property
    def variant_title(self) -> str:
        if self.choice:
            return self.choice.variant.title
        return self.run.variant if self.run else ""

    @property
    def caption(self) -> str:
        """When and where it ran."""
        assert self.run
        return f"{wording.moment(self.run.created)}, environment {self.run.environment}"

    # What it shows.

    @cached_property
    def timeline(self) -> Timeline:
        assert self.run
        return self.run.timeline

    @property
    def _has_events(self) -> bool:
        return self.run is not None and bool(self.run.events)

    @cached_property
    def _drawn(self) -> figure.Figure:
        selected = self.request.query_params.get("span", "")
        return figure.draw(
            self.timeline, live=self._live, selected=selected, prediction=self.predicted
        )

    @property
    def _live(self) -> figure.Live | None:
        if self.run is None or self.run.is_over:
            return None
        return figure.Live(self.since_start.total_seconds() * 1000, self.run.seconds * 1000)

    @cached_property
    def picture(self) -> Markup:
        """The drawn timeline; nothing as long as nothing happened."""
        if self.run is None or not self.run.events:
            return Markup("")
        # One that goes on is drawn anew each second, since its axis grows.
        second = int(self.since_start.total_seconds()) if self.unfinished else -1
        version = (self.run.revision, second, self.request.query_params.get("span", ""))
        key = (self.run.id, str(self.predicted or ""))
        known = _drawings.get(key)
        if known and known[0] == version:
            return known[1]
        also = self._predicted_query
        html = part(self.request, "timeline/figure.html", figure=self._drawn, also=also)
        _drawings[key] = (version, html)
        _drawings.move_to_end(key)
        while len(_drawings) > KEPT_DRAWINGS:
            _drawings.popitem(last=False)
        return html

    @cached_property
    def sentence(self) -> figure.Sentence | str:
        return figure.tell(self.timeline, live=self.unfinished) if self._has_events else ""

    @property
    def facts(self) -> list[wording.Told]:
        """Only what the claims of the question name; without a question what the demo added."""
        if self.run is None or self.unfinished or not self._has_events or self.run.truncated:
            return []
        paths = list(self.paths) or [f"extra.{name}" for name in self.run.extra]
        facts = self.timeline.facts
        if self.run.broken:
            paths += ["undone", "doubled", *(f"late_ms.{name}" for name in facts["late_ms"])]
        return [wording.told(path, resolve(facts, path), self.demo) for path in paths]

    @cached_property
    def foretold(self) -> list[Held]:
        """What a run without a question shows of the tasks that were predicted."""
        if self.predicted is None or self.attempt or not self._has_events:
            return []
        if self.run is None or not self.run.decides:
            return []
        return held(self.timeline.facts, self.predicted)

    @property
    def curves(self) -> list[Extra]:
        """Those that are drawn, for their explanation."""
        known = self.demo.curves if self.run and self.demo else {}
        return [known[c.name] for c in self.timeline.curves if c.name in known] if known else []

    @property
    def files(self) -> list[File]:
        if self.run is None:
            return files(self.choice.source) if self.choice else []
        lanes = {span.name: span.lane for span in self.timeline.spans if span.is_call}
        asked = "span" in self.request.query_params and self._has_events
        chosen = self._drawn.selected if asked else None
        return files(self.run.source, lanes, chosen.line if chosen else None)

    # The experiment.

    @property
    def knobs(self) -> Knobs | None:
        return Knobs(self.choice, state(self.request)["runs"].needs) if self.choice else None

    @property
    def record(self) -> Record | None:
        return Record(self.run) if self.run and self.run.is_over else None

    @property
    def curl(self) -> str:
        return self.choice.curl(self.request) if self.choice else ""

    @property
    def versions(self) -> str:
        """ "FastAPI 0.165.0, uvicorn 0.54.0, Python 3.11.7": what the demo's files stand on."""
        if self.run is None:
            return ""
        imported = {name for text in self.run.source.values() for name in IMPORT.findall(text)}
        # The operating system stands among them as `os`, like a module.
        imported -= sys.stdlib_module_names
        shown = [name for name in self.run.versions if name.replace("-", "_") in imported]
        names = dict.fromkeys(["fastapi", "starlette", "uvicorn", *shown, "python"])
        known = {name: version for name, version in self.run.versions.items() if name in names}
        return ", ".join(f"{NAMES.get(n, n)} {known[n]}" for n in names if n in known)


def part(request: Request, template: str, **context: object) -> Markup:
    """A partial alone: a piece of a message or of a page."""
    return Markup(request.app.state.templates.get_template(template).render(**context))
