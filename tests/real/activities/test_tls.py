"""TLS with a target that is reached without a proxy."""

from datetime import timedelta

import httpx
import pytest

from tests.support.certificates import Authority
from tests.support.raw_receiver import (
    ANSWER,
    Recorder,
    blurting,
    hanging_up,
    new_guarded_client,
    no_answer,
    post,
    receiving,
    silence,
)
from tidings import FailureKind


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "127.0.0.1"])
async def test_a_certificate_of_a_trusted_authority_is_accepted(
    client: httpx.AsyncClient, authority: Authority, host: str
) -> None:
    target = Recorder()
    async with receiving(target, tls=authority.server("localhost", "127.0.0.1")) as at:
        answer = await post(client, f"https://{host}:{at.port}/path")
    assert answer.body == b"ok"
    assert target.bodies == [b"hello"]


@pytest.mark.parametrize(
    ("names", "self_signed", "age_days", "reason"),
    [
        (["localhost"], True, 0, "self-signed certificate"),
        (["localhost"], False, 2, "certificate has expired"),
        (["localhost"], False, -2, "certificate is not yet valid"),
        (["orders.test"], False, 0, "certificate is not valid for 'localhost'"),
        (["a.localhost", "*.localhost"], False, 0, "certificate is not valid for 'localhost'"),
        (["127.0.0.1"], False, 0, "certificate is not valid for 'localhost'"),
    ],
)
async def test_an_untrusted_certificate_names_the_reason(
    client: httpx.AsyncClient,
    authority: Authority,
    names: list[str],
    self_signed: bool,  # noqa: FBT001 -- a column of the table
    age_days: int,
    reason: str,
) -> None:
    target = Recorder()
    tls = authority.server(*names, self_signed=self_signed, age=timedelta(days=age_days))
    async with receiving(target, tls=tls) as at:
        error = await no_answer(client, f"https://localhost:{at.port}/?q=s3cret")
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.startswith(f"cannot trust localhost:{at.port}: ")
    assert reason in error.detail
    assert target.heads == []


async def test_an_unknown_authority_is_not_trusted(
    client: httpx.AsyncClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Not even one of the same name."""
    other = Authority.make(tmp_path_factory.mktemp("other"))
    async with receiving(Recorder(), tls=other.server("localhost")) as at:
        error = await no_answer(client, f"https://localhost:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert "cannot trust localhost" in error.detail


async def test_https_to_an_http_server_is_a_connection_failure(
    client: httpx.AsyncClient,
) -> None:
    async with receiving(blurting(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as at:
        error = await no_answer(client, f"https://127.0.0.1:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert "SSL" in error.detail


async def test_http_to_an_https_server_is_a_protocol_failure(
    client: httpx.AsyncClient, authority: Authority
) -> None:
    target = Recorder()
    async with receiving(target, tls=authority.server("localhost")) as at:
        error = await no_answer(client, f"http://localhost:{at.port}/?q=s3cret")
    assert error.kind is FailureKind.PROTOCOL
    assert target.heads == []


async def test_hanging_up_in_the_handshake_is_a_connection_failure(
    client: httpx.AsyncClient,
) -> None:
    async with receiving(hanging_up) as at:
        error = await no_answer(client, f"https://127.0.0.1:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.startswith(f"cannot connect to 127.0.0.1:{at.port}: ")
    assert not error.detail.endswith("None")


async def test_silence_in_the_handshake_is_a_timeout(
    client: httpx.AsyncClient,
) -> None:
    async with receiving(silence) as at:
        error = await no_answer(client, f"https://127.0.0.1:{at.port}/", timeout=0.4)
    assert (error.kind, error.detail) == (FailureKind.TIMEOUT, "no connection within 0.4 s")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_a_refused_address_is_refused_before_any_handshake(
    connects: list[str], authority: Authority, host: str
) -> None:
    async with (
        receiving(blurting(ANSWER), tls=authority.server("localhost")) as at,
        new_guarded_client("") as client,
    ):
        error = await no_answer(client, f"https://{host}:{at.port}/")
    assert error.kind is FailureKind.EGRESS_REFUSED
    assert connects == []
