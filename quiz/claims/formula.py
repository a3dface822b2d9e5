"""Formulas: right answers that are expressions over the demo's parameters.

The loader evaluates a formula again for each variant of its question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import WithJsonSchema

from quiz.claims.expression import Claim, ClaimError, Expression
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.errors import QuizError

# A text that contains this is a formula.
ROOT = "parameters."


@dataclass(frozen=True)
class Formula:
    """Marks a field that may contain an expression of this kind instead of its value."""

    kind: type[Expression]
    # A valid value, used in place of a formula that cannot be evaluated.
    example: int = 1

    def value(self, source: str, values: Mapping[str, float]) -> Any:
        """The value of the formula with these parameters. Raises FaultyError."""
        try:
            expression = self.kind.parse(source)
        except ClaimError as error:
            raise FaultyError(Fault(error.reason, error.mend)) from None
        for path in expression.paths():
            name = path.removeprefix(ROOT)
            if name == path or name not in values:
                known = ", ".join(f"{ROOT}{name}" for name in values)
                raise FaultyError(Fault(f"{path} is not a parameter", f"There are {known}."))
        try:
            found = expression.evaluate({"parameters": dict(values)})
        except QuizError as error:
            raise FaultyError(Fault(f"cannot be worked out: {error}")) from None
        if not expression.fits(found):
            raise FaultyError(Fault(f"gives {found!r}, not {expression.expected}"))
        return found


def _schema(kind: str, description: str) -> WithJsonSchema:
    formula = {"type": "string", "pattern": re.escape(ROOT), "description": description}
    return WithJsonSchema({"anyOf": [{"type": kind}, formula]})


IN_CEL = "CEL over the demo's parameters"
NumberFormula = Annotated[
    float, Formula(Expression), _schema("number", f"{IN_CEL}: parameters.task_a_seconds * 2.0")
]
TruthFormula = Annotated[
    bool, Formula(Claim), _schema("boolean", f"{IN_CEL}: parameters.task_a_seconds > 1.0")
]
