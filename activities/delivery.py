"""The delivery activities: one attempt, from the request to the decision on what follows.

``deliver`` is the activity of a round. ``deliver_at_once`` is the local activity of the fast lane,
which makes the first attempt of a run within its first workflow task.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import random as default_random
from typing import Any, Final

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import halting
from activities.attempt import decide, judge, prepare, record
from activities.execution import Exchanged, Execution, NoAnswer, Prepared, Recorded
from activities.http.exchange import Answer, exchange
from activities.http.failure import NoAnswerError
from activities.lanes.lanes import Lanes
from activities.lanes.targets import Pace
from activities.log_line import write_line
from activities.outcome import Outcome, TaskStart, outcome
from activities.secrets.keyring import Keyring
from tidings import contract
from tidings.fields.decision import Again, Done, Stuck, explain
from tidings.fields.retry import is_used_up
from tidings.round import Round
from tidings.state import Attempt, WaitReason, log_json, read_log

_EARLY: Final = timedelta(seconds=1)
"""The time by which an attempt may start early without harm."""
_LATE: Final = timedelta(seconds=2)
"""After a longer wait in the queue, a worker that was halting this round may have died."""


class DeliveryActivities:
    """The delivery activities, with the HTTP client, the keys and the lanes that they share."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        keyring: Keyring,
        lanes: Lanes,
        *,
        random: Callable[[], float] = default_random,
        is_being_halted: Callable[[], Awaitable[bool]] = halting.is_requested,
    ) -> None:
        """``lanes`` are those of this worker.

        ``random`` returns numbers in [0, 1) for jitter.
        ``is_being_halted`` returns true if somebody intervened in the round of the calling
        activity.
        """
        self._http = http
        self._keyring = keyring
        self._lanes = lanes
        self._random = random
        self._is_being_halted = is_being_halted

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """Makes one attempt of a round; returns the round's log if the target acknowledges.

        Otherwise it raises. Temporal retries ``NotAcknowledged`` after the delay in it. Any other
        failure ends the activity, and after some of them another one resumes the round.
        """
        return _hand_over(await self._attempt(await self._begin(round_)))

    @activity.defn(name=contract.ACTIVITY_DELIVER_AT_ONCE)
    async def deliver_at_once(self, round_: Round, task: TaskStart) -> Outcome:
        """Makes the first attempt of a run, unless its target has to take the ordinary lane.

        Raises ``Repeated`` if this may be a further try of ``task``. Then the attempt of the try
        before may have been made, and another one could exceed the schedule.
        """
        if task.is_repeated and self._lanes.fast.is_open:
            raise _end(
                contract.FAILURE_REPEATED, "its workflow task may have been tried before", ()
            )
        authority = round_.notification.authority
        with self._lanes.fast.place(authority) as is_admitted:
            if not is_admitted:
                return Outcome(is_target_slow=self._lanes.targets.pace(authority) is Pace.SLOW)
            info = activity.info()
            # Temporal times what follows by its own clock, so the worker's clock does not count.
            started_at = task.started_at + (info.started_time - info.scheduled_time)
            execution = Execution(round=round_, log=(), started_at=started_at)
            return outcome(await self._attempt(execution))

    async def _attempt(self, execution: Execution) -> Recorded:
        """Makes an attempt, in whichever lane."""
        with self._lanes.targets.attempt(execution.notification.authority) as in_flight:
            prepared = prepare(execution, self._keyring)
            exchanged = await self._exchange(prepared)
            judged = judge(exchanged)
            decided = decide(judged, self._random())
            recorded = record(decided)
            in_flight.acknowledged = isinstance(decided.decision, Done)
        write_line(recorded)
        return recorded

    async def _begin(self, round_: Round) -> Execution:
        """The next attempt; raises if it must not be made now."""
        began = time.monotonic()
        info = activity.info()
        log = _log_so_far(round_, info)
        if await self._is_halted(info):
            raise _end(contract.FAILURE_HALTED, "somebody intervened", log)
        authority = round_.notification.authority
        is_ordinary = info.task_queue == contract.TASK_QUEUE
        if is_ordinary and not await self._lanes.ordinary.admits(authority):
            raise _end(contract.FAILURE_SLOW_TARGET, f"{authority} is slow", log)
        # Temporal times the retries by its own clock, so the worker's clock does not count.
        started_at = info.started_time + _since(began)
        execution = Execution(round=round_, log=log, started_at=started_at)
        _check_time(execution, is_retry=info.attempt > 1)
        if is_used_up(round_.notification.retry, execution.number_in_round - 1):
            raise _end(WaitReason.EXHAUSTED, log[-1].explanation, log)
        return execution

    async def _is_halted(self, info: activity.Info) -> bool:
        """True if the round has to end before this attempt.

        Only a retry, and an attempt that waited long, asks the server. Before any other attempt,
        nobody can have intervened.
        """
        waited = info.started_time - info.current_attempt_scheduled_time
        return (info.attempt > 1 or waited > _LATE) and await self._is_being_halted()

    async def _exchange(self, prepared: Prepared) -> Exchanged:
        began = time.monotonic()
        result: Answer | NoAnswer
        if isinstance(prepared.request, NoAnswer):
            result = prepared.request
        else:
            try:
                result = await exchange(self._http, prepared.request)
            except NoAnswerError as error:
                result = NoAnswer(kind=error.kind, detail=error.detail, cause=error.cause)
        return Exchanged(**vars(prepared), result=result, duration=_since(began))


