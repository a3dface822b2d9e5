"""A job may be `async def`: its work horse runs it on an event loop of its own."""

import asyncio

FETCH_SECONDS = 0.6


async def fetch(name: str) -> None:
    await asyncio.sleep(FETCH_SECONDS)
