"""Notifications in all states, for commands that read many."""

import asyncio
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.request import Request, urlopen

from bench.target import HOST
from tidings import (
    Abandon,
    BatchState,
    FixedInterval,
    Notification,
    NotificationClient,
    Status,
    contract,
)

SHARES: Final = {
    "delivered": 0.40,
    "refused": 0.15,
    "answered": 0.10,
    "unreachable": 0.10,
    "abandoned": 0.10,
    "delivering": 0.05,
    "scheduled": 0.09,
    "rejected": 0.01,
}
"""The kinds of notifications, and how large a part of all each of them is."""
_ONCE: Final = FixedInterval(interval=1, maximum_attempts=1)
_TWICE: Final = FixedInterval(interval=86_400, maximum_attempts=2)
_TYPES: Final = ("payment.succeeded", "order.expired", "points.earned")
_POLL_SECONDS: Final = 0.5
_STUCK: Final = ("refused", "answered", "unreachable", "abandoned")


async def populate(client: NotificationClient, http_api: str, target: str, count: int) -> None:
    """Sends about ``count`` notifications, and waits until each is in the state of its kind.

    ``http_api`` is the URL of Temporal's HTTP API, by which the malformed ones come.
    """
    counts = {kind: round(count * share) for kind, share in SHARES.items()}
    rejected = counts.pop("rejected")
    await asyncio.to_thread(_start_malformed, http_api, rejected)
    results = await client.send_many(_all(counts, target))
    problems = [str(each.error) for each in results if each.error is not None]
    if problems:
        raise RuntimeError(f"{len(problems):,} could not be sent, the first: {problems[0]}")
    await _until_counted(client, Status.REJECTED, rejected)
    await _until_counted(client, Status.DELIVERED, counts["delivered"])
    stuck = sum(counts[kind] for kind in _STUCK)
    await _until_counted(client, Status.AWAITING_INTERVENTION, stuck)
    abandon = Abandon(operator="bench", reason="to be abandoned")
    batch = await client.abandon_all(abandon, id_prefix="abandoned-", rate=200)
    while batch is not None and batch.state is BatchState.RUNNING:
        await asyncio.sleep(_POLL_SECONDS)
        batch = await client.batch(batch.id)
    await _until_counted(client, Status.ABANDONED, counts["abandoned"])


def _all(counts: dict[str, int], target: str) -> Iterator[Notification]:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    down = f"http://{HOST}:{_closed_port()}/payments"
    targets = {
        "delivered": f"{target}/200/payments",
        "refused": f"{target}/404/payments",
        "answered": f"{target}/500/payments",
        "unreachable": down,
        "abandoned": f"{target}/410/payments",
        "delivering": f"{target}/503/payments",
        "scheduled": f"{target}/200/payments",
    }
    for kind, number in counts.items():
        for each in range(number):
            yield Notification(
                id=f"{kind}-{each}",
                type=_TYPES[each % len(_TYPES)],
                target=targets[kind],
                body={"order": each},
                retry=_TWICE if kind == "delivering" else _ONCE,
                not_before=tomorrow if kind == "scheduled" else None,
            )


def _start_malformed(http_api: str, count: int) -> None:
    """Starts workflows as another language might: without a target."""
    for each in range(count):
        workflow_id = contract.workflow_id(f"rejected-{each}")
        start = {
            "workflowType": {"name": contract.WORKFLOW_TYPE},
            "taskQueue": {"name": contract.TASK_QUEUE},
            "input": [{"id": f"rejected-{each}", "type": _TYPES[0]}],
        }
        request = Request(  # noqa: S310 -- the URL is that of our own server
            f"{http_api}/api/v1/namespaces/default/workflows/{workflow_id}",
            data=json.dumps(start).encode(),
            headers={"Content-Type": "application/json"},
        )
        urlopen(request).close()  # noqa: S310 -- likewise


def _closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_counted(client: NotificationClient, status: Status, count: int) -> None:
    while await client.count(status=status) < count:  # noqa: ASYNC110 -- only a poll shows it
        await asyncio.sleep(_POLL_SECONDS)
