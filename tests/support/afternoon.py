"""An operator's bad afternoon: what was sent, where it went, and the commands of the operator."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.support.receiver import Receiver
from tests.support.sent import start_malformed
from tests.support.service import Service
from tests.support.until import until
from tidings import (
    Acknowledgement,
    FixedInterval,
    Notification,
    NotificationClient,
    Status,
)

ONCE: Final = FixedInterval(interval=1, maximum_attempts=1)
PERSON: Final = ("--operator", "li", "--reason", "a bad afternoon")
AGREED: Final = Acknowledgement(json_equals={"/code": "OK"})
COUNTS: Final = {"payment": 12, "refund": 6, "order": 4, "points": 8, "slow": 3, "fine": 20}
"""The notifications of each kind."""
EXPIRING: Final = 4
"""The payments that have expired when their target is up again."""


@dataclass
class Afternoon:
    """The service, the targets, and what an operator asks."""

    service: Service
    client: NotificationClient
    receiver: Receiver
    down: str
    """The URL of the target that is down, without a path."""

    def ids(self, kind: str) -> list[str]:
        """The ids of the notifications of one kind."""
        return [f"{kind}-{number}" for number in range(1001, 1001 + COUNTS[kind])]

    async def happen(self, expires_at: datetime) -> None:
        """Sends everything, and waits until lists show what came of it."""
        url = self.receiver.url
        sent = [
            *self._all("payment", f"{self.down}/ok", body={"paid": "12.50"}),
            *self._all("refund", f"{url}/404/old/refunds"),
            *self._all("order", f"{url}/404/old/orders"),
            *self._all("points", f"{url}/says/FAIL", acknowledgement=AGREED),
            *self._all("slow", f"{url}/slow/30", timeout=0.2),
            *self._all("fine", f"{url}/ok"),
            Notification(id="later", type="push.sent", target=f"{url}/ok", not_before=_tomorrow()),
            Notification(id="busy", type="push.sent", target=f"{url}/hold", timeout=60),
        ]
        late = self.ids("payment")[:EXPIRING]
        results = await self.client.send_many(
            it.model_copy(update={"expires_at": expires_at}) if it.id in late else it for it in sent
        )
        assert not [each.error for each in results if each.error is not None]
        await start_malformed(self.client, "malformed", "points.done")
        stuck = sum(COUNTS[it] for it in ("payment", "refund", "order", "points", "slow"))
        await self.until_counted(stuck, Status.AWAITING_INTERVENTION)
        await self.until_counted(COUNTS["fine"], Status.DELIVERED)
        await self.until_counted(1, Status.REJECTED)
        await self.receiver.wait_for("busy")

    def _all(self, kind: str, target: str, **fields: Any) -> Iterable[Notification]:
        for each in self.ids(kind):
            yield Notification(
                id=each, type=f"{kind}.done", target=target, **{"retry": ONCE, **fields}
            )

    async def until_counted(self, count: int, status: Status) -> None:
        """Waits until lists show ``count`` notifications of ``status``."""

        async def is_counted() -> bool:
            return await self.client.count(status=status) == count

        await until(is_counted, within=60, what=f"{count} to be {status}")

    async def ask(self, *arguments: str) -> Any:
        """The JSON that one command prints."""
        return json.loads(await self.printed(*arguments, "--json"))

    async def printed(self, *arguments: str) -> str:
        """The standard output of one command, which has to succeed."""
        code, out, err = await self.service.starter(*arguments)
        assert code == 0, err
        return out

    async def act(self, *arguments: str, stdin: bytes | None = None) -> tuple[int, str]:
        """Does one command as the operator; the result is its exit code and all that it prints."""
        code, out, err = await self.service.starter(*arguments, *PERSON, stdin=stdin)
        return code, out + err


def _tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)
