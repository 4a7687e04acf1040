"""The edge of these tests: names, addresses and authorities of their own, all on loopback."""

import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any

import aiodns
import httpx
import pytest
from pycares.errno import ARES_ENOTFOUND

from tests.support.certificates import Authority
from tests.support.raw_receiver import new_guarded_client

_connect = socket.socket.connect
_getaddrinfo = aiodns.DNSResolver.getaddrinfo


class Names:
    """A stand-in for name servers and for the hosts file: it knows the names of a test."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """The names that were looked up."""
        self._answers: dict[str, deque[list[str]]] = {}
        self.answer("localhost", "127.0.0.1")

    def answer(self, name: str, *answers: str) -> None:
        """Sets the lists of addresses that ``name`` has in turn. The last one repeats."""
        self._answers[name] = deque(answer.split() for answer in answers)

    async def getaddrinfo(
        self,
        host: str,
        *,
        port: int,
        family: socket.AddressFamily,
        type: socket.SocketKind,  # noqa: A002 -- aiodns names it
        flags: int,
    ) -> SimpleNamespace:
        """The answer of aiodns, which never sends a packet here."""
        name = host.lower().removesuffix(".")
        answers = self._answers.get(name)
        if answers is None:
            raise aiodns.error.DNSError(ARES_ENOTFOUND, "Domain name not found")
        self.asked.append(name)
        addresses = answers.popleft() if len(answers) > 1 else answers[0]
        nodes = []
        for address in addresses:
            numeric = flags | socket.AI_NUMERICHOST
            for found in socket.getaddrinfo(address, port, family, type, flags=numeric):
                host_of_node, *rest = found[4]
                node = SimpleNamespace(family=found[0], addr=(str(host_of_node).encode(), *rest))
                nodes.append(node)
        return SimpleNamespace(nodes=nodes)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()

    async def getaddrinfo(_: aiodns.DNSResolver, host: str, **options: Any) -> object:
        return await names.getaddrinfo(host, **options)

    monkeypatch.setattr(aiodns.DNSResolver, "getaddrinfo", getaddrinfo)
    return names


def ask_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the stand-in away, for a test with a name server of its own."""
    monkeypatch.setattr(aiodns.DNSResolver, "getaddrinfo", _getaddrinfo)


@pytest.fixture
def sockets() -> list[socket.socket]:
    """The sockets that were connected, or were to be."""
    return []


@pytest.fixture(autouse=True)
def connects(monkeypatch: pytest.MonkeyPatch, sockets: list[socket.socket]) -> Iterator[list[str]]:
    """The addresses that were connected to, or were to be. One beyond loopback fails the test."""
    tried: list[str] = []

    def connect(made: socket.socket, address: Any) -> None:
        if made.family in {socket.AF_INET, socket.AF_INET6}:
            tried.append(address[0])
            sockets.append(made)
            if not ip_address(address[0]).is_loopback:
                raise ConnectionRefusedError(f"a test must not connect to {address[0]}")
        _connect(made, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    yield tried
    assert [address for address in tried if not ip_address(address).is_loopback] == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with new_guarded_client() as client:
        yield client


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def trust(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority of the tests is trusted beside the usual ones."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def target_tls(authority: Authority) -> ssl.SSLContext:
    return authority.server("orders.test")


@pytest.fixture(params=["http", "https"])
def proxy_tls(request: pytest.FixtureRequest, authority: Authority) -> ssl.SSLContext | None:
    """The TLS of a proxy of either scheme."""
    return authority.server("localhost") if request.param == "https" else None
