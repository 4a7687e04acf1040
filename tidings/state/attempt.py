"""The attempts of a notification, and the log in which they go from one to the next; pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from tidings.base import Record
from tidings.errors import InvalidInputError
from tidings.state.status import FailureKind


class Attempt(Record):
    """One HTTP request and its result."""

    number: int
    """The number of the attempt, from 1 over all rounds."""
    round: int
    """The number of its round, from 1. Each resend begins another round."""
    started_at: AwareDatetime
    """The moment at which it began."""
    duration: timedelta = timedelta(0)
    """The time until the answer was read or the attempt failed."""
    status_code: int | None = None
    """The HTTP status of the answer; ``None`` without an answer."""
    failure: FailureKind | None = None
    """The reason why there was no answer; ``None`` with an answer."""
    explanation: str
    """One sentence on the meaning of the answer, or on the failure."""
    cause: str | None = None
    """The code of why the target did not acknowledge: ``timeout``, ``answered:500``,
    ``body:/code=FAIL``; ``None`` if it did."""
    excerpt: str | None = None
    """The beginning of the answer's body, at most 1 KiB. Only the newest 50 attempts keep it."""
    next_attempt_at: AwareDatetime | None = None
    """The moment at which the next attempt of the round was due; ``None`` after the last one."""


_LOG: Final = TypeAdapter(tuple[Attempt, ...])


def read_log(document: object) -> tuple[Attempt, ...]:
    """The attempts in the JSON of a log; raises ``InvalidInputError`` if it is not one."""
    try:
        return _LOG.validate_python(document)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise InvalidInputError(f"this is not a log of attempts: {problem}") from None


def log_json(log: tuple[Attempt, ...]) -> Any:
    """The log as plain JSON values: the form in which attempts and workflow exchange it."""
    return _LOG.dump_python(log, mode="json")


def merged(*logs: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Several logs as one, each attempt once, in order. The record of a later log wins."""
    by_number = {attempt.number: attempt for log in logs for attempt in log}
    return tuple(by_number[number] for number in sorted(by_number))
