"""The names of headers on the wire."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from activities.http.exchange import exchange
from activities.request import Request
from tests.support.raw_receiver import ANSWER, END_OF_HEAD, Listener, receiving


class Heads:
    """Answers requests, and records their heads byte for byte."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        """The lines of the last head."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(END_OF_HEAD)
        self.lines = head.decode().split("\r\n")[:-2]
        writer.write(ANSWER)
        await writer.drain()

    @property
    def names(self) -> list[str]:
        return [line.partition(":")[0] for line in self.lines[1:]]


def request_to(receiver: Listener, headers: dict[str, str]) -> Request:
    return Request(
        method="POST",
        url=receiver.url(),
        headers=headers,
        content=b"hello",
        timeout=timedelta(seconds=5),
    )


@pytest.mark.parametrize(
    "name", ["SOAPAction", "X-API-Version", "x-lower", "X-UPPER", "eTag", "accept", "ACCEPT"]
)
async def test_case_3_header_names_go_out_as_written(client: httpx.AsyncClient, name: str) -> None:
    """Some receivers compare names by case, although RFC 9110 says not to."""
    heads = Heads()
    async with receiving(heads) as receiver:
        await exchange(client, request_to(receiver, {name: "urn:notify"}))
    assert f"{name}: urn:notify" in heads.lines
    assert [known for known in heads.names if known.lower() == name.lower()] == [name]


async def test_case_3_names_of_the_worker_have_usual_capitals(client: httpx.AsyncClient) -> None:
    """The names of Standard Webhooks stay in lower case, as its specification writes them."""
    heads = Heads()
    headers = {"Content-Type": "text/plain", "webhook-id": "a", "webhook-timestamp": "1"}
    async with receiving(heads) as receiver:
        await exchange(client, request_to(receiver, headers))
    assert sorted(heads.names) == [
        "Accept",
        "Accept-Encoding",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Host",
        "User-Agent",
        "webhook-id",
        "webhook-timestamp",
    ]
