"""The work is in another process; this one only asks for it."""

import os

from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI

app = FastAPI()


@app.post("/exports/{name}")
async def create_export(name: str) -> dict[str, str]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    await pool.enqueue_job("export", name)
    await pool.aclose()
    return {"status": "accepted"}
