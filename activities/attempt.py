"""One attempt on its way through its steps: judge, decide, record; pure.

``delivery`` begins an execution, prepares its request and makes the exchange with the target. The
steps here follow. Each adds what it finds out, and changes nothing that was there before.
"""

import codecs
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from activities.http.exchange import Answer, parse_retry_after
from activities.request import Request
from activities.verdict.judgement import Judgement, Verdict, judge_answer, judge_failure
from tidings.base.text import printable
from tidings.fields.decision import Again, Decision, Done, Stuck
from tidings.fields.retry import after_failure
from tidings.notification import Notification
from tidings.round import Round
from tidings.state import Attempt, FailureKind, WaitReason

MAX_EXCERPT: Final = 1024
"""The longest excerpt of an answer's body, in bytes of UTF-8."""


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """Why an attempt has no answer, in one sentence."""

    kind: FailureKind
    detail: str


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One attempt: what is known of it so far."""

    round: Round
    log: tuple[Attempt, ...]
    """The attempts that this activity has made before."""
    started_at: datetime
    request: Request | None = None
    """Added by *prepare*; ``None`` if nothing can be sent."""
    result: Answer | NoAnswer | None = None
    """Added by *exchange*, or by *prepare* if nothing can be sent."""
    duration: timedelta = timedelta(0)
    judgement: Judgement | None = None
    """Added by *judge*."""
    decision: Decision | None = None
    """Added by *decide*."""
    attempt: Attempt | None = None
    """Added by *record*, as the last of ``log``."""

    @property
    def notification(self) -> Notification:
        """The notification that is attempted."""
        return self.round.notification

    @property
    def number_in_round(self) -> int:
        """The number of this attempt in its round, from 1."""
        return self.round.attempts_made + len(self.log) + 1

    @property
    def ended_at(self) -> datetime:
        """When the exchange ended."""
        return self.started_at + self.duration


def judge(execution: Execution) -> Execution:
    """Adds what the answer, or its absence, means under the rule of the notification."""
    match execution.result:
        case Answer() as answer:
            judgement = judge_answer(
                execution.notification.acknowledgement,
                answer.status_code,
                answer.body,
                truncated=answer.truncated,
                content_encoding=answer.content_encoding,
            )
        case NoAnswer(kind=kind, detail=detail):
            judgement = judge_failure(kind, detail)
        case None:
            raise ValueError("there was no exchange to judge")
    return replace(execution, judgement=judgement)


def decide(execution: Execution, random: float) -> Execution:
    """Adds what follows from the judgement; ``random`` is in [0, 1)."""
    assert execution.judgement is not None
    match execution.judgement.verdict:
        case Verdict.ACKNOWLEDGED:
            return replace(execution, decision=Done())
        case Verdict.REFUSED:
            return replace(execution, decision=Stuck(WaitReason.REFUSED))
        case Verdict.RETRY:
            own_interval = None
        case Verdict.PENDING:
            own_interval = execution.notification.acknowledgement.pending_interval
    notification, answer = execution.notification, execution.result
    header = answer.retry_after if isinstance(answer, Answer) else None
    decision = after_failure(
        notification.retry,
        execution.number_in_round,
        now=execution.ended_at,
        random=random,
        own_interval=own_interval,
        retry_after=parse_retry_after(header, execution.ended_at),
        timeout=notification.timeout,
        expires_at=notification.expires_at,
    )
    return replace(execution, decision=decision)


def record(execution: Execution) -> Execution:
    """Adds the attempt as it is kept for people to read."""
    assert execution.judgement is not None
    result, decision = execution.result, execution.decision
    answer = result if isinstance(result, Answer) else None
    attempt = Attempt(
        number=execution.round.first_number + len(execution.log),
        round=execution.round.number,
        started_at=execution.started_at,
        duration=execution.duration,
        status_code=answer.status_code if answer is not None else None,
        failure=result.kind if isinstance(result, NoAnswer) else None,
        explanation=execution.judgement.explanation,
        excerpt=excerpt(answer.body) if answer is not None and answer.body else None,
        next_attempt_at=execution.ended_at + decision.delay
        if isinstance(decision, Again)
        else None,
    )
    return replace(execution, attempt=attempt, log=(*execution.log, attempt))


def excerpt(body: bytes) -> str:
    """The beginning of an answer's body as text that is safe to store and to show."""
    # A character that the cut divides was never sent so, and is left out.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = decoder.decode(body[:MAX_EXCERPT], final=len(body) <= MAX_EXCERPT)
    return printable(text, keep="\n\t").encode()[:MAX_EXCERPT].decode("utf-8", errors="ignore")
