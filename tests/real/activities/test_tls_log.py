"""The worker's log if TLS fails within the TLS of a proxy."""

import ssl

import pytest

from tests.support.certificates import Authority
from tests.support.proxy import ForwardProxy, sending_through
from tests.support.raw_receiver import (
    Behaviour,
    Recorder,
    answer_of,
    blurting,
    hanging_up,
    no_answer,
    receiving,
)
from tests.support.worker_log import Terminal, logging_to
from tidings import FailureKind


@pytest.mark.parametrize("behaviour", [Recorder(), hanging_up, blurting(answer_of(400))])
async def test_a_failure_of_the_attempt_is_not_an_error_in_the_log(
    behaviour: Behaviour, authority: Authority
) -> None:
    """Python 3.11 logs a traceback for each."""
    tls: ssl.SSLContext | None = None
    if isinstance(behaviour, Recorder):
        tls = authority.server("orders.test", self_signed=True)
    stderr = Terminal()
    with logging_to(stderr):
        async with (
            receiving(behaviour, tls=tls) as at,
            sending_through(ForwardProxy(), authority.server("localhost")) as client,
        ):
            error = await no_answer(client, f"https://orders.test:{at.port}/", timeout=2)
    assert error.kind is FailureKind.CONNECTION
    assert stderr.getvalue() == ""
