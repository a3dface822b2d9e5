"""A proxy that keeps its connections to the app alive, for whichever user comes next."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM"]) as client:
        yield {"client": client}


app = FastAPI(lifespan=lifespan)


@app.api_route("/{path:path}", methods=["GET", "POST"])
async def forward(path: str, request: Request) -> Response:
    client: httpx.AsyncClient = request.state.client
    try:
        answer = await client.request(request.method, path, content=await request.body())
    except httpx.TransportError as error:
        return Response(f"Bad gateway: {error}", status_code=502)
    return Response(answer.content, status_code=answer.status_code)
