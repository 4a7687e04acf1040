import json
from typing import Any

import pytest

from tidings.acknowledgement import Acknowledgement, Verdict, judge_answer, judge_failure
from tidings.errors import InvalidInputError
from tidings.state import FailureKind

ACKNOWLEDGED, RETRY, REFUSED = Verdict.ACKNOWLEDGED, Verdict.RETRY, Verdict.REFUSED
DEFAULT = Acknowledgement()


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
def test_by_default_every_2xx_acknowledges_and_nothing_else(status: int, verdict: Verdict) -> None:
    judgement = judge_answer(DEFAULT, status, b"whatever", truncated=True)
    assert judgement.verdict is verdict
    assert str(status) in judgement.explanation


@pytest.mark.parametrize(
    ("accepted", "status", "verdict"),
    [
        ((200, 204), 200, ACKNOWLEDGED),
        ((200, 204), 204, ACKNOWLEDGED),
        ((200, 204), 201, RETRY),
        ((200,), 404, REFUSED),
        ((200,), 302, RETRY),
        ((200,), 503, RETRY),
        ((200, 409), 409, ACKNOWLEDGED),
        ((404,), 404, ACKNOWLEDGED),
        ((404,), 200, RETRY),
        ((503,), 503, ACKNOWLEDGED),
        ((599,), 599, ACKNOWLEDGED),
    ],
)
def test_given_statuses_acknowledge_in_place_of_2xx(
    accepted: tuple[int, ...], status: int, verdict: Verdict
) -> None:
    rule = Acknowledgement(status=accepted)
    assert judge_answer(rule, status, b"", truncated=False).verdict is verdict


@pytest.mark.parametrize(
    ("wanted", "body", "truncated", "verdict"),
    [
        pytest.param("success", b"success", False, ACKNOWLEDGED, id="exactly"),
        pytest.param("success", b"SUCCESS", False, RETRY, id="upper-case"),
        pytest.param("success", b"success\n", False, RETRY, id="line-break-after"),
        pytest.param("success", b" success", False, RETRY, id="space-before"),
        pytest.param("success", b'"success"', False, RETRY, id="quoted"),
        pytest.param("success", b"succes", False, RETRY, id="too-short"),
        pytest.param("success", b"", False, RETRY, id="empty"),
        pytest.param("success", b"success", True, RETRY, id="only-the-beginning"),
        pytest.param("success", b"\xef\xbb\xbfsuccess", False, RETRY, id="byte-order-mark"),
        pytest.param("success", "success".encode("utf-16-le"), False, RETRY, id="utf-16"),
        pytest.param("ok", b"not ok", False, RETRY, id="not-ok"),
        pytest.param("ok", b"ok, but", False, RETRY, id="longer"),
        pytest.param("ok", b"\xff\xfe", False, RETRY, id="not-utf-8"),
        pytest.param("", b"", False, ACKNOWLEDGED, id="an-empty-body-is-wanted"),
        pytest.param("", b"x", False, RETRY, id="an-empty-body-is-wanted-and-missed"),
        pytest.param("收到", "收到".encode(), False, ACKNOWLEDGED, id="chinese"),
        pytest.param("收到", "收到".encode("gbk"), False, RETRY, id="chinese-in-gbk"),
        pytest.param("\ufeffok", b"\xef\xbb\xbfok", False, ACKNOWLEDGED, id="the-mark-is-wanted"),
    ],
)
def test_a_wanted_body_has_to_come_exactly(
    wanted: str,
    body: bytes,
    truncated: bool,  # noqa: FBT001
    verdict: Verdict,
) -> None:
    rule = Acknowledgement(body_equals=wanted)
    assert judge_answer(rule, 200, body, truncated=truncated).verdict is verdict


def test_a_missed_body_is_explained_with_the_one_that_is_wanted() -> None:
    judgement = judge_answer(Acknowledgement(body_equals="success"), 200, b"fail", truncated=False)
    assert judgement.explanation == "answered 200, but the body is not 'success'"


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        pytest.param(200, b"ok", ACKNOWLEDGED, id="both"),
        pytest.param(200, b"no", RETRY, id="the-status-alone"),
        pytest.param(202, b"ok", RETRY, id="the-body-alone"),
        pytest.param(302, b"ok", RETRY, id="the-body-in-a-redirect"),
        pytest.param(404, b"ok", REFUSED, id="the-body-in-a-client-error"),
        pytest.param(500, b"ok", RETRY, id="the-body-in-a-server-error"),
    ],
)
def test_all_given_conditions_must_hold(status: int, body: bytes, verdict: Verdict) -> None:
    rule = Acknowledgement(status=[200], body_equals="ok")
    assert judge_answer(rule, status, body, truncated=False).verdict is verdict


