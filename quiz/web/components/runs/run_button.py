"""A button that starts a run. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.web.components.runs.run_choice import Choice


@dataclass(frozen=True, slots=True)
class RunButton:
    """`needs` replaces the button if this machine lacks something."""

    action: str
    fields: list[tuple[str, str]]
    text: str
    main: bool
    needs: str | None


def run_button(
    choice: Choice, verb: str, fields: Mapping[str, str], *, main: bool, needs: str | None
) -> RunButton:
    """`verb` starts the button's text. `fields` are sent with those of the choice."""
    text = f"{verb} · about {choice.seconds}"
    return RunButton(choice.action, [*choice.fields, *fields.items()], text, main, needs)
