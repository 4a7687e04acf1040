"""A task of Celery for each notification, on Redis. The worker imports ``app``.

``celery_app.py TARGET PREFIX COUNT EACH [COUNTDOWN]`` sends. ``EACH`` is the pause between two
sends in seconds, ``COUNTDOWN`` the delay of the first attempt. It prints when it sent each id, by
the monotonic clock, as one JSON object.
"""

import json
import os
import sys
import time

import httpx
from celery import Celery

app = Celery("celery_app", broker=os.environ["BENCH_BROKER"])
# As the documentation advises for tasks that must not be lost with their worker.
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options=(
        # It looks for what is overdue every hundred seconds. For a low timeout its documentation
        # advises to look more often.
        {
            "visibility_timeout": float(os.environ["BENCH_VISIBILITY_SECONDS"]),
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
        }
        if "BENCH_VISIBILITY_SECONDS" in os.environ
        else {}
    ),
)
HTTP = httpx.Client(timeout=10)


@app.task(name="deliver", autoretry_for=(httpx.HTTPError,), retry_backoff=True, max_retries=5)
def deliver(id_: str, target: str, body: dict[str, object]) -> None:
    """One attempt."""
    HTTP.post(target, json=body, headers={"webhook-id": id_}).raise_for_status()


def main(target: str, prefix: str, count: int, each: float, countdown: float) -> None:
    """Sends."""
    sent_at = {}
    for number in range(count):
        id_ = f"{prefix}-{number}"
        sent_at[id_] = time.monotonic()
        body = {"order": 1001, "paid": "12.50"}
        deliver.apply_async((id_, target, body), task_id=id_, countdown=countdown or None)
        time.sleep(each)
    print(json.dumps(sent_at), flush=True)


if __name__ == "__main__":
    target, prefix, count, each, *countdown = sys.argv[1:]
    main(target, prefix, int(count), float(each), float(countdown[0]) if countdown else 0)
