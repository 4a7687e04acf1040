"""One server for all workflow tests, and a worker for each."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.skipped_time import Service, replay, time_skipping_server
from tests.support.target import Target
from tidings import NotificationClient


@pytest.fixture(scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """A server that has started."""
    async with time_skipping_server() as environment:
        yield environment


@pytest.fixture
def idle_service(environment: WorkflowEnvironment) -> Service:
    """The service while its worker is down; a test runs ``worker()`` itself."""
    return Service(environment, NotificationClient(environment.client), Target())


@pytest.fixture
async def service(idle_service: Service) -> AsyncIterator[Service]:
    """The service; whatever a test did with it must replay."""
    async with idle_service.worker():
        yield idle_service
    for notification_id in {each.headers["webhook-id"] for each in idle_service.target.requests}:
        await replay(await idle_service.handle(notification_id).fetch_history())
