"""``NotificationWorkflow``: one notification, from its acceptance to its end."""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from tidings import contract, policy
    from tidings.errors import InterventionRefusedError, InvalidInputError
    from tidings.state import Status
    from workflows import intervening, reception
    from workflows.beginning import begin
    from workflows.delivering import run_round
    from workflows.first_task import FirstTask
    from workflows.publication import log, publish, publish_rejection, show
    from workflows.starting import forget_run, start_report
    from workflows.story import Story
    from workflows.waiting import is_long, leaves, until


@workflow.defn(name=contract.WORKFLOW_TYPE)
class NotificationWorkflow:
    """Delivers one notification: rounds of attempts, and a person between them.

    No input, whatever its shape, can wedge it. A start that is not a notification fails it with
    the reason. A signal that makes no sense is recorded as refused.
    """

    @workflow.init
    def __init__(self, *arguments: Any) -> None:
        self._problem: str | None = None
        self._first_task = FirstTask(workflow.info().get_current_history_length())
        try:
            self._story: Story = begin(arguments)
        except InvalidInputError as error:
            self._problem = str(error)

    @workflow.run
    async def run(self, *_arguments: Any) -> dict[str, Any]:
        """Runs until the notification has ended; the result is its final state as JSON."""
        if self._problem is not None:
            publish_rejection(self._problem)
            raise ApplicationError(self._problem, type=contract.FAILURE_INVALID, non_retryable=True)
        await until(self._story, lambda: True)  # takes a cancellation before the first task
        forgetting = asyncio.ensure_future(self._forget_earlier_run())
        while not (await self._step() and await self._is_settled(forgetting)):
            pass
        log(f"notification.{self._story.state.status}", self._story)
        return self._story.result

    async def _is_settled(self, forgetting: asyncio.Future[None]) -> bool:
        """Waits for what still runs; False if somebody sends the notification again meanwhile.

        Without the second look at the status, the workflow would end, and that round be lost.
        """
        await workflow.wait_condition(workflow.all_handlers_finished)
        await until(self._story, lambda: forgetting.done() or not self._story.state.status.is_final)
        return self._story.state.status.is_final

    # The journey, in its order.

    async def _forget_earlier_run(self) -> None:
        """Deletes the run whose story this one carries on; otherwise lists would have both."""
        run_id = self._story.continuation.earlier_run
        if run_id is not None:
            await forget_run(run_id)
            self._story.forget_earlier_run()

    async def _step(self) -> bool:
        """Does the next thing that the status asks for; True once the notification has ended.

        No activity of a round runs between two steps.
        """
        self._story.end_if_given_up(workflow.now())
        publish(self._story)
        if await self._report():
            return False  # somebody may have intervened meanwhile: that is published first
        status = self._story.state.status
        if not status.is_final and is_long():
            workflow.continue_as_new(self._story.continuation.to_json())
        match status:
            case Status.SCHEDULED:
                await self._wait_until_due()
            case Status.DELIVERING:
                length = workflow.info().get_current_history_length()
                await run_round(self._story, self._first_task.kind(length))
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
        # A cancellation must not reach the start itself.
        await until(self._story, starting.done)
        self._story.record_report(report, starting.result(), workflow.now())
        return True

    async def _wait_until_due(self) -> None:
        due_at = self._story.state.next_attempt_at
        if not await leaves(self._story, Status.SCHEDULED, due_at):
            self._story.become_due()

    async def _await_intervention(self) -> None:
        deadline = self._story.state.intervention_deadline
        if not await leaves(self._story, Status.AWAITING_INTERVENTION, deadline):
            waited = self._story.notification.intervention_timeout
            self._story.give_up(f"nobody intervened within {waited}", workflow.now())

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
        self._first_task.note_signal()
        if self._problem is None:
            self._refuse(name, "there is no such signal; there are resend, correct and abandon")

    @workflow.update
    def intervene(self, *arguments: Any) -> dict[str, Any]:
        """Resends, corrects or abandons it: ``{"action": "resend", …}``; returns the state."""
        intervening.intervene(self._story, reception.update(arguments), workflow.now())
        publish(self._story)
        return self._story.state.to_json()

    @intervene.validator
    def _check_intervene(self, *arguments: Any) -> None:
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        action = reception.update(arguments)
        policy.check_intervention(action)  # a validator is never replayed, so its rules may change
        intervening.check(self._story, action, workflow.now())

    @workflow.query
    def state(self) -> dict[str, Any]:
        """The ``NotificationState``, without the attempts of a running round."""
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        return self._story.state.to_json()

    @workflow.query
    def notification(self) -> dict[str, Any]:
        """The notification as it would be sent now, corrections included."""
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        return self._story.notification.to_json()

    def _take_signal(self, signal: str, arguments: Sequence[Any]) -> None:
        self._first_task.note_signal()
        if self._problem is not None:
            return
        try:
            action = reception.intervention(signal, arguments)
            intervening.intervene(self._story, action, workflow.now())
        except (InvalidInputError, InterventionRefusedError) as error:
            self._refuse(signal, str(error))
        else:
            publish(self._story)

    def _refuse(self, signal: str, problem: str) -> None:
        self._story.refuse(signal, problem, workflow.now())
        show(self._story)
