"""One request: a query that is awaited, then a chart that a thread draws."""

import asyncio
import time

from fastapi import FastAPI

QUERY_SECONDS = 0.6
CHART_SECONDS = 0.9

app = FastAPI()


async def query_sales() -> list[int]:
    await asyncio.sleep(QUERY_SECONDS)
    return [3, 1, 2]


def draw_chart(sales: list[int]) -> str:
    time.sleep(CHART_SECONDS)
    return "".join("▁▃▆█"[each] for each in sales)


@app.get("/report")
async def read_report() -> dict[str, str]:
    sales = await query_sales()
    return {"chart": await asyncio.to_thread(draw_chart, sales)}
