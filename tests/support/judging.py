"""Rules and judgements, checked for what holds for all of them."""

from typing import Any, Final

import pytest

from activities.verdict.body import AnswerBody
from activities.verdict.judgement import Judgement, Verdict, judge_answer
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.filter import Filter

ACKNOWLEDGED, PENDING = Verdict.ACKNOWLEDGED, Verdict.PENDING
RETRY, REFUSED = Verdict.RETRY, Verdict.REFUSED
HUGE: Final = b"x" * 65_536
"""A body as long as the worker reads."""


_FAMILIES: Final = {RETRY: "answered", REFUSED: "refused", PENDING: "pending"}


def cause_of_status(verdict: Verdict, status: int) -> str | None:
    """The code if the status of an answer decided."""
    return None if verdict is ACKNOWLEDGED else f"{_FAMILIES[verdict]}:{status}"


def rule(**fields: Any) -> Acknowledgement:
    return Acknowledgement.model_validate(fields)


def rule_refusal(**fields: Any) -> str:
    """The message of the refusal of a rule with these fields."""
    with pytest.raises(InvalidInputError) as refused:
        Acknowledgement.model_validate(fields)
    message = str(refused.value)
    assert len(message) < 2000
    assert message.isprintable()
    return message


def judged(
    agreed: Acknowledgement,
    status: int,
    body: bytes = b"",
    *,
    truncated: bool = False,
    content_type: str | None = None,
    content_encoding: str | None = None,
) -> Judgement:
    """The judgement; its explanation has to be one printable line of at most 500 characters.

    It has a cause unless it acknowledges, and people can ask for that code.
    """
    answer_body = AnswerBody(content=body, truncated=truncated, content_type=content_type)
    judgement = judge_answer(agreed, status, answer_body, content_encoding=content_encoding)
    assert 0 < len(judgement.explanation) <= 500
    assert judgement.explanation.isprintable()
    assert str(status) in judgement.explanation
    assert judgement.unmet is None or judgement.unmet.isprintable()
    assert (judgement.cause is None) == (judgement.verdict is ACKNOWLEDGED)
    if judgement.cause is not None:
        assert Filter(cause=judgement.cause).cause == judgement.cause
    return judgement
