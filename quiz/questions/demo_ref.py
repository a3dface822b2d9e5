"""A question's reference to a demo: its variant, its environment and its parameters."""

from urllib.parse import urlencode

from pydantic import Field

from quiz.questions.fields import PackModel
from quiz.questions.placeholders import number


class Counterfactual(PackModel):
    """Another variant, environment or parameter of the same demo, in which other claims hold."""

    variant: str | None = Field(
        default=None, description="A variant of the demo; the first by default."
    )
    environment: str | None = Field(
        default=None, description="Where it runs; the variant's first environment by default."
    )
    parameters: dict[str, int | float] = Field(
        default_factory=dict, description="Values of the demo's parameters, over its defaults."
    )


class DemoRef(Counterfactual):
    """The demo that decides a question. The loader fills in what the file leaves out."""

    name: str = Field(description="The name of the demo's folder.")

    def at(self, other: Counterfactual) -> "DemoRef":
        """The same demo with the variant, environment and parameters of `other`."""
        return DemoRef(name=self.name, **other.model_dump())

    @property
    def href(self) -> str:
        """Address of the demo's page with these values in its form."""
        query = urlencode(self.fields)
        return f"/demos/{self.name}?{query}" if query else f"/demos/{self.name}"

    @property
    def action(self) -> str:
        """Address to which a form with `fields` is sent to start a run."""
        return f"/demos/{self.name}/runs"

    @property
    def fields(self) -> list[tuple[str, str]]:
        chosen = (("variant", self.variant), ("environment", self.environment))
        values = ((name, number(value)) for name, value in self.parameters.items())
        return [*((name, value) for name, value in chosen if value), *values]
