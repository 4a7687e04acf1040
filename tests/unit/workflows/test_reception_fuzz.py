"""Random input as a start, a continuation, a signal or an update."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.samples import UNREADABLE, WORKFLOW_ID, notification_json, state
from tidings.acknowledgement import Acknowledgement
from tidings.continuation import Continuation
from tidings.errors import InvalidInputError
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from workflows import reception

ORIGINAL = notification_json()

Read = Callable[[Sequence[Any]], object]

NAMES = [
    *Notification.model_fields,
    *Resend.model_fields,
    "action",
    "kind",
    "interval",
    "intervals",
    "maximum_attempts",
    *Acknowledgement.model_fields,
    "",
    "支付",
]
SCALARS: list[Any] = [
    None, True, False, 0, -1, 5, 200, 1.5, 1e308, -1e-308, float("nan"), float("inf"), 10**400,
    "", "x", "resend", "abandon", "wechat", "fixed", "PT5S", "POST", "payment-1", "支付", "\x00",
    "\ud800", "http://a/", "http://[", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
    "x" * 3000, "'\"\\", UNREADABLE, b"\xff", "text/plain", "a\r\nb",
]  # fmt: skip


def anything(source: random.Random, depth: int = 4) -> Any:
    """A JSON value, or a replacement for one, with the field names of our models."""
    shape = source.random()
    if depth == 0 or shape < 0.4:
        return source.choice(SCALARS)
    if shape < 0.6:
        return [anything(source, depth - 1) for _ in range(source.randrange(4))]
    names = source.sample(NAMES, source.randrange(6))
    return {name: anything(source, depth - 1) for name in names}


def nearly_right(source: random.Random) -> Any:
    """A notification with a few random fields."""
    names = source.sample(NAMES, source.randrange(4))
    return {**ORIGINAL, **{name: anything(source, 3) for name in names}}


def with_an_action(source: random.Random) -> Any:
    value = nearly_right(source) if source.random() < 0.2 else anything(source, 3)
    action = source.choice(["resend", "abandon", anything(source, 1)])
    return {**value, "action": action} if isinstance(value, dict) else value


def handed_on(source: random.Random) -> Any:
    """A continuation with a few random parts."""
    parts = {"notification": ORIGINAL, "state": state().to_json(), "wishes": {}}
    names = source.sample([*parts, "colour"], source.randrange(3))
    return {**parts, **{name: anything(source, 3) for name in names}}


def start(arguments: Sequence[Any]) -> object:
    return reception.notification(arguments, WORKFLOW_ID)


def continuation(arguments: Sequence[Any]) -> object:
    """The model that a continued run begins with: a start's if none was handed on."""
    return reception.continuation(arguments) or start(arguments)


@pytest.mark.parametrize(
    ("read", "makers", "models"),
    [
        pytest.param(start, [anything, nearly_right], (Notification,), id="start"),
        pytest.param(
            continuation,
            [anything, nearly_right, handed_on],
            (Continuation, Notification),
            id="continuation",
        ),
        pytest.param(
            lambda arguments: reception.intervention("resend", arguments),
            [anything],
            (Resend,),
            id="resend",
        ),
        pytest.param(
            lambda arguments: reception.intervention("abandon", arguments),
            [anything],
            (Abandon,),
            id="abandon",
        ),
        pytest.param(reception.update, [with_an_action], (Resend, Abandon), id="update"),
    ],
)
def test_any_input_becomes_a_model_or_a_refusal_in_words(
    read: Read, makers: list[Callable[[random.Random], Any]], models: tuple[type, ...]
) -> None:
    """Any other exception would wedge the workflow for ever."""
    source = random.Random(20260101)
    refused = []
    for _ in range(800):
        count = source.choice([0, 1, 1, 1, 1, 1, 1, 2])
        arguments = [source.choice(makers)(source) for _ in range(count)]
        try:
            model = read(arguments)
        except InvalidInputError as error:
            refused.append(str(error))
        else:
            assert isinstance(model, models)
    assert all(refused)
    assert 100 < len(refused) < 800
