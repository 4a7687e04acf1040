"""The settings of a connection, as far as they are checked without a server."""

from pathlib import Path

import pytest

from tidings import InvalidInputError, NotificationClient


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings of this machine do not count."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("ADDRESS", "NAMESPACE", "API_KEY", "TLS", "CONFIG_FILE", "PROFILE"):
        monkeypatch.delenv(f"TEMPORAL_{name}", raising=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:99999",
        "127.0.0.1:port",
        ":::",
        ":7233",
        "a b:7233",
        "http://",
        "https://127.0.0.1:7233",
        "dns:///127.0.0.1:7233",
        "127.0.0.1:7233/path",
        "127.0.0.1:7233?a",
    ],
)
@pytest.mark.parametrize("given", [True, False], ids=["as an argument", "in the environment"])
async def test_a_bad_address_is_refused_with_its_setting(
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    given: bool,  # noqa: FBT001
) -> None:
    if not given:
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    with pytest.raises(InvalidInputError, match="TEMPORAL_ADDRESS") as refused:
        await NotificationClient.connect(address if given else None)
    assert f"address of Temporal {address!r} " in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_an_address_that_may_hold_a_password_is_not_shown() -> None:
    with pytest.raises(InvalidInputError, match="TEMPORAL_ADDRESS") as refused:
        await NotificationClient.connect("li:pa55word@127.0.0.1:7233")
    assert "pa55word" not in str(refused.value)


async def test_a_broken_configuration_is_refused_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\naddress = "127.0.0.1:7233"\napi_key = "pa55word\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    with pytest.raises(InvalidInputError, match=r"cannot be read: .* at line 3") as refused:
        await NotificationClient.connect()
    assert "pa55word" not in str(refused.value)
    assert "\n" not in str(refused.value)
