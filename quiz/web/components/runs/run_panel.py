"""A run as a page shows it: state, results, buttons, parameters. Pure.

The panel holds plain data: `run_panel` collects it, templates read it. It knows no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from quiz.claims.relations import Held
from quiz.network import is_loopback
from quiz.questions.prediction import Prediction
from quiz.runs.run import Run
from quiz.web.components import wording
from quiz.web.components.runs import fault_controls, run_wording
from quiz.web.components.runs.demo_files import File, files
from quiz.web.components.runs.parameter_form import ParameterForm
from quiz.web.components.runs.requirements import Requirements, requirements
from quiz.web.components.runs.run_button import RunButton, run_button
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_links import RunLinks
from quiz.web.components.runs.run_results import RunResults
from quiz.web.components.runs.viewer import Viewer
from quiz.web.core.request import State


@dataclass(frozen=True, kw_only=True)
class RunPanel:
    """`choice` is None if the demo no longer exists. Without a run, the panel offers to start one.

    `attempt` is the id of the answer that the run belongs to; `paths` are the facts to list.
    `why` says why nothing has run yet. `is_local`: the browser may be on the server's machine.
    """

    viewer: Viewer
    now: datetime
    choice: Choice | None
    requirements: Requirements
    is_local: bool = False
    curl: str = ""
    run: Run | None = None
    attempt: str = ""
    paths: Sequence[str] = ()
    why: str = ""
    note: str = ""
    predicted: Prediction | None = None

    def at(self, run: Run, now: datetime) -> "RunPanel":
        """The same panel with what the run has done until now."""
        return replace(self, run=run, now=now)

    # The parts of the panel.

    @cached_property
    def results(self) -> RunResults | None:
        """What the run shows; None without a run."""
        if self.run is None:
            return None
        return RunResults(
            run=self.run,
            now=self.now,
            demo=self.choice.demo if self.choice else None,
            span=self.viewer.span,
            paths=self.paths,
            predicted=self.predicted,
        )

    @cached_property
    def links(self) -> RunLinks:
        return RunLinks(self.run, self.attempt, self.predicted)

    @property
    def prediction_results(self) -> list[Held]:
        """Each predicted task beside what the run shows; a question lists them with its options."""
        return self.results.prediction if self.results and not self.attempt else []

    @property
    def files(self) -> list[File]:
        if self.results:
            return self.results.files
        return files(self.choice.source) if self.choice else []

    @property
    def parameter_form(self) -> ParameterForm | None:
        return ParameterForm(self.choice, self.requirements) if self.choice else None

    # Titles.

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
        """Time and environment of the run."""
        assert self.run
        return f"{wording.moment(self.run.created)}, environment {self.run.environment}"

    @property
    def demo_href(self) -> str:
        return self.choice.href if self.choice else ""

    # State of the run.

    @property
    def is_over(self) -> bool:
        return self.run is not None and self.run.is_over

    @property
    def unfinished(self) -> bool:
        return self.run is not None and not self.run.is_over

    @property
    def status(self) -> str:
        return self.run.status if self.run else ""

    @property
    def status_line(self) -> str:
        return run_wording.status_line(self.run) if self.run else ""

    @property
    def steps(self) -> list[str]:
        return run_wording.steps(self.run, self.now) if self.run else []

    @property
    def fault(self) -> str:
        return run_wording.fault(self.run) if self.run else ""

    @property
    def announcement(self) -> str:
        """Status for screen readers."""
        if self.run is None or self.results is None:
            return ""
        if self.run.is_over:
            return f"The run has ended. {self.fault or self.results.sentence}"
        return run_wording.progress(self.run)

    @property
    def program_pages(self) -> list[tuple[str, str]]:
        """Titles and addresses of web pages that programs of the run serve.

        The programs listen on the server's loopback: only a browser on that machine reaches them.
        """
        if self.run is None or not self.unfinished or not self.is_local:
            return []
        return [(title, f"http://127.0.0.1:{port}/") for title, port in self.run.pages.items()]

    # Buttons.

    @property
    def may_cancel(self) -> bool:
        return self.run is not None and self.run.may_be_stopped_by(self.viewer.learner)

    @property
    def fault_buttons(self) -> list[tuple[str, str]]:
        """Names and texts of the faults that the learner can inject now."""
        run = self.run
        if run is None or run.is_over or run.zero_ns is None or not self.may_cancel:
            return []
        left = [what for what in run.breaks if what not in run.broken]
        return [(what, fault_controls.BUTTONS[what]) for what in left]

    @property
    def fault_note(self) -> str:
        return run_wording.fault_note(self.run) if self.run else ""

    @property
    def first_run(self) -> RunButton | None:
        return None if self.run else self._button("Run", main=True)

    @property
    def run_again(self) -> RunButton | None:
        return self._button("Run again", main=bool(self.fault)) if self.is_over else None

    def _button(self, verb: str, *, main: bool) -> RunButton | None:
        if self.choice is None:
            return None
        needs = self.requirements.of(self.choice.variant, self.choice.environment)
        fields = {"attempt": self.attempt} if self.attempt else {}
        if self.predicted and not self.attempt:
            fields = {"predicted": str(self.predicted)}
        return run_button(self.choice, verb, fields, main=main, needs=needs)


def run_panel(
    services: State, viewer: Viewer, choice: Choice | None, run: Run | None = None
) -> RunPanel:
    """The panel as of now, with what this machine lacks for the demo."""
    settings = services["settings"]
    return RunPanel(
        viewer=viewer,
        now=datetime.now(UTC),
        choice=choice,
        requirements=requirements(services["runs"], choice.demo) if choice else Requirements({}),
        is_local=is_loopback(settings.host),
        curl=choice.curl(viewer.base_url, settings.code) if choice else "",
        run=run,
    )
