"""A partner's API: it takes so many calls in any second, and refuses those beyond."""

import asyncio
import time
from collections import deque

from fastapi import FastAPI, HTTPException

TAKEN_A_SECOND = 5
ANSWER_SECONDS = 0.05

app = FastAPI()
calls: list[float] = []
taken: deque[float] = deque(maxlen=TAKEN_A_SECOND)
refused: list[float] = []


@app.post("/charges")
async def take_charge() -> dict[str, str]:
    await asyncio.sleep(ANSWER_SECONDS)
    now = time.monotonic()
    calls.append(now)
    if len(taken) == TAKEN_A_SECOND and now - taken[0] < 1:
        refused.append(now)
        raise HTTPException(429, "Too many calls")
    taken.append(now)
    return {"status": "taken"}


@app.get("/charges")
async def count_charges() -> dict[str, float]:
    return {"calls": len(calls), "refused": len(refused), "seconds": calls[-1] - calls[0]}
