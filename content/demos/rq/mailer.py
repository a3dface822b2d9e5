"""A mail server's client: to connect takes longer than to send."""

import time

CONNECT_SECONDS = 0.4
SEND_SECONDS = 0.2


class Mailer:
    def connect(self) -> None:
        time.sleep(CONNECT_SECONDS)

    def send(self, to: str, text: str) -> None:
        time.sleep(SEND_SECONDS)
