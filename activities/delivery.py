"""The delivery activity: one attempt, from the request to the decision on what follows."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from random import random as default_random
from typing import Any, Final

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import halting
from activities.attempt import Execution, NoAnswer, decide, judge, record
from activities.attempt_log import log_so_far, write_line
from activities.http.exchange import Answer, exchange
from activities.http.failure import NoAnswerError
from activities.request import prepared
from activities.secrets.keyring import Keyring, UnknownKeyError
from tidings import contract
from tidings.fields.decision import Again, Done, Stuck
from tidings.fields.retry import is_used_up
from tidings.round import Round
from tidings.state import Attempt, FailureKind, WaitReason, log_json

_EARLY: Final = timedelta(seconds=1)
"""How early an attempt may start without harm."""
_LATE: Final = timedelta(seconds=2)
"""After so long in the queue, a worker may have been lost, and a halt of the round with it."""


class DeliveryActivities:
    """The delivery activity, with the HTTP client and the keys that all its attempts share."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        keyring: Keyring,
        *,
        random: Callable[[], float] = default_random,
        is_being_halted: Callable[[], Awaitable[bool]] = halting.is_requested,
    ) -> None:
        """``random`` gives numbers in [0, 1) for jitter.

        ``is_being_halted`` says of the calling activity whether somebody intervened.
        """
        self._http = http
        self._keyring = keyring
        self._random = random
        self._is_being_halted = is_being_halted

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """One attempt of a round; the log of all its attempts once the target acknowledges.

        Otherwise it raises: a failure that Temporal has to retry, with the delay until then, or
        one that ends the round.
        """
        execution = await self._begin(round_)
        execution = self._prepare(execution)
        execution = await self._exchange(execution)
        execution = judge(execution)
        execution = decide(execution, self._random())
        execution = record(execution)
        write_line(execution)
        return _hand_over(execution)

    async def _begin(self, round_: Round) -> Execution:
        """The execution of the next attempt; raises if there must not be one now."""
        began = time.monotonic()
        info = activity.info()
        log = log_so_far(round_, info)
        if await self._is_halted(info):
            raise _end(contract.FAILURE_HALTED, "somebody intervened", log)
        # Temporal's clock, by which it also times the retries.
        started_at = info.started_time + timedelta(seconds=time.monotonic() - began)
        execution = Execution(round=round_, log=log, started_at=started_at)
        _check_time(execution, is_retry=info.attempt > 1)
        if is_used_up(round_.notification.retry, execution.number_in_round - 1):
            raise _end(WaitReason.EXHAUSTED, log[-1].explanation, log)
        return execution

    async def _is_halted(self, info: activity.Info) -> bool:
        """Whether the round has to end before this attempt; only asked if that is possible."""
        waited = info.started_time - info.current_attempt_scheduled_time
        return (info.attempt > 1 or waited > _LATE) and await self._is_being_halted()

    def _prepare(self, execution: Execution) -> Execution:
        try:
            request = prepared(execution.notification, execution.started_at, self._keyring)
        except UnknownKeyError as error:
            unsigned = NoAnswer(kind=FailureKind.UNSIGNED, detail=f"nothing was sent: {error}")
            return replace(execution, result=unsigned)
        return replace(execution, request=request)

    async def _exchange(self, execution: Execution) -> Execution:
        if execution.request is None:
            return execution
        began = time.monotonic()
        result: Answer | NoAnswer
        try:
            result = await exchange(self._http, execution.request)
        except NoAnswerError as error:
            result = NoAnswer(kind=error.kind, detail=error.detail)
        duration = timedelta(seconds=time.monotonic() - began)
        return replace(execution, result=result, duration=duration)


def _check_time(execution: Execution, *, is_retry: bool) -> None:
    """Raises if it is too late for another attempt, or too early for the next.

    A server that has restarted may hand out an activity that still waits for its retry. To fail
    it with another delay would cost an attempt of the schedule, so the workflow waits instead.
    A first attempt has nothing to wait for, nor has one after a reset, which means "now".
    """
    log, now = execution.log, execution.started_at
    expires_at = execution.notification.expires_at
    if expires_at is not None and now >= expires_at:
        raise _end(WaitReason.EXPIRED, f"expired at {expires_at.isoformat()}", log)
    due_at = log[-1].next_attempt_at if log else None
    if is_retry and due_at is not None and now < due_at - _EARLY:
        raise _end(contract.FAILURE_TOO_EARLY, f"due at {due_at.isoformat()}", log)


def _hand_over(execution: Execution) -> list[Attempt]:
    """Hands the decision over to Temporal; raises unless the target has acknowledged."""
    assert execution.attempt is not None
    explanation, log = execution.attempt.explanation, execution.log
    match execution.decision:
        case Done():
            return list(log)
        case Again(delay):
            activity.heartbeat(log_json(log))
            raise ApplicationError(
                # The log is not in it: the server shows no failure of more than 4 KiB.
                explanation,
                type=contract.FAILURE_AGAIN,
                next_retry_delay=delay,
                category=ApplicationErrorCategory.BENIGN,
            )
        case Stuck(WaitReason.EXPIRED as reason):
            why = f"the next attempt would come after it expires; {explanation}"
            raise _end(reason, why, log)
        case Stuck(reason):
            raise _end(reason, explanation, log)
        case None:
            raise ValueError("nothing was decided")


def _end(type_: str, why: str, log: tuple[Attempt, ...]) -> ApplicationError:
    """The failure that ends a round, with the log of its attempts."""
    details: Any = log_json(log)
    return ApplicationError(
        why, details, type=type_, non_retryable=True, category=ApplicationErrorCategory.BENIGN
    )
