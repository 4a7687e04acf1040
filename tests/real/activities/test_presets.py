"""Every preset over HTTP: a route that is not there yet, and then the agreed answer."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import pytest

from activities.attempt import decide, judge, prepare, record
from activities.execution import Exchanged, Execution, NoAnswer, Recorded
from activities.http.exchange import exchange
from activities.secrets.keyring import Keyring
from tests.support.raw_receiver import END_OF_HEAD, OK, Behaviour, receiving, replying
from tests.support.samples import round_
from tidings.fields.decision import Again, Done
from tidings.fields.preset import PRESETS
from tidings.round import Round
from tidings.state import Attempt

NOT_FOUND: Final = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
EMPTY: Final = OK + b"Content-Length: 0\r\n\r\n"
AGREED: Final = {
    "alipay": OK + b"Content-Length: 7\r\n\r\nsuccess",
    "wechat": b"HTTP/1.1 204 No Content\r\n\r\n",
    "unionpay": EMPTY,
    "rocketmq": EMPTY,
    "standard-webhooks": b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
    "svix": EMPTY,
}
"""The answer that acknowledges."""


def in_turn(*answers: bytes) -> Behaviour:
    """Gives each connection the next answer."""
    left = list(answers)

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END_OF_HEAD)
        writer.write(left.pop(0))
        await writer.drain()

    return reply


async def attempted(client: httpx.AsyncClient, round_: Round, *log: Attempt) -> Recorded:
    """One attempt over HTTP, judged and decided on."""
    execution = Execution(round=round_, log=log, started_at=datetime.now(UTC))
    prepared = prepare(execution, Keyring(None))
    assert not isinstance(prepared.request, NoAnswer)
    answer = await exchange(client, prepared.request)
    exchanged = Exchanged(**vars(prepared), result=answer, duration=timedelta(0))
    return record(decide(judge(exchanged), 0.5))


@pytest.mark.parametrize("name", PRESETS)
async def test_case_2_a_preset_outlives_a_missing_route(
    client: httpx.AsyncClient, name: str
) -> None:
    async with receiving(in_turn(NOT_FOUND, AGREED[name])) as receiver:
        begun = round_(retry=name, target=receiver.url())
        first = await attempted(client, begun)
        second = await attempted(client, begun, first.record)
    assert first.decision == Again(PRESETS[name].schedule.delays[0])
    assert second.decision == Done()


async def test_case_19_an_answer_in_gbk_acknowledges(client: httpx.AsyncClient) -> None:
    body = '{"message":"成功"}'.encode("gbk")
    head = b"Content-Type: application/json;charset=GBK\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with receiving(replying(OK, head, body)) as receiver:
        agreed = {"json_equals": {"/message": ["成功", "OK"]}}
        begun = round_(acknowledgement=agreed, target=receiver.url())
        execution = await attempted(client, begun)
    assert execution.decision == Done()
    assert execution.record.excerpt == '{"message":"成功"}'
