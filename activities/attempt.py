"""The steps of one attempt: prepare, exchange, judge, decide, record.

Each step takes the stage before it and returns the next (see ``execution``). Only two of them need
the world: to prepare, the keyring reads its files; and the exchange is made in ``delivery``, which
also acts on the decision.
"""

import codecs
from datetime import timedelta
from typing import Final

from activities.execution import (
    Decided,
    Exchanged,
    Execution,
    Judged,
    NoAnswer,
    Prepared,
    Recorded,
)
from activities.http.exchange import Answer, parse_retry_after
from activities.request import Request, signed_request
from activities.secrets.keyring import Keyring
from activities.secrets.signature import UnsignedError
from activities.verdict.body import AnswerBody
from activities.verdict.charset import likely_codec
from activities.verdict.judgement import Verdict, judge_answer, judge_failure
from tidings.base.text import printable
from tidings.fields.decision import Again, Decision, Done, Stuck
from tidings.fields.retry import after_failure
from tidings.state import Attempt, FailureKind, WaitReason, cause

MAX_EXCERPT: Final = 1024
"""The longest excerpt of an answer's body, in bytes of UTF-8."""


def prepare(execution: Execution, keyring: Keyring) -> Prepared:
    """Adds the signed request."""
    request: Request | NoAnswer
    try:
        request = signed_request(execution.notification, execution.started_at, keyring)
    except UnsignedError as error:
        request = NoAnswer(kind=FailureKind.UNSIGNED, detail=f"nothing was sent: {error}")
    return Prepared(**vars(execution), request=request)


def judge(execution: Exchanged) -> Judged:
    """Adds what the result means under the rule of the notification."""
    match execution.result:
        case Answer() as answer:
            judgement = judge_answer(
                execution.notification.acknowledgement,
                answer.status_code,
                AnswerBody(
                    content=answer.body,
                    truncated=answer.truncated,
                    content_type=answer.content_type,
                ),
                content_encoding=answer.content_encoding,
            )
        case NoAnswer(kind=kind, detail=detail, cause=code):
            judgement = judge_failure(kind, detail, code or cause.of_failure(kind))
    return Judged(**vars(execution), judgement=judgement)


def decide(execution: Judged, random: float) -> Decided:
    """Adds what follows from the judgement; ``random`` is in [0, 1)."""
    decision: Decision
    match execution.judgement.verdict:
        case Verdict.ACKNOWLEDGED:
            decision = Done()
        case Verdict.REFUSED:
            decision = Stuck(WaitReason.REFUSED)
        case Verdict.PENDING:
            own_interval = execution.notification.acknowledgement.pending_interval
            decision = _after_failure(execution, random, own_interval)
        case Verdict.RETRY:
            decision = _after_failure(execution, random, None)
    return Decided(**vars(execution), decision=decision)


def record(execution: Decided) -> Recorded:
    """Adds the record of the attempt, which people read."""
    result, decision = execution.result, execution.decision
    answer = result if isinstance(result, Answer) else None
    delay = decision.delay if isinstance(decision, Again) else None
    attempt = Attempt(
        number=execution.number,
        round=execution.round.number,
        started_at=execution.started_at,
        duration=execution.duration,
        status_code=answer.status_code if answer is not None else None,
        failure=result.kind if isinstance(result, NoAnswer) else None,
        explanation=execution.judgement.explanation,
        cause=execution.judgement.cause,
        excerpt=excerpt(answer.body, answer.content_type)
        if answer is not None and answer.body
        else None,
        next_attempt_at=execution.ended_at + delay if delay is not None else None,
    )
    return Recorded(**vars(execution), record=attempt)


def excerpt(body: bytes, content_type: str | None = None) -> str:
    """The beginning of an answer's body as text that is safe to store and to show."""
    codec = likely_codec(body, content_type)
    # The target never sent half a character, so the one that the cut divides is left out.
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    text = decoder.decode(body[:MAX_EXCERPT], final=len(body) <= MAX_EXCERPT)
    return printable(text, keep="\n\t").encode()[:MAX_EXCERPT].decode("utf-8", errors="ignore")


def _after_failure(
    execution: Judged, random: float, own_interval: timedelta | None
) -> Again | Stuck:
    notification, result = execution.notification, execution.result
    header = result.retry_after if isinstance(result, Answer) else None
    return after_failure(
        notification.retry,
        execution.number_in_round,
        now=execution.ended_at,
        random=random,
        own_interval=own_interval,
        retry_after=parse_retry_after(header, execution.ended_at),
        timeout=notification.timeout,
        expires_at=notification.expires_at,
    )
