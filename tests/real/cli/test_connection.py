"""The command line without a server, with a silent one, and at its end."""

import asyncio
import json

import pytest

from tests.support.service import Service, free_ports


async def took(service: Service, address: str) -> tuple[float, tuple[int, str, str]]:
    """The seconds that ``list`` takes beyond the start of its process, and its result."""
    clock = asyncio.get_running_loop().time
    began = clock()
    await service.starter("schema")
    started = clock()
    result = await service.starter("list", TEMPORAL_ADDRESS=address)
    return (clock() - started) - (started - began), result


@pytest.mark.timed
async def test_without_a_server_one_line_names_the_address(service: Service) -> None:
    (port,) = free_ports(1)
    seconds, (code, out, err) = await took(service, f"127.0.0.1:{port}")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert f"127.0.0.1:{port}" in err
    assert "make run" in err
    assert seconds < 10


@pytest.mark.timed
async def test_a_server_that_never_answers_is_given_up(service: Service) -> None:
    """After 9 s."""

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        seconds, (code, _, err) = await took(service, address)
    assert code == 1
    assert address in err
    assert seconds < 12


async def test_the_schema_is_that_of_a_notification(service: Service) -> None:
    code, out, _ = await service.starter("schema")
    assert code == 0
    assert set(json.loads(out)["required"]) == {"id", "type", "target"}


@pytest.mark.parametrize("_series", range(4))
async def test_every_run_ends_cleanly(service: Service, _series: int) -> None:
    """The SDK's threads can crash an interpreter that ends; 40 runs in all, two at a time."""
    for _ in range(5):
        runs = await asyncio.gather(*(service.starter("list", "--limit", "1") for _ in range(2)))
        assert [(code, err) for code, _, err in runs] == [(0, "")] * 2
