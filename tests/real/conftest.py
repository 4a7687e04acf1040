"""One service for all tests; a test that kills its service gets its own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.keys import ORDERS, KeyringFile, leaks_in
from tests.support.receiver import Receiver
from tests.support.service import Service
from tidings import NotificationClient


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> KeyringFile:
    """The keyring of ``service``; each test adds keys under names of its own."""
    return KeyringFile(tmp_path_factory.mktemp("keyring") / "keyring.toml", orders=ORDERS)


@pytest.fixture(scope="session")
async def service(
    tmp_path_factory: pytest.TempPathFactory, keyring: KeyringFile
) -> AsyncIterator[Service]:
    """A running service, which must not have written any secret down in the end."""
    settings = {"TIDINGS_KEYRING": str(keyring.path)}
    service = Service(tmp_path_factory.mktemp("service"), settings)
    async with service.worker():
        yield service
    found = leaks_in(service.directory)
    assert not found, found


@pytest.fixture
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that the test starts and may kill; it must not write any secret down either."""
    service = Service(tmp_path_factory.mktemp("own-service"))
    yield service
    found = leaks_in(service.directory)
    assert not found, found


@pytest.fixture
async def client(service: Service) -> NotificationClient:
    return await service.client()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().running() as receiver:
        yield receiver
