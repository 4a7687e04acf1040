"""Arguments that cannot be decoded: each becomes a value that names the problem."""

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
