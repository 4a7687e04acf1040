"""Notifications of two shops behind one host, stuck or delivered."""

from tests.support.batches import counted
from tests.support.receiver import Receiver
from tidings import FixedInterval, Notification, NotificationClient, Status

ONCE = FixedInterval(interval=1, maximum_attempts=1)


async def stuck_at(client: NotificationClient, type_: str, targets: dict[str, str]) -> None:
    """Sends one notification to each target, by its id; waits until lists show all as stuck."""
    results = await client.send_many(
        Notification(id=id_, type=type_, target=target, retry=ONCE)
        for id_, target in targets.items()
    )
    assert not [each for each in results if each.error is not None]
    await counted(client, len(targets), type=type_, status=Status.AWAITING_INTERVENTION)


def refusing(receiver: Receiver, path: str) -> str:
    """A URL of ``receiver`` that answers 404; ``path`` makes it differ from others."""
    return f"{receiver.url}/404/{path}"
