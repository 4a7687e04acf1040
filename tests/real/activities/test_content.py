"""The content of a request as a raw receiver sees it, byte for byte."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from activities.http.exchange import Answer, exchange
from activities.request import signed_request
from activities.secrets.keyring import Keyring
from tests.support.raw_receiver import END_OF_HEAD, OK, Listener, receiving
from tests.support.samples import NOW, notification

FORM = "application/x-www-form-urlencoded"
SUCCESS = OK + b"Content-Length: 7\r\n\r\nsuccess"


class Recorded:
    """Answers ``success``, and keeps the last request."""

    line: str
    """The method and the rest of the first line."""
    headers: dict[str, str]
    """By their names in lower case."""
    body: bytes

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(END_OF_HEAD)).decode()
        self.line, *lines = head.split("\r\n")[:-2]
        split = (line.partition(": ") for line in lines)
        self.headers = {name.lower(): value for name, _, value in split}
        self.body = await reader.readexactly(int(self.headers.get("content-length", 0)))
        assert "transfer-encoding" not in self.headers
        writer.write(SUCCESS)
        await writer.drain()
        self.rest = await reader.read(1)
        assert self.rest == b"", "nothing comes behind the request"

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


async def sent(client: httpx.AsyncClient, path: str, **fields: Any) -> tuple[Recorded, Answer]:
    """The request of a notification to ``path``, and its answer."""
    recorded = Recorded()
    async with receiving(recorded) as receiver:
        answer = await exchange(client, request(receiver, path, fields))
    return recorded, answer


def request(receiver: Listener, path: str, fields: dict[str, Any]) -> Any:
    whole = notification(target=receiver.url(path=path), **fields)
    return signed_request(whole, NOW, Keyring(None))


@pytest.mark.parametrize(
    ("path", "body", "line"),
    [
        pytest.param("/pay", {"a": "1"}, "GET /pay?a=1 HTTP/1.1", id="parameters"),
        pytest.param(
            "/pay?k=a%2Fb", {"a": 1}, "GET /pay?k=a%2Fb&a=1 HTTP/1.1", id="behind-a-query"
        ),
        pytest.param("/pay", {"a": "x y/&"}, "GET /pay?a=x+y%2F%26 HTTP/1.1", id="escapes"),
        pytest.param("/pay", None, "GET /pay HTTP/1.1", id="none"),
        pytest.param("", {"a": 1}, "GET /?a=1 HTTP/1.1", id="no-path"),
    ],
)
async def test_case_17_a_get_sends_its_body_in_the_url(
    client: httpx.AsyncClient, path: str, body: Any, line: str
) -> None:
    recorded, answer = await sent(client, path, method="GET", body=body)
    assert recorded.line == line
    assert not {"content-type", "content-length"} & set(recorded.headers)
    assert recorded.headers["webhook-id"] == "payment-1"
    assert answer.body == b"success"


async def test_case_17_epay_gets_its_parameters_as_signed(client: httpx.AsyncClient) -> None:
    """The sender signs the parameters itself; the receiver decodes them before it verifies."""
    parameters = {
        "pid": 1001,
        "trade_no": "2026010100001",
        "name": "会员 & 积分+1",
        "money": "12.50",
        "trade_status": "TRADE_SUCCESS",
        "param": "",
        "sign": "0f8ab6c2d1e3",
        "sign_type": "MD5",
    }
    recorded, answer = await sent(client, "/notify.php", method="GET", body=parameters)
    query = urlsplit(recorded.path).query
    assert dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True)) == {
        name: f"{value}" for name, value in parameters.items()
    }
    assert (answer.status_code, answer.body) == (200, b"success")


async def test_a_get_takes_the_longest_url(client: httpx.AsyncClient) -> None:
    recorded, _ = await sent(client, "/p", method="GET", body={"a": "x" * 7900})
    assert recorded.path == f"/p?a={'x' * 7900}"


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        pytest.param(
            {"body": {"a": "支 付", "b": [1, 2]}, "content_type": FORM},
            b"a=%E6%94%AF+%E4%BB%98&b=1&b=2",
            id="case-17-form",
        ),
        pytest.param(
            {"body": {"a": "支"}, "content_type": f"{FORM};charset=gbk"},
            b"a=%D6%A7",
            id="case-19-form-in-gbk",
        ),
        pytest.param(
            {"body": "<a>支</a>", "content_type": "text/xml; charset=GBK"},
            b"<a>\xd6\xa7</a>",
            id="case-19-xml-in-gbk",
        ),
        pytest.param(
            {"body_base64": bytes(range(256)), "content_type": "application/x-protobuf"},
            bytes(range(256)),
            id="case-25-bytes",
        ),
        pytest.param(
            {"body_base64": b"", "content_type": "application/x-protobuf"}, b"", id="case-25-none"
        ),
        pytest.param(
            {
                "body": '{"b":1,"a":18446744073709551615,"c":1.0}',
                "content_type": "application/json",
            },
            b'{"b":1,"a":18446744073709551615,"c":1.0}',
            id="case-9-json-as-text",
        ),
    ],
)
async def test_the_receiver_gets_exactly_these_bytes(
    client: httpx.AsyncClient, fields: dict[str, Any], content: bytes
) -> None:
    recorded, _ = await sent(client, "/p", **fields)
    assert recorded.line == "POST /p HTTP/1.1"
    assert recorded.body == content
    assert recorded.headers["content-type"] == fields["content_type"]
    assert recorded.headers["content-length"] == f"{len(content)}"


async def test_case_25_a_mebibyte_of_bytes_arrives(client: httpx.AsyncClient) -> None:
    content = bytes(range(256)) * 4096
    recorded, _ = await sent(
        client, "/p", body_base64=content, content_type="application/octet-stream"
    )
    assert recorded.body == content
