"""The texts of the SDK that ``connect_failure`` matches, from connections that fail.

The other texts are in ``test_connecting``, which needs a service.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificates import Authority
from tests.support.service import free_ports
from tidings import NotificationClient, TemporalUnavailableError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings of this machine do not count."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("ADDRESS", "NAMESPACE", "API_KEY", "TLS", "CONFIG_FILE", "PROFILE"):
        monkeypatch.delenv(f"TEMPORAL_{name}", raising=False)


@asynccontextmanager
async def listening(tls: ssl.SSLContext) -> AsyncIterator[str]:
    """The address of a server that hangs up after the handshake."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def refusal(address: str) -> str:
    with pytest.raises(TemporalUnavailableError) as failed:
        await NotificationClient.connect(address)
    return str(failed.value)


async def test_nothing_listens() -> None:
    address = f"127.0.0.1:{free_ports(1)[0]}"
    assert f"no Temporal server answers at {address}; start one" in await refusal(address)


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        pytest.param({"name": "other.test"}, "NotValidForName", id="another-name"),
        pytest.param({"age": timedelta(days=9)}, "Expired", id="expired"),
        pytest.param({"self_signed": True}, "UnknownIssuer", id="unknown-issuer"),
    ],
)
async def test_a_certificate_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certificate: dict[str, Any], cause: str
) -> None:
    authority = Authority.make(tmp_path)
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(authority.file))
    name = certificate.get("name", "127.0.0.1")
    options = {key: value for key, value in certificate.items() if key != "name"}
    async with listening(authority.server(name, **options)) as address:
        message = await refusal(address)
    assert f"the certificate of the server at {address} is not accepted: '{cause}" in message
    assert "TEMPORAL_TLS_SERVER_NAME" in message
