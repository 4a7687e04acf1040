"""JSON text, read so that every number stays as its sender wrote it."""

from typing import Any

import pytest

from tests.support.samples import notification_json
from tidings.base.json_text import UnkeptValueError, read_json
from tidings.errors import InvalidInputError
from tidings.notification import Notification

START = '{"id":"a","type":"t","target":"http://a/","body":'


def read(body: str) -> Notification:
    return Notification.model_validate_json(f"{START}{body}}}")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("18446744073709551615", "18446744073709551615"),
        ("-123456789012345678901234567890", "-123456789012345678901234567890"),
        ("9" * 4300, "9" * 4300),
        ("1.0", "1.0"),
        ("-0.0", "-0.0"),
        ("12.5", "12.5"),
        ("12.50", "12.5"),
        ("1e2", "100.0"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("0.1e1", "1.0"),
        ("2.5E-3", "0.0025"),
        ('"0.1000000000000000055"', '"0.1000000000000000055"'),
    ],
)
def test_case_9_a_number_that_can_be_kept_is_the_same_number(text: str, sent: str) -> None:
    assert read(text).body_bytes.decode() == sent


@pytest.mark.parametrize(
    "text",
    [
        "0.1000000000000000055",
        "100000000000000.123456",
        "9007199254740993.0",
        "123456789012345678901234567890.5",
        "0.30000000000000000000000000000000000000000000000001",
        "4.9e-324",
        "1e-400",
        "1e400",
        "-1e999",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        f"0.{'1' * 10_000}",
    ],
)
def test_case_13_a_fraction_that_a_double_cannot_hold_is_refused(text: str) -> None:
    for body, path in (
        (text, "body"),
        (f'{{"items":[1,{{"price":{text}}}]}}', "body.items.1.price"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            read(body)
        message = str(refused.value)
        assert message.startswith(f"Notification: {path} is {text[:40]}")
        assert "send it as a string" in message
        assert "content_type application/json" in message
        assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("9" * 4301, "an integer has 4,301 digits", id="too-many-digits"),
        pytest.param('{"a":1,"a":2}', "an object has the name 'a' twice", id="name-twice"),
        pytest.param('{"b":{"a":1,"c":0,"a":1}}', "the name 'a' twice", id="name-twice-inside"),
        pytest.param("NaN", "it has NaN, which JSON does not have", id="nan"),
        pytest.param("[-Infinity]", "it has -Infinity", id="infinity"),
        pytest.param(r'"\ud800"', r"it has '\ud800', half of a surrogate pair", id="surrogate"),
        pytest.param(r'{"\udc00":1}', r"it has '\udc00', half of", id="surrogate-in-a-name"),
    ],
)
def test_case_9_what_readers_take_differently_is_refused(text: str, problem: str) -> None:
    with pytest.raises(UnkeptValueError) as refused:
        read_json(text)
    assert problem in str(refused.value)
    with pytest.raises(InvalidInputError) as ours:
        read(text)
    assert str(ours.value) == f"Notification: {refused.value}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "is not JSON: Expecting value", id="empty"),
        pytest.param("{", "is not JSON: ", id="cut-off"),
        pytest.param(b'"\xff"', "is not JSON: 'utf-8' codec can't decode byte 0xff", id="no-utf-8"),
        pytest.param("[" * 100_000, "is not JSON: it nests too deep", id="too-deep"),
    ],
)
def test_what_is_not_json_is_refused_by_our_door(text: str | bytes, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^Notification {problem}"):
        Notification.model_validate_json(text)


@pytest.mark.parametrize("type_", [str, str.encode, lambda text: bytearray(text.encode())])
def test_text_and_bytes_are_read_alike(type_: Any) -> None:
    assert read_json(type_('{"支": [1, 2.5, null, "\\u652f\\ud83d\\ude00"]}')) == {
        "支": [1, 2.5, None, "支😀"]
    }


def test_a_path_in_a_message_shows_no_credential() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read('{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": 0.1000000000000000055}')
    assert "whsec" not in str(refused.value)
    assert "body.*** is 0.1000000000000000055" in str(refused.value)


def test_case_9_a_text_keeps_the_bytes_of_its_sender() -> None:
    text = '{"b":1,"a":18446744073709551615,"c":1.0}'
    sent = Notification.model_validate(
        notification_json(body=text, content_type="application/json")
    )
    assert sent.body_bytes == text.encode()
