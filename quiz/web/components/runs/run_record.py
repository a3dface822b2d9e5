"""What a finished run left behind: output, all facts, versions, addresses of its data. Pure."""

from dataclasses import dataclass
from functools import cached_property

from quiz.runs.run import Run
from quiz.web.components import wording


@dataclass(frozen=True)
class Record:
    run: Run

    @property
    def output(self) -> str:
        return self.run.output

    @property
    def cut(self) -> bool:
        """Whether the output was longer than what is kept."""
        return self.run.output_bytes > len(self.run.output.encode())

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        return list(wording.flat(self.run.timeline.facts))

    @property
    def versions(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in self.run.versions.items())

    @property
    def trace_href(self) -> str:
        return f"/sandbox/runs/{self.run.id}/trace"

    @property
    def json_href(self) -> str:
        return f"/sandbox/runs/{self.run.id}"
