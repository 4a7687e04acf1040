"""Stories that continue as new, after many signals, between two steps of their journey."""

from typing import Final

from tests.support.corrected import HOUR, TO_RIGHT, waits
from tests.support.skipped_time import SkippedTime
from tidings import NotificationState, Status, contract
from tidings.intervention import Correct

REPORT_TO: Final = "http://business.test/"


async def continued_with_a_resend(service: SkippedTime, name: str) -> NotificationState:
    """The path of a wished resend; the result is the final state.

    The worker is down while the signals come, so a single task receives all of them.
    """
    service.target.answer(name, 404, 200)
    async with service.worker():
        await service.send(name)
        await service.until(name, Status.AWAITING_INTERVENTION)
    await service.flood(name)
    await service.handle(name).signal(contract.SIGNAL_RESEND, {"operator": "li"})
    async with service.worker():
        return await service.client.outcome(name)


async def continued_after_a_report(service: SkippedTime, name: str) -> NotificationState:
    """The path of a round that gets stuck and is reported; the result is the final state."""
    service.target.answer(name, 404)
    release = service.target.hold(name)
    async with service.worker():
        await service.send(name, report_to=REPORT_TO)
        await service.target.wait_for(name, 1)
        await service.flood(name)
        release.set()
        await service.until_reported(name, 1)
        await service.until_continued(name)
        await service.client.abandon(name)
        return await service.client.outcome(name)


async def continued_with_a_correction(service: SkippedTime, name: str) -> NotificationState:
    """The path of a corrected round to which many signals come; the result is the final state."""
    async with service.worker():
        await waits(service, name)
        await service.flood(name)
        await service.client.correct(name, TO_RIGHT)
        await service.until_continued(name)
        await service.client.correct(name, Correct(body={"n": 2}))
        await service.skip(name, 2 * HOUR)
        return await service.client.outcome(name)
