"""Checks an entry of a pack's file against its demo, and completes it for the model.

Each value is treated as its field's type says, so that a kind declares its fields and no more.
"""

import textwrap
from typing import Any

from quiz.claims.expression import ClaimError, Expression
from quiz.claims.formula import ROOT, Formula
from quiz.documents.field_types import ANYTHING, Field, FieldType, rebuilt
from quiz.documents.yaml_document import FaultyError, Loc
from quiz.errors import did_you_mean
from quiz.packs.chosen_demo import ChosenDemo, choose, choose_counterfactual, read_values
from quiz.packs.reading import Reading
from quiz.packs.schema import PACK
from quiz.questions.demo_ref import Counterfactual, DemoRef
from quiz.questions.fields import FieldRole, ListedIn
from quiz.questions.placeholders import fill, placeholders

# The type of an entry under `questions`, of any kind.
QUESTION = PACK.below("questions", {}).items or ANYTHING


def complete_question(reading: Reading, raw: dict[str, Any], loc: Loc) -> dict[str, Any]:
    """The entry with placeholders, formulas and defaults filled in, and the excerpt's code."""
    demo = choose(reading, raw.get("demo"), (*loc, "demo"))
    is_broken = demo is None and raw.get("demo") is not None
    values = _Values(reading, demo, is_broken)
    if "code" in raw:
        reading.note((*loc, "code"), "is taken from the demo", "Name its function by excerpt.")
    values.check_variants(raw.get("vary"), (*loc, "vary"))
    completed = {
        key: values.rebuilt(QUESTION.below(key, raw), value, (*loc, key))
        for key, value in raw.items()
        if key != "demo"
    }
    if "demo" in raw:
        completed["demo"] = demo.completed(raw["demo"]) if demo else raw["demo"]
    return completed | {"code": values.excerpt(raw.get("excerpt"), (*loc, "excerpt"))}


def complete(reading: Reading, type: FieldType, raw: Any, loc: Loc) -> Any:
    """A value outside of questions, with the demos that it names completed."""
    return _Values(reading, None, False).rebuilt(type, raw, loc)


class _Values:
    """The values of an entry, read one by one. If its demo is broken, only names are checked."""

    def __init__(self, reading: Reading, demo: ChosenDemo | None, is_broken: bool) -> None:
        self._reading = reading
        self._demo = demo
        self._is_broken = is_broken

    def rebuilt(self, type: FieldType, raw: Any, loc: Loc) -> Any:
        return rebuilt(type, raw, loc, self._read)

    def _read(self, field: Field) -> Any:
        match field.value:
            case str():
                return self._text(field, field.value)
            case dict():
                return self._mapping(field, field.value)
        return field.value

    def _text(self, field: Field, text: str) -> Any:
        self._check_listed(field, text)
        formula = field.type.instance(Formula)
        if formula and ROOT in text and (self._demo or self._is_broken):
            return self._computed(formula, text, field.loc)
        if self._is_broken:
            return text
        for expression in field.type.subclasses(Expression):
            self._check_expression(expression, text, field.loc)
        if FieldRole.FUNCTION in field.type.marks:
            self._check_function(text, field.loc)
        if FieldRole.TEMPLATE in field.type.marks:
            return self._filled(text, field.loc)
        return text

    def _mapping(self, field: Field, raw: dict[str, Any]) -> dict[str, Any]:
        if DemoRef in field.type.marks:
            demo = choose(self._reading, raw, field.loc)
        elif Counterfactual in field.type.marks and self._demo:
            demo = choose_counterfactual(self._reading, raw, field.loc, self._demo)
        else:
            return raw
        return demo.completed(raw) if demo else raw

    def _check_listed(self, field: Field, name: str) -> None:
        listed = field.type.instance(ListedIn)
        known = self._reading.data.get(listed.pack_field) if listed else None
        if isinstance(known, dict) and name not in known:
            reason = f"{name} is not a {field.loc[-1]} of this pack"
            self._reading.note(field.loc, reason, did_you_mean(name, known))

    def _computed(self, formula: Formula, source: str, loc: Loc) -> Any:
        values = self._demo.values if self._demo else {}
        try:
            return formula.value(source, values) if self._demo else formula.example
        except FaultyError as error:
            self._reading.problems += [
                self._reading.document.fault(loc, fault) for fault in error.faults
            ]
            return formula.example  # valid, so that the model reports nothing more

    def _check_expression(self, kind: type[Expression], source: str, loc: Loc) -> None:
        if self._demo is None:
            mend = "Name a demo, or remove it."
            return self._reading.note(loc, "nothing runs that could say this", mend)
        try:
            faults = kind.parse(source).problems(self._demo.names)
        except ClaimError:
            return None  # the model says so
        self._reading.problems += [self._reading.document.fault(loc, fault) for fault in faults]
        return None

    def _check_function(self, name: str, loc: Loc) -> None:
        known = self._demo.names.functions if self._demo else ()
        if name not in known:
            mend = did_you_mean(name, known) if self._demo else "The question has no demo."
            self._reading.note(loc, f"{name} is not a function of the demo's files", mend)

    def _filled(self, text: str, loc: Loc) -> str:
        values = self._demo.values if self._demo else {}
        for name in dict.fromkeys(placeholders(text)):
            if name not in values:
                mend = did_you_mean(name, values) if values else "The question has no demo."
                literal = f"Write {{{{{name}}}}} if you mean the braces."
                self._reading.note(loc, f"{{{name}}} is not a parameter", f"{mend} {literal}")
        return fill(text, values)

    def excerpt(self, name: Any, loc: Loc) -> str:
        """The text of this function; "" if there is none."""
        if not isinstance(name, str) or self._is_broken:
            return ""
        if self._demo is None:
            reason = "needs a demo, and the question has none"
            self._reading.note(loc, reason, "Name a demo, or remove it.")
            return ""
        demo, variant = self._demo.demo, self._demo.variant
        functions = demo.functions(variant)
        if name in functions:
            return textwrap.dedent(demo.excerpt(variant, name, self._demo.values))
        files = ", ".join(demo.variants[variant].files)
        mend = did_you_mean(name, functions)
        self._reading.note(loc, f"{name} is not a function of {files}", mend)
        return ""

    def check_variants(self, raw: Any, loc: Loc) -> None:
        """The sets of parameters under `vary`: each must be one that the demo accepts."""
        if raw is not None and self._demo is None and not self._is_broken:
            reason = "needs a demo, and the question has none"
            self._reading.note(loc, reason, "Name one, or remove it.")
        if self._demo and isinstance(raw, list):
            for place, given in enumerate(raw):
                at = (*loc, place)
                read_values(self._reading, given, at, self._demo.demo, self._demo.variant)
