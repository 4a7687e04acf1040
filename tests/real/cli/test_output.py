"""The streams of the command line: a reader that leaves, a full disk, a closed stream, ASCII."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence

import pytest

from tests.support.batches import PERSON, get_stuck
from tests.support.receiver import Receiver
from tests.support.sent import FROM, TO, send_ended, send_stuck
from tests.support.service import ROOT, Service
from tidings import NotificationClient, Resend

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
    """The exit code and standard error; ``stdout`` is closed here."""
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
    """Exit code, standard output and standard error of ``… 1>&-``: one stream is closed."""
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
async def test_a_full_disk_is_an_error(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    arguments: list[str],
) -> None:
    """Buffered or not: without a buffer, the first write fails, otherwise the last."""
    await send_ended(client, [new_id], new_id, receiver)
    for unbuffered in ("", "1"):
        full = os.open("/dev/full", os.O_WRONLY)
        code, err = await run(service, arguments, stdout=full, PYTHONUNBUFFERED=unbuffered)
        assert code == 1
        assert "error: standard output cannot be written: No space left" in err.splitlines()[-1]


@pytest.mark.parametrize("arguments", COMMANDS[:-1], ids=" ".join)
async def test_a_reader_that_leaves_is_not_an_error(
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
async def test_a_closed_standard_output_is_an_error(service: Service, arguments: list[str]) -> None:
    code, _, err = await run_with_closed(service, 1, *arguments)
    assert code == 1
    assert b"error: standard output cannot be written" in err.splitlines()[-1]


@pytest.mark.parametrize(("arguments", "code"), [(["list"], 0), (["list", "--type", "x'"], 2)])
async def test_a_closed_standard_error_changes_nothing(
    service: Service, arguments: list[str], code: int
) -> None:
    found, out, _ = await run_with_closed(service, 2, *arguments)
    assert (found, bool(out)) == (code, code == 0)


async def test_a_closed_standard_input_is_empty_and_means_no(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    code, _, err = await run_with_closed(service, 0, "send", "--file", "-")
    assert (code, err.startswith(b"error: - cannot be read: ")) == (2, True)
    await get_stuck(client, f"{receiver.url}/404", new_id, 1)
    code, _, err = await run_with_closed(service, 0, "resend", "--type", new_id, *PERSON)
    assert (code, b"nothing has been changed" in err) == (1, True)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
async def test_a_terminal_without_unicode_shows_escapes(
    service: Service,
    client: NotificationClient,
    receiver: Receiver,
    new_id: str,
    encoding: str,
) -> None:
    reason = "订单取消 → 🎉"
    await send_stuck(client, new_id, new_id, f"{receiver.url}/404")

    async def starter(*arguments: str) -> tuple[int, str, str]:
        return await service.starter(*arguments, PYTHONIOENCODING=encoding, LANG="C")

    await client.resend(new_id, Resend(reason=reason, target=f"{receiver.url}/ok"))
    await client.outcome(new_id)
    code, out, err = await starter("state", new_id)
    assert (code, err) == (0, "")
    assert "\\u8ba2\\u5355" in out
    code, out, err = await starter("state", new_id, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["interventions"][0]["reason"] == reason
    export = ("export", "--since", FROM, "--until", TO, "--type", new_id)
    for arguments in (("list", "--type", new_id), ("list", "--json"), export):
        code, _, err = await starter(*arguments)
        assert code == 0
        assert "Traceback" not in err
