"""The run of an attempt: started with the answer, or linked to it afterwards."""

from dataclasses import replace

from fastapi import Request

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt
from quiz.runs.run import Run
from quiz.web.components.questions.question_card import Card
from quiz.web.components.runs import run_start
from quiz.web.core.request import State, state


async def start(request: Request, card: Card, attempt: Attempt) -> Attempt:
    """Start a short run that need not wait. A refusal leaves the attempt without a run.

    The answer is already stored: an error page would say that it is not.
    """
    choice, services = card.choice, state(request)
    if choice is None or not card.starts_itself or services["runs"].would_queue(choice.demo.name):
        return attempt
    try:
        run = await run_start.start(request, choice)
        return await link(services, card, attempt, run)
    except QuizError:
        return attempt


async def link(services: State, card: Card, attempt: Attempt, run: Run) -> Attempt:
    """The attempt with this run if the run is the one that its question asks for.

    `card` has the attempt's numbers.
    """
    if card.choice is None or not run_start.is_run_of(run, card.choice):
        return attempt
    await services["storage"].attempts.link_run(attempt.id, run.id)
    services["disputes"].watch(attempt, card.question, run)
    return replace(attempt, run=run.id)
