"""``NotificationWorkflow``: one notification, from its acceptance to its end."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.common import Priority, RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.delivery import DeliveryActivities
    from activities.halting import halt
    from tidings import contract, visibility
    from tidings.delivery import Round
    from tidings.errors import InterventionRefusedError, InvalidInputError
    from tidings.intervention import Abandon, Resend, changes, check
    from tidings.notification import MAX_TIMEOUT
    from tidings.state import (
        Attempt,
        Intervention,
        NotificationState,
        RefusedIntervention,
        Status,
        WaitReason,
    )
    from workflows import reception
    from workflows.round import failure, retry_policy

GRACE: Final = timedelta(seconds=5)
"""What an attempt may need beyond its own timeout, which ends it long before this."""

_Delivery = workflow.ActivityHandle[list[Attempt]]


@workflow.defn(name=contract.WORKFLOW_TYPE)
class NotificationWorkflow:
    """Delivers one notification: rounds of attempts, and a person between them.

    Nothing that is sent to it, in whatever shape, can wedge it: a start that is no
    notification fails it with the reason, a signal that makes no sense is recorded as refused.
    """

    @workflow.init
    def __init__(self, *arguments: Any) -> None:
        self._problem: str | None = None
        self._resend_requested = False
        self._abandonment: str | None = None
        """Why it is to be abandoned; ``None`` while it is not."""
        info = workflow.info()
        try:
            self._notification, carried = reception.accepted(
                arguments, info.workflow_id, continued=info.continued_run_id is not None
            )
        except InvalidInputError as error:
            self._problem = str(error)
        else:
            self._state = carried or self._accepted_state()

    @workflow.run
    async def run(self, *_arguments: Any) -> dict[str, Any]:
        """Runs until the notification is delivered or abandoned; its final state as JSON."""
        if self._problem is not None:
            raise ApplicationError(self._problem, type=contract.FAILURE_INVALID, non_retryable=True)
        self._publish()
        while not self._state.status.is_final:
            match self._state.status:
                case Status.SCHEDULED:
                    await self._wait_until_due()
                case Status.AWAITING_INTERVENTION:
                    await self._await_intervention()
                case _ if self._abandonment is not None:
                    self._end(Status.ABANDONED, self._abandonment)
                case _:
                    await self._run_round()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._state.to_json()

    # The journey, in its order.

    def _accepted_state(self) -> NotificationState:
        not_before = self._notification.not_before
        scheduled = not_before is not None and not_before > workflow.now()
        return NotificationState(
            id=self._notification.id,
            type=self._notification.type,
            target=self._notification.target,
            status=Status.SCHEDULED if scheduled else Status.DELIVERING,
            next_attempt_at=not_before if scheduled else None,
            accepted_at=workflow.now(),
        )

    async def _wait_until_due(self) -> None:
        due_at = self._state.next_attempt_at or workflow.now()
        if not await self._until(
            lambda: self._state.status is not Status.SCHEDULED, due_at - workflow.now()
        ):
            self._change(status=Status.DELIVERING)

    async def _run_round(self) -> None:
        self._continue_as_new_if_long()
        self._resend_requested = False
        self._change(round=self._state.round + 1, next_attempt_at=None)
        expires_at = self._notification.expires_at
        if expires_at is not None and expires_at <= workflow.now():
            self._get_stuck(WaitReason.EXPIRED, f"expired at {expires_at.isoformat()}")
            return
        round_ = Round(
            notification=self._notification,
            number=self._state.round,
            attempts_before=self._state.attempt_count,
        )
        began_at = workflow.now()
        delivery = self._start_delivery(round_)
        await self._until(lambda: delivery.done() or self._is_interrupted())
        if not delivery.done():
            await self._halt(round_, delivery)
        try:
            log = delivery.result()
        except ActivityError as error:
            attempts, reason, explanation = failure(round_, began_at, error)
            self._state = self._state.with_attempts(attempts)
            if reason is not None and not self._is_interrupted():
                self._get_stuck(reason, explanation)
        else:
            self._state = self._state.with_attempts(log)
            self._end(Status.DELIVERED, log[-1].explanation)

    def _start_delivery(self, round_: Round) -> _Delivery:
        notification = round_.notification
        attempt_limit = notification.timeout + GRACE
        expires_at = notification.expires_at
        return workflow.start_activity_method(
            DeliveryActivities.deliver,
            round_,
            activity_id=contract.round_activity_id(round_.number),
            start_to_close_timeout=attempt_limit,
            # The activity keeps to the expiry itself; this is for when no worker is there to.
            schedule_to_close_timeout=(
                expires_at - workflow.now() + attempt_limit if expires_at is not None else None
            ),
            retry_policy=retry_policy(notification.retry),
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            priority=Priority(fairness_key=contract.fairness_key(notification.authority)),
            summary=f"round {round_.number} → {notification.authority}",
        )

    async def _halt(self, round_: Round, delivery: _Delivery) -> None:
        """Ends a running round between two attempts, and keeps what its attempts recorded."""
        halted = workflow.start_activity(
            halt,
            round_,
            start_to_close_timeout=MAX_TIMEOUT + 2 * GRACE,
            retry_policy=RetryPolicy(maximum_interval=GRACE),
            summary=f"halt round {round_.number}",
        )
        await self._until(halted.done)
        self._state = self._state.with_attempts(halted.result())
        delivery.cancel()
        await self._until(delivery.done)

    def _get_stuck(self, reason: WaitReason, explanation: str) -> None:
        self._change(
            status=Status.AWAITING_INTERVENTION,
            reason=reason,
            explanation=explanation,
            intervention_deadline=workflow.now() + self._notification.intervention_timeout,
        )
        self._log("notification.awaiting_intervention")

    async def _await_intervention(self) -> None:
        deadline = self._state.intervention_deadline or workflow.now()
        if not await self._until(
            lambda: (
                self._state.status is not Status.AWAITING_INTERVENTION
                or workflow.info().is_continue_as_new_suggested()
            ),
            deadline - workflow.now(),
        ):
            waited = self._notification.intervention_timeout
            self._end(Status.ABANDONED, f"nobody intervened within {waited}")
        elif self._state.status is Status.AWAITING_INTERVENTION:
            self._continue_as_new_if_long()

    def _end(self, status: Status, explanation: str) -> None:
        self._change(
            status=status,
            reason=None,
            explanation=explanation,
            next_attempt_at=None,
            intervention_deadline=None,
            closed_at=workflow.now(),
        )
        self._log(f"notification.{status}")

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
        self._refuse(name, "there is no such signal; there are resend and abandon")

    @workflow.update
    def intervene(self, *arguments: Any) -> dict[str, Any]:
        """Resend or abandon, and answer with the state: ``{"action": "resend", …}``."""
        self._apply(reception.update(arguments))
        return self._state.to_json()

    @intervene.validator
    def _check_intervene(self, *arguments: Any) -> None:
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        check(reception.update(arguments), self._notification, self._state)

    @workflow.query
    def state(self) -> dict[str, Any]:
        """The ``NotificationState``, without the attempts of a round that is running."""
        if self._problem is not None:
            raise InvalidInputError(self._problem)
        return self._state.to_json()

    def _take_signal(self, signal: str, arguments: Sequence[Any]) -> None:
        if self._problem is not None:
            return
        try:
            self._apply(reception.intervention(signal, arguments))
        except (InvalidInputError, InterventionRefusedError) as error:
            self._refuse(signal, str(error))

    def _apply(self, action: Resend | Abandon) -> None:
        before = self._notification
        self._notification = check(action, before, self._state)
        self._state = self._state.with_intervention(
            Intervention(
                action="abandon" if isinstance(action, Abandon) else "resend",
                at=workflow.now(),
                operator=action.operator,
                reason=action.reason,
                changes=changes(before, self._notification),
            )
        )
        if isinstance(action, Abandon):
            self._give_up(action.summary)
        else:
            self._resend_requested = True
            self._change(
                target=self._notification.target,
                status=Status.DELIVERING,
                reason=None,
                explanation="",
                intervention_deadline=None,
            )

    def _give_up(self, explanation: str) -> None:
        if self._state.status is Status.DELIVERING:
            self._abandonment = explanation  # a round that runs is halted first
        elif not self._state.status.is_final:
            self._end(Status.ABANDONED, explanation)

    def _refuse(self, signal: str, problem: str) -> None:
        if self._problem is None:
            refusal = RefusedIntervention(signal=signal, at=workflow.now(), problem=problem)
            self._state = self._state.with_refusal(refusal)

    # How it waits, and how it tells where it stands.

    def _is_interrupted(self) -> bool:
        """Whether somebody wants the round that is running to end."""
        return self._resend_requested or self._abandonment is not None

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
                self._give_up("the workflow was cancelled in Temporal")
            else:
                return True

    def _continue_as_new_if_long(self) -> None:
        if workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(args=[self._notification.to_json(), self._state.to_json()])

    def _change(self, **fields: Any) -> None:
        self._state = self._state.model_copy(update=fields)
        self._publish()

    def _publish(self) -> None:
        """Makes the search attributes true."""
        known = workflow.info().typed_search_attributes
        wanted = visibility.search_attributes(self._notification, self._state.status)
        updates = [
            pair.key.value_set(pair.value)
            for pair in wanted.search_attributes
            if known.get(pair.key) != pair.value
        ]
        if updates:
            workflow.upsert_search_attributes(updates)

    def _log(self, event: str) -> None:
        level = workflow.logger.warning if self._state.reason else workflow.logger.info
        level(
            event,
            extra={
                "id": self._state.id,
                "type": self._state.type,
                "target": self._notification.authority,
                "status": self._state.status.value,
                "reason": self._state.reason.value if self._state.reason else None,
                "explanation": self._state.explanation,
                "attempts": self._state.attempt_count,
            },
        )
