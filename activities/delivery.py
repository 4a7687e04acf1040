"""The delivery activity: one attempt, from the request to what follows from its answer."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import random as default_random
from typing import Final

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import halting
from activities.attempt_log import Outcome, as_json, log_line, log_so_far, record
from activities.failure import NoAnswerError
from activities.http import exchange, parse_retry_after
from activities.judgement import Verdict, judge_answer, judge_failure
from activities.keyring import Keyring, UnknownKeyError
from activities.request import headers
from tidings import contract
from tidings.delivery import Round
from tidings.notification import Notification
from tidings.retry import next_delay
from tidings.state import Attempt, FailureKind, WaitReason

_EARLY: Final = timedelta(seconds=1)
"""What an attempt may come before its time without harm."""
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

        ``is_being_halted`` tells of the calling activity whether somebody intervened.
        """
        self._http = http
        self._keyring = keyring
        self._random = random
        self._is_being_halted = is_being_halted

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """One attempt of a round; the log of all its attempts once the target acknowledges.

        Otherwise it raises: what Temporal has to retry, with the delay until then, or what
        ends the round. The log goes from attempt to attempt in the heartbeat details.
        """
        began = time.monotonic()
        info = activity.info()
        notification = round_.notification
        log = log_so_far(round_, info)
        if await self._must_not_begin(info):
            raise _final(contract.FAILURE_HALTED, "somebody intervened", log)
        # Temporal's clock, by which it also times the retries.
        started_at = info.started_time + _since(began)
        _check_time(notification, info, log, started_at)
        attempt_in_round = round_.attempts_made + len(log) + 1
        if attempt_in_round > notification.retry.maximum_attempts:
            raise _final(contract.FAILURE_EXHAUSTED, log[-1].explanation, log)

        outcome = await self._attempt(notification, started_at)
        ended_at = started_at + outcome.duration
        following = self._following(notification, attempt_in_round, outcome, ended_at)
        attempt = record(round_.first_number + len(log), round_, started_at, outcome, following)
        log = (*log, attempt)
        log_line(notification, attempt, outcome.judgement)
        if following is None:
            return list(log)
        if isinstance(following, timedelta):
            activity.heartbeat(as_json(log))
        raise _unfinished(following, attempt.explanation, log)

    async def _must_not_begin(self, info: activity.Info) -> bool:
        """Whether the round is to end before this attempt, as it may be if it comes so late."""
        waited = info.started_time - info.current_attempt_scheduled_time
        return (info.attempt > 1 or waited > _LATE) and await self._is_being_halted()

    async def _attempt(self, notification: Notification, started_at: datetime) -> Outcome:
        began = time.monotonic()
        try:
            answer = await exchange(
                self._http,
                method=notification.method,
                url=notification.target,
                headers=headers(notification, started_at, self._keyring),
                content=notification.body_bytes,
                timeout=notification.timeout,
            )
        except UnknownKeyError as error:
            return _failed(FailureKind.UNSIGNED, f"nothing was sent: {error}", began)
        except NoAnswerError as error:
            return _failed(error.kind, error.detail, began)
        judgement = judge_answer(
            notification.acknowledgement,
            answer.status_code,
            answer.body,
            truncated=answer.truncated,
            content_encoding=answer.content_encoding,
        )
        return Outcome(judgement=judgement, duration=_since(began), answer=answer)

    def _following(
        self, notification: Notification, attempt: int, outcome: Outcome, now: datetime
    ) -> timedelta | WaitReason | None:
        """The delay until the next attempt, why there is none, or ``None``: it is done."""
        match outcome.judgement.verdict:
            case Verdict.ACKNOWLEDGED:
                return None
            case Verdict.REFUSED:
                return WaitReason.REFUSED
            case Verdict.RETRY | Verdict.PENDING as verdict:
                is_pending = verdict is Verdict.PENDING
                header = outcome.answer.retry_after if outcome.answer is not None else None
                return next_delay(
                    notification.retry,
                    attempt,
                    now=now,
                    random=self._random(),
                    own_interval=(
                        notification.acknowledgement.pending_interval if is_pending else None
                    ),
                    retry_after=parse_retry_after(header, now),
                    timeout=notification.timeout,
                    expires_at=notification.expires_at,
                )


def _check_time(
    notification: Notification, info: activity.Info, log: tuple[Attempt, ...], now: datetime
) -> None:
    """Raises where it is too late for another attempt, or too early for the next.

    A server that has restarted may hand out an activity that still waits for its retry. Failing
    it with another delay would cost an attempt of the schedule, so the workflow waits instead.
    At a first attempt, and after a reset, which means "now", there is nothing to wait for.
    """
    expires_at = notification.expires_at
    if expires_at is not None and now >= expires_at:
        raise _final(contract.FAILURE_EXPIRED, f"expired at {expires_at.isoformat()}", log)
    due_at = log[-1].next_attempt_at if log else None
    if info.attempt > 1 and due_at is not None and now < due_at - _EARLY:
        raise _final(contract.FAILURE_TOO_EARLY, f"due at {due_at.isoformat()}", log)


def _unfinished(
    following: timedelta | WaitReason, explanation: str, log: tuple[Attempt, ...]
) -> ApplicationError:
    match following:
        case WaitReason.REFUSED:
            return _final(contract.FAILURE_REFUSED, explanation, log)
        case WaitReason.EXPIRED:
            why = f"the next attempt would come after it expires; {explanation}"
            return _final(contract.FAILURE_EXPIRED, why, log)
        case WaitReason.EXHAUSTED:
            return _final(contract.FAILURE_EXHAUSTED, explanation, log)
        case delay:
            return ApplicationError(
                # The log is not in it: the server shows no failure of more than 4 KiB.
                explanation,
                type=contract.FAILURE_NOT_ACKNOWLEDGED,
                next_retry_delay=delay,
                category=ApplicationErrorCategory.BENIGN,
            )


def _final(kind: str, why: str, log: tuple[Attempt, ...]) -> ApplicationError:
    return ApplicationError(
        why,
        as_json(log),
        type=kind,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )


def _failed(kind: FailureKind, detail: str, began: float) -> Outcome:
    return Outcome(judgement=judge_failure(kind, detail), duration=_since(began), failure=kind)


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)
