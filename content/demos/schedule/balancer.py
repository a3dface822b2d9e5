"""A balancer: each request goes to the next of the web processes."""

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response

turns = itertools.cycle(os.environ["WEB_PROCESSES"].split())


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    async with httpx.AsyncClient() as client:
        yield {"client": client}


app = FastAPI(lifespan=lifespan)


@app.post("/{path:path}")
async def forward(path: str, request: Request) -> Response:
    client: httpx.AsyncClient = request.state.client
    answer = await client.post(
        f"{next(turns)}/{path}",
        content=await request.body(),
        headers={"Authorization": request.headers.get("Authorization", "")},
    )
    return Response(answer.content, status_code=answer.status_code)
