"""``NotificationWorkflow``: one notification, from its acceptance to its end."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from tidings import contract, policy
    from tidings.errors import InterventionRefusedError, InvalidInputError
    from tidings.round import Round
    from tidings.state import Status, WaitReason
    from workflows import reception
    from workflows.publication import log, publish, show
    from workflows.round import failure
    from workflows.starting import Delivery, start_delivery, start_halt, start_report
    from workflows.story import Story


@workflow.defn(name=contract.WORKFLOW_TYPE)
class NotificationWorkflow:
    """Delivers one notification: rounds of attempts, and a person between them.

    Nothing that is sent to it, in whatever shape, can wedge it: a start that is no
    notification fails it with the reason, a signal that makes no sense is recorded as refused.
    """

    @workflow.init
    def __init__(self, *arguments: Any) -> None:
        self._problem: str | None = None
        info = workflow.info()
        try:
            if info.continued_run_id is not None:
                self._story = Story(reception.continuation(arguments))
            else:
                self._story = Story.begun(
                    reception.notification(arguments, info.workflow_id),
                    accepted_at=info.workflow_start_time,
                    now=workflow.now(),
                )
        except InvalidInputError as error:
            self._problem = str(error)

    @workflow.run
    async def run(self, *_arguments: Any) -> dict[str, Any]:
        """Runs until the notification is delivered or abandoned; its final state as JSON."""
        if self._problem is not None:
            raise ApplicationError(self._problem, type=contract.FAILURE_INVALID, non_retryable=True)
        await self._until(lambda: True)  # a cancellation that came before anything is heard here
        while not await self._step():
            pass
        log(f"notification.{self._story.state.status}", self._story)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._story.state.to_json()

    # The journey, in its order.

    async def _step(self) -> bool:
        """Does what its status asks for; True once it has ended."""
        self._story.end_if_given_up(workflow.now())
        publish(self._story)
        status = self._story.state.status
        await self._tell_business()
        if self._story.state.status is not status:
            return False  # somebody intervened meanwhile: that is to be published and told first
        match status:
            case Status.SCHEDULED:
                await self._wait_until_due()
            case Status.DELIVERING:
                await self._run_round()
            case Status.AWAITING_INTERVENTION:
                await self._await_intervention()
            case Status.DELIVERED | Status.ABANDONED:
                return True
        return False

    async def _wait_until_due(self) -> None:
        due_at = self._story.state.next_attempt_at or workflow.now()
        if not await self._until(
            lambda: self._story.state.status is not Status.SCHEDULED, due_at - workflow.now()
        ):
            self._story.become_due()

    async def _run_round(self) -> None:
        self._continue_as_new_if_long()
        wait = self._story.take_resend() * workflow.random().random()
        if wait and not await self._pass_until(workflow.now() + wait):
            return
        round_ = self._story.begin_round()
        expires_at = round_.notification.expires_at
        if expires_at is not None and expires_at <= workflow.now():
            self._get_stuck(WaitReason.EXPIRED, f"expired at {expires_at.isoformat()}")
            return
        while (resumes_at := await self._deliver(round_)) is not None:
            # The server handed the round's activity out before its time: another goes on later.
            if not await self._pass_until(resumes_at):
                return
            round_ = self._story.resume_round(round_)

    async def _pass_until(self, moment: datetime) -> bool:
        """Waits while no activity runs; False where somebody intervened."""
        self._story.wait_until(moment)
        await self._until(lambda: self._story.is_interrupted, moment - workflow.now())
        return not self._story.is_interrupted

    async def _deliver(self, round_: Round) -> datetime | None:
        """Runs the activity of a round; when another has to go on with it, if one has to."""
        began_at = workflow.now()
        delivery = start_delivery(round_)
        await self._until(lambda: delivery.done() or self._story.is_interrupted)
        if not delivery.done():
            await self._halt(round_, delivery)
        try:
            log = delivery.result()
        except ActivityError as error:
            failed = failure(round_, began_at, error)
            self._story.record(failed.attempts)
            if failed.reason is not None and not self._story.is_interrupted:
                self._get_stuck(failed.reason, failed.explanation)
            return failed.resumes_at
        self._story.deliver(round_, log, workflow.now())
        return None

    async def _halt(self, round_: Round, delivery: Delivery) -> None:
        """Ends a running round between two attempts, and keeps what its attempts recorded."""
        halted = start_halt(round_)
        await self._until(halted.done)
        self._story.record(halted.result())
        delivery.cancel()
        await self._until(delivery.done)

    def _get_stuck(self, reason: WaitReason, explanation: str) -> None:
        self._story.get_stuck(reason, explanation, workflow.now())
        log("notification.awaiting_intervention", self._story)

    async def _tell_business(self) -> None:
        """Hands a report over, as a workflow of its own that outlives this one."""
        report = self._story.take_report(workflow.now(), workflow.random().random)
        if report is None:
            return
        starting = asyncio.ensure_future(start_report(report))
        await self._until(starting.done)
        self._story.record_report(report, starting.result(), workflow.now())

    async def _await_intervention(self) -> None:
        deadline = self._story.state.intervention_deadline or workflow.now()
        if not await self._until(
            lambda: (
                self._story.state.status is not Status.AWAITING_INTERVENTION
                or workflow.info().is_continue_as_new_suggested()
            ),
            deadline - workflow.now(),
        ):
            waited = self._story.notification.intervention_timeout
            self._story.give_up(f"nobody intervened within {waited}", workflow.now())
        elif self._story.state.status is Status.AWAITING_INTERVENTION:
            self._continue_as_new_if_long()

    # What people do to it.

    @workflow.signal
    def resend(self, *arguments: Any) -> None:
        """Begin a new round, as it is or corrected: one JSON object (see ``Resend``) or none."""
        self._take_signal(contract.SIGNAL_RESEND, arguments)

    @workflow.signal
    def abandon(self, *arguments: Any) -> None:
        """Give it up: one JSON object (see ``Abandon``) or none."""
        self._take_signal(contract.SIGNAL_ABANDON, arguments)

    @workflow.signal(dynamic=True)
    def _unknown_signal(self, name: str, _arguments: Sequence[RawValue]) -> None:
        if self._problem is None:
            problem = "there is no such signal; there are resend and abandon"
            self._refuse(name, problem)

    @workflow.update
    def intervene(self, *arguments: Any) -> dict[str, Any]:
        """Resend or abandon, and answer with the state: ``{"action": "resend", …}``."""
        self._story.intervene(reception.update(arguments), workflow.now())
        publish(self._story)
        return self._story.state.to_json()

    @intervene.validator
    def _check_intervene(self, *arguments: Any) -> None:
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        action = reception.update(arguments)
        policy.check_intervention(action)  # a validator is never replayed, so its rules may change
        self._story.check(action, workflow.now())

    @workflow.query
    def state(self) -> dict[str, Any]:
        """The ``NotificationState``, without the attempts of a round that is running."""
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        return self._story.state.to_json()

    def _take_signal(self, signal: str, arguments: Sequence[Any]) -> None:
        if self._problem is not None:
            return
        try:
            self._story.intervene(reception.intervention(signal, arguments), workflow.now())
        except (InvalidInputError, InterventionRefusedError) as error:
            self._refuse(signal, str(error))

    def _refuse(self, signal: str, problem: str) -> None:
        self._story.refuse(signal, problem, workflow.now())
        show(self._story)

    # How it waits, and how it tells where it stands.

    async def _until(self, condition: Callable[[], bool], timeout: timedelta | None = None) -> bool:
        """Waits for ``condition``; False if ``timeout`` came first.

        That the workflow is cancelled in Temporal means that somebody wants it to stop. It is
        taken for an abandon, so that it ends with a state that tells so.
        """
        while True:
            try:
                await workflow.wait_condition(condition, timeout=timeout)
            except TimeoutError:
                return False
            except asyncio.CancelledError:
                self._story.give_up("the workflow was cancelled in Temporal", workflow.now())
            else:
                return True

    def _continue_as_new_if_long(self) -> None:
        if workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(self._story.carried.to_json())
