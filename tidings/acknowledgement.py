"""What counts as an acknowledgement, and what any other answer means; pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from tidings.model import Model, default, shown
from tidings.state import FailureKind

_RETRYABLE_CLIENT_ERRORS: Final = frozenset({408, 425, 429})


class Verdict(StrEnum):
    """What follows from an attempt."""

    ACKNOWLEDGED = "acknowledged"
    RETRY = "retry"
    REFUSED = "refused"


class Judgement(NamedTuple):
    """A verdict, and the sentence that tells a person why."""

    verdict: Verdict
    explanation: str


def _ascending(statuses: tuple[int, ...]) -> tuple[int, ...]:
    for status in statuses:
        if 300 <= status <= 399:
            raise ValueError(f"{status} is a redirect, which never acknowledges")
    return tuple(sorted(set(statuses)))


if TYPE_CHECKING:
    from tidings.model import Converted

    StatusSet = Converted[tuple[int, ...] | None, Iterable[int] | None]
else:
    StatusSet = (
        Annotated[
            tuple[Annotated[int, Field(ge=200, le=599)], ...],
            Field(min_length=1, max_length=100),
            AfterValidator(_ascending),
        ]
        | None
    )


class Acknowledgement(Model):
    """The answer that the target has agreed to give; all given conditions must hold."""

    status: StatusSet = default(None)
    """The statuses that acknowledge; ``None`` is every 2xx."""
    body_equals: str | None = Field(default=None, max_length=1024)
    """The exact body (UTF-8) that acknowledges; ``None`` is any body."""

    def check_whole(self) -> None:
        """See ``Model``."""
        if self.body_equals and self.status == (204,):
            raise ValueError("an answer with status 204 has no body, so body_equals cannot hold")


def judge_answer(
    rule: Acknowledgement, status_code: int, body: bytes, *, truncated: bool
) -> Judgement:
    """What an answer means under ``rule``.

    ``truncated`` tells that ``body`` is only the beginning of what the target sent.
    A client error is final but for 408, 425 and 429, which say that time may help
    (RFC 9110 section 15.5.9, RFC 8470, RFC 6585).
    """
    if _acknowledges(rule, status_code):
        if rule.body_equals is None or (body == rule.body_equals.encode() and not truncated):
            return Judgement(Verdict.ACKNOWLEDGED, f"acknowledged with {status_code}")
        return Judgement(
            Verdict.RETRY,
            f"answered {status_code}, but the body is not {shown(rule.body_equals)}",
        )
    if 300 <= status_code <= 399:
        return Judgement(
            Verdict.RETRY, f"answered with redirect {status_code}, which is not followed"
        )
    if 400 <= status_code <= 499 and status_code not in _RETRYABLE_CLIENT_ERRORS:
        return Judgement(
            Verdict.REFUSED, f"refused with {status_code}, which another attempt will not change"
        )
    return Judgement(Verdict.RETRY, f"answered {status_code}, which is not an acknowledgement")


def judge_failure(kind: FailureKind, detail: str) -> Judgement:
    """What it means that there was no answer; ``detail`` says what went wrong."""
    verdict = Verdict.REFUSED if kind is FailureKind.BAD_TARGET else Verdict.RETRY
    return Judgement(verdict, detail)


def _acknowledges(rule: Acknowledgement, status_code: int) -> bool:
    if rule.status is None:
        return 200 <= status_code <= 299
    return status_code in rule.status
