"""What an answer means under the rule of its notification; pure."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from activities.verdict.body import UnmetError, check_body
from tidings.base.text import brief
from tidings.fields.acknowledgement import Acknowledgement
from tidings.state import FailureKind

_RETRYABLE_CLIENT_ERRORS: Final = frozenset({408, 425, 429})
_FINAL_FAILURES: Final = frozenset({FailureKind.BAD_TARGET, FailureKind.EGRESS_REFUSED})
_SHOWN_ENCODING: Final = 20
_NOT_PRINTABLE: Final = re.compile(r"[^ -~]")


class Verdict(StrEnum):
    """What follows from an attempt."""

    ACKNOWLEDGED = "acknowledged"
    PENDING = "pending"
    RETRY = "retry"
    REFUSED = "refused"


class Judgement(NamedTuple):
    """A verdict, and the sentence that tells a person why."""

    verdict: Verdict
    explanation: str
    failed: str | None = None
    """The condition of the rule that did not hold: ``status``, ``body_equals``,
    ``json_equals /code``, ``xml_equals return_code``."""


def judge_answer(
    rule: Acknowledgement,
    status_code: int,
    body: bytes,
    *,
    truncated: bool,
    content_encoding: str | None = None,
) -> Judgement:
    """What an answer means under ``rule``.

    ``truncated`` tells that ``body`` is only the beginning of what the target sent.
    ``content_encoding`` is the header of that name. It explains why a body is not as agreed, and
    decides nothing, since some servers send it with bodies that are not encoded at all.
    A client error is final but for 408, 425 and 429, which say that time may help
    (RFC 9110 section 15.5.9, RFC 8470, RFC 6585).
    """
    if _acknowledges(rule, status_code):
        try:
            check_body(rule, body, truncated=truncated)
        except UnmetError as unmet:
            problem = f"{unmet.problem}{_encoded(content_encoding)}"
            explanation = f"answered {status_code}, but {problem}"
            return Judgement(Verdict.RETRY, explanation, unmet.condition)
        return Judgement(Verdict.ACKNOWLEDGED, f"acknowledged with {status_code}")
    return Judgement(*_unacknowledged(rule, status_code), failed="status")


def judge_failure(kind: FailureKind, detail: str) -> Judgement:
    """What it means that there was no answer; ``detail`` says what went wrong."""
    return Judgement(Verdict.REFUSED if kind in _FINAL_FAILURES else Verdict.RETRY, detail)


def _encoded(content_encoding: str | None) -> str:
    if content_encoding is None or content_encoding.strip().lower() in {"", "identity"}:
        return ""
    told = _NOT_PRINTABLE.sub("·", content_encoding[:_SHOWN_ENCODING])
    return f"; its Content-Encoding is '{told}', and 'identity' was asked for"


def _acknowledges(rule: Acknowledgement, status_code: int) -> bool:
    if rule.status is None:
        return 200 <= status_code <= 299 and status_code not in rule.pending_or_refused
    return status_code in rule.status


def _unacknowledged(rule: Acknowledgement, status_code: int) -> tuple[Verdict, str]:
    if status_code in (rule.pending or ()):
        return Verdict.PENDING, f"answered {status_code}: accepted, but not finished"
    if status_code in (rule.refused or ()):
        return Verdict.REFUSED, f"refused with {status_code}, as agreed with the target"
    if 300 <= status_code <= 399:
        return Verdict.RETRY, f"answered with redirect {status_code}, which is not followed"
    if status_code == 410:
        return Verdict.REFUSED, "refused with 410: the target is gone, and wants no more"
    if 400 <= status_code <= 499 and status_code not in _RETRYABLE_CLIENT_ERRORS:
        explanation = f"refused with {status_code}, which another attempt will not change"
        return Verdict.REFUSED, explanation
    agreed = "" if rule.status is None else f"; the agreed statuses are {brief([*rule.status])}"
    return Verdict.RETRY, f"answered {status_code}, which is not an acknowledgement{agreed}"
