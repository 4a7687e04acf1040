"""The meaning of a status, and of an attempt without an answer.

The conditions on a body have tables of their own: test_judgement_text, _json and _xml.
"""

import pytest

from activities.verdict.judgement import Judgement, Verdict, judge_failure
from tests.support.judging import (
    ACKNOWLEDGED,
    HUGE,
    PENDING,
    REFUSED,
    RETRY,
    cause_of_status,
    judged,
    rule,
)
from tidings.state import FailureKind

DEFAULT = rule()


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((status, ACKNOWLEDGED) for status in (200, 201, 202, 204, 206, 226, 299)),
        *((status, RETRY) for status in (300, 301, 302, 303, 304, 307, 308, 399)),
        *((status, RETRY) for status in (408, 425, 429)),
        *((status, REFUSED) for status in (400, 401, 403, 404, 405, 407, 409, 410, 422, 428, 499)),
        *((status, RETRY) for status in (500, 501, 502, 503, 504, 599)),
        *((status, RETRY) for status in (100, 101, 199, 600, 999)),
    ],
)
def test_by_default_only_2xx_acknowledges(status: int, verdict: Verdict) -> None:
    judgement = judged(DEFAULT, status, b"whatever", truncated=True)
    assert judgement.verdict is verdict
    assert judgement.cause == cause_of_status(verdict, status)
    assert str(status) in judgement.explanation


@pytest.mark.parametrize(
    ("accepted", "status", "verdict"),
    [
        pytest.param([200, 204], 200, ACKNOWLEDGED, id="first-of-two"),
        pytest.param([200, 204], 204, ACKNOWLEDGED, id="second-of-two"),
        pytest.param([200, 204], 201, RETRY, id="another-2xx"),
        pytest.param([200], 404, REFUSED, id="another-4xx"),
        pytest.param([200], 302, RETRY, id="a-redirect"),
        pytest.param([200], 503, RETRY, id="a-5xx"),
        pytest.param([200, 409], 409, ACKNOWLEDGED, id="409-agreed"),
        pytest.param([404], 404, ACKNOWLEDGED, id="404-agreed"),
        pytest.param([404], 200, RETRY, id="200-not-agreed"),
        pytest.param([410], 410, ACKNOWLEDGED, id="410-agreed"),
        pytest.param([429], 429, ACKNOWLEDGED, id="429-agreed"),
        pytest.param([503], 503, ACKNOWLEDGED, id="503-agreed"),
        pytest.param([599], 599, ACKNOWLEDGED, id="599-agreed"),
        pytest.param("200-204", 203, ACKNOWLEDGED, id="in-a-range"),
        pytest.param("200-204", 205, RETRY, id="beyond-a-range"),
        pytest.param([200, "202-204"], 201, RETRY, id="before-a-range"),
        pytest.param([200, "202-204"], 202, ACKNOWLEDGED, id="first-of-a-range"),
    ],
)
def test_agreed_statuses_acknowledge_in_place_of_2xx(
    accepted: object, status: int, verdict: Verdict
) -> None:
    judgement = judged(rule(status=accepted), status)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is ACKNOWLEDGED else "status")
    assert judgement.cause == cause_of_status(verdict, status)


@pytest.mark.parametrize(
    ("fields", "status", "verdict"),
    [
        pytest.param({"pending": 202}, 202, PENDING, id="pending-in-2xx"),
        pytest.param({"pending": 202}, 200, ACKNOWLEDGED, id="the-rest-of-2xx"),
        pytest.param({"pending": [404]}, 404, PENDING, id="pending-in-4xx"),
        pytest.param({"pending": [410]}, 410, PENDING, id="pending-in-410"),
        pytest.param({"pending": [409, "423-425"]}, 424, PENDING, id="pending-in-a-range"),
        pytest.param({"pending": [302]}, 302, PENDING, id="pending-in-3xx"),
        pytest.param({"pending": [503]}, 503, PENDING, id="pending-in-5xx"),
        pytest.param({"pending": [202]}, 503, RETRY, id="not-pending"),
        pytest.param({"pending": [202]}, 404, REFUSED, id="not-pending-but-refused"),
        pytest.param({"status": [200], "pending": [202]}, 200, ACKNOWLEDGED, id="agreed-status"),
        pytest.param({"status": [200], "pending": [202]}, 202, PENDING, id="pending-beside-it"),
        pytest.param({"status": [200], "pending": [202]}, 201, RETRY, id="neither"),
        pytest.param({"refused": [302]}, 302, REFUSED, id="refused-in-3xx"),
        pytest.param({"refused": [302]}, 301, RETRY, id="another-redirect"),
        pytest.param({"refused": "500-599"}, 501, REFUSED, id="refused-in-5xx"),
        pytest.param({"refused": [501]}, 502, RETRY, id="another-5xx"),
        pytest.param({"refused": [429]}, 429, REFUSED, id="refused-in-429"),
        pytest.param({"refused": [408]}, 429, RETRY, id="429-is-not-408"),
        pytest.param({"refused": [203]}, 203, REFUSED, id="refused-in-2xx"),
        pytest.param({"refused": [203]}, 200, ACKNOWLEDGED, id="the-rest-of-2xx-still"),
        pytest.param({"refused": [404]}, 404, REFUSED, id="refused-anyway"),
        pytest.param({"retry": [404]}, 404, RETRY, id="tried-again-in-4xx"),
        pytest.param({"retry": [404]}, 405, REFUSED, id="another-4xx"),
        pytest.param({"retry": "400-499"}, 410, RETRY, id="tried-again-in-410"),
        pytest.param({"retry": [202]}, 202, RETRY, id="tried-again-in-2xx"),
        pytest.param({"retry": [202]}, 200, ACKNOWLEDGED, id="the-rest-of-2xx-anyway"),
        pytest.param({"retry": [404], "refused": [429]}, 429, REFUSED, id="429-refused-beside-404"),
        pytest.param({"retry": [404], "refused": [429]}, 408, RETRY, id="neither-of-them"),
        pytest.param({"retry": [404], "status": [410]}, 410, ACKNOWLEDGED, id="410-as-agreed"),
        pytest.param({"pending": [202], "refused": [203]}, 202, PENDING, id="both-pending"),
        pytest.param({"pending": [202], "refused": [203]}, 203, REFUSED, id="both-refused"),
        pytest.param({"pending": [202], "refused": [203]}, 204, ACKNOWLEDGED, id="both-neither"),
    ],
)
def test_a_status_may_be_pending_or_refused(
    fields: dict[str, object], status: int, verdict: Verdict
) -> None:
    judgement = judged(rule(**fields), status)
    assert judgement.verdict is verdict
    assert judgement.unmet == (None if verdict is ACKNOWLEDGED else "status")
    assert judgement.cause == cause_of_status(verdict, status)


