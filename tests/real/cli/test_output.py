"""Where the command line writes to: a reader that leaves, a disk that is full, nothing at all."""

import asyncio
import os
import sys
from collections.abc import Sequence

import pytest

from tests.support.batches import PERSON, get_stuck
from tests.support.sent import FROM, TO, send_ended
from tests.support.service import ROOT, Receiver, Service
from tidings import NotificationClient

COMMANDS = [
    ["list"],
    ["list", "--json"],
    ["export", "--since", FROM, "--until", TO],
    ["export", "--since", FROM, "--until", TO, "--format", "csv"],
    ["count"],
    ["batch"],
    ["schema"],
    ["presets"],
    ["list", "--help"],
]


async def run(
    service: Service, arguments: Sequence[str], *, stdout: int, **settings: str
) -> tuple[int | None, str]:
    """The exit code, and what it says on standard error; ``stdout`` is closed here."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        ROOT / "starter.py",
        *arguments,
        env={**service.environment, **settings},
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(stdout)
    async with asyncio.timeout(60):
        _, err = await process.communicate()
    assert b"Traceback" not in err
    assert b"Exception" not in err
    return process.returncode, err.decode()


async def run_with_closed(
    service: Service, number: int, *arguments: str
) -> tuple[int | None, bytes, bytes]:
    """As ``… 1>&-`` does: its exit code, and what it says on what is left to it."""
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", f'exec "$@" {number}>&-', "sh"),
        *(sys.executable, str(ROOT / "starter.py"), *arguments),
        env=service.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert b"Traceback" not in out + err
    return process.returncode, out, err


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
async def test_a_full_disk_is_an_error(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    arguments: list[str],
    unbuffered: str,
) -> None:
    await send_ended(client, [new_id], new_id, receiver)
    full = os.open("/dev/full", os.O_WRONLY)
    code, err = await run(service, arguments, stdout=full, PYTHONUNBUFFERED=unbuffered)
    assert code == 1
    assert "error: standard output cannot be written: No space left" in err.splitlines()[-1]


@pytest.mark.parametrize("arguments", COMMANDS[:-1], ids=" ".join)
async def test_a_reader_that_leaves_is_no_error(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    arguments: list[str],
) -> None:
    await send_ended(client, [new_id], new_id, receiver)
    reader, broken = os.pipe()
    os.close(reader)
    code, err = await run(service, arguments, stdout=broken)
    assert (code, "error" in err) == (0, False)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
async def test_a_standard_output_that_is_closed_is_an_error(
    service: Service, arguments: list[str]
) -> None:
    code, _, err = await run_with_closed(service, 1, *arguments)
    assert code == 1
    assert b"error: standard output cannot be written" in err.splitlines()[-1]


@pytest.mark.parametrize(("arguments", "code"), [(["list"], 0), (["list", "--type", "x'"], 2)])
async def test_a_standard_error_that_is_closed_changes_nothing(
    service: Service, arguments: list[str], code: int
) -> None:
    given, out, _ = await run_with_closed(service, 2, *arguments)
    assert (given, bool(out)) == (code, code == 0)


async def test_a_standard_input_that_is_closed_says_nothing(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    code, _, err = await run_with_closed(service, 0, "send", "--file", "-")
    assert (code, err.startswith(b"error: - cannot be read: ")) == (2, True)
    await get_stuck(client, f"{receiver.url}/404", new_id, 1)
    code, _, err = await run_with_closed(service, 0, "resend", "--type", new_id, *PERSON)
    assert (code, b"nothing has been changed" in err) == (1, True)
