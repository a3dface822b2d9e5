"""What a sent form holds: numbers, texts, confidence, token. Pure."""

from starlette.datastructures import FormData

from quiz.learning.attempt import CONFIDENCES
from quiz.web.components.questions.question_card import Card
from quiz.web.components.questions.question_form import new_token
from quiz.web.core.http_error import HttpError

TOKEN_LENGTH = 100


def variant_of(card: Card, sent: FormData) -> Card:
    """The card with the numbers that the form showed. Raises HttpError 422 if they are gone."""
    every, given = card.every, sent.get("draw", "0")
    for place, one in enumerate(every):
        if given == str(place):
            return one
    detail = f"draw: must be one of {', '.join(map(str, range(len(every))))}."
    mend = "Open the question again and answer it with the numbers that it shows."
    actions = (("The question", card.href),)
    raise HttpError(422, "The question has no such numbers", detail, mend, actions)


def texts(sent: FormData) -> FormData:
    """The form without uploaded files."""
    return FormData([pair for pair in sent.multi_items() if isinstance(pair[1], str)])


def confidence(sent: FormData) -> str | None:
    """Confidence by the button that sent the form; None for a caller without a button."""
    return next((name for name in CONFIDENCES if name == sent.get("confidence")), None)


def token(sent: FormData) -> str:
    """The form's token, by which it counts once; a new one for a caller without a token."""
    given = sent.get("token")
    if isinstance(given, str) and 0 < len(given) <= TOKEN_LENGTH:
        return given
    return new_token()
