"""The commands that the demo prints, as a person would type them."""

import shlex

import pytest

from demo.commands import Commands
from tidings import Abandon, Resend, Status
from tidings.temporal.connect import DEFAULT_ADDRESS

PERSON = ["--operator", "li", "--reason", "the path was wrong"]


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        pytest.param(
            Abandon(operator="li", reason="the path was wrong"),
            ["abandon", "payment-1", *PERSON],
            id="abandon",
        ),
        pytest.param(
            Resend(operator="li", reason="the path was wrong", target="http://127.0.0.1/v2"),
            ["resend", "payment-1", *PERSON, "--new-target", "http://127.0.0.1/v2"],
            id="resend-corrected",
        ),
    ],
)
def test_an_intervention_has_only_the_options_it_needs(
    action: Resend | Abandon, arguments: list[str]
) -> None:
    command = shlex.split(Commands(DEFAULT_ADDRESS).intervene("payment-1", action))
    assert command[1:] == ["starter.py", *arguments]


def test_another_address_is_set_in_front_of_the_command() -> None:
    command = shlex.split(Commands("127.0.0.1:7333").list(Status.AWAITING_INTERVENTION))
    assert command[0] == "TEMPORAL_ADDRESS=127.0.0.1:7333"
    assert command[-3:] == ["list", "--status", "awaiting_intervention"]
