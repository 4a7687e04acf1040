"""The library as a guest of somebody else's program: its output, and its forks."""

import asyncio
import sys
from textwrap import dedent

from tests.support.service import ROOT, Service

SEND = dedent("""
    import asyncio, sys
    from tidings import Notification, NotificationClient, run

    async def main():
        client = await NotificationClient.connect()
        # A body of this size makes the SDK warn of a large payload.
        body = {"text": "x" * 700_000}
        await client.send(
            Notification(id=sys.argv[1], type="t", target="http://127.0.0.1:9/", body=body)
        )
        return 0

    run(main())
""")

FORK = dedent("""
    import asyncio, os, sys
    from tidings import NotificationClient, TidingsError

    async def count(client=None):
        client = client or await NotificationClient.connect()
        await client.count()
        return client

    client = asyncio.run(count()) if "connected" in sys.argv else None
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(count(client))
        except TidingsError as error:
            print(error, flush=True)
        else:
            print("counted", flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status))
""")


async def program(service: Service, source: str, *arguments: str) -> tuple[int, str, str]:
    """Runs a Python program: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        source,
        *arguments,
        env={**service.environment, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_case_10_a_program_that_sends_prints_nothing(service: Service, new_id: str) -> None:
    assert await program(service, SEND, new_id) == (0, "", "")


async def test_case_12_a_forked_process_connects_for_itself(service: Service) -> None:
    assert await program(service, FORK) == (0, "counted\n", "")


async def test_case_12_a_client_of_before_the_fork_is_refused(service: Service) -> None:
    code, out, err = await program(service, FORK, "connected")
    assert (code, err) == (0, "")
    assert "fork first, and call NotificationClient.connect() in each process then" in out
