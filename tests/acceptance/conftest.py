"""One service that runs for all acceptance tests; what has to die gets its own."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.service import Receiver, Service
from tidings import NotificationClient


@pytest.fixture(scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """A service that has started."""
    service = Service(tmp_path_factory.mktemp("service"))
    async with service.worker():
        yield service


@pytest.fixture
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service that the test starts, and may kill."""
    return Service(tmp_path_factory.mktemp("own-service"))


@pytest.fixture
async def client(service: Service) -> NotificationClient:
    return await service.client()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().running() as receiver:
        yield receiver
