"""The conditions on an answer's body: the ones that apply, in their order; pure.

The target chooses the body, so it is not trusted. A check takes time in proportion to the body's
length, raises nothing but ``UnmetError``, and accepts nothing that two readers may understand
differently.
"""

from dataclasses import dataclass

from activities.verdict.json_body import check_json
from activities.verdict.text_body import check_text
from activities.verdict.unmet import UnmetError
from activities.verdict.xml_body import check_xml
from tidings.base.text import brief
from tidings.fields.body_condition import BodyCondition, ExpectedBody, choices


@dataclass(frozen=True, kw_only=True)
class AnswerBody:
    """The body of an answer, as it came."""

    content: bytes
    truncated: bool
    """True if the target sent more than ``content``."""
    content_type: str | None
    """The header of that name, which may declare a charset."""


def check_body(expected: ExpectedBody, body: AnswerBody) -> None:
    """Raises ``UnmetError`` with the first condition that does not hold."""
    content, content_type = body.content, body.content_type
    if expected.body_equals is not None:
        _check_length("body_equals", body)
        relaxed = expected.ignore_case_and_space
        agreed = choices(expected.body_equals)
        check_text(agreed, content, content_type, ignore_case_and_space=relaxed)
    if expected.json_equals is not None:
        _check_length("json_equals", body)
        _check_presence("json_equals", expected.json_equals, body)
        check_json(expected.json_equals, content, content_type)
    if expected.xml_equals is not None:
        _check_length("xml_equals", body)
        _check_presence("xml_equals", expected.xml_equals, body)
        check_xml(expected.xml_equals, content, content_type)


def is_met(condition: BodyCondition | None, body: AnswerBody) -> bool:
    """True if the body can be read and meets ``condition``."""
    if condition is None:
        return False
    try:
        check_body(condition, body)
    except UnmetError:
        return False
    return True


def _check_length(condition: str, body: AnswerBody) -> None:
    if body.truncated:
        problem = f"the body is longer than the {len(body.content):,} bytes that count"
        raise UnmetError(condition, problem)


def _check_presence(condition: str, expected: object, body: AnswerBody) -> None:
    if not body.content:
        raise UnmetError(condition, f"the body is empty, not {brief(expected)}")
