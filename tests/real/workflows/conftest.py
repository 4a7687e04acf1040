"""One server for all workflow tests, and a worker for each."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.skipped_time import SkippedTime, replay, time_skipping_server
from tests.support.target import Target
from tidings import NotificationClient


@pytest.fixture(scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """The server."""
    async with time_skipping_server() as environment:
        yield environment


@pytest.fixture
def idle_service(environment: WorkflowEnvironment) -> SkippedTime:
    """The service without a worker; the test runs ``worker()`` itself."""
    return SkippedTime(environment, NotificationClient(environment.client), Target())


@pytest.fixture
async def without_worker(idle_service: SkippedTime) -> AsyncIterator[SkippedTime]:
    """``idle_service``; every history that a test makes has to replay."""
    yield idle_service
    for notification_id in {each.headers["webhook-id"] for each in idle_service.target.requests}:
        for history in await idle_service.histories(notification_id):
            await replay(history)


@pytest.fixture
async def service(without_worker: SkippedTime) -> AsyncIterator[SkippedTime]:
    """The service; every history that a test makes has to replay."""
    async with without_worker.worker():
        yield without_worker
