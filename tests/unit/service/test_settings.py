"""The settings of the worker, as they are read from the environment."""

import pytest

from activities.egress.rules import EgressRules
from activities.http.proxy import Proxy
from service.settings import Settings, unknown

PROXY = "http://user:pa55word@proxy.test:3128"


def test_egress_rules_and_proxy_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_EGRESS_ALLOW", "10.0.0.0/8, .example.com:8080 :25")
    monkeypatch.setenv("TIDINGS_PROXY", PROXY)
    settings = Settings()
    assert settings.egress_allow == EgressRules.parse("10.0.0.0/8, .example.com:8080 :25")
    assert settings.proxy == Proxy.parse(PROXY)


@pytest.mark.parametrize("name", ["TIDINGS_EGRESS_ALLOW", "TIDINGS_PROXY", "TIDINGS_PORT"])
def test_an_empty_setting_means_the_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    settings = Settings()
    assert settings.egress_allow == EgressRules()
    assert settings.proxy is None
    assert settings.port == 7233


def test_the_settings_do_not_show_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its URL may hold a password."""
    monkeypatch.setenv("TIDINGS_PROXY", PROXY)
    assert "pa55word" not in repr(Settings())


def test_a_misspelt_setting_is_found() -> None:
    names = ["TIDINGS_EMBEDED", "TIDINGS_KEYRING", "tidings_proxy", "TEMPORAL_ADDRESS", "PATH"]
    assert unknown(dict.fromkeys(names, "x")) == ["TIDINGS_EMBEDED"]
    assert not unknown({f"TIDINGS_{field.upper()}": "" for field in Settings.model_fields})


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_for_the_documentation(name: str) -> None:
    assert Settings.model_fields[name].description
    assert name in Settings.model_json_schema()["properties"]
