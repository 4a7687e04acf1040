"""The conditions of a rule on an answer's body: the ones that apply, in their order; pure.

The target chooses the body, so it is not trusted. A check takes time in proportion to the body's
length, raises nothing but ``UnmetError``, and accepts nothing that two readers may understand
differently.
"""

from activities.verdict.json_body import check_json
from activities.verdict.text_body import check_text
from activities.verdict.unmet import UnmetError
from activities.verdict.xml_body import check_xml
from tidings.base.text import brief
from tidings.fields.acknowledgement import Acknowledgement


def check_body(rule: Acknowledgement, body: bytes, *, truncated: bool) -> None:
    """Raises ``UnmetError`` with the first condition that does not hold."""
    if rule.body_equals is not None:
        _check_length("body_equals", rule.body_equals, body, truncated=truncated)
        relaxed = rule.ignore_case_and_space
        check_text(rule.body_equals, body, ignore_case_and_space=relaxed)
    if rule.json_equals is not None:
        _check_length("json_equals", rule.json_equals, body, truncated=truncated)
        check_json(rule.json_equals, body)
    if rule.xml_equals is not None:
        _check_length("xml_equals", rule.xml_equals, body, truncated=truncated)
        check_xml(rule.xml_equals, body)


def _check_length(condition: str, expected: object, body: bytes, *, truncated: bool) -> None:
    if truncated:
        problem = f"the body is longer than the {len(body):,} bytes that count"
        raise UnmetError(condition, problem)
    if expected and not body:
        raise UnmetError(condition, f"the body is empty, not {brief(expected)}")
