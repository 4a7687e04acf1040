"""The start of the service, and its failures."""

import socket

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import (
    Notification,
    NotificationClient,
    Status,
    TemporalRequestError,
)
from tidings.temporal.embedded import binary


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(0, id="Temporal"),
        pytest.param(1, id="Web UI"),
        pytest.param(2, id="HTTP API"),
    ],
)
async def test_a_port_that_is_taken_is_named(own_service: Service, index: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own_service.ports[index]))
        taken.listen()
        worker = await own_service.start()
        assert await worker.ended() == 1
    (line,) = worker.lines()
    assert line["event"] == "worker.failed"
    assert str(own_service.ports[index]) in line["problem"]


async def test_a_directory_serves_one_server_at_a_time(own_service: Service) -> None:
    async with own_service.worker():
        second = Service(own_service.directory)
        worker = await second.start()
        assert await worker.ended() == 1
        assert "another embedded server uses" in worker.log.read_text()


async def test_a_worker_registers_missing_search_attributes(
    own_service: Service, receiver: Receiver, new_id: str
) -> None:
    """A bare server stands for a Temporal cluster that Tidings has never used."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary()), dev_server_log_level="error"
    ) as bare:
        address = bare.client.service_client.config.target_host
        client = NotificationClient(bare.client)
        stuck = Notification(id=new_id, type="test.sent", target=f"{receiver.url}/404")
        with pytest.raises(TemporalRequestError, match="a worker registers them"):
            await client.send(stuck)
        async with own_service.worker(embedded=False, TEMPORAL_ADDRESS=address):
            assert (await client.send(stuck)).created
            await until_status(client, new_id, Status.AWAITING_INTERVENTION)


async def test_a_worker_without_a_server_says_so(own_service: Service) -> None:
    worker = await own_service.start(embedded=False)
    assert await worker.ended() == 1
    assert own_service.address in worker.log.read_text()
