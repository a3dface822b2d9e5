"""Addresses of a run: its page, its stream, and where a browser without JavaScript goes. Pure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from quiz.questions.prediction import Prediction
from quiz.runs.run import Run


@dataclass(frozen=True, slots=True)
class RunLinks:
    """`attempt` is the id of the answer whose page shows the run; "" on the run's own page."""

    run: Run | None
    attempt: str = ""
    predicted: Prediction | None = None

    @property
    def page(self) -> str:
        return f"/runs/{self.run.id}" if self.run else ""

    @property
    def after_start(self) -> str:
        """Address for a browser without JavaScript after it has started the run."""
        return f"{self.page}?{self.prediction_query}" if self.prediction_query else self.page

    @property
    def look_again(self) -> str:
        """Address whose response waits for the end of the run."""
        if self.attempt:
            return f"/attempts/{self.attempt}?look=again"
        return f"{self.page}?{'&'.join(filter(None, ('look=again', self.prediction_query)))}"

    @property
    def live(self) -> str:
        """Address of the stream; "" if there is nothing to wait for."""
        if self.run is None or self.run.is_over:
            return ""
        query = f"attempt={self.attempt}" if self.attempt else self.prediction_query
        return f"{self.page}/live?{query}" if query else f"{self.page}/live"

    @property
    def prediction_query(self) -> str:
        """Query part that makes the run's own page show the prediction, too."""
        if self.predicted is None or self.attempt:
            return ""
        return urlencode({"predicted": str(self.predicted)})