def _log_so_far(round_: Round, info: activity.Info) -> tuple[Attempt, ...]:
    """The attempts that this activity has made, with those that left no record.

    The log goes from attempt to attempt in the heartbeat details of the activity. A reset of the
    activity in Temporal sets ``info.attempt`` back to 1. The attempts before it still count.
    """
    details = info.heartbeat_details
    recorded = read_log(details[0] if details else ())
    made = max(info.attempt - 1, len(recorded))
    return round_.outline.without_gaps(recorded, count=made, began_at=info.scheduled_time)


def _check_time(execution: Execution, *, is_retry: bool) -> None:
    """Raises if it is too late for another attempt, or too early for the next.

    A server that has restarted may hand out an activity that still waits for its retry. Failing
    it with a new delay would use up an attempt of the schedule, so the workflow waits instead.
    A first attempt has nothing to wait for. After a reset of the activity it does not wait
    either: a reset means "now".
    """
    log, now = execution.log, execution.started_at
    expires_at = execution.notification.expires_at
    if expires_at is not None and now >= expires_at:
        raise _end(WaitReason.EXPIRED, f"expired at {expires_at.isoformat()}", log)
    due_at = log[-1].next_attempt_at if log else None
    if is_retry and due_at is not None and now < due_at - _EARLY:
        raise _end(contract.FAILURE_TOO_EARLY, f"due at {due_at.isoformat()}", log)


def _hand_over(execution: Recorded) -> list[Attempt]:
    """Hands the decision over to Temporal; raises unless the target has acknowledged."""
    explanation, log = execution.record.explanation, execution.full_log
    match execution.decision:
        case Done():
            return list(log)
        case Again(delay):
            activity.heartbeat(log_json(log))
            raise ApplicationError(
                # Without the log: the server does not show a failure of more than 4 KiB.
                explanation,
                type=contract.FAILURE_AGAIN,
                next_retry_delay=delay,
                category=ApplicationErrorCategory.BENIGN,
            )
        case Stuck(reason) as decision:
            raise _end(reason, explain(decision, explanation), log)


def _end(type_: str, message: str, log: tuple[Attempt, ...]) -> ApplicationError:
    """The failure that ends a round and hands its log over to the workflow."""
    details: Any = log_json(log)
    return ApplicationError(
        message, details, type=type_, non_retryable=True, category=ApplicationErrorCategory.BENIGN
    )


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)
