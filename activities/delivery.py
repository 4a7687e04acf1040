"""The delivery activity: one attempt, from the request to what follows from its answer."""

import codecs
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random as default_random
from typing import Final

import httpx
from pydantic import TypeAdapter
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.http import Answer, NoAnswerError, exchange, parse_retry_after
from tidings import contract
from tidings.acknowledgement import Judgement, Verdict, judge_answer, judge_failure
from tidings.delivery import Round
from tidings.notification import Notification
from tidings.retry import next_delay
from tidings.state import Attempt, FailureKind, WaitReason, without_gaps

MAX_EXCERPT: Final = 1024
"""The most that is kept of an answer's body, in bytes of UTF-8."""

_EARLY: Final = timedelta(seconds=1)
"""What an attempt may come before its time without harm."""

_ATTEMPTS: Final = TypeAdapter(tuple[Attempt, ...])

logger = logging.getLogger("tidings.delivery")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one exchange came to."""

    judgement: Judgement
    duration: timedelta
    answer: Answer | None = None
    failure: FailureKind | None = None


class DeliveryActivities:
    """The delivery activity, with the HTTP client that all its attempts share."""

    def __init__(
        self, http: httpx.AsyncClient, *, random: Callable[[], float] = default_random
    ) -> None:
        """``random`` gives numbers in [0, 1) for jitter."""
        self._http = http
        self._random = random

    @activity.defn(name=contract.ACTIVITY_DELIVER)
    async def deliver(self, round_: Round) -> list[Attempt]:
        """One attempt of a round; the log of all its attempts once the target acknowledges.

        Otherwise it raises: what Temporal has to retry, with the delay until then, or what
        ends the round. The log goes from attempt to attempt in the heartbeat details.
        """
        info = activity.info()
        notification = round_.notification
        log = _log_so_far(round_, info)
        started_at = info.started_time  # Temporal's clock, by which it also times the retries
        _check_time(notification, info, log, started_at)
        attempt_in_round = round_.attempts_made + len(log) + 1
        if attempt_in_round > notification.retry.maximum_attempts:
            raise _final(contract.FAILURE_EXHAUSTED, log[-1].explanation, log)

        outcome = await self._attempt(notification, started_at)
        ended_at = started_at + outcome.duration
        following = self._following(notification, attempt_in_round, outcome, ended_at)
        attempt = _record(round_.first_number + len(log), round_, started_at, outcome, following)
        log = (*log, attempt)
        _log_line(notification, attempt, outcome.judgement.verdict)
        match following:
            case None:
                return list(log)
            case WaitReason.REFUSED:
                raise _final(contract.FAILURE_REFUSED, attempt.explanation, log)
            case WaitReason.EXPIRED:
                why = f"the next attempt would come after it expires; {attempt.explanation}"
                raise _final(contract.FAILURE_EXPIRED, why, log)
            case WaitReason.EXHAUSTED:
                raise _final(contract.FAILURE_EXHAUSTED, attempt.explanation, log)
            case delay:
                activity.heartbeat(_ATTEMPTS.dump_python(log, mode="json"))
                raise ApplicationError(
                    # The log is not in it: the server shows no failure of more than 4 KiB.
                    attempt.explanation,
                    type=contract.FAILURE_NOT_ACKNOWLEDGED,
                    next_retry_delay=delay,
                    category=ApplicationErrorCategory.BENIGN,
                )

    async def _attempt(self, notification: Notification, started_at: datetime) -> Outcome:
        began = time.monotonic()
        try:
            answer = await exchange(
                self._http,
                method=notification.method,
                url=notification.target,
                headers=headers(notification, started_at),
                content=notification.body_bytes,
                timeout=notification.timeout,
            )
        except NoAnswerError as error:
            return Outcome(
                judgement=judge_failure(error.kind, error.detail),
                duration=_since(began),
                failure=error.kind,
            )
        judgement = judge_answer(
            notification.acknowledgement,
            answer.status_code,
            answer.body,
            truncated=answer.truncated,
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
            case Verdict.RETRY:
                header = outcome.answer.retry_after if outcome.answer is not None else None
                return next_delay(
                    notification.retry,
                    attempt,
                    now=now,
                    random=self._random(),
                    retry_after=parse_retry_after(header, now),
                    timeout=notification.timeout,
                    expires_at=notification.expires_at,
                )


def headers(notification: Notification, sent_at: datetime) -> Mapping[str, str]:
    """The headers of an attempt; id and timestamp are named as Standard Webhooks names them.

    The id is the same at every attempt of every round, so that a target can tell a repetition.
    """
    given = dict(notification.headers)
    if notification.body is not None:
        given["content-type"] = notification.content_type or "application/json"
    given["webhook-id"] = notification.id
    given["webhook-timestamp"] = str(int(sent_at.timestamp()))
    return given


def excerpt(body: bytes) -> str:
    """The beginning of an answer's body as text that is safe to store and to show."""
    # A character that the cut divides was never sent so, and is left out.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = decoder.decode(body[:MAX_EXCERPT], final=len(body) <= MAX_EXCERPT)
    printable = "".join(char if char.isprintable() or char in "\n\t" else "·" for char in text)
    return printable.encode()[:MAX_EXCERPT].decode("utf-8", errors="ignore")


def _log_so_far(round_: Round, info: activity.Info) -> tuple[Attempt, ...]:
    """The attempts that this activity has made, those that left no record included.

    Somebody who resets the activity in Temporal sets ``info.attempt`` back to 1; what was made
    before still counts.
    """
    details = info.heartbeat_details
    recorded = _ATTEMPTS.validate_python(details[0] if details else ())
    return without_gaps(
        recorded,
        first=round_.first_number,
        count=max(info.attempt - 1, len(recorded)),
        round_=round_.number,
        began_at=info.scheduled_time,
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


def _record(
    number: int,
    round_: Round,
    started_at: datetime,
    outcome: Outcome,
    following: timedelta | WaitReason | None,
) -> Attempt:
    answer = outcome.answer
    ended_at = started_at + outcome.duration
    return Attempt(
        number=number,
        round=round_.number,
        started_at=started_at,
        duration=outcome.duration,
        status_code=answer.status_code if answer is not None else None,
        failure=outcome.failure,
        explanation=outcome.judgement.explanation,
        excerpt=excerpt(answer.body) if answer is not None and answer.body else None,
        next_attempt_at=ended_at + following if isinstance(following, timedelta) else None,
    )


def _log_line(notification: Notification, attempt: Attempt, verdict: Verdict) -> None:
    """One line an attempt; never a body, a header or a whole URL, which may hold secrets."""
    logger.info(
        "delivery.attempted",
        extra={
            "id": notification.id,
            "type": notification.type,
            "target": notification.authority,
            "round": attempt.round,
            "attempt": attempt.number,
            "verdict": verdict.value,
            "status_code": attempt.status_code,
            "failure": attempt.failure.value if attempt.failure is not None else None,
            "duration_ms": round(attempt.duration.total_seconds() * 1000),
            "next_attempt_at": (
                attempt.next_attempt_at.isoformat() if attempt.next_attempt_at else None
            ),
        },
    )


def _final(kind: str, why: str, log: tuple[Attempt, ...]) -> ApplicationError:
    return ApplicationError(
        why,
        _ATTEMPTS.dump_python(log, mode="json"),
        type=kind,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)
