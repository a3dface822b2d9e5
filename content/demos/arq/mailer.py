"""A mail server's client: to connect takes longer than to send."""

import asyncio

CONNECT_SECONDS = 0.4
SEND_SECONDS = 0.2


class Mailer:
    async def connect(self) -> None:
        await asyncio.sleep(CONNECT_SECONDS)

    async def send(self, to: str, text: str) -> None:
        await asyncio.sleep(SEND_SECONDS)
