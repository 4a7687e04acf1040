"""The messages about a Temporal server that runs, but that this client cannot use."""

from pathlib import Path

import pytest

from tests.support.batches import PERSON, UNKNOWN
from tests.support.refusing import refusing
from tests.support.service import Service
from tidings import NotificationClient, TemporalRequestError
from tidings.temporal import connect

API_KEY = "pa55word"


async def line_of(service: Service, *arguments: str, **settings: str) -> tuple[int, str]:
    """The exit code, and the only line of output."""
    code, out, err = await service.starter(*arguments, stdin=None, **settings)
    assert out == ""
    assert err.count("\n") == 1
    assert "make run" not in err
    return code, err


@pytest.mark.parametrize("setting", [{"TEMPORAL_TLS": "true"}, {"TEMPORAL_API_KEY": API_KEY}])
async def test_a_server_without_tls_is_named(service: Service, setting: dict[str, str]) -> None:
    code, line = await line_of(service, "list", **setting)
    assert code == 1
    assert f"the server at {service.address} does not speak TLS" in line
    assert "TEMPORAL_TLS=false" in line
    assert API_KEY not in line


async def test_a_bad_client_certificate_is_named(service: Service, tmp_path: Path) -> None:
    junk = tmp_path / "client.pem"
    junk.write_text("junk")
    certificate = {"TEMPORAL_TLS_CLIENT_CERT_PATH": str(junk)}
    key = {"TEMPORAL_TLS_CLIENT_KEY_PATH": str(junk)}
    for settings in (certificate, {**certificate, **key}):
        code, line = await line_of(service, "list", **settings)
        assert code == 2
        assert "client certificate for Temporal cannot be used" in line
        assert "TEMPORAL_TLS_CLIENT_CERT_PATH" in line


@pytest.mark.parametrize("status", [16, 7], ids=["unauthenticated", "permission-denied"])
async def test_a_refusal_of_this_client_does_not_show_the_key(
    service: Service, status: int
) -> None:
    settings = {"TEMPORAL_API_KEY": API_KEY, "TEMPORAL_TLS": "false"}
    async with refusing(status, f"no such key: {API_KEY}") as address:
        code, line = await line_of(service, "list", TEMPORAL_ADDRESS=address, **settings)
    assert code == 1
    assert f"Temporal at {address} refused this client: 'no such key: ***'" in line
    assert "TEMPORAL_API_KEY" in line


async def test_a_server_that_is_not_temporal_is_named(service: Service) -> None:
    web_ui = f"127.0.0.1:{service.ports[1]}"
    code, line = await line_of(service, "list", TEMPORAL_ADDRESS=web_ui)
    assert code == 1
    assert f"the server at {web_ui} is not a Temporal server" in line


async def test_a_bad_address_is_named(service: Service) -> None:
    code, line = await line_of(service, "list", TEMPORAL_ADDRESS="127.0.0.1:99999")
    assert code == 2
    assert "'127.0.0.1:99999' (TEMPORAL_ADDRESS)" in line


async def test_an_address_may_be_written_as_a_url(service: Service) -> None:
    for address in (f"http://{service.address}", f"http://{service.address}/"):
        code, _, err = await service.starter("list", "--limit", "1", TEMPORAL_ADDRESS=address)
        assert (code, err) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["state", "a"],
        ["resend", "a", *PERSON],
        ["abandon", "a", *PERSON],
        ["batch", UNKNOWN],
        ["list"],
        ["send", "--id", "a", "--type", "b", "--target", "http://127.0.0.1/"],
    ],
    ids=lambda arguments: arguments[0],
)
async def test_a_missing_namespace_is_not_a_missing_notification(
    service: Service, arguments: list[str]
) -> None:
    code, line = await line_of(service, *arguments, TEMPORAL_NAMESPACE="nobody-made-this")
    assert code == 1
    assert "Namespace nobody-made-this is not found" in line
    assert "TEMPORAL_NAMESPACE" in line


async def test_an_outcome_in_a_missing_namespace_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nobody-made-this")
    client = NotificationClient(await connect.connect(service.address))
    with pytest.raises(TemporalRequestError, match="is not found"):
        await client.outcome("a")
