"""The fact schema: the name, type and words of each fact that a run can have.

quiz.timeline computes facts, and expression.py evaluates expressions over them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from quiz.demos.model import Demo
from quiz.errors import QuizError, did_you_mean

Type = Literal["double", "int", "string", "bool", "list", "any", "map"]


@dataclass(frozen=True)
class Fact:
    """A fact's type and its words. {name} is the function or the fact, {value} its value."""

    type: Type
    words: str = ""
    absent: str = ""


def _call(name: str) -> dict[str, Fact]:
    """The facts of one call. `name` is the function's name in the words."""
    return {
        "name": Fact("string", "{value}"),
        "started_ms": Fact("double", f"{name} started at {{value}}", f"{name} never started"),
        "ended_ms": Fact("double", f"{name} ended at {{value}}", f"{name} never ended"),
        "took_ms": Fact("double", f"{name} took {{value}}", f"{name} never ended"),
        "running_ms": Fact("double", f"{name} held its thread for {{value}}"),
        "suspended_ms": Fact("double", f"{name} waited for {{value}}"),
        "lane": Fact("string", f"{name} ran in: {{value}}", f"{name} never started"),
        "process": Fact("int", f"{name} ran in process {{value}}", f"{name} never started"),
        "thread": Fact("string", f"{name} ran in the thread {{value}}", f"{name} never started"),
        "error": Fact("string", f"{name} raised {{value}}", f"{name} raised nothing"),
        "attempt": Fact("int", f"{name}, attempt {{value}}"),
        "background": Fact("bool", f"{name} in the background: {{value}}"),
    }


def _response(name: str) -> dict[str, Fact]:
    return {
        "name": Fact("string", "{value}"),
        "status": Fact("int", f"{name} had status {{value}}", f"{name} had no status"),
        "sent_ms": Fact("double", f"{name} was sent at {{value}}", f"{name} was never sent"),
        "received_ms": Fact(
            "double", f"the client had {name} at {{value}}", f"the client never had {name}"
        ),
        "took_ms": Fact("double", f"{name} took {{value}}", f"the client never had {name}"),
    }


# `*` is a name that the demo chooses, `[]` any index of a list.
FACT_SCHEMA: dict[str, Any] = {
    "response": _response("the response"),
    "responses": {"[]": _response("response {name}")},
    "calls": {"[]": _call("call {name}")},
    "call": {"*": _call("{name}")},
    "order": Fact("list", "started in this order: {value}"),
    "finished": Fact("list", "ended in this order: {value}"),
    "count": {"*": Fact("int", "{name} ran {value}", "{name} never ran")},
    "background_ms": Fact("double", "background work took {value}", "no background work ended"),
    "lost": Fact("list", "lost: {value}"),
    "undone": Fact("list", "lost or not done: {value}"),
    "doubled": Fact("list", "begun again: {value}"),
    "late_ms": {"*": Fact("double", "{name} lay idle for {value}", "{name} never lay idle")},
    "loop_blocked_ms": Fact("double", "the event loop was held for {value} at most"),
    "loop_blocked_total_ms": Fact("double", "the event loop was held for {value} in total"),
    "processes": Fact("int", "processes that ran the code: {value}"),
    "errors": Fact("list", "errors: {value}"),
    "parameters": {"*": Fact("double", "{name}: {value}")},
    "environment": Fact("string", "environment: {value}"),
    "extra": {"*": Fact("any", "{name}: {value}", "{name}: did not happen")},
}
SAMPLE: dict[Type, Any] = {
    "double": 1.0,
    "int": 1,
    "string": "a",
    "bool": True,
    "list": ["a"] * 3,
    "any": 1.0,
}
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
TIMES = {1: "once", 2: "twice"}


