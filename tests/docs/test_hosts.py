"""The examples go to loopback, and their output shows the names of the pages again."""

from pathlib import Path

from tests.docs.hosts import Hosts
from tests.support.service import Service


def test_names_become_loopback_and_names_again() -> None:
    service = Service(Path("unused"), ports=[15001, 15002, 15003])
    hosts = Hosts(service, {"orders.example.com": 15004}, tutorial=15005)
    shown = "https://orders.example.com/x orders.example.com:443 127.0.0.1:7233 9999 7243"
    local = "http://127.0.0.1:15004/x 127.0.0.1:15004 127.0.0.1:15001 15005 15003"
    assert hosts.to_loopback(shown) == local
    assert hosts.to_names(local) == shown


def test_longer_names_are_not_cut() -> None:
    service = Service(Path("unused"), ports=[15001, 15002, 15003])
    hosts = Hosts(service, {"a.example.com": 15004}, tutorial=15005)
    assert hosts.to_loopback("b.a.example.com a.example.com.org") == (
        "b.a.example.com a.example.com.org"
    )
