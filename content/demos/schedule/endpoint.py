"""The work as an address inside: whoever knows the token may ask for it."""

import asyncio
import os
import secrets
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

TOKEN = os.environ["CLEANUP_TOKEN"]

app = FastAPI()
bearer = HTTPBearer()


async def check_token(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> None:
    if not secrets.compare_digest(credentials.credentials, TOKEN):
        raise HTTPException(401, "This is not the token.")


async def cleanup() -> None:
    await asyncio.sleep(0.05)


@app.post(
    "/internal/cleanup",
    status_code=204,
    dependencies=[Depends(check_token)],
)
async def run_cleanup() -> None:
    await cleanup()
