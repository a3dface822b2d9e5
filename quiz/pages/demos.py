"""All demos; one of them, prefilled from its address; and the form that runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from quiz.content import Catalog
from quiz.demo import Demo, ParameterError, Variant
from quiz.pack import Pack
from quiz.prediction import Prediction
from quiz.question import AnswerError, DemoRef, Question
from quiz.sandbox.run import Run
from quiz.views import find, foretelling, sheet, shelf, starting
from quiz.views.choice import Choice, choose
from quiz.views.compare import both_of, press
from quiz.views.files import files
from quiz.views.knobs import Knobs, Needs
from quiz.views.lab import Lab
from quiz.views.onward import done_href
from quiz.views.rows import Row, section
from quiz.views.sheet import Sheet
from quiz.views.trail import Link
from quiz.views.words import seconds
from quiz.web import form, learner, render, state, wants_fragment

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
    topics = shelf.topics(catalog, _needs(request))
    return render(request, "demos.html", topics=topics, problems=catalog.problems)


@router.get("/demos/{demo}")
async def show(request: Request, demo: str) -> HTMLResponse:
    found = find.demo(state(request)["shelf"].catalog, demo)
    choice, notes = _as_far_as_possible(found, request.query_params)
    return _page(request, Knobs(choice, _needs(request), variants_linked=True, main=True), notes)


@router.post("/demos/{demo}/runs")
async def run(request: Request, demo: str) -> Response:
    found = find.demo(state(request)["shelf"].catalog, demo)
    given = {name: value for name, value in (await form(request)).items() if isinstance(value, str)}
    try:
        choice = _chosen(found, given)
        predicted = _predicted(choice, given)
    except (ParameterError, AnswerError) as error:
        return _refused(request, found, given, error)
    started = await starting.start(request, choice)
    own = await _linked(request, given.get("attempt", ""), choice, started)
    lab = _lab(request, started, choice, own, predicted)
    if wants_fragment(request):
        return render(request, "run.html", block="lab", lab=lab)
    if not starting.shows(started, choice):
        # One of the learner's still goes on: what was asked for waits on its demo's page.
        return RedirectResponse(choice.href, 303)
    return RedirectResponse(f"/attempts/{own.attempt.id}" if own else lab.first_href, 303)


def _predicted(choice: Choice, given: Mapping[str, str]) -> Prediction | None:
    """What was drawn on the grid, or what the run that is repeated was held against."""
    if "lock" in given:
        return foretelling.grid_of(choice).parse(FormData(given))
    return foretelling.read(given.get("predicted"))


def _refused(
    request: Request, demo: Demo, given: Mapping[str, str], error: ParameterError | AnswerError
) -> HTMLResponse:
    choice, _ = _as_far_as_possible(demo, given)
    linked = "variants" not in given
    knobs = Knobs(choice, _needs(request), given, error, variants_linked=linked, main=linked)
    return _page(request, knobs, [], status=422)


async def _linked(request: Request, attempt: str, choice: Choice, run: Run) -> Sheet | None:
    """The caller's attempt from which this was run, if this is what its question asks for."""
    own = sheet.own(request, attempt)
    if own is None or own.choice is None or not own.choice.same_as(choice):
        return None
    kept = await sheet.link(request, choice, own.attempt, run)
    return Sheet(request, own.card, kept) if kept.run == run.id else None


def _lab(
    request: Request, run: Run, choice: Choice, own: Sheet | None, predicted: Prediction | None
) -> Lab:
    if own and own.lab:
        return own.lab
    here = starting.choice_of(request, run)
    if starting.shows(run, choice):
        return Lab(request=request, choice=here, run=run, predicted=predicted)
    return Lab(request=request, choice=here, run=run, note=starting.ONE_AT_A_TIME)


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
