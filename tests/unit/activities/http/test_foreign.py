"""Other programs as we know them: private names of aiohttp, and texts that are matched."""

import asyncio
import errno
import inspect
import os
import re
import socket
import tomllib
from asyncio import sslproto
from functools import partial
from importlib.metadata import version
from pathlib import Path

import aiohappyeyeballs
import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import BaseConnector

from activities.http import foreign
from activities.http.connection import Connector, Protocol
from activities.http.progress import Progress, current

PYPROJECT = Path(__file__).parents[4] / "pyproject.toml"


def numbers(text: str) -> tuple[int, int]:
    major, minor, *_ = text.split(".")
    return int(major), int(minor)


def parameters(function: object) -> list[str]:
    assert callable(function)
    return [*inspect.signature(function).parameters][1:]


# Private names of aiohttp.


def test_aiohttp_is_of_the_version_that_was_read() -> None:
    worker = tomllib.loads(PYPROJECT.read_text())["project"]["optional-dependencies"]["worker"]
    (required,) = (each for each in worker if each.startswith("aiohttp"))
    bounds = re.fullmatch(r"aiohttp>=([0-9.]+),<([0-9.]+)", required)
    assert bounds is not None
    assert numbers(bounds[1]) <= numbers(version("aiohttp")) < numbers(bounds[2])
    assert numbers(bounds[2]) == (numbers(bounds[1])[0], numbers(bounds[1])[1] + 1)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        pytest.param(
            aiohttp.TCPConnector._create_connection, ["req", "traces", "timeout"], id="connection"
        ),
        pytest.param(
            aiohttp.TCPConnector._start_tls_connection,
            ["underlying_transport", "req", "timeout", "client_error"],
            id="tls",
        ),
        pytest.param(BaseConnector.connect, ["req", "traces", "timeout"], id="connect"),
        pytest.param(aiohttp.ClientRequest.send, ["conn"], id="send"),
        pytest.param(aiohttp.ClientResponse.start, ["connection"], id="start"),
        pytest.param(ResponseHandler.data_received, ["data"], id="data_received"),
        pytest.param(ResponseHandler.feed_data, ["data", "size"], id="feed_data"),
        pytest.param(ResponseHandler.set_exception, ["exc", "exc_cause"], id="set_exception"),
        pytest.param(ResponseHandler.connection_lost, ["exc"], id="connection_lost"),
        pytest.param(ResponseHandler.force_close, [], id="force_close"),
    ],
)
def test_methods_of_aiohttp_are_as_they_were_read(function: object, expected: list[str]) -> None:
    assert parameters(function) == expected


def test_the_answer_has_the_parameters_that_are_set() -> None:
    assert {
        "read_until_eof",
        "auto_decompress",
        "read_bufsize",
        "max_line_size",
        "max_field_size",
        "max_headers",
    } <= {*parameters(ResponseHandler.set_response_params)}


async def test_the_connector_makes_connections_of_our_class() -> None:
    plain, ours = aiohttp.TCPConnector(), Connector()
    assert isinstance(plain._factory, partial)
    assert type(plain._factory()) is ResponseHandler
    assert type(ours._factory()) is Protocol
    await plain.close()
    await ours.close()


def test_a_protocol_knows_that_reading_is_paused() -> None:
    assert "_reading_paused" in BaseProtocol.__slots__


# Texts.


async def test_the_message_of_the_parser_becomes_a_line() -> None:
    current.set(Progress())
    protocol = Protocol(asyncio.get_running_loop())
    protocol.set_response_params()
    protocol.data_received(b"SSH-2.0?secret\r\n")
    message = getattr(protocol.exception(), "message", "")
    assert message.endswith("\n    ^")
    assert "b'" in message
    assert " ".join(foreign.parser_message(message).split()) == (
        "Bad status line: Expected HTTP/, RTSP/ or ICE/: 'SSH-2.0?…'"
    )


def test_an_error_of_the_system_begins_with_its_number() -> None:
    error = OSError(errno.ECONNREFUSED, "whatever")
    assert foreign.system_errors(str(error)) == os.strerror(errno.ECONNREFUSED)
    assert foreign.system_errors("no number") == ""


async def test_the_errors_of_several_addresses_are_in_one_text() -> None:
    errors = iter([errno.ECONNREFUSED, errno.ENETUNREACH])

    def fail(_: object) -> socket.socket:
        raise OSError(number := next(errors), os.strerror(number))

    addresses = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 1)),
    ]
    with pytest.raises(OSError, match="Multiple exceptions") as raised:
        await aiohappyeyeballs.start_connection(addresses, socket_factory=fail)
    assert raised.value.errno is None
    assert foreign.system_errors(str(raised.value)) == "Connection refused, Network is unreachable"


def test_asyncio_aborts_tls_in_one_of_two_known_ways() -> None:
    """CPython 3.11.7 calls the method with an argument that it does not take."""
    assert parameters(sslproto.SSLProtocol._abort) in ([], ["exc"])
    assert "_ssl_protocol._abort(exc)" in inspect.getsource(sslproto)


def test_the_error_that_tls_in_tls_hides_is_found() -> None:
    hidden, stumbled = ConnectionResetError("reset"), TypeError("_abort() takes 1 argument")
    stumbled.__context__ = hidden
    error = aiohttp.ClientConnectionError("no TLS")
    assert foreign.stumbled_in_tls(error) is None
    error.__cause__ = stumbled
    assert foreign.stumbled_in_tls(error) == "reset"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"x-squid-error": "ERR_DNS_FAIL 0"}, "ERR_DNS_FAIL 0", id="squid"),
        pytest.param({"proxy-status": "p; error=dns_error"}, "dns_error", id="proxy-status"),
        pytest.param({"proxy-status": "cdn; error=a, p"}, None, id="of a proxy behind it"),
        pytest.param({"proxy-status": 'p; details="; error=a"'}, None, id="quoted"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_a_proxy_marks_its_own_errors(headers: dict[str, str], expected: str | None) -> None:
    assert foreign.error_of_proxy(headers) == expected
