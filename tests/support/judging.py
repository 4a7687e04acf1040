"""Rules, and judging by them, each held to what it always has to keep."""

from typing import Any, Final

import pytest

from activities.verdict.judgement import Judgement, Verdict, judge_answer
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement

ACKNOWLEDGED, PENDING = Verdict.ACKNOWLEDGED, Verdict.PENDING
RETRY, REFUSED = Verdict.RETRY, Verdict.REFUSED
HUGE: Final = b"x" * 65_536
"""As much as is read of a body."""


def rule(**fields: Any) -> Acknowledgement:
    return Acknowledgement.model_validate(fields)


def rule_refusal(**fields: Any) -> str:
    """What a rule with these fields is refused with."""
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
    content_encoding: str | None = None,
) -> Judgement:
    """The judgement, whose explanation is one printable line of at most 500 characters."""
    judgement = judge_answer(
        agreed, status, body, truncated=truncated, content_encoding=content_encoding
    )
    assert 0 < len(judgement.explanation) <= 500
    assert judgement.explanation.isprintable()
    assert str(status) in judgement.explanation
    assert judgement.failed is None or judgement.failed.isprintable()
    return judgement
