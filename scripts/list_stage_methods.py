"""Print the table of the stage's methods for docs/authoring.md.

`python -m scripts.list_stage_methods`
"""

import inspect
import sys
from typing import Any

from quiz.scenario import Stage

HEAD = "| method | what it does |\n|---|---|\n"
ATTRIBUTES = {
    "parameters": "The parameters of the run, by name.",
    "variant": "The name of the variant.",
    "redis_url": 'The URL of the broker, "" before `broker()`.',
}


def stage_table() -> str:
    """A Markdown table: each public method with its signature and docstring, then attributes."""
    methods = [
        (f"{name}{_signature(method)}", _text(method))
        for name, method in vars(Stage).items()
        if callable(method) and not name.startswith("_")
    ]
    rows = [f"| `{call}` | {text} |\n" for call, text in (*methods, *ATTRIBUTES.items())]
    return HEAD + "".join(rows)


def _signature(method: Any) -> str:
    """The parameters with their defaults, without `self`, and the class of the result."""
    signature = inspect.signature(method)
    parameters = [p.replace(annotation=p.empty) for p in signature.parameters.values()][1:]
    text = str(signature.replace(parameters=parameters, return_annotation=signature.empty))
    result = getattr(signature.return_annotation, "__name__", "None")
    result = "" if result in ("None", "Iterator") else f" → {result}"
    return text.replace("<Signals.SIGTERM: 15>", "SIGTERM") + result


def _text(method: Any) -> str:
    return " ".join((inspect.getdoc(method) or "").split())


if __name__ == "__main__":
    sys.stdout.write(stage_table())
