"""Arguments as another language sends them; one that cannot be read becomes its problem."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

from tidings.temporal.converter import DATA_CONVERTER, UnreadablePayload

SECRET = "pa55word"


@pytest.mark.parametrize(
    ("encoding", "data", "fragment"),
    [
        pytest.param(b"json/plain", b'{"headers":{"X-Key":"pa55word"}', "line 1", id="no end"),
        pytest.param(b"json/plain", b'"pa55word\xff"', "cannot be decoded", id="no UTF-8"),
        pytest.param(b"json/plain", b"", "cannot be decoded", id="empty"),
        pytest.param(b"json/plain", b'["pa55word",' * 50_000, "cannot be decoded", id="too deep"),
        pytest.param(b"json/protobuf", b'{"a":"pa55word"}', "cannot be decoded", id="protobuf"),
        pytest.param(b"binary/encrypted", b"pa55word", "binary/encrypted", id="another encoding"),
    ],
)
def test_what_cannot_be_decoded_is_not_quoted(encoding: bytes, data: bytes, fragment: str) -> None:
    payload = Payload(metadata={"encoding": encoding}, data=data)
    (value,) = DATA_CONVERTER.payload_converter.from_payloads([payload])
    assert isinstance(value, UnreadablePayload)
    assert fragment in value.problem
    assert SECRET not in value.problem
    assert "pydantic" not in value.problem
    assert "\n" not in value.problem


def read(data: bytes) -> Any:
    """The value of a payload as another language writes it."""
    payload = Payload(metadata={"encoding": b"json/plain"}, data=data)
    (value,) = DATA_CONVERTER.payload_converter.from_payloads([payload])
    return value


@pytest.mark.parametrize(
    "text",
    ['{"b":1,"a":18446744073709551615,"c":1.0}', "[12.5,-0.0,5e-324,0.30000000000000004]"],
)
def test_case_9_numbers_are_read_as_they_were_written(text: str) -> None:
    written = DATA_CONVERTER.payload_converter.to_payloads([read(text.encode())])[0].data
    assert written.decode() == text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(
            b'{"body":{"paid":100000000000000.123456}}',
            "cannot be decoded: body.paid is 100000000000000.123456, which a double cannot hold",
            id="fraction",
        ),
        pytest.param(b"[1e400]", "cannot be decoded: 0 is 1e400", id="too-large"),
        pytest.param(b'{"a":1,"a":2}', "an object has the name 'a' twice", id="name-twice"),
        pytest.param(b"[NaN]", "it has NaN, which JSON does not have", id="nan"),
        pytest.param(b'["\\ud800"]', "half of a surrogate pair", id="surrogate"),
    ],
)
def test_case_13_what_could_not_be_kept_is_unreadable(data: bytes, problem: str) -> None:
    value = read(data)
    assert isinstance(value, UnreadablePayload)
    assert problem in value.problem