@pytest.mark.parametrize(
    ("fields", "status", "explanation"),
    [
        ({}, 204, "acknowledged with 204"),
        ({}, 302, "answered with redirect 302, which is not followed"),
        ({}, 404, "refused with 404, which another attempt will not change"),
        ({}, 410, "refused with 410: the target is gone, and wants no more"),
        ({}, 429, "answered 429, which is not an acknowledgement"),
        ({}, 503, "answered 503, which is not an acknowledgement"),
        (
            {"status": "201-202"},
            200,
            "answered 200, which is not an acknowledgement; the agreed statuses are [201, 202]",
        ),
        ({"pending": [202]}, 202, "answered 202: accepted, but not finished"),
        ({"refused": [302]}, 302, "refused with 302, as agreed with the target"),
        ({"refused": [410]}, 410, "refused with 410, as agreed with the target"),
        ({"retry": 404}, 404, "answered 404, which is tried again, as agreed with the target"),
    ],
    ids=[
        *("acknowledged", "redirect", "client-error", "gone", "retryable", "server-error"),
        *("not-agreed", "pending", "refused-redirect", "refused-410", "again"),
    ],
)
def test_a_status_is_explained(fields: dict[str, object], status: int, explanation: str) -> None:
    assert judged(rule(**fields), status).explanation == explanation


BODY = b'{"code":"ok"}'


@pytest.mark.parametrize(
    ("status", "body", "verdict", "cause"),
    [
        pytest.param(200, BODY, ACKNOWLEDGED, None, id="both"),
        pytest.param(200, b"no", RETRY, "body=no", id="the-status-alone"),
        pytest.param(201, BODY, RETRY, "answered:201", id="the-body-alone"),
        pytest.param(202, BODY, PENDING, "pending:202", id="the-body-in-a-pending-answer"),
        pytest.param(302, BODY, RETRY, "answered:302", id="the-body-in-a-redirect"),
        pytest.param(404, BODY, REFUSED, "refused:404", id="the-body-in-a-client-error"),
        pytest.param(410, BODY, REFUSED, "refused:410", id="the-body-in-410"),
        pytest.param(500, BODY, RETRY, "answered:500", id="the-body-in-a-server-error"),
        pytest.param(501, BODY, REFUSED, "refused:501", id="the-body-in-a-refused-answer"),
    ],
)
def test_the_status_is_looked_at_before_the_body(
    status: int, body: bytes, verdict: Verdict, cause: str | None
) -> None:
    agreed = rule(
        status=[200],
        pending=[202],
        refused=[501],
        body_equals=BODY.decode(),
        json_equals={"/code": "ok"},
    )
    judgement = judged(agreed, status, body)
    unmet = {None: None, "body=no": "body_equals"}.get(cause, "status")
    assert (judgement.verdict, judgement.unmet, judgement.cause) == (verdict, unmet, cause)


@pytest.mark.parametrize("status", [404, 410, 503])
def test_an_agreed_error_with_another_body_is_tried_again(status: int) -> None:
    """The target has agreed to answer like this, so the status is not a refusal any more."""
    judgement = judged(rule(status=[status], body_equals="ok"), status, b"no")
    assert (judgement.verdict, judgement.unmet) == (RETRY, "body_equals")
    assert judgement.cause == "body=no"


@pytest.mark.parametrize(
    ("fields", "unmet"),
    [
        pytest.param({"body_equals": "x" * 10}, "body_equals", id="text"),
        pytest.param(
            {"body_equals": "x", "ignore_case_and_space": True}, "body_equals", id="folded-text"
        ),
        pytest.param({"json_equals": {"/a": 1}}, "json_equals", id="json"),
        pytest.param({"xml_equals": {"a": "1"}}, "xml_equals", id="xml"),
        pytest.param(
            {"body_equals": "x", "json_equals": {"": 1}}, "body_equals", id="text-and-json"
        ),
    ],
)
def test_only_the_beginning_of_a_body_acknowledges_nothing(
    fields: dict[str, object], unmet: str
) -> None:
    judgement = judged(rule(**fields), 200, HUGE, truncated=True)
    assert judgement == Judgement(
        RETRY,
        "answered 200, but the body is longer than the 65,536 bytes that count",
        unmet,
        "body",
    )


# No answer.


@pytest.mark.parametrize("kind", FailureKind)
def test_only_a_hopeless_failure_ends_a_round(kind: FailureKind) -> None:
    hopeless = kind in {FailureKind.BAD_TARGET, FailureKind.EGRESS_REFUSED}
    verdict = REFUSED if hopeless else RETRY
    expected = Judgement(verdict, "what went wrong", unmet=None, cause="code")
    assert judge_failure(kind, "what went wrong", "code") == expected