@pytest.mark.parametrize("status", [300, 301, 307, 399])
def test_a_redirect_is_explained_as_such(status: int) -> None:
    judgement = judge_answer(DEFAULT, status, b"", truncated=False)
    assert "redirect" in judgement.explanation


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (FailureKind.TIMEOUT, RETRY),
        (FailureKind.CONNECTION, RETRY),
        (FailureKind.PROTOCOL, RETRY),
        (FailureKind.INTERRUPTED, RETRY),
        (FailureKind.BAD_TARGET, REFUSED),
    ],
)
def test_only_a_bad_target_makes_another_attempt_pointless(
    kind: FailureKind, verdict: Verdict
) -> None:
    assert judge_failure(kind, "what went wrong") == (verdict, "what went wrong")


def test_every_kind_of_failure_is_judged() -> None:
    refused = [kind for kind in FailureKind if judge_failure(kind, "").verdict is REFUSED]
    assert refused == [FailureKind.BAD_TARGET]


# The rule itself.


@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param([204, 200], (200, 204), id="sorted"),
        pytest.param([200, 200], (200,), id="each-once"),
        pytest.param({204, 200}, (200, 204), id="set"),
        pytest.param(range(200, 300), tuple(range(200, 300)), id="range-of-100"),
        pytest.param([200, 299, 400, 599], (200, 299, 400, 599), id="bounds"),
        pytest.param(None, None, id="none"),
    ],
)
def test_statuses_are_kept_sorted_each_once(given: object, status: object) -> None:
    """However it is written, the same rule is equal to itself: a repeated send relies on it."""
    assert Acknowledgement.model_validate({"status": given}).status == status


@pytest.mark.parametrize(
    ("fields", "fragments"),
    [
        *(
            pytest.param(
                {"status": [200, status]},
                ["Acknowledgement.status", str(status), "redirect"],
                id=f"redirect-{status}",
            )
            for status in (300, 302, 399)
        ),
        pytest.param({"status": [199]}, ["Acknowledgement.status.0 is 199", "200"], id="199"),
        pytest.param({"status": [600]}, ["Acknowledgement.status.0 is 600", "599"], id="600"),
        pytest.param({"status": []}, ["Acknowledgement.status is []"], id="empty"),
        pytest.param({"status": 200}, ["Acknowledgement.status is 200"], id="a-single-number"),
        pytest.param({"status": "200"}, ["Acknowledgement.status is '200'"], id="text"),
        pytest.param({"status": [200.5]}, ["Acknowledgement.status.0 is 200.5"], id="fraction"),
        pytest.param({"status": [None]}, ["Acknowledgement.status.0 is None"], id="none-inside"),
        pytest.param({"status": [200] * 101}, ["Acknowledgement.status", "100"], id="101-of-them"),
        pytest.param(
            {"body_equals": "x" * 1025}, ["Acknowledgement.body_equals", "1024"], id="long-body"
        ),
        pytest.param({"body_equals": 5}, ["Acknowledgement.body_equals is 5"], id="number-body"),
        pytest.param(
            {"body_equals": "\ud800"}, ["Acknowledgement.body_equals is '\\ud800'"], id="surrogate"
        ),
        pytest.param({"body": "ok"}, ["no field 'body'"], id="unknown-field"),
        pytest.param(
            {"status": [204], "body_equals": "x"}, ["204", "body_equals"], id="body-of-no-content"
        ),
        pytest.param(
            {"status": [204, 204], "body_equals": "x"}, ["204"], id="body-of-no-content-twice"
        ),
    ],
)
def test_a_rule_that_could_not_work_is_refused(
    fields: dict[str, Any], fragments: list[str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Acknowledgement.model_validate(fields)
    for fragment in fragments:
        assert fragment in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        DEFAULT,
        Acknowledgement(status=[404, 200]),
        Acknowledgement(body_equals="x" * 1024),
        Acknowledgement(status=range(200, 300), body_equals=""),
        Acknowledgement(status=[200, 204], body_equals="x"),
        Acknowledgement(status=[204], body_equals=""),
        Acknowledgement(status=[204]),
    ],
)
def test_a_rule_comes_back_from_json_as_it_was(rule: Acknowledgement) -> None:
    assert Acknowledgement.model_validate(json.loads(json.dumps(rule.to_json()))) == rule
