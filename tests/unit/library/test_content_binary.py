"""A body of bytes, which is stored as base64."""

import json
from typing import Any

import pytest

from tests.support.samples import notification, refusal, through_temporal
from tidings.errors import InvalidInputError
from tidings.fields.binary import MAX_BODY_BYTES
from tidings.intervention import Correct, Resend, changes
from tidings.notification import Notification

GZIP = bytes([0x1F, 0x8B, 0x08, 0x00, 0xFF])
TYPE = "application/gzip"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(GZIP, id="bytes"),
        pytest.param(bytearray(GZIP), id="bytearray"),
        pytest.param(memoryview(GZIP), id="memoryview"),
        pytest.param("H4sIAP8=", id="base64"),
    ],
)
def test_case_25_bytes_are_sent_as_they_are(given: Any) -> None:
    sent = notification(body_base64=given, content_type=TYPE)
    assert sent.body_base64 == "H4sIAP8="
    assert sent.body_bytes == GZIP
    for arrived in (through_temporal(sent.to_json()), json.loads(json.dumps(sent.to_json()))):
        assert Notification.model_validate(arrived) == sent


@pytest.mark.parametrize(
    "content_type", ["application/x-protobuf", "text/plain; charset=utf-16", "application/json"]
)
def test_bytes_may_be_of_any_type_and_charset(content_type: str) -> None:
    sent = notification(body_base64=GZIP, content_type=content_type).request_content
    assert (sent.body, sent.content_type) == (GZIP, content_type)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param({"body_base64": GZIP}, "needs a content_type", id="no-content-type"),
        pytest.param(
            {"body_base64": GZIP, "body": "x", "content_type": TYPE}, "both given", id="two-bodies"
        ),
        pytest.param({"body_base64": 5}, "Notification.body_base64 is 5", id="number"),
        pytest.param({"body_base64": [1]}, "Notification.body_base64 is [1]", id="list"),
        *(
            pytest.param({"body_base64": text, "content_type": TYPE}, "RFC 4648 section 4", id=name)
            for name, text in {
                "no-padding": "H4sIAP8",
                "too-much-padding": "H4sIAP8==",
                "line-break": "H4sIAP8=\n",
                "space": "H4sI AP8=",
                "url-safe": "_-8=",
                "spare-bits": "H4sIAP9=",
                "padding-within": "AA==AA==",
                "not-ascii": "支付支付",
                "surrogate": "\ud800",
                "five-characters": "AAAAA",
            }.items()
        ),
    ],
)
def test_what_is_not_exact_base64_is_refused(fields: dict[str, Any], problem: str) -> None:
    assert problem in refusal(**fields)


def test_the_limit_counts_the_bytes() -> None:
    longest = notification(body_base64=b"\xff" * MAX_BODY_BYTES, content_type=TYPE)
    assert len(longest.body_bytes) == 1024 * 1024
    message = refusal(body_base64=b"\xff" * (MAX_BODY_BYTES + 1), content_type=TYPE)
    assert message.startswith("Notification.body_base64 is b'")
    assert "1,048,577 bytes, and the limit is 1,048,576" in message


def test_a_notification_of_an_older_release_has_no_bytes() -> None:
    sent = notification(body={"a": 1})
    older = {name: text for name, text in sent.fingerprints().items() if name != "body_base64"}
    assert sent.unlike(older) == ()
    assert notification(body_base64=GZIP, content_type=TYPE).unlike(older) == (
        "body",
        "body_base64",
        "content_type",
    )
    stored = {name: value for name, value in sent.to_json().items() if name != "body_base64"}
    assert Notification.model_validate(stored) == sent


# Corrections.

TEXT = notification(body={"a": 1})
BYTES = notification(body_base64=GZIP, content_type=TYPE)


@pytest.mark.parametrize("action", [Resend, Correct])
@pytest.mark.parametrize(
    ("before", "fields", "after"),
    [
        pytest.param(
            TEXT,
            {"body_base64": GZIP, "content_type": TYPE},
            {"body": None, "body_base64": "H4sIAP8=", "content_type": TYPE},
            id="bytes-in-place-of-json",
        ),
        pytest.param(
            BYTES,
            {"body": {"a": 2}, "content_type": None},
            {"body": {"a": 2}, "body_base64": None, "content_type": None},
            id="json-in-place-of-bytes",
        ),
        pytest.param(BYTES, {"body": None}, {"body": None, "body_base64": None}, id="no-body"),
        pytest.param(TEXT, {"body_base64": None}, {"body": {"a": 1}}, id="no-bytes"),
        pytest.param(
            TEXT, {"method": "GET"}, {"method": "GET", "body": {"a": 1}}, id="another-method"
        ),
        pytest.param(
            BYTES,
            {"method": "GET", "body": {"a": 1}, "content_type": None},
            {"method": "GET", "body": {"a": 1}, "body_base64": None},
            id="bytes-to-a-get",
        ),
    ],
)
def test_a_corrected_body_replaces_one_of_the_other_kind(
    action: type[Resend] | type[Correct],
    before: Notification,
    fields: dict[str, Any],
    after: dict[str, Any],
) -> None:
    correction = action.model_validate(fields)
    for read in (correction, action.model_validate(through_temporal(correction.to_json()))):
        corrected = read.corrected(before)
        assert {name: getattr(corrected, name) for name in after} == after
    assert set(correction.to_json()) == set(fields)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"body": 1, "body_base64": "AA=="}, "Resend: body and body_base64 are both given"),
        ({"body_base64": "AA"}, "Resend.body_base64 is 'AA': base64 is written"),
        ({"method": "HEAD"}, "Resend.method is 'HEAD'"),
    ],
)
def test_a_wrong_correction_of_a_body_is_refused(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        Resend.model_validate(fields)


def test_a_correction_of_bytes_needs_a_content_type_in_the_end() -> None:
    with pytest.raises(InvalidInputError, match="body_base64 needs a content_type"):
        Resend(body_base64=GZIP).corrected(TEXT)


def test_a_change_of_bytes_shows_their_number() -> None:
    shown = {
        change.field: (change.before, change.after)
        for change in changes(
            TEXT, Resend(body_base64=b"x" * 1234, content_type=TYPE).corrected(TEXT)
        )
    }
    assert shown["body_base64"] == ("None", "1,234 bytes of binary")
    assert set(shown) == {"body", "body_base64", "content_type"}
