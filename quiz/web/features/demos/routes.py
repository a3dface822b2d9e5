"""All demos; one of them, prefilled from its address; and the form that runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.demos.model import Demo, ParameterError, Variant
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack
from quiz.questions.base import AnswerError, DemoRef, Question
from quiz.questions.prediction import Prediction
from quiz.runs.run import Run
from quiz.web.components import lookup
from quiz.web.components.questions import answered_question
from quiz.web.components.questions.answered_question import Sheet
from quiz.web.components.questions.next_steps import done_href
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.questions.question_rows import Row, section
from quiz.web.components.runs import prediction_input, run_start
from quiz.web.components.runs.demo_files import files
from quiz.web.components.runs.parameter_form import Knobs, Needs
from quiz.web.components.runs.run_choice import Choice, choose
from quiz.web.components.runs.run_comparison import both_of, press
from quiz.web.components.runs.run_panel import Lab
from quiz.web.components.wording import seconds
from quiz.web.core.rendering import render
from quiz.web.core.request import form, learner, state, wants_fragment
from quiz.web.features.demos import listing

router = APIRouter()

NOT_PARAMETERS = frozenset(
    {"variant", "environment", "attempt", "variants", "span", "lock", "sent", "predicted"}
)


@dataclass(frozen=True, slots=True)
class VariantLink:
    href: str
    title: str
    summary: str
    seconds: str
    here: bool


@router.get("/demos")
async def index(request: Request) -> HTMLResponse:
    catalog = state(request)["shelf"].catalog
    topics = listing.topics(catalog, _needs(request))
    return render(request, "demos.html", topics=topics, problems=catalog.problems)


@router.get("/demos/{demo}")
async def show(request: Request, demo: str) -> HTMLResponse:
    found = lookup.demo(state(request)["shelf"].catalog, demo)
    choice, notes = _as_far_as_possible(found, request.query_params)
    return _page(request, Knobs(choice, _needs(request), variants_linked=True, main=True), notes)


@router.post("/demos/{demo}/runs")
async def run(request: Request, demo: str) -> Response:
    found = lookup.demo(state(request)["shelf"].catalog, demo)
    given = {name: value for name, value in (await form(request)).items() if isinstance(value, str)}
    try:
        choice = _chosen(found, given)
        predicted = _predicted(choice, given)
    except (ParameterError, AnswerError) as error:
        return _refused(request, found, given, error)
    started = await run_start.start(request, choice)
    own = await _linked(request, given.get("attempt", ""), choice, started)
    lab = _lab(request, started, choice, own, predicted)
    if wants_fragment(request):
        return render(request, "run.html", block="lab", lab=lab)
    if not run_start.shows(started, choice):
        # One of the learner's still goes on: what was asked for waits on its demo's page.
        return RedirectResponse(choice.href, 303)
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else lab.first_href, 303)


def _predicted(choice: Choice, given: Mapping[str, str]) -> Prediction | None:
    """What was drawn on the grid, or what the run that is repeated was held against."""
    if "lock" in given:
        return prediction_input.grid_of(choice).parse(FormData(given))
    return prediction_input.read(given.get("predicted"))


def _refused(
    request: Request, demo: Demo, given: Mapping[str, str], error: ParameterError | AnswerError
) -> HTMLResponse:
    choice, _ = _as_far_as_possible(demo, given)
    linked = "variants" not in given
    knobs = Knobs(choice, _needs(request), given, error, variants_linked=linked, main=linked)
    return _page(request, knobs, [], status=422)


async def _linked(request: Request, attempt: str, choice: Choice, run: Run) -> Sheet | None:
    """The caller's attempt from which this was run, if this is what its question asks for."""
    own = answered_question.own(request, attempt)
    if own is None or own.choice is None or not own.choice.same_as(choice):
        return None
    kept = await answered_question.link(request, choice, own.attempt, run)
    return Sheet(request, own.card, kept) if kept.run == run.id else None


