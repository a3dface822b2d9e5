"""The chosen variant, environment and values as a form, an address and a command line. Pure."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from quiz.demos.model import Demo, Variant
from quiz.questions.demo_ref import DemoRef
from quiz.web.components.wording import seconds

LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True)
class Choice:
    demo: Demo
    variant: Variant
    environment: str
    values: Mapping[str, float]

    @property
    def action(self) -> str:
        return self.ref.action

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Names and values that a form sends to start this run."""
        return self.ref.fields

    @cached_property
    def ref(self) -> DemoRef:
        return DemoRef(
            name=self.demo.name,
            variant=self.variant.name,
            environment=self.environment,
            parameters=dict(self.values),
        )

    @property
    def href(self) -> str:
        return self.ref.href

    @property
    def seconds(self) -> str:
        return seconds(self.variant.takes)

    @property
    def source(self) -> dict[str, str]:
        return self.demo.source(self.variant.name, self.values)

    def curl(self, base_url: str, code: str = "") -> str:
        """A shell command that starts the same run.

        `base_url` ends with a slash. `code` is the access code; "" if the server has none.
        """
        body = {
            "variant": self.variant.name,
            "environment": self.environment,
            "parameters": dict(self.values),
        }
        wait = min(LONGEST_WAIT_SECONDS, max(10, round(self.variant.takes * 2)))
        headers = ["Content-Type: application/json", f"Prefer: wait={wait}", "Accept: text/plain"]
        if code:
            headers.append(f"Authorization: Bearer {code}")
        address = f"{base_url}sandbox/{self.demo.name}/runs"
        parts = ["curl", "-sS", address, *(part for h in headers for part in ("-H", h))]
        return shlex.join([*parts, "-d", json.dumps(body)])

    def same_as(self, other: "Choice") -> bool:
        return self.ref == other.ref


def choose(
    demo: Demo,
    variant: str | None = None,
    environment: str | None = None,
    given: Mapping[str, object] | None = None,
) -> Choice:
    """The choice with the demo's defaults for what the caller leaves out.

    Raises ParameterError, naming `variant`, `environment` or a parameter.
    """
    return Choice(demo, *demo.choose(variant or None, environment or None, given or {}))
