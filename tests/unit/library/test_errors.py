"""The errors that leave the client: ours, also for those of the SDK, a converter or a codec."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

import pytest
from google.protobuf.message import DecodeError
from pydantic import BaseModel, TypeAdapter, ValidationError
from temporalio.api.common.v1 import ActivityType, Payload, Payloads
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowExecutionStatus
from temporalio.converter import DataConverter, PayloadCodec
from temporalio.service import RPCError, RPCStatusCode

from tests.support.fake_temporal import Answering, FailingTemporal, client_of
from tests.support.samples import notification, state
from tidings import (
    Correct,
    Filter,
    InvalidInputError,
    NotificationClient,
    NotificationState,
    TemporalRequestError,
    TemporalUnavailableError,
    TidingsError,
    WaitReason,
    contract,
)

SECRET: Final = "pa55word"


class Secretive(BaseModel):
    """A model whose refusal quotes its input."""

    number: int


def refusal() -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Secretive).validate_python({"number": SECRET})
    return refused.value


FOREIGN: Final[dict[str, Exception]] = {
    "unknown-encoding": KeyError("Unknown payload encoding binary/encrypted"),
    "unreadable": RuntimeError("Payload at index 0 could not be converted"),
    "not-a-model": refusal(),
    "not-json": ValueError("Expecting value: line 1 column 1 (char 0)"),
    "not-unicode": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    "not-protobuf": DecodeError("Error parsing message"),
    "too-few": IndexError("list index out of range"),
    "rpc": RPCError("no", RPCStatusCode.INTERNAL, b""),
}


async def first(found: AsyncIterator[object]) -> object:
    return await anext(found)


CORRECT: Final = Correct(timeout=5)
CALLS: Final[dict[str, Callable[[NotificationClient], Any]]] = {
    "send": lambda client: client.send(notification()),
    "state": lambda client: client.state("payment-1"),
    "sent": lambda client: client.sent("payment-1"),
    "outcome": lambda client: client.outcome("payment-1"),
    "resend": lambda client: client.resend("payment-1"),
    "correct": lambda client: client.correct("payment-1", CORRECT),
    "abandon": lambda client: client.abandon("payment-1"),
    "resend_all": lambda client: client.resend_all(everything=True),
    "correct_all": lambda client: client.correct_all(CORRECT, target="orders.example.com"),
    "act_on_all": lambda client: client.act_on_all(
        CORRECT, Filter(reason=WaitReason.REFUSED), everything=False, rate=1
    ),
    "abandon_all": lambda client: client.abandon_all(type="paid"),
    "batch": lambda client: client.batch("batch:resend-20260101T000000Z-abcdef"),
    "batches": lambda client: first(client.batches()),
    "stop_batch": lambda client: client.stop_batch("batch:resend-20260101T000000Z-abcdef"),
    "list": lambda client: first(client.list()),
    "page": lambda client: client.page(),
    "count": lambda client: client.count(),
    "retention": lambda client: client.retention(),
}


def test_every_public_method_is_called() -> None:
    public = {name for name in vars(NotificationClient) if not name.startswith("_")}
    assert public - set(CALLS) == {"connect", "send_many"}  # both have tests of their own


@pytest.mark.parametrize("error", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_a_foreign_error_becomes_ours(call: Any, error: Exception) -> None:
    with pytest.raises(TemporalRequestError) as failed:
        await call(client_of(FailingTemporal(error)))
    assert failed.value.__cause__ is error
    assert SECRET not in str(failed.value)
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(TimeoutError(), id="timeout"),
        pytest.param(RPCError("no", RPCStatusCode.UNAVAILABLE, b""), id="unavailable"),
    ],
)
async def test_no_answer_is_named_with_the_address(call: Any, error: Exception) -> None:
    with pytest.raises(TemporalUnavailableError, match=r"temporal\.test:7233"):
        await call(client_of(FailingTemporal(error)))


async def test_send_many_returns_the_errors() -> None:
    client = client_of(FailingTemporal(RuntimeError("no codec")))
    results = await client.send_many([notification(), {"id": "a b"}, InvalidInputError("broken")])
    assert [type(each.error) for each in results] == [
        TemporalRequestError,
        InvalidInputError,
        InvalidInputError,
    ]


# Answers that are not what a worker of ours gives.


@pytest.mark.parametrize(
    "answer", [None, 5, "text", [], {}, {"id": SECRET}, {**state().to_json(), "status": SECRET}]
)
@pytest.mark.parametrize(
    ("status", "call"),
    [
        pytest.param(WorkflowExecutionStatus.COMPLETED, "state", id="result"),
        pytest.param(WorkflowExecutionStatus.COMPLETED, "outcome", id="outcome"),
        pytest.param(WorkflowExecutionStatus.RUNNING, "state", id="query"),
        pytest.param(WorkflowExecutionStatus.RUNNING, "sent", id="query-of-the-content"),
        pytest.param(WorkflowExecutionStatus.RUNNING, "resend", id="update"),
    ],
)
async def test_an_answer_that_is_not_a_state_is_our_error(
    status: WorkflowExecutionStatus, call: str, answer: object
) -> None:
    with pytest.raises(TemporalRequestError) as failed:
        await CALLS[call](client_of(Answering(status, answer)))
    assert SECRET not in str(failed.value)


async def test_a_good_answer_is_read() -> None:
    for status in (WorkflowExecutionStatus.COMPLETED, WorkflowExecutionStatus.RUNNING):
        client = client_of(Answering(status, state().to_json()))
        assert await client.state("payment-1") == state()
    assert await client.resend("payment-1") == state()
    assert isinstance(state(), NotificationState)


class BrokenCodec(PayloadCodec):
    """A codec that fails, as one without its key does."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        raise RuntimeError(f"{len(payloads)} payloads, and no key")

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        raise RuntimeError(f"{len(payloads)} payloads, and no key")


async def test_a_codec_without_its_key_is_our_error() -> None:
    temporal = Answering(WorkflowExecutionStatus.RUNNING, SimpleNamespace(count=5))
    temporal.pending = [
        PendingActivityInfo(
            activity_type=ActivityType(name=contract.ACTIVITY_DELIVER),
            heartbeat_details=Payloads(payloads=[Payload()]),
        )
    ]
    temporal.data_converter = replace(DataConverter.default, payload_codec=BrokenCodec())
    with pytest.raises(TemporalRequestError, match="1 payloads, and no key; check that it has"):
        await client_of(temporal).resend("payment-1")


@pytest.mark.parametrize("notification_id", ["\ud800", "", "x" * 5000, "a\x00b"], ids=ascii)
async def test_a_strange_id_is_our_error(notification_id: str) -> None:
    error = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    with pytest.raises(TidingsError):
        await client_of(FailingTemporal(error)).state(notification_id)