def _lab(
    request: Request, run: Run, choice: Choice, own: Sheet | None, predicted: Prediction | None
) -> Lab:
    if own and own.lab:
        return own.lab
    here = run_start.choice_of(request, run)
    if run_start.shows(run, choice):
        return Lab(request=request, choice=here, run=run, predicted=predicted)
    return Lab(request=request, choice=here, run=run, note=run_start.ONE_AT_A_TIME)


def _chosen(demo: Demo, given: Mapping[str, str]) -> Choice:
    """Raises ParameterError. What only another variant takes is passed over: a form has it too."""
    variant = given.get("variant") or None
    # What says of a task where it runs bears a hyphen, and so the name of no parameter.
    values = {n: value for n, value in given.items() if n not in NOT_PARAMETERS and "-" not in n}
    if variant is None or variant in demo.variants:
        takes = demo.parameters_of(demo.variant(variant).name)
        others = demo.parameters.keys() - takes.keys()
        values = {name: value for name, value in values.items() if name not in others}
    return choose(demo, variant, given.get("environment"), values)


def _as_far_as_possible(demo: Demo, given: Mapping[str, str]) -> tuple[Choice, list[str]]:
    """What was asked for without what is wrong in it, and what that is."""
    left, notes = dict(given), list[str]()
    while True:
        try:
            return _chosen(demo, left), notes
        except ParameterError as error:
            notes.append(f"{error}. The default is used instead.")
            del left[error.name]


def _needs(request: Request) -> Needs:
    return state(request)["runs"].needs


def _page(
    request: Request, knobs: Knobs, notes: Sequence[str], *, status: int = 200
) -> HTMLResponse:
    choice = knobs.choice
    return render(
        request,
        "demo.html",
        block="knobs",
        status=status,
        demo=choice.demo,
        notes=notes,
        knobs=knobs,
        variants=[_variant(choice, variant) for variant in choice.demo.variants.values()],
        files=files(choice.source),
        curl=choice.curl(request),
        press=press(choice),
        both=both_of(choice),
        questions=_questions(request, choice),
        interviews=_interviews(state(request)["shelf"].catalog, choice.demo),
    )


def _variant(choice: Choice, variant: Variant) -> VariantLink:
    """The variant with the values chosen so far, as far as it takes them."""
    takes = choice.demo.parameters_of(variant.name)
    values = {name: value for name, value in choice.values.items() if name in takes}
    href = DemoRef(name=choice.demo.name, variant=variant.name, parameters=values).href
    here = variant is choice.variant
    return VariantLink(href, variant.title, variant.summary, seconds(variant.takes), here)


def _questions(request: Request, choice: Choice) -> dict[str, list[Row]]:
    """Those that a run of this variant answers, and those of the demo's other variants."""
    catalog, storage = state(request)["shelf"].catalog, state(request)["storage"]
    here, elsewhere = list[Row](), list[Row]()
    for pack in catalog.packs.values():
        about = _about(pack, choice.demo)
        variants = {question.id: question.demo.variant for question in about if question.demo}
        marks = storage.marks(learner(request), pack.slug) if about else {}
        for topic in dict.fromkeys(question.topic for question in about):
            rows = section(catalog, pack, topic, marks).rows
            for question, row in zip(pack.of_topic(topic), rows, strict=True):
                if question.id in variants:
                    fits = variants[question.id] == choice.variant.name
                    (here if fits else elsewhere).append(row)
    return {"here": here, "elsewhere": elsewhere}


def _interviews(catalog: Catalog, demo: Demo) -> list[Link]:
    """What an interviewer may go on to ask that it shows."""
    return [
        Link(f"{done_href(pack, topic.slug)}#interview", follow_up.ask)
        for pack in catalog.packs.values()
        for topic in pack.topics.values()
        for follow_up in (topic.interview.follow_ups if topic.interview else ())
        if follow_up.demo and follow_up.demo.name == demo.name
    ]


def _about(pack: Pack, demo: Demo) -> list[Question]:
    return [q for q in pack.questions if q.demo and q.demo.name == demo.name]
