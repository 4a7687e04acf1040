"""A notification that is stored: validated once, its body encoded once."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, cast

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.support.samples import notification, notification_json, round_, state
from tidings.base import Record
from tidings.continuation import Continuation
from tidings.errors import InvalidInputError
from tidings.fields import content
from tidings.notification import Notification
from tidings.round import Round

RECORDS: Final[dict[str, Record]] = {
    "round": round_(body={"order": "1001"}),
    "continuation": Continuation(notification=notification(body={"order": "1001"}), state=state()),
}
VALIDATION: Final = cast("Callable[..., Any]", Notification._check_whole)


@contextmanager
def counting(function: Callable[..., Any]) -> Iterator[list[str]]:
    """Collects an item for each call of ``function``, however deep it is."""
    calls: list[str] = []

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is function.__code__:
            calls.append(event)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def read_by_the_library(record: Record) -> Record:
    return type(record).model_validate(json.loads(json.dumps(record.to_json())))


def read_by_the_worker(record: Record) -> Record:
    converter = pydantic_data_converter.payload_converter
    (read,) = converter.from_payloads(converter.to_payloads([record]), [type(record)])
    assert isinstance(read, Record)
    return read


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("read", [read_by_the_library, read_by_the_worker])
def test_a_notification_is_validated_once(read: Any, record: Record) -> None:
    with counting(VALIDATION) as validations:
        assert read(record) == record
    assert len(validations) == 1
    with counting(content.encoded) as encodings:
        _ = [read(record).notification.body_bytes for _ in range(3)]
    assert len(encodings) == 3


def test_a_notification_in_hand_is_not_validated_again() -> None:
    whole = notification()
    with counting(VALIDATION) as validations:
        made = Round(notification=whole, number=1, attempts_before=0)
    assert validations == []
    assert made.notification is whole


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_field_of_a_later_release_is_ignored(record: Record) -> None:
    later = record.to_json()
    later["notification"] |= {"colour": "red", "retry": {**later["notification"]["retry"], "x": 1}}
    assert type(record).model_validate(later) == record


def test_a_stored_notification_that_breaks_a_rule_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"^Notification\.id is 'a b': "):
        Round.model_validate(
            {"notification": notification_json(id="a b"), "number": 1, "attempts_before": 0}
        )


# The bytes of the body.


def test_the_body_is_encoded_once() -> None:
    with counting(content.encoded) as encodings:
        whole = notification(body={"order": "1001"})
        assert whole.body_bytes is whole.body_bytes
    assert len(encodings) == 1


def test_the_bytes_are_not_a_field() -> None:
    """Otherwise ``Notification(**dict(notification))`` would be refused."""
    whole = notification(body={"order": "1001"})
    assert set(dict(whole)) == set(Notification.model_fields) == set(whole.to_json())
    assert Notification(**dict(whole)) == whole
    assert "body_bytes" not in repr(whole)


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        pytest.param({"body": [2]}, b"[2]", id="another-body"),
        pytest.param({"body": "2", "content_type": "text/plain"}, b"2", id="another-type"),
        pytest.param({"body": None}, b"", id="no-body"),
        pytest.param({"timeout": 5}, b"[1]", id="neither"),
        pytest.param({}, b"[1]", id="nothing"),
    ],
)
def test_a_copy_has_the_bytes_of_its_own_body(fields: dict[str, Any], sent: bytes) -> None:
    whole = notification(body=[1])
    assert whole.model_copy(update=fields).body_bytes == sent
    assert whole.body_bytes == b"[1]"
