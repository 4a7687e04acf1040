"""The fields that options set, and those that they leave out."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tests.support.samples import TARGET
from tidings import Acknowledgement, InvalidInputError, Notification, Resend
from tidings.cli import fields

NOW: Final = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
NOTHING: Final[dict[str, Any]] = {
    "target": None, "body": None, "content_type": None, "header": [], "retry": None,
    "ack_status": None, "ack_body": [], "ack": None,
}  # fmt: skip


def read(**options: Any) -> dict[str, Any]:
    return fields.read(NOW, **{**NOTHING, **options})


@pytest.mark.parametrize("option", ["expires_at", "not_before"])
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", "2026-11-27T10:30:00+00:00"),
        ("1d30m", "2026-11-28T09:00:00+00:00"),
        ("2026-12-01T08:00:00+08:00", "2026-12-01T08:00:00+08:00"),
        ("soon", "soon"),  # the model refuses it, with its rule
        ("-2h", "-2h"),
        ("999999w", "999999w"),
    ],
)
def test_a_span_begins_now(option: str, text: str, moment: str) -> None:
    assert read(**{option: text}) == {option: moment}


def test_an_absent_option_sets_nothing() -> None:
    assert read() == {}


def test_an_empty_acknowledgement_is_set() -> None:
    """It replaces the acknowledgement of a preset, which would stay without it."""
    found = read(ack="{}")
    assert found == {"acknowledgement": {}}
    resend = Resend.model_validate(found)
    assert resend.to_json() == {"acknowledgement": Acknowledgement().to_json()}
    sent = {"id": "a", "type": "b", "target": TARGET, "retry": "alipay"}
    assert Notification.model_validate(sent).acknowledgement.body_equals == "success"
    rule = Notification.model_validate({**sent, **found}).acknowledgement
    assert rule == Acknowledgement(retry="400-499")  # what the preset tries again stays so


@pytest.mark.parametrize("ack", ["[]", "null", "0", '""', "false"])
def test_an_acknowledgement_is_a_json_object(ack: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Resend\.acknowledgement is "):
        Resend.model_validate(read(ack=ack))


@pytest.mark.parametrize(("body", "value"), [("null", None), ("{}", {}), ("0", 0), ('""', "")])
def test_an_empty_body_is_set(body: str, value: object) -> None:
    assert read(body=body) == {"body": value}


FORM: Final = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "content_type", "value"),
    [
        ('{"a": 1.0}', "application/json", '{"a": 1.0}'),
        ('{"a": 1}', "text/plain", '{"a": 1}'),
        ('{"a": 1}', FORM, {"a": 1}),
        (' {"a": 1}', f"{FORM.upper()}; charset=gbk", {"a": 1}),
        ("a=1&b=2", FORM, "a=1&b=2"),
    ],
)
def test_case_9_a_body_with_a_content_type_is_text(
    body: str, content_type: str, value: object
) -> None:
    """An object for a form is the exception: no form begins with a brace."""
    read_ = read(body=body, content_type=content_type)
    assert read_ == {"body": value, "content_type": content_type}


def test_headers_are_read_without_the_space_around_them() -> None:
    assert read(header=["X-Shop: 7", " X-Empty :"]) == {"headers": {"X-Shop": "7", "X-Empty": ""}}


def test_parts_of_an_acknowledgement_become_one() -> None:
    assert read(ack_body=[""]) == {"acknowledgement": {"body_equals": [""]}}
    assert read(ack_status=["200"], ack_body=["ok", "OK"]) == {
        "acknowledgement": {"status": ["200"], "body_equals": ["ok", "OK"]}
    }


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param({"ack": "{}", "ack_body": ["ok"]}, "--ack is the whole", id="ack-and-part"),
        pytest.param({"ack": "{"}, r"--ack is not JSON .*; give an object", id="broken-ack"),
        pytest.param({"body": "{"}, r"--body is not JSON .*; for text, give", id="broken-body"),
        pytest.param(
            {"body": '{"paid": 0.1000000000000000055}'},
            r"^--body: paid is 0\.1000000000000000055, which a double cannot hold",
            id="case-13-body",
        ),
        pytest.param(
            {"ack": '{"json_equals": {"/a": 1e400}}'},
            r"^--ack: json_equals\./a is 1e400",
            id="case-13-ack",
        ),
        pytest.param({"body": "{", "content_type": FORM}, "--body is not JSON", id="broken-form"),
        pytest.param({"retry": "{"}, r"--retry is not JSON .*; give a preset's", id="broken-retry"),
        pytest.param({"header": ["x"]}, "--header takes 'Name: value'", id="header-without-colon"),
        pytest.param({"header": ["X: 1", "X: 2"]}, "--header was given twice", id="header-twice"),
    ],
)
def test_a_text_that_its_option_does_not_take_is_refused(
    options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        read(**options)


@pytest.mark.parametrize("header", ["Bearer s3cr3t", "X-Key: s3cr3t"])
def test_the_message_on_a_header_does_not_show_it(header: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(header=[header, header])
    assert "s3cr3t" not in str(refused.value)
