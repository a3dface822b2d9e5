"""A job is a plain function. It keeps its connection for the next job."""

from functools import cache

from mailer import Mailer


@cache
def smtp() -> Mailer:
    mailer = Mailer()
    mailer.connect()
    return mailer


def send_welcome_email(email: str) -> None:
    smtp().send(email, "Welcome!")
