"""Reading blocks a whole worker, so no input may make it take long."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest

from tests.support.samples import WORKFLOW_ID, notification_json
from tidings import policy
from tidings.acknowledgement import Acknowledgement
from tidings.errors import InvalidInputError
from tidings.intervention import Resend
from tidings.notification import Notification
from workflows import reception

SIZE = 1_900_000
"""Bytes; the limit of Temporal is 2 MiB."""

LONGEST = 5.0
"""Seconds of the processor; a workflow task has ten. A check whose time grows with the length takes
one at most. One whose time grew with its square (a key's name, once) would take hours."""

UNITS = ["A", "a", "0", "aA", "A0", "whsec", " ", "=", "/", ".", ":", "\\", '"', "'", "é", "\x00"]
VALUES: list[Any] = [
    *(unit * (SIZE // len(unit)) for unit in UNITS),
    *(f"http://{unit * (SIZE // len(unit))}" for unit in UNITS),
    [1] * (SIZE // 3),
    [["15"]] * (SIZE // 8),
    {f"k{n}": "v" for n in range(SIZE // 14)},
    {"A" * SIZE: "v"},
    {"x": "A" * SIZE},
    {"kind": "intervals", "intervals": [1] * (SIZE // 3)},
]


def start(field: str, value: Any) -> None:
    reception.notification([{**notification_json(), field: value}], WORKFLOW_ID)


def signal(field: str, value: Any) -> None:
    reception.intervention("resend", [{field: value}])


def rule(field: str, value: Any) -> None:
    signal("acknowledgement", {field: value})


def update(field: str, value: Any) -> None:
    """The validator of the update checks the policy too."""
    policy.check_intervention(reception.update([{"action": "resend", field: value}]))


@pytest.mark.parametrize(
    ("read", "fields"),
    [
        pytest.param(start, [*Notification.model_fields, "unknown"], id="start"),
        pytest.param(signal, [*Resend.model_fields, "unknown"], id="signal"),
        pytest.param(rule, [*Acknowledgement.model_fields, "unknown"], id="rule"),
        pytest.param(update, ["headers", "signing_key"], id="update"),
    ],
)
def test_no_field_of_any_length_takes_long(
    read: Callable[[str, Any], None], fields: Sequence[str]
) -> None:
    took = {}
    for field in fields:
        for number, value in enumerate(VALUES):
            began = time.process_time()
            with suppress(InvalidInputError):
                read(field, value)
            took[field, number] = time.process_time() - began
    slow = {which: seconds for which, seconds in took.items() if seconds > LONGEST}
    assert slow == {}
