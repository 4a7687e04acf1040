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
    from tidings.continuation import Continuation
    from tidings.errors import InterventionRefusedError, InvalidInputError
    from tidings.intervention import Resend
    from tidings.round import Round
    from tidings.state import Status, WaitReason
    from workflows import reception
    from workflows.publication import log, publish, show
    from workflows.round import RoundFailure, round_failure
    from workflows.starting import (
        RoundActivity,
        forget_run,
        start_delivery,
        start_halt,
        start_report,
    )
    from workflows.story import Story


@workflow.defn(name=contract.WORKFLOW_TYPE)
class NotificationWorkflow:
    """Delivers one notification: rounds of attempts, and a person between them.

    No input, whatever its shape, can wedge it. A start that is not a notification fails it with
    the reason. A signal that makes no sense is recorded as refused.
    """

    @workflow.init
    def __init__(self, *arguments: Any) -> None:
        self._problem: str | None = None
        try:
            self._story = _begun_or_continued(arguments)
        except InvalidInputError as error:
            self._problem = str(error)

    @workflow.run
    async def run(self, *_arguments: Any) -> dict[str, Any]:
        """Runs until the notification has ended; the result is its final state as JSON."""
        if self._problem is not None:
            raise ApplicationError(self._problem, type=contract.FAILURE_INVALID, non_retryable=True)
        await self._until(lambda: True)  # takes a cancellation that came before the first task
        forgetting = self._forget_earlier_run()
        while not await self._step():
            pass
        log(f"notification.{self._story.state.status}", self._story)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._until(forgetting.done)
        return self._story.result

    # The journey, in its order.

    async def _step(self) -> bool:
        """Does the next thing that the status asks for; True once the notification has ended.

        No activity runs between two steps.
        """
        self._story.end_if_given_up(workflow.now())
        publish(self._story)
        if await self._report():
            return False  # somebody may have intervened meanwhile: that is published first
        status = self._story.state.status
        if not status.is_final and _is_long():
            workflow.continue_as_new(self._story.continuation.to_json())
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

    async def _report(self) -> bool:
        """Starts the report that is due, a workflow that outlives this one; False if none is."""
        report = self._story.take_report(workflow.now())
        if report is None:
            return False
        starting = asyncio.ensure_future(start_report(report))
        await self._until(starting.done)  # a cancellation must not reach the start itself
        self._story.record_report(report, starting.result(), workflow.now())
        return True

    async def _wait_until_due(self) -> None:
        due_at = self._story.state.next_attempt_at
        if not await self._leaves(Status.SCHEDULED, due_at):
            self._story.become_due()

    async def _run_round(self) -> None:
        round_ = self._story.begin_round()
        while not self._is_over(round_):
            resumes_at = await self._deliver(round_)
            # A correction came, or the server handed the activity out before its time. Another
            # activity resumes the round.
            if resumes_at is None or not await self._pause_until(resumes_at):
                return
            round_ = self._story.resume_round(round_)

    def _is_over(self, round_: Round) -> bool:
        """True if the round can make no attempt now; the notification is stuck then."""
        expires_at = round_.notification.expires_at
        if expires_at is not None and expires_at <= workflow.now():
            self._get_stuck(WaitReason.EXPIRED, f"expired at {expires_at.isoformat()}")
            return True
        if self._story.is_used_up(round_):
            self._get_stuck(WaitReason.EXHAUSTED, self._story.last_explanation)
            return True
        return False

    async def _pause_until(self, moment: datetime) -> bool:
        """Waits while no activity runs; False if somebody intervened."""
        self._story.wait_until(moment)
        await self._until(lambda: self._story.is_interrupted, moment - workflow.now())
        return not self._story.is_interrupted

    async def _deliver(self, round_: Round) -> datetime | None:
        """Runs the activity of a round; the result is when to resume it, if that is needed."""
        began_at = workflow.now()
        delivery = start_delivery(round_)
        await self._until(
            lambda: delivery.done() or self._story.is_interrupted or self._story.is_corrected
        )
        if not delivery.done():
            await self._halt(round_, delivery)
        try:
            attempts = delivery.result()
        except ActivityError as error:
            failure = round_failure(round_, began_at, error)
            self._story.record(failure.attempts)
            return self._after_failure(round_, failure)
        self._story.deliver(round_, attempts, workflow.now())
        return None

    def _after_failure(self, round_: Round, failure: RoundFailure) -> datetime | None:
        """The moment at which to resume a round that ended without an acknowledgement.

        ``None`` if the notification is stuck, or somebody wants another round or its end.
        """
        if self._story.is_interrupted:
            return None
        if self._story.is_corrected:
            return self._story.next_attempt_at(round_) or workflow.now()
        if failure.reason is not None:
            self._get_stuck(failure.reason, failure.explanation)
        return failure.resumes_at

    async def _halt(self, round_: Round, delivery: RoundActivity) -> None:
        """Ends a running round between two attempts, and keeps what its attempts recorded."""
        halt = start_halt(round_)
        await self._until(halt.done)
        self._story.record(halt.result())
        delivery.cancel()
        await self._until(delivery.done)

    def _get_stuck(self, reason: WaitReason, explanation: str) -> None:
        self._story.get_stuck(reason, explanation, workflow.now())
        log("notification.awaiting_intervention", self._story)

    async def _await_intervention(self) -> None:
        deadline = self._story.state.intervention_deadline
        if not await self._leaves(Status.AWAITING_INTERVENTION, deadline):
            waited = self._story.notification.intervention_timeout
            self._story.give_up(f"nobody intervened within {waited}", workflow.now())

    def _forget_earlier_run(self) -> asyncio.Task[None]:
        """Deletes the run whose story this one carries on; otherwise lists would have both."""

        async def forget() -> None:
            run_id = self._story.continuation.earlier_run
            if run_id is not None:
                await forget_run(run_id)
                self._story.forget_earlier_run()

        return asyncio.ensure_future(forget())

    # Signals, the update and the query.

    @workflow.signal
    def resend(self, *arguments: Any) -> None:
        """Begins a new round, as it is or corrected: one JSON object (see ``Resend``) or none."""
        self._take_signal(contract.SIGNAL_RESEND, arguments)

    @workflow.signal
    def correct(self, *arguments: Any) -> None:
        """Corrects the notification, and sends nothing: one JSON object (see ``Correct``)."""
        self._take_signal(contract.SIGNAL_CORRECT, arguments)

    @workflow.signal
    def abandon(self, *arguments: Any) -> None:
        """Gives the notification up: one JSON object (see ``Abandon``) or none."""
        self._take_signal(contract.SIGNAL_ABANDON, arguments)

    @workflow.signal(dynamic=True)
    def _unknown_signal(self, name: str, _arguments: Sequence[RawValue]) -> None:
        if self._problem is None:
            self._refuse(name, "there is no such signal; there are resend, correct and abandon")

    @workflow.update
    def intervene(self, *arguments: Any) -> dict[str, Any]:
        """Resends, corrects or abandons it: ``{"action": "resend", …}``; returns the state."""
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
        """The ``NotificationState``, without the attempts of a running round."""
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
        else:
            publish(self._story)

    def _refuse(self, signal: str, problem: str) -> None:
        self._story.refuse(signal, problem, workflow.now())
        show(self._story)

    # Waiting.

    async def _leaves(self, status: Status, deadline: datetime | None) -> bool:
        """Waits while ``status`` stays; False if ``deadline`` came first.

        It also ends if the history has become long, because signals lengthen it without end.
        """
        before = self._story.state.next_attempt_at  # a correction can bring another time
        return await self._until(
            lambda: (
                self._story.state.status is not status
                or self._story.state.next_attempt_at != before
                or _is_long()
            ),
            (deadline or workflow.now()) - workflow.now(),
        )

    async def _until(self, condition: Callable[[], bool], timeout: timedelta | None = None) -> bool:
        """Waits for ``condition``; False if ``timeout`` came first.

        A cancellation of the workflow in Temporal counts as an abandon: the notification must end
        with a state that says so.
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


def _begun_or_continued(arguments: Sequence[Any]) -> Story:
    """The story of this run; raises ``InvalidInputError`` if the arguments are malformed."""
    info = workflow.info()
    if info.continued_run_id is not None:
        continuation = reception.continuation(arguments)
        if continuation is not None:
            return Story(continuation)
    reopening = reception.reopening(arguments, info.workflow_id)
    if reopening is not None:
        return _reopened(*reopening)
    return Story.begun(
        reception.notification(arguments, info.workflow_id),
        accepted_at=info.workflow_start_time,
        now=workflow.now(),
    )


def _reopened(continuation: Continuation, resend: Resend) -> Story:
    """The story of a notification that has ended and is sent again.

    If the resend is refused, the story is as it was, with the refusal in it.
    """
    story = Story(continuation)
    try:
        story.intervene(resend, workflow.now())
    except InterventionRefusedError as error:
        story.refuse(contract.SIGNAL_RESEND, str(error), workflow.now())
    return story


def _is_long() -> bool:
    """True if Temporal suggests that the history goes on in a new run of the workflow."""
    return workflow.info().is_continue_as_new_suggested()
