"""``dbos_app.py DATABASE TARGET PREFIX COUNT EACH``: a durable workflow of DBOS for each one.

Sender and worker are one process, as DBOS advises for a small application. Five workflows are in
flight, which is best on two processors. ``EACH`` is the pause between two sends in seconds. It
prints when it sent each id, by the monotonic clock, as one JSON object.
"""

import asyncio
import json
import sys
import time

import httpx
from dbos import DBOS, SetWorkflowID

IN_FLIGHT = 5
HTTP = httpx.AsyncClient(timeout=10)


@DBOS.step(retries_allowed=True, max_attempts=5)
async def post(id_: str, target: str, body: dict[str, object]) -> None:
    """One attempt."""
    answer = await HTTP.post(target, json=body, headers={"webhook-id": id_})
    answer.raise_for_status()


@DBOS.workflow()
async def deliver(id_: str, target: str, body: dict[str, object]) -> None:
    """One notification."""
    await post(id_, target, body)


async def main(target: str, prefix: str, count: int, each: float) -> None:
    """Sends, and waits for the end of each workflow."""
    places, sent_at = asyncio.Semaphore(IN_FLIGHT), {}

    async def send(id_: str) -> None:
        async with places:
            sent_at[id_] = time.monotonic()
            with SetWorkflowID(id_):
                handle = await DBOS.start_workflow_async(
                    deliver, id_, target, {"order": 1001, "paid": "12.50"}
                )
            await handle.get_result()

    sends = []
    for number in range(count):
        sends.append(asyncio.create_task(send(f"{prefix}-{number}")))
        await asyncio.sleep(each)
    await asyncio.gather(*sends)
    print(json.dumps(sent_at), flush=True)


if __name__ == "__main__":
    database, target, prefix, count, each = sys.argv[1:]
    DBOS(config={"name": "bench", "system_database_url": database, "log_level": "WARNING"})
    DBOS.launch()
    asyncio.run(main(target, prefix, int(count), float(each)))
    DBOS.destroy()
