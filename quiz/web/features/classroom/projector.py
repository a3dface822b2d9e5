"""What surrounds a poll on the projector page: how to join, and the next question. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from quiz.network import in_lan, is_loopback
from quiz.settings import Settings
from quiz.web.components.questions.progress_markers import question_href
from quiz.web.components.questions.question_card import Card


@dataclass(frozen=True, slots=True)
class Join:
    """How learners reach the question. `alone`: only the server's machine can."""

    address: str
    word: str
    alone: bool


def join(settings: Settings, base_url: str) -> Join:
    address, alone = base_url.removesuffix("/"), is_loopback(settings.host)
    asked = urlsplit(base_url)
    # A teacher on the server's machine uses a name that other machines cannot reach.
    if is_loopback(asked.hostname or "") and not alone:
        address = f"http://{in_lan(settings.host)}:{asked.port or 80}"
    return Join(f"{address}/room", settings.code, alone)


def next_href(card: Card) -> str:
    """Address of the projector page for the pack's next question; "" after the last question."""
    questions = card.pack.questions
    place = questions.index(card.question) + 1
    return f"{question_href(card.pack, questions[place])}/room" if place < len(questions) else ""
