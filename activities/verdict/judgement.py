"""The judgement of an answer under the rule of its notification; pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from activities.verdict.body import AnswerBody, check_body, is_met
from activities.verdict.unmet import UnmetError
from tidings.base.text import brief, printable
from tidings.fields.acknowledgement import Acknowledgement
from tidings.state import FailureKind, cause

_RETRYABLE_CLIENT_ERRORS: Final = frozenset({408, 425, 429})
_FINAL_FAILURES: Final = frozenset({FailureKind.BAD_TARGET, FailureKind.EGRESS_REFUSED})
_MAX_ENCODING: Final = 20
"""Characters of a Content-Encoding that an explanation quotes."""


class Verdict(StrEnum):
    """The meaning of an attempt's result."""

    ACKNOWLEDGED = "acknowledged"
    PENDING = "pending"
    RETRY = "retry"
    REFUSED = "refused"


class Judgement(NamedTuple):
    """A verdict with its explanation, which is one sentence for a person."""

    verdict: Verdict
    explanation: str
    unmet: str | None = None
    """The condition of the rule that decided against an acknowledgement: ``status``,
    ``body_equals``, ``json_equals /code``, ``xml_equals return_code``, ``refused_if`` or
    ``pending_if``."""
    cause: str | None = None
    """The code of why the target did not acknowledge, see ``tidings.state.cause``; ``None`` if it
    did."""


_FAMILIES: Final = {
    Verdict.RETRY: "answered",
    Verdict.REFUSED: "refused",
    Verdict.PENDING: "pending",
}
"""The first words of the codes of statuses."""


def judge_answer(
    rule: Acknowledgement,
    status_code: int,
    body: AnswerBody,
    *,
    content_encoding: str | None = None,
) -> Judgement:
    """Judges an answer: first if it refuses, then if it is pending, then if it acknowledges.

    A body that refuses or is pending is believed with any status. An acknowledgement needs both:
    its status comes first, then its body. ``content_encoding`` is the header of that name. It
    only helps to explain why a body is not as agreed, because some servers send it with a body
    that is not encoded.
    """
    agreed = _agreed(rule, status_code, body)
    if agreed is not None:
        return agreed
    if not _acknowledges(rule, status_code):
        return _by_status(*_unacknowledged(rule, status_code), status_code)
    try:
        check_body(rule, body)
    except UnmetError as error:
        encoding = _encoding_hint(content_encoding)
        explanation = f"answered {status_code}, but {error.problem}{encoding}"
        return Judgement(Verdict.RETRY, explanation, error.condition, error.cause)
    return Judgement(Verdict.ACKNOWLEDGED, f"acknowledged with {status_code}")


def judge_failure(kind: FailureKind, detail: str, cause: str) -> Judgement:
    """Judges an attempt without an answer; ``detail`` is one sentence on the failure."""
    verdict = Verdict.REFUSED if kind in _FINAL_FAILURES else Verdict.RETRY
    return Judgement(verdict, detail, cause=cause)


def _agreed(rule: Acknowledgement, status_code: int, body: AnswerBody) -> Judgement | None:
    """The judgement of an answer that the rule names, but not as an acknowledgement."""
    if status_code in (rule.refused or ()):
        explanation = f"refused with {status_code}, as agreed with the target"
        return _by_status(Verdict.REFUSED, explanation, status_code)
    if is_met(rule.refused_if, body):
        explanation = f"refused with {status_code} and the body that was agreed for a refusal"
        return Judgement(Verdict.REFUSED, explanation, "refused_if", "refused:body")
    if status_code in (rule.pending or ()):
        explanation = f"answered {status_code}: accepted, but not finished"
        return _by_status(Verdict.PENDING, explanation, status_code)
    if is_met(rule.pending_if, body):
        explanation = f"answered {status_code}, with the body for: accepted, but not finished"
        return Judgement(Verdict.PENDING, explanation, "pending_if", "pending:body")
    if status_code in (rule.retry or ()):
        explanation = f"answered {status_code}, which is tried again, as agreed with the target"
        return _by_status(Verdict.RETRY, explanation, status_code)
    return None


def _by_status(verdict: Verdict, explanation: str, status_code: int) -> Judgement:
    """The judgement of an answer whose status decided."""
    code = cause.of_status(_FAMILIES[verdict], status_code)
    return Judgement(verdict, explanation, "status", code)


def _acknowledges(rule: Acknowledgement, status_code: int) -> bool:
    return status_code in (range(200, 300) if rule.status is None else rule.status)


def _unacknowledged(rule: Acknowledgement, status_code: int) -> tuple[Verdict, str]:
    """The meaning of a status that the rule does not name.

    A client error is final, except 408, 425 and 429: these say that time may help (RFC 9110
    section 15.5.9, RFC 8470, RFC 6585).
    """
    if 300 <= status_code <= 399:
        return Verdict.RETRY, f"answered with redirect {status_code}, which is not followed"
    if status_code == 410:
        return Verdict.REFUSED, "refused with 410: the target is gone, and wants no more"
    if 400 <= status_code <= 499 and status_code not in _RETRYABLE_CLIENT_ERRORS:
        explanation = f"refused with {status_code}, which another attempt will not change"
        return Verdict.REFUSED, explanation
    agreed = "" if rule.status is None else f"; the agreed statuses are {brief([*rule.status])}"
    return Verdict.RETRY, f"answered {status_code}, which is not an acknowledgement{agreed}"


def _encoding_hint(content_encoding: str | None) -> str:
    if content_encoding is None or content_encoding.strip().lower() in {"", "identity"}:
        return ""
    header = printable(content_encoding[:_MAX_ENCODING])
    return f"; its Content-Encoding is '{header}', although 'identity' was requested"
