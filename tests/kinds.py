"""The two templates of a kind rendered alone, and its answers as the database returns them."""

import json
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.datastructures import FormData

from quiz.claims.facts import Names
from quiz.packs.catalog import load
from quiz.questions.answers import Pairs
from quiz.questions.base import Question
from quiz.questions.outcome import Outcome
from quiz.registry import PACKAGE
from quiz.settings import Settings
from quiz.web.core.rendering import FILTERS

CATALOG = load(Settings())


def names_of(asked: Question) -> Names:
    assert asked.demo
    assert asked.demo.variant
    return Names.of(CATALOG.demos[asked.demo.name], asked.demo.variant)


def drawn(asked: Question, template: str, view: Any, **more: Any) -> str:
    kinds = PrefixLoader({"kinds": FileSystemLoader(PACKAGE / "kinds")})
    environment = Environment(
        loader=ChoiceLoader([kinds]), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= FILTERS
    found = environment.get_template(f"kinds/{asked.kind}/{template}.html")
    return found.render(question=asked, view=view, **more)


def sent(pairs: Pairs) -> FormData:
    return FormData([(name, value) for name, value in pairs])


def answer(asked: Question, pairs: Pairs) -> Any:
    """As it comes out of the database."""
    return json.loads(json.dumps(asked.parse(sent(pairs))))


def outcomes_of(asked: Question) -> dict[str, Outcome]:
    return asked.outcomes(names_of(asked).sample)
