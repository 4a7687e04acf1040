"""Failures of the proxy, none of which shows a secret."""

import logging
import ssl
import traceback

import httpx
import pytest

from activities.egress.rules import EgressRules
from activities.http.exchange import new_client
from activities.http.failure import NoAnswerError
from activities.http.proxy import Proxy
from activities.http.transport import GuardedTransport
from tests.support.certificates import Authority
from tests.support.proxy import PASSWORD, USER, ForwardProxy, client_through, sending_through
from tests.support.raw_receiver import (
    SECRET,
    Behaviour,
    answer_of,
    echoing,
    hanging_up,
    no_answer,
    receiving,
    replying,
    silence,
)
from tidings import FailureKind

HTTP = f"http://orders.test/path?q={SECRET}"
HTTPS = f"https://orders.test/path?q={SECRET}"


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All log records, as at the log level DEBUG of the worker."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx")  # as service/log.py sets it
    return caplog


async def failure(
    client: httpx.AsyncClient, url: str, log: pytest.LogCaptureFixture, *, timeout: float = 5
) -> NoAnswerError:
    """The failure of one exchange, checked for secrets together with the log."""
    error = await no_answer(client, url, timeout=timeout)
    records = [f"{record.getMessage()} {vars(record)}" for record in log.records]
    everything = "".join([repr(error), *traceback.format_exception(error), *records])
    for secret in (USER, PASSWORD, SECRET):
        assert secret not in everything
    return error


def answering(status: int, *headers: str) -> Behaviour:
    return replying(answer_of(status, *headers))


@pytest.mark.parametrize(
    ("behaviour", "fragment"),
    [
        (answering(403), "it answered 403"),
        (answering(502), "it answered 502"),
        (answering(599), "it answered 599"),
        (answering(301, "Location: /"), "it answered 301"),
        (replying(b"HTTP/1.1 502 \xff\xfe\r\n\r\n"), "it answered 502"),
        (answering(407, 'Proxy-Authenticate: Basic realm="x"'), "TIDINGS_PROXY"),
        (answering(503, "X-Squid-Error: ERR_CONNECT_FAIL 111"), "503: ERR_CONNECT_FAIL 111"),
        (answering(502, "Proxy-Status: p.example; error=dns_timeout"), "502: dns_timeout"),
        (hanging_up, "the connection was lost"),
        (replying(b""), "the connection was lost"),
        (replying(b"HTTP/1.1 200"), "the connection was lost"),
        (replying(b"SSH-2.0-OpenSSH\r\n\r\n"), "not valid HTTP"),
        (
            replying(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_100_000 + b"\r\n\r\n"),
            "came as one answer",
        ),
        (echoing, "not valid HTTP"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_no_tunnel_is_a_failure_of_the_proxy(
    behaviour: Behaviour,
    fragment: str,
    proxy_tls: ssl.SSLContext | None,
    log: pytest.LogCaptureFixture,
) -> None:
    async with sending_through(ForwardProxy(instead_of_tunnel=behaviour), proxy_tls) as client:
        error = await failure(client, HTTPS, log)
    assert error.kind is FailureKind.PROXY
    assert error.detail.startswith("the proxy localhost:")
    assert fragment in error.detail


async def test_silence_before_the_tunnel_is_a_failure_of_the_proxy(
    proxy_tls: ssl.SSLContext | None, log: pytest.LogCaptureFixture
) -> None:
    async with sending_through(ForwardProxy(instead_of_tunnel=silence), proxy_tls) as client:
        error = await failure(client, HTTPS, log, timeout=0.5)
    assert error.kind is FailureKind.PROXY
    assert error.detail.endswith("no connection within 0.5 s")


@pytest.mark.parametrize("url", [HTTP, HTTPS])
async def test_wrong_credentials_are_a_failure_of_the_proxy(
    url: str, log: pytest.LogCaptureFixture
) -> None:
    async with sending_through(ForwardProxy(credentials=b"another:one")) as client:
        error = await failure(client, url, log)
    assert error.kind is FailureKind.PROXY
    assert "407" in error.detail
    assert "TIDINGS_PROXY" in error.detail


@pytest.mark.parametrize("url", [HTTP, HTTPS])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_down_is_its_own_failure(
    url: str, scheme: str, log: pytest.LogCaptureFixture
) -> None:
    async with receiving(ForwardProxy()) as proxy:
        pass
    async with client_through(proxy, scheme=scheme) as client:
        error = await failure(client, url, log)
    assert error.kind is FailureKind.PROXY
    assert error.detail.endswith("Connection refused")


@pytest.mark.parametrize("url", [HTTP, HTTPS])
@pytest.mark.parametrize("host", ["nobody.invalid", "bücher.invalid", "xn--bcher-kva.invalid"])
async def test_a_proxy_without_an_address_is_its_own_failure(
    url: str, host: str, log: pytest.LogCaptureFixture
) -> None:
    proxy = Proxy.parse(f"http://{USER}:{PASSWORD}@{host}:3128")
    async with new_client(GuardedTransport(EgressRules(), proxy=proxy)) as client:
        error = await failure(client, url, log)
    assert error.kind is FailureKind.PROXY
    assert f"{proxy.host}:3128" in error.detail


@pytest.mark.parametrize("url", [HTTP, HTTPS])
async def test_a_proxy_without_trust_is_its_own_failure(
    url: str, authority: Authority, log: pytest.LogCaptureFixture
) -> None:
    tls = authority.server("localhost", self_signed=True)
    async with sending_through(ForwardProxy(), tls) as client:
        error = await failure(client, url, log)
    assert error.kind is FailureKind.PROXY
    assert "cannot trust localhost" in error.detail
    assert "self-signed" in error.detail


async def test_a_proxy_of_the_other_scheme_is_its_own_failure(
    proxy_tls: ssl.SSLContext | None, log: pytest.LogCaptureFixture
) -> None:
    scheme = "http" if proxy_tls is not None else "https"
    async with (
        receiving(ForwardProxy(), tls=proxy_tls) as proxy,
        client_through(proxy, scheme=scheme) as client,
    ):
        error = await failure(client, HTTPS, log, timeout=0.5)
    assert error.kind is FailureKind.PROXY


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (answering(503, "X-Squid-Error: ERR_DNS_FAIL 0"), "503: ERR_DNS_FAIL 0"),
        (answering(504, "Proxy-Status: p; error=connection_timeout"), "504: connection_timeout"),
        (answering(502, 'Proxy-Status: cdn, p;details="a, b"; error=dns_error'), "502: dns_error"),
        (answering(502, "Proxy-Status: cdn", "Proxy-Status: p; error=tls_alert"), "502: tls_alert"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_an_answer_that_a_proxy_marks_as_its_own_is_its_failure(
    behaviour: Behaviour, why: str, log: pytest.LogCaptureFixture
) -> None:
    async with sending_through(ForwardProxy(instead_of_forwarding=behaviour)) as client:
        error = await failure(client, HTTP, log)
    assert (error.kind, error.detail) == (FailureKind.PROXY, f"the proxy answered {why}")