class UnknownFactError(QuizError):
    """A path that does not exist in any run of the variant."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}. {mend}")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True)
class Names:
    """The names that a variant adds to the fact schema."""

    functions: Sequence[str] = ()
    parameters: Mapping[str, Type] = field(default_factory=dict)
    extra: Sequence[str] = ()

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, demo: Demo, variant: str) -> "Names":
        parameters = demo.parameters_of(variant).values()
        types: dict[str, Type] = {p.name: "int" if p.integer else "double" for p in parameters}
        return cls(tuple(demo.functions(variant)), types, tuple(demo.extra))

    @cached_property
    def sample(self) -> dict[str, Any]:
        """Facts of an imaginary run that has every fact, on which expressions are tried."""
        return {root: self._filled(node, root) for root, node in FACT_SCHEMA.items()}

    def _filled(self, node: Any, root: str) -> Any:
        if isinstance(node, Fact):
            return SAMPLE[node.type]
        if "[]" in node:
            return [self._filled(node["[]"], root)] * 3
        if root == "parameters":
            return {name: SAMPLE[type] for name, type in self.parameters.items()}
        if "*" in node:
            return {name: self._filled(node["*"], root) for name in self.after(root)}
        return {name: self._filled(below, root) for name, below in node.items()}

    def after(self, root: str) -> Sequence[str]:
        known = {"parameters": tuple(self.parameters), "extra": self.extra}
        return known.get(root, self.functions)


def steps(path: str) -> list[str | int]:
    """`responses[1].status` as ["responses", 1, "status"]."""
    return [name or int(index) for index, name in STEP.findall(path)]


def fact_at(path: Sequence[str | int], names: Names | None = None) -> Fact:
    """The fact at a path; its type is "map" for a group of facts. Raises UnknownFactError.

    Without `names`, every function, parameter and extra fact is accepted.
    """
    node: Any = FACT_SCHEMA
    for index, step in enumerate(path):
        node = _below(node, step, path[:index], names)
    if isinstance(node, dict):
        return Fact("map")
    if path[0] == "parameters" and names:
        return Fact(names.parameters.get(str(path[1]), "double"), node.words)
    if path[0] == "extra" and str(path[-1]).endswith("_ms"):
        return Fact("double", node.words, node.absent)
    return node if isinstance(node, Fact) else Fact("map")


def _below(node: Any, step: str | int, above: Sequence[str | int], names: Names | None) -> Any:
    where = written(above)
    if isinstance(node, Fact):
        if node.type == "list" and isinstance(step, int):
            return Fact("string")
        raise UnknownFactError(f"{where} has nothing below it", f"Remove what follows {where}.")
    if isinstance(step, int):
        if "[]" in node:
            return node["[]"]
        raise UnknownFactError(f"{where} is no list", f"Write {where}. and a name.")
    if "[]" in node:
        raise UnknownFactError(f"{where} is a list", f"Write {where}[0].{step}.")
    known = names.after(str(above[0])) if names and "*" in node else list(node)
    if "*" in node and (names is None or step in known):
        return node["*"]
    if step in node and step != "*":
        return node[step]
    raise UnknownFactError(f"no run has {written([*above, step])}", did_you_mean(step, known))


def written(path: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def resolve(facts: Mapping[str, Any], path: str) -> Any:
    """The value at a path; None if it does not exist."""
    value: Any = facts
    for step in steps(path):
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, Sequence) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def says(path: str, value: Any) -> str:
    """The fact as a sentence for learners: "task_b started at 2.00 s"."""
    parts = steps(path)
    fact = fact_at(parts)
    name = _subject(parts)
    if value is None or (parts[0] == "count" and value == 0):
        return (fact.absent or f"{fact.words.split('{value}')[0].strip()} unknown").format(
            name=name
        )
    return fact.words.format(name=name, value=_value(parts, value))


def _subject(parts: Sequence[str | int]) -> str:
    if len(parts) < 2:
        return ""
    if isinstance(parts[1], int):
        return str(parts[1] + 1)
    if parts[0] in ("parameters", "extra"):
        return parts[1].removesuffix("_ms").replace("_", " ")
    return parts[1]


def _value(parts: Sequence[str | int], value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float() if parts[0] == "count":
            return TIMES.get(int(value), f"{value:.0f} times")
        case int() | float() if str(parts[-1]).endswith("_ms") or parts[0] == "late_ms":
            return milliseconds(value)
        case int() | float():
            return f"{value:.10g}"
        case list() | tuple() if parts[0] == "undone":
            counts = Counter(value).items()
            return ", ".join(f"{name} × {n}" if n > 1 else name for name, n in counts) or "none"
        case list() | tuple():
            return ", ".join(map(str, value)) or "none"
    return str(value)


def milliseconds(value: float) -> str:
    """6.1 ms, 320 ms, 3.01 s."""
    if abs(value) < 100:
        return f"{value:.1f} ms"
    return f"{value:.0f} ms" if abs(value) < 1000 else f"{value / 1000:.2f} s"
