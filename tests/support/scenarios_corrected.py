"""The paths of notifications that are corrected, or sent again after their end."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tests.support.corrected import RIGHT, TO_RIGHT, WRONG, waits
from tests.support.skipped_time import SkippedTime
from tidings import Correct, FixedInterval, Resend, Status, contract

DAY: Final = timedelta(days=1)


async def corrected_while_scheduled(service: SkippedTime, name: str) -> None:
    await service.send(name, target=WRONG, not_before=datetime.now(UTC) + DAY)
    later = datetime.now(UTC) + 2 * DAY
    await service.client.correct(name, Correct(target=RIGHT, not_before=later))
    await service.skip(name, 3 * DAY)
    await service.client.outcome(name)


async def corrected_between_attempts(service: SkippedTime, name: str) -> None:
    await waits(service, name)
    await service.client.correct(name, TO_RIGHT)
    await service.until_paused(name)
    await service.client.correct(name, Correct(body={"n": 2}))
    await service.skip(name, DAY)
    await service.client.outcome(name)


async def corrected_in_an_attempt(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 410, 200)
    release = service.target.hold(name)
    await service.send(name, target=WRONG)
    await service.target.wait_for(name, 1)
    await service.client.correct(name, TO_RIGHT)
    release.set()
    await service.client.outcome(name)


async def corrected_to_fewer_attempts(service: SkippedTime, name: str) -> None:
    await waits(service, name)
    await service.client.correct(name, Correct(retry=FixedInterval(interval=1, maximum_attempts=1)))
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.client.abandon(name)
    await service.client.outcome(name)


async def corrected_while_stuck(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 404, 200)
    await service.send(name, target=WRONG)
    await service.until(name, Status.AWAITING_INTERVENTION)
    await service.handle(name).signal(contract.SIGNAL_CORRECT, {"target": RIGHT})
    await service.client.resend(name)
    await service.client.outcome(name)


async def sent_again(service: SkippedTime, name: str) -> None:
    service.target.answer(name, 200, 404, 200)
    await service.send(name, report_to="http://business.test/")
    await service.client.outcome(name)
    await service.client.resend(name, Resend(operator="li", even_if_delivered=True))
    await service.until_reported(name, 1)
    await service.client.resend(name)
    await service.client.outcome(name)


async def sent_again_without_intent(service: SkippedTime, name: str) -> None:
    """As nobody but another language would start it."""
    sent = await service.send(name)
    state = await service.client.outcome(name)
    await service.environment.client.start_workflow(
        contract.WORKFLOW_TYPE,
        args=[{"notification": sent.to_json(), "state": state.to_json()}, {}],
        id=contract.workflow_id(name),
        task_queue=contract.TASK_QUEUE,
    )
    await service.client.outcome(name)
