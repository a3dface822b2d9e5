"""What this machine lacks for a demo: a message with a command per variant and environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.demos.model import Demo, Variant
from quiz.runs.service import Runs


@dataclass(frozen=True, slots=True)
class Requirements:
    """Messages by the names of variant and environment. None means that the variant can run."""

    missing: Mapping[tuple[str, str], str | None]

    def of(self, variant: Variant, environment: str) -> str | None:
        return self.missing.get((variant.name, environment))


def requirements(runs: Runs, demo: Demo) -> Requirements:
    return Requirements(
        {
            (variant.name, environment): runs.needs(variant, environment)
            for variant in demo.variants.values()
            for environment in variant.environments
        }
    )
